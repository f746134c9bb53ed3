"""The close of a vote with paper: it waits for every batch, counts the sheets, and stops where marks do not add up."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.errors import Invalid
from civic.extensions import db
from tests.factories import make_account
from tests.integration.voting.paper.paperkit import PaperTeam, close, rows
from tests.integration.voting.votingkit import approve, vote
from voting import closing, result_queries
from voting.ballot_text import parse
from voting.closing import BoxMismatch
from voting.models import RollStrike, RollVoid, closed_leaf, opened_ballot


def test_the_close_waits_for_the_paper_and_counts_it(context: Flask) -> None:
    team = PaperTeam(context, voters=9)
    paper, online = team.people[:5], team.people[5:8]
    team.hand_out(*paper)
    for at, person in enumerate(online):
        vote(context, team.round, person, approve("P1"), bytes([at + 1]) * 16)
    vote(context, team.round, online[0], approve("P3"), b"\x09" * 16)
    with pytest.raises(Invalid, match="Primărie"):
        close(team)
    clock.travel(timedelta(0))
    team.through(
        [(1, "1 2"), (2, "2"), (3, "1 2 3"), (4, "0")], not_returned=1, minutes="O foaie nu s-a întors."
    )
    close(team)
    steps = {one.step: one.details for one in result_queries.list_steps(team.round_id)}
    assert steps["copied"]["paper"] == {"marks": 5, "ballots": 2}
    assert (steps["closed"]["box"], steps["copied"]["ballot"], steps["participation"]["participants"]) == (
        8,
        5,
        8,
    )
    assert Counter(channel for (channel,) in rows("SELECT channel FROM participation")) == {
        "paper": 5,
        "online": 3,
    }
    kinds = Counter(row.kind for row in db.session.execute(closed_leaf.select()))
    assert kinds == {"ballot": 5, "replaced": 1, "void": 1}
    chosen = Counter(
        code for row in db.session.execute(opened_ballot.select()) for code in parse(row.text).choices()
    )
    assert chosen == {"P1": 3, "P2": 2, "P3": 1}


def test_a_leaf_that_no_batch_accepted_stops_the_close(context: Flask) -> None:
    team = PaperTeam(context)
    team.hand_out()
    team.through([(serial, "1") for serial in range(1, 6)], not_returned=1, minutes="Una.")
    with db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO cast_log VALUES (:r, :leaf, 'ballot', NULL, 'x')"),
            {"r": team.round_id, "leaf": b"l" * 32},
        )
    with pytest.raises(BoxMismatch):
        close(team)
    assert rows("SELECT 1 FROM opened_ballot") == []


def test_a_ballot_turned_into_a_mark_stops_the_close(context: Flask) -> None:
    """What somebody with the application's rights could do to lose a ballot: make it a mark and lift it."""
    team = PaperTeam(context)
    vote(context, team.round, team.people[0], approve("P1"))
    team.shut(0)
    team.accept()
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE ballot_box SET channel = 'paper', leaf = 'civic-paper-mark' || substring(leaf FROM 1 FOR 16)"
            )
        )
        connection.execute(text("SELECT lift_paper_mark(:r, nym) FROM ballot_box"), {"r": team.round_id})
    with pytest.raises(BoxMismatch):
        close(team)


def test_what_two_people_void_is_no_sheet(context: Flask) -> None:
    """Nobody knows which sheet is a person's, so the mark of a struck person stays and all sheets count."""
    team = PaperTeam(context)
    team.hand_out()
    team.through([(serial, "1") for serial in range(1, 7)])
    db.session.add(RollStrike(round_id=team.round_id, voter_id=team.people[0], reason="x", at=clock.now()))
    db.session.commit()
    strike = rows("SELECT id FROM roll_strike")[0][0]
    for role in ("staff", "staff"):
        db.session.add(RollVoid(strike_id=strike, account_id=make_account(role).id, at=clock.now()))
    db.session.commit()
    close(team)
    steps = {one.step: one.details for one in result_queries.list_steps(team.round_id)}
    assert steps["participation"] == {"participants": 6, "voided": 0}
    assert steps["copied"]["paper"] == {"marks": 6, "ballots": 6}


def test_acceptance_and_close_at_once(context: Flask) -> None:
    """Whichever is first: either the batch is in the count, or nothing was closed."""
    team = PaperTeam(context)
    team.hand_out()
    team.shut(6)
    team.key_twice([(serial, "1") for serial in range(1, 7)])
    team.sample()
    clock.travel(timedelta(hours=4))
    gate, refused = threading.Barrier(2), []

    def closer() -> None:
        with context.app_context():
            gate.wait()
            try:
                closing.close_round(team.round_id, clock.now())
            except Invalid as error:
                refused.append(error)
            finally:
                db.session.remove()

    thread = threading.Thread(target=closer)
    thread.start()
    gate.wait()
    team.accept()
    thread.join()
    if refused:
        closing.close_round(team.round_id, clock.now())
    assert len(rows("SELECT 1 FROM opened_ballot")) == 6
