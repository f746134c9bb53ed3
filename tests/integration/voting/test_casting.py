"""One ballot each, nothing beside it, whatever happens at the same time."""

import os
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from civic import clock
from civic.embedded import EmbeddedServer
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from civic.extensions import db
from civic.wire import Statement, Wire
from tests.integration.voting.votingkit import approve, ballot, make_round, make_voters, opened, vote
from voting import casting
from voting.casting import Outcome
from voting.models import Project, RollStrike, ballot_box, cast_log


def rows(table: Any) -> list[Any]:
    """What a table holds now."""
    with db.engine.connect() as connection:
        return list(connection.execute(table.select()))


def test_a_ballot_is_refused_until_the_round_is_frozen(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        frozen = opened(round_)
        cast = ballot(real_app, frozen, voter, approve("P1"))
        db.session.execute(text("SELECT 1"))
        db.session.rollback()
        engine = db.engine
        other = make_round()
        wrong = casting.Cast(
            cast.plan.__class__(**{**cast.plan.__dict__, "round_id": other.id}),
            voter, cast.nym, cast.choices, cast.leaf, cast.sealed,
        )  # fmt: skip
        with pytest.raises(Conflict) as refusal:
            casting.cast(engine, wrong)
        assert "pregătește" in str(refusal.value.message)
        assert rows(cast_log) == []


def test_cast_replace_repeat(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        first = vote(real_app, round_, voter, approve("P1"), b"a" * 16)
        assert first.outcome is Outcome.CAST
        assert vote(real_app, round_, voter, approve("P1"), b"a" * 16) == casting.Receipt(
            first.leaf, Outcome.REPEATED
        )
        second = vote(real_app, round_, voter, approve("P2", "P3"), b"b" * 16)
        assert second.outcome is Outcome.REPLACED
        assert vote(real_app, round_, voter, approve("P1"), b"a" * 16).outcome is Outcome.SUPERSEDED
        (box,) = rows(ballot_box)
        assert (box.leaf, box.revision, box.channel) == (second.leaf, 2, "online")
        assert sorted(row.kind for row in rows(cast_log)) == ["ballot", "ballot", "void"]
        sealed = {len(row.sealed) for row in rows(cast_log) if row.kind == "ballot"}
        assert len(sealed) == 1, "every ciphertext of a round has one length"


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"P1": 1, "P2": 1, "P3": 1}, "cel mult 2"),
        ({}, "gol"),
        ({"P1": 2}, "nu formează"),
    ],
)
def test_an_invalid_ballot_is_refused_with_its_sentence(
    real_app: Flask, choices: dict[str, int], sentence: str
) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        with pytest.raises(Invalid) as refusal:
            vote(real_app, round_, voter, {code: Decimal(value) for code, value in choices.items()})
        assert sentence in str(refusal.value.message)
        assert rows(cast_log) == []


def test_people_not_on_the_roll_or_struck_are_refused(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        (late,) = make_voters(1)
        with pytest.raises(NotAllowed):
            vote(real_app, round_, late, approve("P1"))
        vote(real_app, round_, voter, approve("P1"))
        db.session.add(
            RollStrike(round_id=round_.id, voter_id=voter, reason="dublă înscriere", at=clock.now())
        )
        db.session.commit()
        with pytest.raises(NotAllowed):
            vote(real_app, round_, voter, approve("P2"), b"2" * 16)
        assert len(rows(ballot_box)) == 1, "the earlier ballot stands"


def test_late_and_early_casts_are_refused_by_the_database_clock(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        try:
            clock.travel(timedelta(hours=1))
            with pytest.raises(Conflict) as late:
                vote(real_app, round_, voter, approve("P1"))
            assert "încheiat" in str(late.value.message)
            clock.travel(-timedelta(hours=2))
            with pytest.raises(Conflict) as early:
                vote(real_app, round_, voter, approve("P1"))
            assert "început" in str(early.value.message)
        finally:
            clock.travel(timedelta(0))
        assert rows(cast_log) == []


def test_a_paper_ballot_blocks_the_online_one(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voter, approve("P1"))
        with db.engine.begin() as connection:
            connection.execute(
                ballot_box.insert().values(
                    round_id=round_.id, nym=cast.nym, leaf=b"\x00" * 32, channel="paper", revision=1
                )
            )
        with pytest.raises(Conflict) as refusal:
            casting.cast(db.engine, cast)
        assert "hârtie" in str(refusal.value.message)
        assert rows(cast_log) == []


def test_simultaneous_casts_of_one_voter_leave_one_ballot(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        # Forms are shared by some of them: those are double submits of one ballot.
        casts = [
            ballot(real_app, round_, voter, approve(f"P{form + 1 if form < 4 else 1}"), bytes([form]) * 16)
            for form in [number % 5 for number in range(20)]
        ]
        engine = db.engine
        with ThreadPoolExecutor(8) as pool:
            receipts = list(pool.map(lambda one: casting.cast(engine, one), casts))
        (box,) = rows(ballot_box)
        log = rows(cast_log)
        ballots = {row.leaf for row in log if row.kind == "ballot"}
        voided = {row.target for row in log if row.kind == "void"}
        assert ballots == {one.leaf for one in casts}
        assert ballots - voided == {box.leaf}
        assert {receipt.leaf for receipt in receipts} == ballots
        assert box.revision == len(ballots)


def test_a_form_of_somebody_else_confirms_nothing(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        first, second = make_voters(2)
        round_ = opened(round_)
        vote(real_app, round_, first, approve("P1"))
        with pytest.raises(Conflict):
            vote(real_app, round_, second, approve("P1"))
        assert len(rows(ballot_box)) == 1


class Trip(Exception):
    """The fault put into a statement."""


#: What a first cast and a replacing one send, the commit last.
STATEMENTS = {Outcome.CAST: 6, Outcome.REPLACED: 8}


@pytest.mark.parametrize(
    ("expected", "at"), [(kind, at) for kind, count in STATEMENTS.items() for at in range(count)]
)
def test_a_fault_at_every_statement_leaves_nothing_half_done(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, expected: Outcome, at: int
) -> None:
    with real_app.app_context():
        round_ = make_round()
        voter, earlier = make_voters(2)
        round_ = opened(round_)
        if expected is Outcome.REPLACED:
            vote(real_app, round_, voter, approve("P1"), b"1" * 16)
        before = (rows(ballot_box), sorted(rows(cast_log)))
        sent: list[str] = []
        real = Wire.put
        armed = True

        def put(self: Wire, statement: Statement, *args: Any) -> None:
            if armed and len(sent) == at:
                raise Trip
            sent.append(statement.text)
            real(self, statement, *args)

        engine = db.engine
        cast = ballot(real_app, round_, voter, approve("P2"), b"2" * 16)
        with monkeypatch.context() as patch:
            patch.setattr(Wire, "put", put)
            with pytest.raises(Trip):
                casting.cast(engine, cast)
        assert (rows(ballot_box), sorted(rows(cast_log))) == before
        armed = False
        sent.clear()
        with monkeypatch.context() as patch:
            patch.setattr(Wire, "put", put)
            assert casting.cast(engine, cast).outcome is expected
        assert len(sent) == STATEMENTS[expected], "the faults above cover every statement"
        assert sent[0] == "BEGIN ISOLATION LEVEL READ COMMITTED"
        assert "pg_advisory_xact_lock_shared" in sent[1], "the round before the voter"
        assert "pg_advisory_xact_lock(" in sent[2]
        assert "clock_timestamp" in sent[3], "and what is read after both"
        assert sent[-1] == "COMMIT"
        assert vote(real_app, round_, earlier, approve("P1"), b"3" * 16).outcome is Outcome.CAST


def one_cast(app: Flask, replacing: bool) -> casting.Cast:
    """A ballot ready to be cast in an open round; `replacing`: its voter has another in the box already."""
    round_ = make_round()
    (voter,) = make_voters(1)
    round_ = opened(round_)
    if replacing:
        vote(app, round_, voter, approve("P2"), b"9" * 16)
    return ballot(app, round_, voter, approve("P1"))


def commits(monkeypatch: pytest.MonkeyPatch, instead: Callable[[int, Wire, Callable[[], Any]], Any]) -> None:
    """Ask `instead(number of the commit, wire, what really happens)` whenever a cast waits for its commit."""
    put, answers, said, calls = Wire.put, Wire.answers, [""], 0

    def note(self: Wire, statement: Statement, *args: Any) -> None:
        said.append(statement.text)
        put(self, statement, *args)

    def asked(self: Wire) -> Any:
        nonlocal calls
        if said[-1] != "COMMIT":
            return answers(self)
        calls += 1
        return instead(calls, self, lambda: answers(self))

    monkeypatch.setattr(Wire, "put", note)
    monkeypatch.setattr(Wire, "answers", asked)


@pytest.mark.parametrize("replacing", [True, False])
@pytest.mark.parametrize("kept", [True, False])
def test_a_lost_reply_of_the_commit_is_looked_up(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, kept: bool, replacing: bool
) -> None:
    """The server committed, or did not, and the line broke before it said so: either way one ballot, one receipt."""
    with real_app.app_context():
        cast = one_cast(real_app, replacing)

        def broken_line(call: int, wire: Wire, real: Callable[[], Any]) -> Any:
            if call > 1:
                return real()
            if kept:
                real()
            # Closing alone would still send what waits to be sent.
            with socket.socket(fileno=os.dup(wire._connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
            return real()

        commits(monkeypatch, broken_line)
        receipt = casting.cast(db.engine, cast)
        assert receipt.leaf == cast.leaf
        fresh = Outcome.REPLACED if replacing else Outcome.CAST
        assert receipt.outcome is (Outcome.REPEATED if kept else fresh)
        monkeypatch.undo()
        assert len(rows(ballot_box)) == 1
        assert len(rows(cast_log)) == (3 if replacing else 1)


def test_a_server_that_ends_the_session_during_the_cast_is_asked_again(
    real_app: Flask, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backend is ended for real, between the state and the commit."""
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voter, approve("P1"))
        real, ended = casting._store, 0

        def store(wire: Any, *args: Any) -> casting.Receipt:
            nonlocal ended
            if not ended:
                ended = wire._connection.info.backend_pid
                with server.admin() as admin:
                    admin.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
            return real(wire, *args)

        monkeypatch.setattr(casting, "_store", store)
        assert casting.cast(db.engine, cast).outcome is Outcome.CAST
        assert ended
        assert len(rows(ballot_box)) == len(rows(cast_log)) == 1


def test_a_silent_database_is_told_as_not_confirmed(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)

        def gone(_call: int, wire: Wire, _real: Callable[[], Any]) -> Any:
            wire._connection.close()
            raise psycopg.OperationalError("gone")

        commits(monkeypatch, gone)
        cast = ballot(real_app, round_, voter, approve("P1"))
        with pytest.raises(casting.NotConfirmed):
            casting.cast(db.engine, cast)


@pytest.mark.parametrize("replacing", [True, False])
@pytest.mark.parametrize("always", [True, False])
def test_a_commit_with_a_warning_is_not_a_receipt(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, always: bool, replacing: bool
) -> None:
    """A cancelled wait for the standby commits here and warns: the cast waits again, or says it is not confirmed."""
    with real_app.app_context():
        cast = one_cast(real_app, replacing)
        warning = Statement("DO $$ BEGIN RAISE WARNING 'canceling the wait' USING ERRCODE = '01000'; END $$")
        real, calls = Wire.put, 0

        def put(self: Wire, statement: Statement, *args: Any) -> None:
            nonlocal calls
            real(self, statement, *args)
            if statement.text == "COMMIT":
                calls += 1
                if always or calls == 1:
                    # After the commit, and read with it.
                    real(self, warning)

        real_answers = Wire.answers

        def answers(self: Wire) -> Any:
            found = real_answers(self)
            return [one for one in found if one.command_status != b"DO"]

        monkeypatch.setattr(Wire, "put", put)
        monkeypatch.setattr(Wire, "answers", answers)
        if always:
            with pytest.raises(casting.NotConfirmed):
                casting.cast(db.engine, cast)
        else:
            receipt = casting.cast(db.engine, cast)
            assert (receipt.leaf, receipt.outcome) == (cast.leaf, Outcome.REPEATED)
        assert calls == (casting.TRIES if always else 2)
        monkeypatch.undo()
        assert len(rows(ballot_box)) == 1
        assert casting.cast(db.engine, cast).outcome is Outcome.REPEATED


def test_statements_the_driver_threw_away_are_prepared_again(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        first, second = make_voters(2)
        round_ = opened(round_)
        with closing(db.engine.raw_connection()) as pooled:
            cast = ballot(real_app, round_, first, approve("P1"))
            assert casting.cast_on(pooled, cast).outcome is Outcome.CAST
            driver: Any = pooled.driver_connection
            driver.execute("DEALLOCATE ALL")
            driver.commit()
            cast = ballot(real_app, round_, second, approve("P1"), b"2" * 16)
            assert casting.cast_on(pooled, cast).outcome is Outcome.CAST
            assert pooled.driver_connection is driver, "on the same connection"
        assert len(rows(ballot_box)) == 2


def test_a_cast_waits_for_a_lock_so_long_and_no_longer(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casting, "CAST_SECONDS", 0.6)
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voter, approve("P1"))
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": cast.values["lock"]})
            began = time.monotonic()
            with pytest.raises(casting.NotConfirmed):
                casting.cast(db.engine, cast)
            assert 0.6 <= time.monotonic() - began < 3
            waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            while other.scalar(waiting):  # the server was told to stop waiting, too
                assert time.monotonic() - began < 5
        assert rows(cast_log) == []
        assert casting.cast(db.engine, cast).outcome is Outcome.CAST
        assert len(rows(ballot_box)) == len(rows(cast_log)) == 1


def test_a_close_and_casts_take_turns(real_app: Flask) -> None:
    """Whoever holds the round exclusively waits for casts under way; casts that waited for it are late."""
    with real_app.app_context():
        round_ = make_round()
        voters = make_voters(12)
        round_ = opened(round_)
        casts = [
            ballot(real_app, round_, voter, approve("P1"), bytes([at]) * 16)
            for at, voter in enumerate(voters)
        ]
        engine, closing = db.engine, threading.Event()

        def close() -> int:
            with engine.connect() as connection:
                closing.set()
                connection.execute(text(f"SELECT pg_advisory_xact_lock({casting.ROUND_LOCK}, {round_.id})"))
                connection.execute(
                    text("UPDATE round SET closed_at = now() WHERE id = :id"), {"id": round_id}
                )
                seen = connection.scalar(text("SELECT count(*) FROM ballot_box"))
                connection.commit()
                return int(seen or 0)

        round_id = round_.id

        def attempt(one: casting.Cast) -> bool:
            try:
                casting.cast(engine, one)
            except DomainError:
                return False
            return True

        with ThreadPoolExecutor(6) as pool:
            first = [pool.submit(attempt, one) for one in casts[:6]]
            closer = pool.submit(close)
            closing.wait(5)
            rest = [pool.submit(attempt, one) for one in casts[6:]]
            confirmed = sum(future.result() for future in [*first, *rest])
            seen = closer.result()
        assert len(rows(ballot_box)) == confirmed == seen
        assert attempt(casts[0]) is False


def test_a_cast_touches_the_box_and_the_log_alone(real_app: Flask) -> None:
    """The linkage check in small: every other table is byte for byte and row version for row version the same."""
    with real_app.app_context():
        round_ = make_round()
        voters = make_voters(3)
        round_ = opened(round_)
        cast = ballot(real_app, round_, voters[0], approve("P1"))
        before = fingerprints()
        casting.cast(db.engine, cast)
        after = fingerprints()
        changed = {table for table in after if before.get(table) != after[table]}
        assert changed == {f"ballot_box_round_{round_.id}", f"cast_log_round_{round_.id}"}


def fingerprints() -> dict[str, str]:
    """Every table's rows with their place and the transactions that made and locked them."""
    found = {}
    with db.engine.connect() as connection:
        tables = connection.scalars(
            text("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                 " WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname !~ '_round_'")
        ).all()  # fmt: skip
        for table in tables:
            found[table] = connection.scalar(
                text(
                    f"SELECT coalesce(md5(string_agg(ctid::text || xmin::text || xmax::text || t::text, ',')), '') FROM \"{table}\" t"
                )
            )
        for parent in ("ballot_box", "cast_log"):
            for partition, value in connection.execute(
                text(
                    f"SELECT tableoid::regclass::text, md5(string_agg(t::text, ',')) FROM {parent} t GROUP BY 1"
                )
            ):
                found[partition] = value
    return found


def test_the_application_cannot_rewrite_the_log_or_reach_a_partition(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        round_ = opened(round_)
        vote(real_app, round_, voter, approve("P1"))
        for statement in (
            "UPDATE cast_log SET kind = 'void'",
            "DELETE FROM cast_log",
            "DELETE FROM ballot_box",
            f"SELECT * FROM cast_log_round_{round_.id}",
            f"DROP TABLE cast_log_round_{round_.id}",
            "INSERT INTO opened_ballot VALUES (1, '', '')",
        ):
            with pytest.raises(DBAPIError), db.engine.begin() as connection:
                connection.execute(text(statement))


def test_what_is_frozen_stays(real_app: Flask) -> None:
    with real_app.app_context():
        round_ = opened(make_round())
        for statement in (
            "UPDATE project SET cost = 1",
            "DELETE FROM project",
            "INSERT INTO project (round_id, pot_id, group_id, code, title, summary, cost, withdrawn)"
            " SELECT round_id, pot_id, group_id, 'new', title, summary, cost, false FROM project LIMIT 1",
            "UPDATE round SET frozen = '{}'",
            "UPDATE round SET publication_mode = 'open'",
        ):
            with pytest.raises(DBAPIError) as refusal, db.engine.begin() as connection:
                connection.execute(text(statement))
            assert refusal.value.orig.diag.constraint_name in ("ck_project_frozen", "ck_round_plan_frozen")
        assert db.session.scalar(db.select(db.func.count()).select_from(Project)) == 4
        assert round_.fingerprint
