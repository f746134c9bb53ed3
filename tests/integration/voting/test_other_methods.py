"""Other rules are counted once, after publication only; the rules page shows what the code does."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from civic import clock, jobs
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import closing, other_methods, result_queries, round_queries, rule_examples
from voting.counting.rules import Rule
from voting.models import OtherCount, RuleExample


def voted(app: Flask, **values: object) -> Round:
    """Three of four want P1 and P2, one wants P3: votes fund the majority, equal shares everybody."""
    round_ = make_round(validation=timedelta(hours=1), costs=(300, 290, 140, 900), **values)  # type: ignore[arg-type]
    people = make_voters(4)
    round_ = opened(round_)
    for at, person in enumerate(people):
        vote(app, round_, person, approve("P1", "P2") if at < 3 else approve("P3"), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    return round_


def published(app: Flask, **values: object) -> tuple[int, str]:
    round_ = voted(app, **values)
    closing.close_round(round_.id, clock.now())
    return round_.id, db.session.get_one(Round, round_.id, populate_existing=True).slug


def test_nothing_is_counted_or_shown_before_publication(context: Flask) -> None:
    round_ = voted(context)
    round_id, slug = round_.id, round_.slug
    assert other_methods.compare_due(clock.now()) == 0
    assert other_methods.compare_round(round_id, clock.now()) == 0
    assert PageClient(context).get("voting.other_methods", slug=slug, expect=404)
    closing.close_round(round_id, clock.now())
    db.session.get_one(Round, round_id).results_at = None
    db.session.commit()
    assert other_methods.compare_due(clock.now()) == 0
    assert other_methods.compare_round(round_id, clock.now()) == 0
    PageClient(context).get("voting.other_methods", slug=slug, expect=404)


def test_the_page_says_what_would_differ_and_that_it_has_no_effect(context: Flask) -> None:
    round_id, slug = published(context)
    browser = PageClient(context)
    waiting = browser.get("voting.other_methods", slug=slug)
    assert "Celelalte reguli încă se numără" in waiting.main_text
    assert other_methods.compare_due(clock.now()) == 8
    assert other_methods.compare_due(clock.now()) == 0
    stored = {one.method: one.data for one in result_queries.list_other_counts(round_id)}
    assert stored["official"]["pots"] != stored["equal-shares/add1"]["pots"]
    assert (stored["official"]["with_winner"], stored["equal-shares/add1"]["with_winner"]) == (3, 4)
    page = browser.get("voting.other_methods", slug=slug)
    assert "Informație fără efect juridic" in page.main_text
    assert "(regula acestei ediții)" in page.main_text
    assert "Metoda cotelor egale" in page.main_text
    assert f"{slug}/results/other-methods" in browser.get("voting.results", slug=slug).html
    browser.speak("en")
    assert "Information without legal effect" in browser.get("voting.other_methods", slug=slug).main_text


def test_a_worker_killed_between_two_rules_goes_on_with_the_next(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id, slug = published(context)
    real, stored = other_methods._store, []

    def store(*values: object) -> None:
        if len(stored) == 3:
            raise RuntimeError("killed")
        stored.append(values[1])
        real(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(other_methods, "_store", store)
    with pytest.raises(RuntimeError):
        other_methods.compare_due(clock.now())
    db.session.rollback()
    page = PageClient(context).get("voting.other_methods", slug=slug)
    assert "Celelalte reguli încă se numără" in page.main_text
    monkeypatch.setattr(other_methods, "_store", real)
    assert other_methods.compare_due(clock.now()) == 5
    assert db.session.query(OtherCount).filter_by(round_id=round_id).count() == 8


def test_a_round_that_cannot_be_counted_does_not_hold_up_the_others(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, _slug = published(context)
    clock.travel(timedelta(0))
    sound, _slug = published(context)
    real = other_methods.compare_round

    def compare(round_id: int, now: datetime) -> int:
        if round_id == broken:
            raise ValueError("a ballot names a project the round does not have")
        return real(round_id, now)

    monkeypatch.setattr(other_methods, "compare_round", compare)
    assert other_methods.compare_due(clock.now()) == 8
    assert round_queries.list_rounds_to_compare(clock.now()) == [broken]
    assert result_queries.list_other_counts(sound)


@pytest.mark.parametrize(
    ("rule", "own"),
    [
        ({"version": 1, "name": "greedy-threshold", "min_score": "1"}, "greedy"),
        ({"version": 1, "name": "equal-shares", "completion": "add1"}, "equal-shares/add1"),
        ({"version": 1, "name": "greedy-no-skip"}, "greedy-no-skip"),
    ],
)
def test_the_rounds_own_rule_is_not_compared_with_itself(
    context: Flask, rule: dict[str, object], own: str
) -> None:
    round_id, _slug = published(context, rule=rule)
    other_methods.compare_due(clock.now())
    methods = {one.method: one for one in result_queries.list_other_counts(round_id)}
    assert own not in methods
    assert "official" in methods
    for one in methods.values():
        assert Rule.from_json(one.rule).tie_break == Rule.from_json(methods["official"].rule).tie_break


def test_points_are_compared_by_points_and_not_by_approval(context: Flask) -> None:
    parts = [
        {"name": "Toate", "ballot_kind": "points", "points_total": 10, "points_each": 10, "max_choices": 4}
    ]
    round_, person = make_round(validation=timedelta(hours=1), groups=parts), make_voters(1)[0]
    round_ = opened(round_)
    from decimal import Decimal

    vote(context, round_, person, {"P1": Decimal(6), "P2": Decimal(4)})
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    other_methods.compare_due(clock.now())
    methods = {one.method: one.rule for one in result_queries.list_other_counts(round_.id)}
    assert "phragmen" not in methods
    assert methods["equal-shares"]["satisfaction"] == "points"


def test_the_questions_asked_do_not_grow_with_the_projects(context: Flask) -> None:
    asked, seen = [], []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(*told: object) -> None:
        seen.append(told[2])

    for costs in ((300, 310, 140, 900), tuple(range(100, 600, 30))):
        clock.travel(timedelta(0))
        round_ = make_round(validation=timedelta(hours=1), costs=costs)
        person = make_voters(1)[0]
        round_ = opened(round_)
        vote(context, round_, person, approve("P1"))
        clock.travel(timedelta(hours=3))
        closing.close_round(round_.id, clock.now())
        other_methods.compare_due(clock.now())
        browser = PageClient(context)
        browser.get("voting.other_methods", slug=round_.slug)
        seen.clear()
        browser.get("voting.other_methods", slug=round_.slug)
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_the_rules_are_explained_with_what_the_code_counts(context: Flask) -> None:
    browser = PageClient(context)
    assert "Exemplul se numără acum" in browser.get("voting.counting_rules").main_text
    jobs.run(context, "votes.example", clock.now())
    assert rule_examples.count_example(clock.now()) == 0
    page = browser.get("voting.counting_rules")
    words = page.main_text.replace("\u00a0", " ")
    for sentence in (
        "Loc de joacă câștigă cu 3 voturi; costă 5.000 lei și rămân 7.000 lei.",
        "Fiecare votant pornește cu 3.000 lei.",
        "Dinu plătește 2.666,66 lei și mai are 333,33 lei.",
        "Cei 3 susținători mai aveau",
        "Metoda lui Phragmén",
    ):
        assert sentence in words, sentence
    kept = db.session.get_one(RuleExample, 1)
    kept.version = "older"
    db.session.commit()
    assert rule_examples.count_example(clock.now()) == 1
    browser.speak("en")
    assert "How the winners are found" in browser.get("voting.counting_rules").main_text


def test_the_example_tells_the_rules_apart() -> None:
    from voting.counting import examples

    told = examples.worked_example()["rules"]
    assert isinstance(told, dict)
    won = {name: {step["project"] for step in rule["steps"]} for name, rule in told.items()}
    assert won["greedy"] == {"playground", "sports", "benches"}
    assert won["greedy-no-skip"] == {"playground", "sports"}
    assert won["equal-shares"] == {"playground", "reading", "benches"}
    assert won["equal-shares/add1"] == won["phragmen"] == {"playground", "reading", "benches", "bikes"}
    assert {name for name, rule in told.items() if rule["with_winner"] == 3} == {
        "greedy", "greedy-threshold", "greedy-no-skip", "equal-shares/comparison",
    }  # fmt: skip
