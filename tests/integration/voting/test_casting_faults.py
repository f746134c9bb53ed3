"""A cast under faults: at every statement, at the commit, with a silent or ending server."""

import os
import socket
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from civic.embedded import EmbeddedServer
from civic.extensions import db
from civic.wire import Statement, Wire
from tests.integration.voting.votingkit import (
    approve,
    ballot,
    make_round,
    make_voters,
    opened,
    rows,
    until,
    vote,
)
from voting import casting
from voting.casting import Outcome
from voting.models import ballot_box, cast_log


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


def test_a_session_the_server_ends_is_an_error_of_the_database_and_no_other(
    real_app: Flask, server: EmbeddedServer
) -> None:
    """The server's last word is one answer more than was asked for."""
    with real_app.app_context(), closing(db.engine.raw_connection()) as pooled:
        driver: Any = pooled.driver_connection
        idle = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND query = 'SELECT 1' AND wait_event = 'ClientRead'"

        def cut_short() -> None:
            with Wire(pooled) as wire:
                wire.put(Statement("SELECT 1"))
                driver.pgconn.send_flush_request()
                driver.pgconn.flush()
                pid = [driver.info.backend_pid]
                with server.admin() as admin:
                    # Answered, and not yet at the end of the conversation.
                    until(lambda: admin.execute(idle, pid).fetchone() is not None)
                    admin.execute("SELECT pg_terminate_backend(%s, 5000)", pid)
                wire.answers()

        with pytest.raises(psycopg.OperationalError):
            cut_short()
        assert driver.closed
        pooled.invalidate()


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
