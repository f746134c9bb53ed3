"""A sheet or a ballot in the box, never both; and nothing says which sheet a person was given."""

import contextlib
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.audit import AuditRecord
from civic.errors import Conflict, DomainError, NotAllowed
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.paper.paperkit import PaperTeam
from tests.integration.voting.test_casting import fingerprints
from tests.integration.voting.votingkit import approve, ballot, make_voters, vote, voter_account
from tests.pageclient import PageClient
from voting import casting
from voting.models import RollStrike
from voting.paper import marks, service
from voting.paper.marks import Marked


def box() -> list[tuple[bytes, str]]:
    with db.engine.connect() as connection:
        return [
            (bytes(leaf), channel)
            for leaf, channel in connection.execute(
                text("SELECT leaf, channel FROM ballot_box ORDER BY leaf")
            )
        ]


def test_a_mark_changes_the_box_alone_and_names_its_batch(context: Flask) -> None:
    team = PaperTeam(context)
    before = fingerprints()
    assert team.hand_out(team.people[0]) == [Marked.GIVEN]
    after = fingerprints()
    assert {table for table in after if before.get(table) != after[table]} == {
        f"ballot_box_round_{team.round_id}"
    }
    ((leaf, channel),) = box()
    assert (marks.batch_of(leaf), channel) == (team.batch_id, "paper")
    assert marks.count_marks(db.session, team.round_id) == {team.batch_id: 1}


def test_a_second_asking_marks_nothing_more(context: Flask) -> None:
    team = PaperTeam(context)
    assert team.hand_out(team.people[0], team.people[0]) == [Marked.GIVEN, Marked.ALREADY]
    assert len(box()) == 1


def test_no_sheet_for_whoever_voted_and_no_vote_online_with_a_sheet(context: Flask) -> None:
    team = PaperTeam(context)
    voted, holder = team.people[:2]
    vote(context, team.round, voted, approve("P1"))
    with pytest.raises(Conflict, match="în urnă|is in the box"):
        team.hand_out(voted)
    team.hand_out(holder)
    with pytest.raises(Conflict):
        vote(context, team.round, holder, approve("P1"), b"\x02" * 16)
    assert sorted(channel for _leaf, channel in box()) == ["online", "paper"]


def test_an_unused_sheet_brought_back_lifts_its_mark_and_nothing_else(context: Flask) -> None:
    team = PaperTeam(context)
    holder, other, voted = team.people[:3]
    team.hand_out(holder, other)
    vote(context, team.round, voted, approve("P1"))
    marks.take_back(db.engine, team.bearer(holder))
    assert sorted(channel for _leaf, channel in box()) == ["online", "paper"]
    for person in (holder, voted):
        with pytest.raises(Conflict):
            marks.take_back(db.engine, team.bearer(person))
    # What the application may call lifts marks: never a ballot, whatever it is asked.
    with db.engine.begin() as connection:
        connection.execute(
            text("SELECT lift_paper_mark(:r, nym) FROM ballot_box WHERE channel = 'online'"),
            {"r": team.round_id},
        )
    assert sorted(channel for _leaf, channel in box()) == ["online", "paper"]
    with db.engine.connect() as connection, pytest.raises(Exception, match="permission denied"):
        connection.execute(text("DELETE FROM ballot_box"))
    assert vote(context, team.round, holder, approve("P2"), b"\x03" * 16).outcome is casting.Outcome.CAST
    assert len(box()) == 3


def test_who_gets_no_sheet(context: Flask) -> None:
    team = PaperTeam(context)
    struck, late = team.people[:2]
    db.session.add(RollStrike(round_id=team.round_id, voter_id=struck, reason="x", at=clock.now()))
    db.session.commit()
    for person in (struck, make_voters(1)[0]):
        with pytest.raises(NotAllowed):
            team.hand_out(person)
    with unit_of_work():
        service.shut_batch(team.actor, team.round, team.batch, clock.now())
    with pytest.raises(Conflict):
        team.hand_out(late)
    clock.travel(timedelta(hours=2))
    try:
        with pytest.raises(Conflict):
            team.hand_out(late)
    finally:
        clock.travel(timedelta(0))
    assert box() == []


def test_one_ballot_or_one_sheet_whoever_is_first(context: Flask) -> None:
    """Web, desk and paper at once for the same person, on connections of their own, many times over."""
    team = PaperTeam(context, voters=12, sheets=1)
    plan, batch_id = team.plan, team.batch_id
    work = []
    for person in team.people:
        bearer = team.bearer(person)
        online = [ballot(context, team.round, person, approve("P1"), bytes([at]) * 16) for at in (1, 2)]
        work.append((bearer, online))
    db.session.rollback()
    engine, failures = db.engine, []

    def attempt(act: object, gate: threading.Barrier) -> None:
        with context.app_context():
            gate.wait()
            try:
                act()  # type: ignore[operator]
            except DomainError:
                pass
            except Exception as error:
                failures.append(error)

    for bearer, (first, second) in work:
        acts = [
            lambda one=first: casting.cast(engine, one),
            lambda one=second: casting.cast(engine, one),
            lambda one=bearer: marks.hand_out(engine, one, batch_id),
            lambda one=bearer: marks.take_back(engine, one),
            lambda one=bearer: marks.hand_out(engine, one, batch_id),
        ]
        gate = threading.Barrier(len(acts))
        threads = [threading.Thread(target=attempt, args=(act, gate)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []
    with db.engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT b.channel, count(l.leaf) FROM ballot_box b"
                " LEFT JOIN cast_log l ON l.leaf = b.leaf AND l.kind = 'ballot' GROUP BY b.nym, b.channel"
            )
        ).all()
        live = connection.scalar(
            text(
                "SELECT count(*) FROM cast_log l WHERE kind = 'ballot'"
                " AND NOT EXISTS (SELECT 1 FROM cast_log v WHERE v.target = l.leaf)"
            )
        )
    assert len(found) <= len(team.people)
    assert all(leaves == (0 if channel == "paper" else 1) for channel, leaves in found)
    assert live == sum(channel != "paper" for channel, _leaves in found)
    assert plan.round_id == team.round_id


def test_nothing_is_handed_out_once_the_batch_is_shut(context: Flask) -> None:
    """Shutting waits for whoever hands out now; the marks it notes are all there are."""
    team = PaperTeam(context, voters=16)
    bearers = [team.bearer(person) for person in team.people]
    engine, batch_id, given = db.engine, team.batch_id, []
    db.session.rollback()
    gate = threading.Barrier(len(bearers) + 1)

    def give(bearer: marks.Bearer) -> None:
        with context.app_context():
            gate.wait()
            with contextlib.suppress(Conflict):
                given.append(marks.hand_out(engine, bearer, batch_id))

    threads = [threading.Thread(target=give, args=(one,)) for one in bearers]
    for thread in threads:
        thread.start()
    gate.wait()
    with unit_of_work():
        service.shut_batch(team.actor, team.round, team.batch, clock.now())
    for thread in threads:
        thread.join()
    db.session.expire_all()
    assert team.batch.marks == len(given) == len(box())


# --- the desk's page ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_desk_hands_out_and_takes_back(context: Flask, language: str) -> None:
    team = PaperTeam(context)
    resident = voter_account(team.people[0])
    browser = PageClient(context)
    browser.speak(language)
    browser.sign_in(team.clerks[0])
    page = browser.get("desk.show", account_id=resident.id)
    assert f"/staff/desk/{resident.id}/paper/{team.round_id}" in page.html
    where = {"account_id": resident.id, "round_id": team.round_id}
    page = browser.get("desk_paper.serve", **where)
    unticked = browser.submit(page, "/paper/", {"what": "out"}, expect=422)
    assert box() == []
    given = browser.submit(unticked, "/paper/", {"what": "out", "seen": "y"})
    assert given.headers["Location"].endswith(f"/staff/desk/{resident.id}")
    again = browser.follow(browser.submit(unticked, "/paper/", {"what": "out", "seen": "y"}))
    assert ("foaie" in again.main_text) is (language == "ro")
    assert len(box()) == 1
    browser.submit(unticked, "/paper/", {"what": "back", "seen": "y"})
    assert box() == []
    refused = browser.submit(unticked, "/paper/", {"what": "back", "seen": "y"}, expect=422)
    assert refused.find(".govuk-error-summary") is not None
    vote(context, team.round, team.people[0], approve("P1"))
    voted = browser.submit(unticked, "/paper/", {"what": "out", "seen": "y"}, expect=422)
    assert voted.find(".govuk-error-summary") is not None
    with db.engine.connect() as connection:
        counts = connection.execute(
            text("SELECT account_id, handed, taken_back, refused FROM paper_desk_count")
        ).all()
    assert [tuple(row) for row in counts] == [(team.clerks[0].id, 1, 1, 3)]


def test_the_desks_pages_are_the_same_whoever_voted_or_has_a_sheet(context: Flask) -> None:
    team = PaperTeam(context)
    residents = [voter_account(person) for person in team.people[:3]]
    browser = PageClient(context)
    browser.sign_in(team.clerks[0])

    def look() -> list[str]:
        shown = []
        for one in residents:
            for path in (f"/staff/desk/{one.id}", f"/staff/desk/{one.id}/paper/{team.round_id}"):
                shown.append(browser.get(path).main_text)
        return shown

    before = look()
    team.hand_out(team.people[0])
    vote(context, team.round, team.people[1], approve("P1"))
    assert look() == before


def test_nobody_serves_themselves_and_residents_serve_nobody(context: Flask) -> None:
    team = PaperTeam(context)
    clerk = make_account("clerk", person_id=team.people[0])
    browser = PageClient(context)
    browser.sign_in(clerk)
    where = {"account_id": clerk.id, "round_id": team.round_id}
    page = browser.get("desk_paper.serve", **where)
    assert "Nimeni nu își dă singur" in page.main_text
    browser.post(
        "desk_paper.serve", {"what": "out", "seen": "y", "batch_id": team.batch_id}, expect=422, **where
    )
    other = PageClient(context)
    other.sign_in(voter_account(team.people[1]))
    other.get("desk_paper.serve", expect=403, **where)
    assert box() == []


def test_the_record_says_neither_who_nor_when(context: Flask) -> None:
    """What an administrator finds in the tables after an hour of handing out: a number by clerk and day."""
    team = PaperTeam(context)
    residents = [voter_account(person).id for person in team.people[:3]]
    records = db.session.query(AuditRecord).count()
    browser = PageClient(context)
    browser.sign_in(team.clerks[0])
    with db.engine.connect() as connection:
        signed_in = connection.scalar(text("SELECT count(*) FROM audit_record"))
    for resident in residents:
        browser.post(
            "desk_paper.serve",
            {"what": "out", "seen": "y", "batch_id": team.batch_id},
            account_id=resident,
            round_id=team.round_id,
        )
    db.session.rollback()
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_record")) == signed_in >= records
        columns = connection.scalars(
            text("SELECT column_name FROM information_schema.columns WHERE table_name = 'paper_desk_count'")
        ).all()
        assert {*columns} == {"round_id", "account_id", "day", "handed", "taken_back", "refused"}
        assert connection.scalar(text("SELECT handed FROM paper_desk_count")) == 3
        assert connection.scalar(text("SELECT count(*) FROM paper_ballot")) == 0
