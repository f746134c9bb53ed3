"""What a city chooses about its count before voting opens, and that the count keeps to it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic import clock, timeline
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import Pot, Round
from civic.unit_of_work import unit_of_work
from proposals.models import Proposal
from tests.factories import make_account
from tests.integration.voting.test_staff import eligible
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote, voter_account
from tests.pageclient import PageClient
from voting import (
    closing,
    draws,
    exclusive,
    opening,
    project_queries,
    publication,
    result_queries,
    results_page,
    round_queries,
)
from voting.models import ExclusiveSet, Project, TieDraw
from voting.plan import from_data


def projects_of(round_: Round) -> dict[str, Project]:
    return {project.code: project for project in project_queries.list_projects(round_.id)}


def name_set(round_: Round, *codes: str, name: str = "Piața veche") -> ExclusiveSet:
    found, staff = projects_of(round_), make_account("staff").as_actor()
    with unit_of_work():
        return exclusive.save_set(staff, round_, name, [found[code] for code in codes], None, clock.now())


def counted(app: Flask, round_: Round, *ballots: tuple[str, ...]) -> dict[str, str]:
    """Open, vote, close: the standing of every project."""
    people = make_voters(len(ballots))
    frozen = opened(round_)
    for at, (person, codes) in enumerate(zip(people, ballots, strict=True)):
        vote(app, frozen, person, approve(*codes), bytes([at + 1]) * 16)
    clock.travel(timedelta(hours=2))
    closing.close_round(frozen.id, clock.now())
    return {project.code: outcome.standing for outcome, project in result_queries.list_outcomes(frozen.id)}


def problems(round_: Round) -> list[str]:
    return [str(one) for one in opening.opening_problems(round_, project_queries.list_projects(round_.id))]


# --- projects of which only one can win -----------------------------------------------------------------


def test_of_a_set_only_the_first_wins_and_the_other_is_told_why(context: Flask) -> None:
    round_ = make_round(costs=(100, 100, 100), amount=600)
    name_set(round_, "P1", "P2")
    standings = counted(context, round_, ("P1", "P2"), ("P1", "P2"), ("P1", "P3"))
    assert standings == {"P1": "winner", "P3": "winner", "P2": "not_selected"}
    plan = round_queries.plan_of(db.session.get(Round, round_.id))
    assert plan is not None
    assert [(one.name, one.projects) for one in plan.exclusive_sets] == [("Piața veche", ("P1", "P2"))]
    outcome = result_queries.find_outcome(projects_of(round_)["P2"].id)
    assert outcome is not None
    assert (outcome.reason, outcome.data["rival"]) == ("excluded_by_rival", "P1")


def test_residents_read_of_the_set_before_and_after_the_freeze(context: Flask) -> None:
    round_ = make_round()
    name_set(round_, "P1", "P3")
    (voter,) = make_voters(1)
    account = voter_account(voter)
    browser = PageClient(context)
    said = "Doar unul poate câștiga: acest proiect sau „Proiectul 3”"
    assert said in browser.get("voting.project", slug=round_.slug, code="P1").main_text
    assert "Piața veche: Proiectul 1; Proiectul 3" in browser.get("rounds.show", slug=round_.slug).main_text
    fingerprint = opened(round_).fingerprint
    browser.sign_in(account)
    page = browser.get("voting.ballot", slug=round_.slug)
    assert page.main_text.count("Doar unul poate câștiga") == 2
    assert said in browser.get("voting.project", slug=round_.slug, code="P1").main_text
    assert (
        "Doar unul poate câștiga" not in browser.get("voting.project", slug=round_.slug, code="P2").main_text
    )
    assert "Piața veche" in browser.get("rounds.show", slug=round_.slug).main_text
    # A voter may choose both: which of them wins is for all the ballots to say.
    browser.post("voting.choose", {"add": "P1"}, slug=round_.slug)
    browser.post("voting.choose", {"add": "P3"}, slug=round_.slug)
    assert "Proiectul 3" in browser.get("voting.review", slug=round_.slug).main_text
    other = make_round()
    name_set(other, "P1", "P2")
    assert opened(other).fingerprint != fingerprint


def test_a_set_that_cannot_be_is_refused_and_comes_back_as_typed(context: Flask) -> None:
    round_ = make_round()
    round_.pots.append(Pot(name="Cartier", amount=Decimal(200), position=1))
    db.session.flush()
    found = projects_of(round_)
    found["P4"].pot_id = round_.pots[1].id
    db.session.commit()
    ids = {code: project.id for code, project in found.items()}
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))

    def send(name: str, *codes: str) -> str:
        page = browser.get("staff_sets.create", round_id=round_.id)
        sent: dict[str, Any] = {"name": name, "projects": [str(ids[code]) for code in codes]}
        answer = browser.submit(page, "/vote/sets/new", sent, expect=422)
        assert answer.find(".govuk-error-summary") is not None
        assert answer.form("/vote/sets/new")["name"] == name
        assert answer.html.count(" checked") == len(codes)
        return answer.main_text

    assert "cel puțin două proiecte" in send("Piața", "P1")
    assert "cel puțin două proiecte" in send("Piața")
    assert "din același buget" in send("Piața", "P1", "P4")
    assert "Scrie numele" in send("", "P1", "P2")
    assert exclusive.list_sets(round_.id) == []
    page = browser.get("staff_sets.create", round_id=round_.id)
    browser.submit(page, "/vote/sets/new", {"name": "Piața", "projects": [str(ids["P1"]), str(ids["P2"])]})
    assert "Alt grup are deja acest nume" in send("Piața", "P2", "P3")
    shown = browser.get("staff_voting.show", round_id=round_.id)
    assert "P1 Proiectul 1; P2 Proiectul 2" in shown.main_text
    (kept,) = exclusive.list_sets(round_.id)
    edit = browser.get("staff_sets.edit", round_id=round_.id, set_id=kept.id)
    unexplained = browser.submit(edit, f"/vote/sets/{kept.id}", {"name": "Piața mare"}, expect=422)
    assert "Scrie motivarea" in unexplained.main_text
    why = "Piața veche nu mai e pe listă."
    browser.submit(edit, f"/vote/sets/{kept.id}", {"name": "Piața mare", "reason": why})
    assert "Piața mare" in browser.get("staff_voting.show", round_id=round_.id).main_text
    refused = browser.post("staff_sets.remove", round_id=round_.id, set_id=kept.id, expect=422)
    assert "Scrie motivarea" in refused.main_text
    sent = {"removal-reason": "Proiectele s-au despărțit."}
    browser.post("staff_sets.remove", sent, round_id=round_.id, set_id=kept.id)
    assert exclusive.list_sets(round_.id) == []
    history = browser.get("rounds.show", slug=round_.slug).main_text
    assert why in history
    assert "Proiectele s-au despărțit." in history
    assert [event.event for event in timeline.list_events("round", round_.id)] == [
        "vote.set_named", "vote.set_changed", "vote.set_removed",
    ]  # fmt: skip


def test_pots_counted_together_may_share_a_set(context: Flask) -> None:
    round_ = make_round(pot_counting="combined")
    round_.pots.append(Pot(name="Cartier", amount=Decimal(200), position=1))
    db.session.flush()
    projects_of(round_)["P4"].pot_id = round_.pots[1].id
    db.session.commit()
    name_set(round_, "P1", "P4")
    assert problems(round_) == []
    round_.pot_counting = "separate"
    (problem,) = problems(round_)
    assert "Piața veche" in problem


def test_once_frozen_nothing_of_it_changes(context: Flask) -> None:
    round_ = make_round(tie_order="draw")
    found = name_set(round_, "P1", "P2")
    staff = make_account("staff").as_actor()
    codes = ["P2", "P1", "P4", "P3"]
    with unit_of_work():
        draws.record_draw(staff, round_, codes, "PV 3", clock.city_date(clock.now()), clock.now())
    opened(round_)
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    edit = browser.get("staff_sets.edit", round_id=round_.id, set_id=found.id)
    assert "Planul e înghețat" in edit.main_text
    assert "nu se mai schimbă" in browser.submit(edit, "/vote/sets/", {"name": "Altul"}, expect=422).main_text
    shown = browser.get("staff_voting.show", round_id=round_.id)
    assert "Piața veche: P1 Proiectul 1; P2 Proiectul 2" in shown.main_text
    assert "/vote/sets/" not in shown.html
    with pytest.raises(Conflict):
        exclusive.save_set(staff, round_, "Altul", list(projects_of(round_).values()), None, clock.now())
    with pytest.raises(Conflict):
        exclusive.remove_set(staff, round_, found, clock.now())
    with pytest.raises(Conflict):
        draws.record_draw(staff, round_, codes, "PV 4", clock.city_date(clock.now()), clock.now())


def test_the_rule_of_sets_needs_a_set(context: Flask) -> None:
    round_ = make_round(rule={"version": 1, "name": "greedy-exclusive"})
    (problem,) = problems(round_)
    assert "nu există niciun grup" in problem
    name_set(round_, "P1", "P2")
    assert problems(round_) == []


# --- ties -----------------------------------------------------------------------------------------------


def test_a_public_draw_decides_what_is_level(context: Flask) -> None:
    round_ = make_round(costs=(400, 400, 400), amount=500, tie_order="draw")
    (problem,) = problems(round_)
    assert "tragerea la sorți" in problem
    with pytest.raises(Invalid):
        opened(round_)
    db.session.rollback()
    staff = make_account("staff")
    browser = PageClient(context)
    browser.sign_in(staff)
    typed = {"held_on": "02.03.2026", "minutes": "PV 77 / 02.03.2026"}
    for order, sentence in (
        ("P3\nP1", "lipsesc: P2"), ("P3, P1, P2, P9", "P9"), ("P3 P1 P2 P3", "de mai multe ori: P3"),
        ("", "Scrie codurile"),
    ):  # fmt: skip
        page = browser.get("staff_sets.draw", round_id=round_.id)
        answer = browser.submit(page, "/vote/draw", {**typed, "order": order}, expect=422)
        assert sentence in answer.main_text
        assert answer.form("/vote/draw")["order"].split() == order.split()
        assert answer.form("/vote/draw")["minutes"] == typed["minutes"]
    page = browser.get("staff_sets.draw", round_id=round_.id)
    for wrong, sentence in (
        ({"held_on": ""}, "Scrie ziua"), ({"held_on": "02.03.2199"}, "în viitor"), ({"minutes": " "}, "Spune"),
    ):  # fmt: skip
        answer = browser.submit(page, "/vote/draw", {**typed, "order": "P3 P1 P2", **wrong}, expect=422)
        assert sentence in answer.main_text
    assert db.session.get(TieDraw, round_.id) is None
    browser.submit(page, "/vote/draw", {**typed, "order": "P3\nP1\nP2"})
    assert "PV 77" in browser.get("staff_voting.show", round_id=round_.id).main_text
    assert "P3, P1, P2" in browser.get("rounds.show", slug=round_.slug).main_text
    standings = counted(context, round_, ("P1", "P2"), ("P3", "P1"), ("P2", "P3"))
    assert standings["P3"] == "winner"
    frozen = db.session.get(Round, round_.id, populate_existing=True)
    assert frozen.frozen["rule"]["tie_break"] == "order:P3,P1,P2"
    assert frozen.frozen["draw"] == {
        "minutes": "PV 77 / 02.03.2026", "held_on": "2026-03-02", "order": ["P3", "P1", "P2"],
    }  # fmt: skip
    words = results_page.rule_words(frozen, result_queries.find_result(round_.id))
    assert any("ordinea publicată" in sentence for sentence in words)
    assert any("PV 77 / 02.03.2026" in sentence and "P3, P1, P2" in sentence for sentence in words)


def test_only_a_plan_with_a_draw_takes_one(context: Flask) -> None:
    round_ = make_round()
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    page = browser.get("staff_sets.draw", round_id=round_.id)
    assert "nu prevede departajarea" in page.main_text
    assert page.find("textarea") is None
    typed = {"held_on": "02.03.2026", "minutes": "PV 1", "order": "P1 P2 P3 P4"}
    browser.post("staff_sets.draw", typed, round_id=round_.id, expect=422)
    assert db.session.get(TieDraw, round_.id) is None


def test_a_draw_waits_for_the_projects(context: Flask) -> None:
    round_ = make_round(costs=(), tie_order="draw")
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    page = browser.get("staff_sets.draw", round_id=round_.id)
    assert "Niciun proiect nu este admis" in page.main_text
    assert page.find("textarea") is None


def test_the_earlier_submission_decides_what_is_level(context: Flask) -> None:
    round_ = make_round(costs=(400, 400, 400), amount=500, tie_order="submission")
    sent = [eligible(round_, title, 400) for title in ("Târziu", "Devreme")]
    sent[0].submitted_at = clock.now() - timedelta(days=1)
    sent[1].submitted_at = clock.now() - timedelta(days=9)
    found = projects_of(round_)
    found["P2"].proposal_id, found["P3"].proposal_id = sent[0].id, sent[1].id
    db.session.commit()
    assert counted(context, round_, ("P1", "P2"), ("P3", "P1"), ("P2", "P3"))["P3"] == "winner"
    frozen = db.session.get(Round, round_.id, populate_existing=True)
    # What came from no proposal has no moment of submission: it comes last.
    assert frozen.frozen["rule"]["tie_break"] == "order:P3,P2,P1"
    assert db.session.get(Proposal, sent[0].id) is not None


# --- pots -----------------------------------------------------------------------------------------------


def two_pots(**values: Any) -> Round:
    round_ = make_round(costs=(500, 300, 100), amount=400, **values)
    round_.pots.append(Pot(name="Cartier", amount=Decimal(400), position=1))
    db.session.flush()
    projects_of(round_)["P3"].pot_id = round_.pots[1].id
    db.session.commit()
    return round_


def test_pots_are_counted_each_by_itself(context: Flask) -> None:
    round_ = two_pots()
    standings = counted(context, round_, ("P1",), ("P1", "P2"), ("P3",))
    assert standings == {"P1": "reserve", "P2": "winner", "P3": "winner"}


def test_pots_counted_together_are_one_sum_of_money(context: Flask) -> None:
    round_ = two_pots(pot_counting="combined")
    standings = counted(context, round_, ("P1",), ("P1", "P2"), ("P3",))
    # 900 are asked for and 800 are there: the first takes 500 of it, though its own budget has 400.
    assert standings == {"P1": "winner", "P3": "winner", "P2": "reserve"}
    stored = db.session.get(Round, round_.id, populate_existing=True)
    plan, result = results_page.published(stored)
    (table,) = results_page.pot_results(stored, plan, result)
    assert (table.name, table.amount, len(table.rows)) == ("Oraș + Cartier", Decimal(800), 3)
    assert result.outcome["summary"]["budget"] == "800.00"
    assert "Oraș + Cartier" in publication.outcome_csv(stored, plan)
    browser = PageClient(context)
    browser.get("voting.results", slug=round_.slug)
    first, second = stored.pots
    assert browser.get("voting.pabulib", slug=round_.slug, pot_id=first.id).status == 200
    browser.get("voting.pabulib", slug=round_.slug, pot_id=second.id, expect=404)


def test_a_plan_frozen_before_these_choices_counts_as_it_did(context: Flask) -> None:
    round_ = opened(two_pots())
    old = {
        name: value
        for name, value in round_.frozen.items()
        if name not in ("pot_counting", "tie_order", "exclusive_sets", "draw")
    }
    plan = from_data(round_.id, old, "f")
    assert plan.counted_pots == plan.pots
    assert (plan.pot_counting, plan.exclusive_sets) == ("separate", ())


def test_the_city_adds_a_stated_amount_for_a_near_miss(context: Flask) -> None:
    rule = {"version": 1, "name": "greedy-custom", "top_up_limit": "50"}
    round_ = make_round(costs=(400, 250, 100), amount=600, rule=rule)
    standings = counted(context, round_, ("P1", "P2"), ("P1", "P2"), ("P1", "P3"))
    assert standings == {"P1": "winner", "P2": "winner", "P3": "reserve"}


# --- what residents read --------------------------------------------------------------------------------


def test_a_draw_that_is_replaced_says_why_in_the_public_history(context: Flask) -> None:
    round_ = make_round(tie_order="draw")
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    typed = {"held_on": "02.03.2026", "minutes": "PV 1", "order": "P1 P2 P3 P4"}
    browser.submit(browser.get("staff_sets.draw", round_id=round_.id), "/vote/draw", typed)
    page = browser.get("staff_sets.draw", round_id=round_.id)
    again = browser.submit(page, "/vote/draw", {**typed, "order": "P4 P3 P2 P1"}, expect=422)
    assert "Scrie motivarea" in again.main_text
    assert again.form("/vote/draw")["order"].split() == ["P4", "P3", "P2", "P1"]
    why = "Lipsea un martor."
    browser.submit(page, "/vote/draw", {**typed, "order": "P4 P3 P2 P1", "reason": why})
    shown = browser.get("rounds.show", slug=round_.slug).main_text
    assert why in shown
    assert "P4, P3, P2, P1" in shown
    events = timeline.list_events("round", round_.id)
    assert [(event.event, event.role, event.reason) for event in events] == [
        ("vote.draw_recorded", "staff", ""), ("vote.draw_replaced", "staff", why),
    ]  # fmt: skip


def test_a_draft_has_no_public_history(context: Flask) -> None:
    round_ = make_round(published_at=None, tie_order="draw")
    staff = make_account("staff").as_actor()
    found = name_set(round_, "P1", "P2")
    with unit_of_work():
        for order in (["P1", "P2", "P3", "P4"], ["P2", "P1", "P3", "P4"]):
            draws.record_draw(staff, round_, order, "PV 3", clock.city_date(clock.now()), clock.now())
        exclusive.remove_set(staff, round_, found, clock.now())
    assert timeline.list_events("round", round_.id) == []


def test_the_results_name_the_whole_rule_and_the_reserve_list(context: Flask) -> None:
    rule = {
        "version": 1, "name": "greedy-no-skip", "top_up_limit": "50", "top_up_share": "0.9", "max_winners": 7,
        "group_winners_first": True, "min_score": "1",
    }  # fmt: skip
    round_ = make_round(costs=(400, 300, 250, 100), amount=450, rule=rule)
    ballots = [("P1", "P3"), ("P1", "P3"), ("P2", "P1"), ("P2", "P3"), ("P3",), ("P4",)]
    standings = counted(context, round_, *ballots)
    assert [code for code, standing in standings.items() if standing == "reserve"] == ["P1", "P2", "P4"]
    browser = PageClient(context)
    page = browser.get("voting.results", slug=round_.slug)
    rule_text = page.main_text.replace("\N{NO-BREAK SPACE}", " ")
    assert "până la primul care nu încape" in page.main_text
    for piece in (
        "90 %",
        "50 lei",
        "proiecte câștigătoare: 7",
        "din fiecare parte a buletinului",
        "Departajare",
    ):
        assert piece in rule_text, piece
    listed = page.main_text.split("Dacă un câștigător")[-1]
    assert listed.index("Proiectul 1") < listed.index("Proiectul 2") < listed.index("Proiectul 4")
    assert "nu mai poate fi construit" in listed
    assert page.find(f"#reserve-{round_.pots[0].id}") is not None


def test_equal_shares_say_how_they_are_completed(context: Flask) -> None:
    rule = {"version": 1, "name": "equal-shares", "completion": "add1u", "increment": "2.5"}
    round_ = make_round(rule=rule)
    counted(context, round_, ("P1",), ("P1", "P2"))
    page = PageClient(context).get("voting.results", slug=round_.slug)
    assert "2,50" in page.main_text
    result = result_queries.find_result(round_.id)
    assert result is not None
    words = results_page.rule_words(db.session.get_one(Round, round_.id), result)
    assert any("At each step" in one or "La fiecare pas" in one for one in words)
    assert not any("At each step" in one or "La fiecare pas" in one for one in rule_words_of("equal-shares"))


def rule_words_of(name: str) -> list[str]:
    from civic.rounds.words import rule_sentences
    from voting.counting.rules import Rule

    return rule_sentences(Rule.named(name).as_json(), "RON")
