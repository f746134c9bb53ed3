"""A contest has the stored ballots counted again: by two programs, compared with all that was published."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from civic import clock, database, tasks
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.rounds.models import Round
from civic.tasks import Task
from tests.factories import make_account
from tests.integration.voting.nightkit import ENOUGH, cast_all, night, one_night, voting_round
from tests.integration.voting.questionskit import answered, make_ballot
from tests.integration.voting.votingkit import approve, closed, make_round
from tests.pageclient import Page, PageClient
from voting import closing
from voting.models import ProjectOutcome, ResultContest
from voting.recounts import work
from voting.recounts.models import ContestRecount


@pytest.fixture
def office(context: Flask) -> PageClient:
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    return browser


def contested(app: Flask, rule: dict[str, Any] | None = None) -> tuple[int, str, int]:
    """A published round and a contest of its results: (round, its name, contest)."""
    ballots = [approve("P1"), approve("P1", "P2"), approve("P2", "P3"), approve("P3")]
    round_ = closed(app, make_round(rule=rule), *ballots)
    return round_.id, round_.slug, contest_of(round_.id)


def contest_of(round_id: int) -> int:
    """Somebody contests the results."""
    contest = ResultContest(
        round_id=round_id, filed_by_id=make_account().id, text="Nu cred.", filed_at=clock.now()
    )
    db.session.add(contest)
    db.session.commit()
    return contest.id


def press(office: PageClient, round_id: int, contest: int) -> None:
    office.post("staff_voting.recount", {}, round_id=round_id, contest_id=contest)


def worked() -> int:
    """Let the worker do what waits."""
    db.session.rollback()
    return tasks.run_waiting(clock.now())


def latest() -> ContestRecount:
    return db.session.scalars(
        select(ContestRecount).order_by(ContestRecount.id.desc()).execution_options(populate_existing=True)
    ).first()


def staff_page(office: PageClient, round_id: int) -> Page:
    return office.get("staff_voting.contest_list", round_id=round_id)


def as_owner(app: Flask, statement: str, **values: Any) -> None:
    """Change what the application cannot, as a database administrator could."""
    engine = database.owner_engine(app.config["SETTINGS"])
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount
    engine.dispose()


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_recount_comes_to_the_same_and_everybody_reads_it(
    context: Flask, office: PageClient, language: str
) -> None:
    round_id, slug, contest = contested(context)
    reader = PageClient(context)
    for client in (office, reader):
        client.speak(language)
    page = staff_page(office, round_id)
    office.submit(page, f"/recounts/{contest}")
    part = office.get("staff_voting.recount_state", round_id=round_id, contest_id=contest, hx=True)
    assert part.find(f"#recount-{contest}") is not None
    office.get("staff_voting.recount_state", round_id=round_id, contest_id=contest, expect=303)
    assert worked() == 1
    one = latest()
    assert (one.outcome, one.data["differences"], one.data["second"]["wrong"]) == ("same", [], 0)
    assert one.data["compared"] > 15
    assert one.seconds > 0
    assert "counting" in one.code_version
    same = "același rezultat" if language == "ro" else "the same result"
    assert same in staff_page(office, round_id).main_text
    assert same in office.get(
        "staff_voting.recount_state", round_id=round_id, contest_id=contest, hx=True
    ).text_of(f"#recount-{contest}")
    assert same not in reader.get("voting.results", slug=slug).main_text, "the decision is not public yet"
    page = staff_page(office, round_id)
    decision = {f"c{contest}-outcome": "dismissed", f"c{contest}-reason": "Am numărat din nou."}
    office.submit(page, f"/contests/{contest}", decision)
    assert same in reader.get("voting.results", slug=slug).main_text
    author = db.session.get(Account, db.session.get(ResultContest, contest).filed_by_id)
    reader.sign_in(author)
    assert same in reader.get("voting.contest", slug=slug).main_text


@pytest.mark.parametrize("name", ["equal-shares", "phragmen"])
def test_other_rules_are_counted_again_too(context: Flask, office: PageClient, name: str) -> None:
    round_id, _slug, contest = contested(context, {"version": 1, "name": name})
    press(office, round_id, contest)
    worked()
    assert latest().outcome == "same"
    said = staff_page(office, round_id).main_text
    assert ("nu numără după această regulă" in said) == (name == "phragmen")


def test_a_vote_with_nights_comes_to_the_same(context: Flask, office: PageClient) -> None:
    """The root is over the leaves by batch and hash, as it was signed, not by hash alone."""
    round_, people = voting_round(ENOUGH + 10)
    round_id = round_.id
    cast_all(context, round_, people[:ENOUGH])
    assert one_night(context, round_, night()) is not None
    cast_all(context, round_, people[ENOUGH:], "P2", form=1)
    clock.travel(timedelta(days=12))
    closing.close_round(round_id, clock.now())
    press(office, round_id, contest_of(round_id))
    worked()
    one = latest()
    assert (one.outcome, one.data["differences"]) == ("same", [])


def test_what_once_differed_is_not_forgotten_by_counting_until_it_is_the_same(
    context: Flask, office: PageClient
) -> None:
    round_id, slug, contest = contested(context)
    db.session.execute(update(ProjectOutcome).where(ProjectOutcome.votes == 2).values(votes=3))
    db.session.commit()
    press(office, round_id, contest)
    worked()
    assert latest().outcome == "differs"
    db.session.execute(update(ProjectOutcome).where(ProjectOutcome.votes == 3).values(votes=2))
    db.session.commit()
    press(office, round_id, contest)
    worked()
    assert latest().outcome == "same"
    page = staff_page(office, round_id)
    assert "Numărat din nou: ceva diferă" in page.main_text
    office.submit(
        page, f"/contests/{contest}", {f"c{contest}-outcome": "dismissed", f"c{contest}-reason": "La fel."}
    )
    said = PageClient(context).get("voting.results", slug=slug).main_text
    assert "Numărat din nou: ceva diferă" in said
    assert "Numărat din nou: același rezultat" in said
    told = [
        (one.details["contest"], one.details["outcome"])
        for one in db.session.scalars(
            select(AuditRecord).where(AuditRecord.event == "result.recounted").order_by(AuditRecord.id)
        )
    ]
    assert told == [(contest, "differs"), (contest, "same")]


def test_a_recount_of_very_few_answers_publishes_no_hash_over_them(
    context: Flask, office: PageClient
) -> None:
    """So few ballots can be guessed from it; that something differs is told all the same."""
    round_ = answered(context, make_ballot(), ["Q1-DA"], ["Q1-NU"])
    round_id = round_.id
    as_owner(context, "UPDATE opened_ballot SET text = replace(text, '+ Q1-DA', '+ Q1-NU')")
    press(office, round_id, contest_of(round_id))
    worked()
    one = latest()
    assert one.outcome == "differs"
    found = {row[0]: row[2:] for row in one.data["differences"]}
    assert {"votes", "input", "texts"} <= set(found)
    for what in ("votes", "input", "record", "project", "ballots", "texts", "opened"):
        assert found.get(what, ["", ""]) == ["", ""], what


def test_answers_are_counted_again_without_a_word_of_winners(context: Flask, office: PageClient) -> None:
    round_ = answered(context, make_ballot(), *[["Q1-DA"]] * 12)
    round_id, slug = round_.id, round_.slug
    contest = contest_of(round_id)
    press(office, round_id, contest)
    worked()
    assert latest().outcome == "same"
    page = staff_page(office, round_id)
    office.submit(
        page, f"/contests/{contest}", {f"c{contest}-outcome": "dismissed", f"c{contest}-reason": "La fel."}
    )
    for said in (page.main_text, PageClient(context).get("voting.results", slug=slug).main_text):
        assert "același rezultat" in said
        assert "câștigător" not in said


def test_pressed_twice_one_recount_runs(context: Flask, office: PageClient) -> None:
    round_id, _slug, contest = contested(context)
    for _time in range(2):
        press(office, round_id, contest)
    assert len(db.session.scalars(select(Task.id).where(Task.kind == work.KIND)).all()) == 1
    assert worked() == 1
    # Finished, it can be asked for again.
    press(office, round_id, contest)
    assert worked() == 1
    assert len(db.session.scalars(select(ContestRecount.id)).all()) == 2


def test_killed_halfway_it_runs_again(
    context: Flask, office: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id, _slug, contest = contested(context)
    press(office, round_id, contest)

    class Killed(BaseException):
        """What ends a process without asking the handler."""

    def die(*_given: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(work, "_second", die)
        with pytest.raises(Killed):
            worked()
    db.session.rollback()
    assert latest().finished_at is None
    assert db.session.scalar(select(Task.state)) == "running"
    assert worked() == 0, "its worker may still be at work"
    clock.travel(timedelta(hours=2) + tasks.ABANDONED_AFTER + timedelta(minutes=1))
    assert worked() == 1
    assert latest().outcome == "same"


def test_a_program_that_fails_says_so_and_can_be_asked_again(
    context: Flask, office: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id, slug, contest = contested(context)
    press(office, round_id, contest)

    def fail(*_given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(work, "_second", fail)
        worked()
    assert latest().outcome == "failed"
    assert "s-a oprit cu o eroare" in staff_page(office, round_id).main_text
    press(office, round_id, contest)
    worked()
    assert latest().outcome == "same"


def test_a_changed_result_is_found(context: Flask, office: PageClient) -> None:
    """Whoever changes figures or winners after publication is contradicted by the ballots, twice."""
    round_id, slug, contest = contested(context)
    db.session.execute(update(ProjectOutcome).where(ProjectOutcome.votes == 2).values(votes=3))
    db.session.execute(
        text(
            "UPDATE round_result SET outcome = jsonb_set(outcome, ARRAY['pots', "
            "(SELECT jsonb_object_keys(outcome->'pots') LIMIT 1), 'selected'], '[\"P3\"]')"
        )
    )
    db.session.commit()
    press(office, round_id, contest)
    worked()
    one = latest()
    assert one.outcome == "differs"
    assert one.data["differences"][0][0] == "winners"
    assert {row[0] for row in one.data["differences"]} == {"winners", "project"}
    assert one.data["second"]["wrong"] > 0
    said = staff_page(office, round_id).main_text
    assert "Numărat din nou: ceva diferă" in said
    assert "publicat P3" in said


def test_changed_ballots_minutes_and_leaves_are_found(context: Flask, office: PageClient) -> None:
    round_id, _slug, contest = contested(context)
    found = []
    for statement in (
        "UPDATE opened_ballot SET text = replace(text, '+ P1', '+ P4')",
        "UPDATE ceremony_step SET details = jsonb_set(details, '{opened}', '5') WHERE step = 'opened'",
        "DELETE FROM closed_leaf WHERE leaf = (SELECT min(leaf) FROM closed_leaf)",
    ):
        as_owner(context, statement)
        press(office, round_id, contest)
        worked()
        one = latest()
        assert one.outcome == "differs"
        found.append({row[0] for row in one.data["differences"]})
    assert {"texts", "votes", "project", "record", "input"} <= found[0]
    assert {"minutes", "opened"} <= found[1]
    assert "leaves" in found[2]


@pytest.mark.parametrize("role", ["auditor", "clerk", "moderator", None])
def test_only_who_decides_contests_has_them_counted_again(context: Flask, role: str | None) -> None:
    round_id, _slug, contest = contested(context)
    browser = PageClient(context)
    browser.sign_in(make_account(*[role] if role else []))
    browser.post("staff_voting.recount", {}, round_id=round_id, contest_id=contest, expect=403)
    if role == "auditor":
        assert not [
            one for one in staff_page(browser, round_id).all("form") if "/recounts/" in one.get("action", "")
        ]
    else:
        browser.get("staff_voting.recount_state", round_id=round_id, contest_id=contest, expect=403)


def test_a_contest_of_another_round_is_not_found(context: Flask, office: PageClient) -> None:
    round_id, _slug, contest = contested(context)
    other = make_round().id
    office.post("staff_voting.recount", {}, round_id=other, contest_id=contest, expect=404)
    office.post("staff_voting.recount", {}, round_id=round_id, contest_id=contest + 999, expect=404)
    assert db.session.get(Round, round_id).results_at is not None
