"""Rounds that wait for their ceremony, and two people who walk through it."""

from datetime import date, timedelta

from flask import Flask

from civic import clock, tasks
from civic.accounts.models import Account
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from voting.ceremony import queries, rules, service, work
from voting.ceremony.rules import STAGES
from voting.ceremony.service import Brought

#: What the two write of backups.
NOTE = Brought(
    note="Copiile din 1-14 mai, pe serverul 2.\nLe distruge ADP până pe 1 iunie.",
    taken_on=date(2026, 5, 20),
    copies_destroyed=True,
)


def waiting_round(app: Flask, voters: int = 14, *, wait: bool = True, **values: object) -> Round:
    """A round with ballots: everybody P1, every second P2, the first changed their mind; its validation is over
    unless it shall not `wait` yet."""
    round_ = make_round(validation=timedelta(hours=1), **values)  # type: ignore[arg-type]
    people = make_voters(voters + 3)
    round_ = opened(round_)
    vote(app, round_, people[0], approve("P3"), b"x" * 16)
    for at, person in enumerate(people[:voters]):
        vote(app, round_, person, approve("P1", "P2") if at % 2 else approve("P1"), bytes([at]) * 16)
    if wait:
        clock.travel(timedelta(hours=3))
    return round_


def two_people() -> tuple[Account, Account]:
    """Two of council staff."""
    return make_account("staff", display_name="Ana Ionescu"), make_account("staff", display_name="Dan Pop")


def agree(round_id: int, name: str, pair: tuple[Account, Account]) -> int:
    """Both words on a stage; the work is not done yet. The word's id."""
    first, second = (one.as_actor() for one in pair)
    stage = rules.BY_NAME[name]
    with unit_of_work():
        service.propose(first, round_id, stage, NOTE, clock.now())
    with unit_of_work():
        word = service.confirm(second, round_id, stage, NOTE, clock.now(), enqueue=False)
        return word.id


def do_stage(round_id: int, name: str, pair: tuple[Account, Account]) -> list[str]:
    """A stage from its first word to its last step."""
    return work.run_stage(agree(round_id, name, pair))


def do_all(round_id: int, pair: tuple[Account, Account], until: str = "publish") -> None:
    """Every stage up to and with one."""
    for stage in STAGES[: STAGES.index(rules.BY_NAME[until]) + 1]:
        do_stage(round_id, stage.name, pair)


def run_worker() -> int:
    """What the worker does within two seconds."""
    return tasks.run_waiting(clock.now())


def recorded(round_id: int) -> set[str]:
    """The steps in the minutes."""
    db.session.rollback()
    return set(queries.steps_by_name(round_id))
