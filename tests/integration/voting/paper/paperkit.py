"""A round with sheets printed and a batch open, and people to hand out, key and accept."""

import itertools
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.votingkit import make_round, make_voters, opened
from voting import closing, keys, round_queries
from voting.paper import marks, printing, queries, rules, service
from voting.paper.marks import Bearer, Marked
from voting.paper.models import PaperBatch
from voting.plan import FrozenRound

DICE = "16253416253416253416"
_numbers = itertools.count(1)


class PaperTeam:
    """The people of one round, and what they do."""

    def __init__(self, app: Flask, voters: int = 6, sheets: int = 20, **values: Any) -> None:
        self.app = app
        groups = [{"name": "Sectorul 2", "ballot_kind": "approval", "max_choices": 2}]
        made = make_round(**{"validation": timedelta(hours=1), "groups": groups, **values})
        self.people = make_voters(voters)
        self.round_id: int = opened(made).id
        self.staff: Account = make_account("staff")
        self.clerks = [make_account("clerk") for _ in range(3)]
        with unit_of_work():
            kind = printing.list_kinds(self.plan)[0]
            printing.order_run(self.actor, self.round, self.plan, kind, sheets, "ro", clock.now())
        with unit_of_work():
            name = f"Primărie {next(_numbers)}"
            self.batch_id = service.open_batch(self.actor, self.round, self.plan, name, "Hol", clock.now()).id

    @property
    def round(self) -> Round:
        return db.session.get_one(Round, self.round_id)

    @property
    def plan(self) -> FrozenRound:
        found = round_queries.plan_of(self.round)
        assert found is not None
        return found

    @property
    def batch(self) -> PaperBatch:
        return queries.get_batch(self.round_id, self.batch_id)

    @property
    def actor(self) -> Actor:
        return self.staff.as_actor()

    def bearer(self, person: int) -> Bearer:
        return Bearer.of(self.plan, keys.load_round_keys(self.app.config["SETTINGS"], self.round_id), person)

    def hand_out(self, *people: int) -> list[Marked]:
        done = [marks.hand_out(db.engine, self.bearer(one), self.batch_id) for one in people or self.people]
        db.session.rollback()
        return done

    def shut(self, returned: int, spoilt: int = 0, not_returned: int = 0, minutes: str = "") -> None:
        with unit_of_work():
            service.shut_batch(self.actor, self.round, self.batch, clock.now())
        self.count(returned, spoilt, not_returned, minutes)

    def count(self, returned: int, spoilt: int = 0, not_returned: int = 0, minutes: str = "") -> None:
        with unit_of_work():
            service.count_urn(
                self.actor, self.round, self.batch, (returned, spoilt, not_returned), minutes, clock.now()
            )

    def key(self, who: int, serial: int, typed: str, *, replace: bool = False) -> str:
        with unit_of_work():
            entry = service.read_typed(self.plan, serial, typed)
            return service.key_sheet(
                self.clerks[who].as_actor(), self.round, self.batch, serial, entry, replace=replace
            )

    def key_twice(self, sheets: Iterable[tuple[int, str]]) -> None:
        for serial, typed in sheets:
            self.key(0, serial, typed)
            self.key(1, serial, typed)

    def settle(self, who: int, serial: int, typed: str) -> None:
        with unit_of_work():
            entry = service.read_typed(self.plan, serial, typed)
            service.settle(self.clerks[who].as_actor(), self.round, self.batch, serial, entry, clock.now())

    def sample(self, different: Iterable[int] = (), dice: str = DICE, by: Account | None = None) -> list[int]:
        actor = (by or self.staff).as_actor()
        with unit_of_work():
            drawn = list(
                service.draw_sample(
                    actor, self.round, self.batch, dice, rules.SAMPLE_SIZES[0], clock.now()
                ).serials
            )
        with unit_of_work():
            service.compare_sample(actor, self.round, self.batch, set(drawn) - set(different), clock.now())
        return drawn

    def accept(self, by: Account | None = None) -> PaperBatch:
        with unit_of_work():
            return service.accept(
                (by or self.staff).as_actor(), self.round, self.plan, self.batch, clock.now()
            )

    def through(self, sheets: list[tuple[int, str]], **counts: Any) -> PaperBatch:
        """From the shut batch to its acceptance."""
        self.shut(len(sheets), **counts)
        self.key_twice(sheets)
        if sheets:
            self.sample()
        return self.accept()


def rows(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """What a question to the database answers."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql), values)]


def close(team: PaperTeam) -> None:
    """Close the vote, after its validation."""
    clock.travel(timedelta(hours=4))
    closing.close_round(team.round_id, clock.now())
