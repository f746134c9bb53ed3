"""A machine that votes, votes again, repeats, loses answers, strikes, lifts, marks paper and closes in any order."""

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from civic import clock, database
from civic.accounts.models import Account
from civic.app import create_app
from civic.errors import Conflict, DomainError, Invalid, NotAllowed
from civic.extensions import db
from civic.rounds.models import Round
from civic.wire import Statement, Wire
from soak.casting.faults import Run
from soak.casting.postgres import clusters
from soak.casting.town import let_go, settings_for, workshop
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened
from voting import casting, closing, keys, round_queries
from voting.ballot_text import parse
from voting.casting import Outcome
from voting.models import RollLift, RollStrike, RollVoid, ballot_box, cast_log, opened_ballot
from voting.opening import PARTITIONED, partition_name
from voting.paper import marks, service
from voting.paper import queries as paper
from voting.paper.marks import Bearer, Marked
from voting.paper.rules import Entry

CODES = ["P1", "P2", "P3", "P4"]
PEOPLE = 3
choices = st.sets(st.sampled_from(CODES), min_size=0, max_size=3)
whom = st.integers(0, PEOPLE - 1)


@contextmanager
def lost_reply(kept: bool) -> Iterator[None]:
    """The first commit of the block is done, or is not, and the line breaks before anybody is told."""
    put, answers, said, lost = Wire.put, Wire.answers, [""], []

    def note(self: Wire, statement: Statement, *args: Any) -> None:
        said.append(statement.text)
        put(self, statement, *args)

    def asked(self: Wire) -> Any:
        if said[-1] == "COMMIT" and not lost:
            lost.append(True)
            if kept:
                answers(self)
            # Closing alone would still send what waits to be sent.
            with socket.socket(fileno=os.dup(self._connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)
        return answers(self)

    with mock.patch.object(Wire, "put", note), mock.patch.object(Wire, "answers", asked):
        yield


def machine_for(app: Flask) -> type[RuleBasedStateMachine]:
    """The machine on one application; each run has a round of its own, the people are the same in all."""
    engine = database.owner_engine(app.config["SETTINGS"])
    with app.app_context():
        people = make_voters(PEOPLE)
        officers = [make_account("staff").id for _ in range(3)]
        db.session.remove()

    class Vote(RuleBasedStateMachine):
        """What the model knows: each voter's last accepted choice, every form sent, who is struck or holds paper."""

        @initialize()
        def open(self) -> None:
            """A round of its own."""
            with app.app_context():
                round_ = opened(make_round(validation=timedelta(hours=1)))
                self.round_id, plan = round_.id, round_queries.plan_of(round_)
                actor = db.session.get_one(Account, officers[2]).as_actor()
                self.batch_id = service.open_batch(actor, round_, plan, "Urna", "", clock.now()).id
                db.session.commit()
                db.session.remove()
            self.live: dict[int, tuple[bytes, set[str]]] = {}
            self.sent: list[tuple[int, set[str], bytes]] = []
            self.superseded: set[bytes] = set()
            self.struck: dict[int, int] = {}
            self.lifted: dict[int, int] = {}
            self.paper: dict[int, bytes] = {}
            self.closed = False

        def teardown(self) -> None:
            """A round left open would slow down all that come after it."""
            if getattr(self, "closed", True):
                return
            with engine.begin() as connection:
                for table in PARTITIONED:
                    connection.execute(text(f"DROP TABLE {partition_name(table, self.round_id)}"))
            keys.destroy_round_keys(app.config["SETTINGS"], self.round_id)

        def send(self, voter: int, chosen: set[str], form: bytes, channel: str = "online") -> Any:
            """Cast for real."""
            with app.app_context():
                round_ = db.session.get_one(Round, self.round_id)
                plan = round_queries.plan_of(round_)
                assert plan is not None
                round_keys = keys.load_round_keys(app.config["SETTINGS"], self.round_id)
                cast = casting.prepare(plan, round_keys, voter, approve(*chosen), form, channel)
                db.session.remove()
                return casting.cast(db.engine, cast)

        def new_ballot(self, voter: int, chosen: set[str], channel: str, kept: bool | None = None) -> None:
            """Cast with a new form, and expect just what the model says."""
            form = len(self.sent).to_bytes(16, "big")
            with lost_reply(bool(kept)) if kept is not None else nullcontext():
                if voter in self.struck:
                    with pytest.raises(NotAllowed):
                        self.send(voter, chosen, form, channel)
                    return
                if not 1 <= len(chosen) <= 2:
                    with pytest.raises(Invalid):
                        self.send(voter, chosen, form, channel)
                    return
                if voter in self.paper:
                    with pytest.raises(Conflict):
                        self.send(voter, chosen, form, channel)
                    return
                receipt = self.send(voter, chosen, form, channel)
            fresh = Outcome.REPLACED if voter in self.live else Outcome.CAST
            assert receipt.outcome is (Outcome.REPEATED if kept else fresh)
            if voter in self.live:
                self.superseded.add(self.live[voter][0])
            self.live[voter] = (receipt.leaf, chosen)
            self.sent.append((voter, chosen, form))

        @precondition(lambda self: not self.closed)
        @rule(which=whom, chosen=choices, channel=st.sampled_from(["online", "desk"]))
        def cast(self, which: int, chosen: set[str], channel: str) -> None:
            """Online or at the desk."""
            self.new_ballot(people[which], chosen, channel)

        @precondition(lambda self: not self.closed)
        @rule(which=whom, chosen=choices, kept=st.booleans())
        def cast_unanswered(self, which: int, chosen: set[str], kept: bool) -> None:
            """The commit's answer is lost, and the cast finds out by itself."""
            self.new_ballot(people[which], chosen, "online", kept)

        @precondition(lambda self: not self.closed and self.sent)
        @rule(data=st.data())
        def send_again(self, data: st.DataObject) -> None:
            """A form sent once more is the same receipt, or refused to whom may not cast any more."""
            voter, chosen, form = data.draw(st.sampled_from(self.sent))
            if voter in self.struck:
                with pytest.raises(NotAllowed):
                    self.send(voter, chosen, form)
                return
            receipt = self.send(voter, chosen, form)
            expected = Outcome.SUPERSEDED if receipt.leaf in self.superseded else Outcome.REPEATED
            assert receipt.outcome is expected

        @precondition(lambda self: not self.closed)
        @rule(which=whom)
        def strike(self, which: int) -> None:
            """From the roll: no further ballot, the earlier one stands."""
            voter = people[which]
            if voter in self.struck:
                return
            with app.app_context():
                made = RollStrike(
                    round_id=self.round_id, voter_id=voter, reason="Adresă.", at=clock.now(),
                    after_id=self.lifted.get(voter),
                )  # fmt: skip
                db.session.add(made)
                db.session.commit()
                self.struck[voter] = made.id
                db.session.remove()

        @precondition(lambda self: not self.closed and self.struck)
        @rule(data=st.data())
        def lift(self, data: st.DataObject) -> None:
            """A strike was wrong."""
            voter = data.draw(st.sampled_from(sorted(self.struck)))
            with app.app_context():
                strike_id = self.struck.pop(voter)
                db.session.add(
                    RollLift(strike_id=strike_id, round_id=self.round_id, voter_id=voter, reason="Da.", at=clock.now())
                )  # fmt: skip
                db.session.commit()
                db.session.remove()
            self.lifted[voter] = strike_id

        def bearer(self, voter: int) -> Bearer:
            """Whom a sheet is handed to."""
            plan = round_queries.plan_of(db.session.get_one(Round, self.round_id))
            assert plan is not None
            round_keys = keys.load_round_keys(app.config["SETTINGS"], self.round_id)
            db.session.remove()
            return Bearer.of(plan, round_keys, voter)

        @precondition(lambda self: not self.closed)
        @rule(which=whom)
        def hand_out(self, which: int) -> None:
            """A sheet of paper, where there is no ballot in the box; asked for twice it is one sheet."""
            voter = people[which]
            with app.app_context():
                bearer = self.bearer(voter)
                if voter in self.struck or voter in self.live:
                    with pytest.raises(NotAllowed if voter in self.struck else Conflict):
                        marks.hand_out(db.engine, bearer, self.batch_id)
                    return
                done = marks.hand_out(db.engine, bearer, self.batch_id)
            assert done is (Marked.ALREADY if voter in self.paper else Marked.GIVEN)
            self.paper[voter] = marks.mark_leaf(self.batch_id, bearer.nym)

        @precondition(lambda self: not self.closed)
        @rule(which=whom)
        def take_back(self, which: int) -> None:
            """An unused sheet lifts its mark; without one there is nothing to take back, and a ballot stays."""
            voter = people[which]
            with app.app_context():
                bearer = self.bearer(voter)
                if voter not in self.paper:
                    with pytest.raises(Conflict):
                        marks.take_back(db.engine, bearer)
                    return
                marks.take_back(db.engine, bearer)
            del self.paper[voter]

        def count_paper(self, sheets: int) -> None:
            """So many of the sheets out come back, each for P1; keyed by two, compared and accepted by a third."""
            round_ = db.session.get_one(Round, self.round_id)
            plan, batch = round_queries.plan_of(round_), paper.get_batch(self.round_id, self.batch_id)
            assert plan is not None
            first, second, third = (db.session.get_one(Account, one).as_actor() for one in officers)
            now, lost = clock.now(), len(self.paper) - sheets
            service.shut_batch(third, round_, batch, now)
            service.count_urn(third, round_, batch, (sheets, 0, lost), "Nu s-au întors." if lost else "", now)
            for keyer in (first, second):
                for serial in range(1, sheets + 1):
                    service.key_sheet(keyer, round_, batch, serial, Entry({1: 1}))
            if sheets:
                service.draw_sample(third, round_, batch, "1" * 20, 99, now)
                service.compare_sample(third, round_, batch, range(1, sheets + 1), now)
            service.accept(third, round_, plan, batch, now)
            db.session.commit()

        @precondition(lambda self: not self.closed)
        @rule(voiding=st.sets(whom), back=st.integers(0, PEOPLE))
        def close(self, voiding: set[int], back: int) -> None:
            """The sheets are counted; two people void what some struck people may have cast; all steps of the close."""
            voided, sheets = (
                {people[which] for which in voiding} & self.struck.keys(),
                min(back, len(self.paper)),
            )
            with app.app_context():
                self.count_paper(sheets)
                db.session.add_all(
                    RollVoid(strike_id=self.struck[voter], account_id=officer, at=clock.now())
                    for voter in voided for officer in officers[:2]
                )  # fmt: skip
                db.session.commit()
                closing.close_round(self.round_id, clock.now() + timedelta(hours=3), engine=engine)
                texts = db.session.scalars(
                    opened_ballot.select()
                    .with_only_columns(opened_ballot.c.text)
                    .where(opened_ballot.c.round_id == self.round_id)
                ).all()
                found = Counter(frozenset(parse(one).choices()) for one in texts)
                db.session.remove()
            self.closed = True
            kept = [chosen for voter, (_leaf, chosen) in self.live.items() if voter not in voided]
            assert found == Counter(map(frozenset, [*kept, *[{"P1"}] * sheets]))

        @precondition(lambda self: self.closed)
        @rule(which=whom)
        def late(self, which: int) -> None:
            """Nothing is taken any more."""
            with pytest.raises((DomainError, keys.KeysMissing)):
                self.send(people[which], {"P1"}, b"\xff" * 16)

        @invariant()
        def one_live_ballot_each(self) -> None:
            """Box and log are what the model says, whatever came before."""
            if getattr(self, "closed", True):
                return
            with app.app_context(), db.engine.connect() as connection:
                box = connection.execute(
                    ballot_box.select().where(ballot_box.c.round_id == self.round_id)
                ).all()
                log = connection.execute(cast_log.select().where(cast_log.c.round_id == self.round_id)).all()
            live = {leaf for leaf, _chosen in self.live.values()}
            assert {bytes(row.leaf) for row in box} == live | set(self.paper.values())
            ballots = {bytes(row.leaf) for row in log if row.kind == "ballot"}
            voids = {bytes(row.target) for row in log if row.kind == "void"}
            assert ballots - voids == live
            assert voids == self.superseded

    return Vote


def campaign(runs: int, seed: int) -> Run:
    """So many runs in processes of their own, one a core; a process that found something printed what."""
    cores = os.cpu_count() or 1
    command = [sys.executable, "-m", "soak.casting.machine"]
    processes = [
        subprocess.Popen([*command, str(runs // cores + (at < runs % cores)), str(seed * 1000 + at)])
        for at in range(cores)
    ]
    try:
        failed = sum(process.wait() != 0 for process in processes)
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
                process.wait()
    return Run(faults=runs, more={"processes_with_a_broken_promise": failed})


def main() -> None:
    """A share of the campaign on a server of its own."""
    signal.signal(signal.SIGTERM, lambda _signal, _frame: sys.exit(1))
    with workshop() as folder, clusters(folder) as (server,):
        server.create(fsync="off", synchronous_commit="on")
        app = create_app(settings_for(folder, server))
        try:
            run_machine(app, int(sys.argv[1]), seed=int(sys.argv[2]))
        finally:
            let_go(app)


def run_machine(app: Flask, runs: int, steps: int = 12, seed: int | None = None) -> None:
    """So many runs of the machine; raises with the shortest sequence that breaks a promise."""
    machine = machine_for(app)
    if seed is not None:
        machine._hypothesis_internal_use_seed = seed  # type: ignore[attr-defined]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs, stateful_step_count=steps, deadline=None, database=None,
            suppress_health_check=list(HealthCheck), print_blob=True,
        ),
    )  # fmt: skip


if __name__ == "__main__":
    main()
