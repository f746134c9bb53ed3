"""A machine that casts, votes again, repeats, and closes in any order keeps the promises."""

from collections import Counter
from typing import Any

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

from civic import clock, database
from civic.errors import DomainError
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.votingkit import approve, ballot, make_round, make_voters, opened
from voting import casting, closing, keys
from voting.ballot_text import parse
from voting.casting import Outcome
from voting.models import ballot_box, cast_log, opened_ballot

CODES = ["P1", "P2", "P3", "P4"]
choices = st.sets(st.sampled_from(CODES), min_size=0, max_size=3)


def machine_for(app: Flask) -> type[RuleBasedStateMachine]:
    """The machine on one application; each run has a round of its own."""
    engine = database.owner_engine(app.config["SETTINGS"])

    class Vote(RuleBasedStateMachine):
        """What the model knows: each voter's last accepted choice, and every form sent."""

        @initialize()
        def open(self) -> None:
            with app.app_context():
                round_ = make_round()
                self.voters = make_voters(3)
                self.round_id = opened(round_).id
                db.session.remove()
            self.live: dict[int, tuple[bytes, set[str]]] = {}
            self.sent: list[tuple[int, set[str], bytes]] = []
            self.superseded: set[bytes] = set()
            self.closed = False

        def send(self, voter: int, chosen: set[str], form: bytes) -> Any:
            with app.app_context():
                round_ = db.session.get(Round, self.round_id)
                cast = ballot(app, round_, voter, approve(*chosen), form)
                db.session.remove()
                return casting.cast(db.engine, cast)

        @precondition(lambda self: not self.closed)
        @rule(which=st.integers(0, 2), chosen=choices)
        def cast(self, which: int, chosen: set[str]) -> None:
            voter, form = self.voters[which], len(self.sent).to_bytes(16, "big")
            try:
                receipt = self.send(voter, chosen, form)
            except DomainError:
                assert not 1 <= len(chosen) <= 2
                return
            assert 1 <= len(chosen) <= 2
            assert receipt.outcome is (Outcome.REPLACED if voter in self.live else Outcome.CAST)
            if voter in self.live:
                self.superseded.add(self.live[voter][0])
            self.live[voter] = (receipt.leaf, chosen)
            self.sent.append((voter, chosen, form))

        @precondition(lambda self: not self.closed and self.sent)
        @rule(data=st.data())
        def send_again(self, data: st.DataObject) -> None:
            voter, chosen, form = data.draw(st.sampled_from(self.sent))
            receipt = self.send(voter, chosen, form)
            expected = Outcome.SUPERSEDED if receipt.leaf in self.superseded else Outcome.REPEATED
            assert receipt.outcome is expected

        @precondition(lambda self: not self.closed)
        @rule()
        def close(self) -> None:
            with app.app_context():
                clock.travel(database_hours(2))
                try:
                    closing.close_round(self.round_id, clock.now(), engine=engine)
                finally:
                    clock.travel(database_hours(0))
                texts = db.session.scalars(
                    opened_ballot.select()
                    .with_only_columns(opened_ballot.c.text)
                    .where(opened_ballot.c.round_id == self.round_id)
                ).all()
                found = Counter(frozenset(parse(one).choices()) for one in texts)
                db.session.remove()
            self.closed = True
            assert found == Counter(frozenset(chosen) for _leaf, chosen in self.live.values())

        @precondition(lambda self: self.closed)
        @rule()
        def late(self) -> None:
            with pytest.raises((DomainError, keys.KeysMissing)):
                self.send(self.voters[0], {"P1"}, b"\xff" * 16)

        @invariant()
        def one_live_ballot_each(self) -> None:
            if getattr(self, "closed", True):
                return
            with app.app_context(), db.engine.connect() as connection:
                box = connection.execute(
                    ballot_box.select().where(ballot_box.c.round_id == self.round_id)
                ).all()
                log = connection.execute(cast_log.select().where(cast_log.c.round_id == self.round_id)).all()
            assert {bytes(row.leaf) for row in box} == {leaf for leaf, _chosen in self.live.values()}
            ballots = {bytes(row.leaf) for row in log if row.kind == "ballot"}
            voids = {bytes(row.target) for row in log if row.kind == "void"}
            assert ballots - voids == {bytes(row.leaf) for row in box}
            assert voids == self.superseded

    return Vote


def database_hours(hours: int) -> Any:
    from datetime import timedelta

    return timedelta(hours=hours)


def test_cast_again_repeat_close_in_any_order(real_app: Flask) -> None:
    run_state_machine_as_test(
        machine_for(real_app),
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
