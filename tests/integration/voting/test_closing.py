"""The close keeps its order, goes on after a crash, and counts what was cast."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask, g
from sqlalchemy import text

from civic import clock
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.format import moment
from civic.rounds.models import Round
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote, voter_account
from tests.pageclient import PageClient
from tests.support import ROOT, git_files
from voting import closing, keys, project_queries, result_queries, round_queries
from voting.ballot_text import parse
from voting.models import ProjectOutcome, closed_leaf, opened_ballot


def voted_round(app: Flask, voters: int = 14) -> Round:
    """A round with ballots: everybody P1, every second P2, the first changed their mind; time is past its end."""
    round_ = make_round(validation=timedelta(hours=1))
    people = make_voters(voters + 3)
    round_ = opened(round_)
    vote(app, round_, people[0], approve("P3"), b"x" * 16)
    for at, person in enumerate(people[:voters]):
        vote(app, round_, person, approve("P1", "P2") if at % 2 else approve("P1"), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    return round_


def count(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_it_does_not_start_while_voting_or_validation_runs(context: Flask) -> None:
    round_ = voted_round(context)
    for hours in (0.5, 1.5):
        clock.travel(timedelta(hours=hours))
        with pytest.raises(Invalid):
            closing.close_round(round_.id, clock.now())
    assert round_.closed_at is None


def test_the_close_counts_what_was_cast(context: Flask) -> None:
    round_ = voted_round(context)
    round_id = round_.id
    assert closing.close_round(round_id, clock.now()) == list(closing.STEPS)
    assert closing.close_round(round_id, clock.now()) == []
    texts = [row.text for row in db.session.execute(opened_ballot.select())]
    chosen = Counter(code for one in texts for code in parse(one).choices())
    assert chosen == {"P1": 14, "P2": 7}
    kinds = Counter(row.kind for row in db.session.execute(closed_leaf.select()))
    assert kinds == {"ballot": 14, "replaced": 1, "void": 1}
    assert count("participation") == 14
    outcomes = {p.code: o for o, p in result_queries.list_outcomes(round_id)}
    assert outcomes["P1"].standing == "winner"
    assert outcomes["P1"].votes == 14
    assert outcomes["P2"].standing == "reserve"
    assert outcomes["P2"].reason == "did_not_fit"
    assert outcomes["P3"].standing == "not_selected"
    tables = db.session.scalars(text("SELECT relname FROM pg_class WHERE relname ~ '_round_[0-9]+$'")).all()
    assert tables == []
    assert not keys.path_of(context.config["SETTINGS"], round_id).exists()


@pytest.mark.parametrize("step", closing.STEPS)
def test_it_goes_on_where_a_crash_left_it(context: Flask, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """A crash inside any step leaves the order intact: opened ballots and the linking key never meet."""
    round_ = voted_round(context, 6)
    round_id, settings = round_.id, context.config["SETTINGS"]
    real = closing._record
    tripped = []

    def record(connection: object, ceremony: closing.Closing, name: str, details: dict[str, object]) -> None:
        assert not (count("opened_ballot") and keys.path_of(settings, round_id).exists())
        real(connection, ceremony, name, details)
        if name == step and not tripped:
            tripped.append(name)
            raise RuntimeError("power cut")

    monkeypatch.setattr(closing, "_record", record)
    with pytest.raises(RuntimeError):
        closing.close_round(round_id, clock.now())
    db.session.rollback()
    done = {one.step for one in result_queries.list_steps(round_id)}
    assert done == set(closing.STEPS[: closing.STEPS.index(step)])
    closing.close_round(round_id, clock.now())
    assert count("opened_ballot") == 6
    assert count("project_outcome") == 4
    assert db.session.get(Round, round_id, populate_existing=True).results_at is not None


def test_a_ballot_of_nobody_stops_the_close(context: Flask) -> None:
    round_ = voted_round(context, 3)
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO ballot_box VALUES (:r, :nym, :leaf, 'online', 1)"),
            {"r": round_.id, "nym": b"n" * 32, "leaf": b"l" * 32},
        )
    round_id = round_.id
    with pytest.raises(closing.BoxMismatch):
        closing.close_round(round_id, clock.now())
    assert {one.step for one in result_queries.list_steps(round_id)} == {"closed"}
    assert count("opened_ballot") == 0


def test_late_ballots_are_refused_after_the_close(context: Flask) -> None:
    round_ = voted_round(context, 2)
    with pytest.raises(Conflict):
        vote(context, round_, make_voters(1)[0], approve("P1"))


def test_the_programs_that_may_close_a_vote_alone_are_known() -> None:
    """A city's round is closed by two people: only the import, the demo city and the signing of old rounds do not."""
    callers = {
        str(path.relative_to(ROOT))
        for path in git_files("*.py")
        if path.relative_to(ROOT).parts[0] in {"civic", "voting"} and "close_round(" in path.read_text()
    }
    assert callers == {
        "civic/demo/outcome.py", "civic/demo/questions.py", "voting/closing.py", "voting/importing.py",
    }  # fmt: skip


# --- what can be seen, before and after -----------------------------------------------------------------


def test_nothing_is_counted_for_anyone_before_publication(context: Flask) -> None:
    """The embargo: every result page and file, as every role, while voting, in validation, and half closed."""
    round_ = make_round(validation=timedelta(hours=1))
    people = make_voters(12)
    slug = opened(round_).slug
    accounts = [None, voter_account(people[0])] + [
        make_account(role) for role in ("staff", "moderator", "clerk", "auditor", "administrator")
    ]
    pot = round_.pots[0].id
    paths = [
        f"/rounds/{slug}/results.csv",
        f"/rounds/{slug}/results/codes.txt",
        f"/rounds/{slug}/results/{pot}.pb",
        f"/rounds/{slug}/results/code",
    ]
    pages = [f"/rounds/{slug}/vote", f"/rounds/{slug}/results", f"/rounds/{slug}/projects/P1"]
    browser = PageClient(context)

    def look(account: object) -> list[str]:
        g.pop("csrf_token", None)
        browser.sign_out()
        if account is not None:
            browser.sign_in(account)  # type: ignore[arg-type]
        for path in paths:
            browser.get(path, expect=404)
        return [browser.get(path).main_text for path in pages]

    before = [look(account) for account in accounts]
    for at, person in enumerate(people[1:]):
        vote(context, db.session.get(Round, round_.id), person, approve("P1"), bytes([at]) * 16)
    assert [look(account) for account in accounts] == before, "a page changed because ballots were cast"
    clock.travel(timedelta(hours=3))
    engine = None
    for step in closing.STEPS[:-1]:
        from civic import database

        engine = engine or database.owner_engine(context.config["SETTINGS"])
        plan = round_queries.plan_of(db.session.get(Round, round_.id))
        assert plan is not None
        closing.run_step(
            closing.Closing(context.config["SETTINGS"], engine, round_.id, plan, clock.now(), closing.SYSTEM),
            step,
        )
        for account in (accounts[0], accounts[2], accounts[6]):
            texts = look(account)
            assert not any("11" in words.split("Proiect")[0] and "buletin" in words for words in texts)
            assert "Câștigător" not in " ".join(texts)
    if engine is not None:
        engine.dispose()


def test_the_results_say_why(context: Flask) -> None:
    round_ = voted_round(context)
    closing.close_round(round_.id, clock.now())
    slug = db.session.get(Round, round_.id, populate_existing=True).slug
    browser = PageClient(context)
    page = browser.get("voting.results", slug=slug)
    words = page.main_text
    assert "Câștigător la pasul 1" in words
    assert "Nu a încăput" in words
    assert "14" in page.text_of(".stats")
    assert "provizorii" in words
    code = next(
        line.split()[0]
        for line in browser.browser.get(f"/rounds/{slug}/results/codes.txt").text.splitlines()
        if " ballot " in line
    )
    found = browser.post("voting.find_code", {"code": code.lower().replace("-", " ")}, slug=slug, expect=200)
    assert "a fost numărat" in found.main_text
    missing = browser.post("voting.find_code", {"code": "0000-0000-0000-0000-0000"}, slug=slug, expect=200)
    assert "nu este în lista publicată" in missing.main_text
    browser.post("voting.find_code", {"code": "abc"}, slug=slug, expect=422)
    csv = browser.browser.get(f"/rounds/{slug}/results.csv").text
    assert csv.splitlines()[1].startswith("Oraș,1,1,P1,")
    project = browser.get("voting.project", slug=slug, code="P1")
    assert "Câștigător la pasul 1" in project.main_text
    assert f"{slug}/results#result-" in project.html


def test_the_losers_are_folded_and_a_neighbourhood_can_be_shown_alone(context: Flask) -> None:
    round_ = make_round(validation=timedelta(hours=1))
    mine, other = make_neighbourhood("Tei").id, make_neighbourhood("Obor").id
    projects = project_queries.list_projects(round_.id)
    codes = {project.code: project.id for project in projects}
    for at, project in enumerate(projects):
        project.neighbourhood_id = other if at else mine
    people = make_voters(4)
    round_ = opened(round_)
    for at, person in enumerate(people):
        vote(context, round_, person, approve("P1"), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    slug = db.session.get(Round, round_.id, populate_existing=True).slug
    browser = PageClient(context)
    page = browser.get("voting.results", slug=slug)
    folded = page.find("details")
    assert folded is not None
    inside = {row.get("id") for row in folded.iter() if row.get("id", "").startswith("result-")}
    assert inside
    assert f"result-{codes['P1']}" not in inside
    everything = [row.get("id") for row in page.root.iter() if row.get("id", "").startswith("result-")]
    assert sorted(everything) == sorted(f"result-{one}" for one in codes.values())
    alone = browser.get("voting.results", slug=slug, area=mine)
    shown = [row.get("id") for row in alone.root.iter() if row.get("id", "").startswith("result-")]
    assert shown == [f"result-{codes['P1']}"]
    for nonsense in ("x", "999999", ""):
        assert browser.get("voting.results", slug=slug, area=nonsense).main_text == page.main_text


def test_a_vote_begins_at_its_own_minute_and_shows_no_filters_before_there_are_projects(
    context: Flask,
) -> None:
    round_ = make_round(costs=(), opened_ago=timedelta(hours=-30), closes_in=timedelta(hours=300))
    starts = clock.city_moment(clock.city_date(clock.now()) + timedelta(days=2))
    round_.phases[0].starts_at = starts
    db.session.commit()
    browser = PageClient(context)
    page = browser.get("voting.ballot", slug=round_.slug)
    assert f"Votul începe pe {moment(starts)}" in page.main_text
    assert "ora 00:00" in page.main_text
    assert page.find(".filters") is None
    assert "Încă nu e niciun proiect pe buletin" in page.main_text


def test_the_published_file_counts_to_the_same_winners(context: Flask) -> None:
    import io

    from voting.counting.count import count as recount
    from voting.counting.pabulib import read_pabulib
    from voting.counting.rules import Rule

    round_ = voted_round(context)
    closing.close_round(round_.id, clock.now())
    stored = db.session.get(Round, round_.id, populate_existing=True)
    pot = stored.pots[0].id
    body = PageClient(context).browser.get(f"/rounds/{stored.slug}/results/{pot}.pb").text
    assert "tracking_code" not in body
    file = read_pabulib(io.StringIO(body, newline=""))
    assert file.notes == ()
    outcome = recount(file.instance, file.profile, Rule.from_json(stored.frozen["rule"]))
    winners = db.session.scalars(
        db.select(ProjectOutcome.project_id).where(ProjectOutcome.standing == "winner")
    ).all()
    assert len(outcome.selected) == len(winners)
    assert [code for code, chosen in (file.selected or {}).items() if chosen == "1"] == sorted(
        outcome.selected
    )
