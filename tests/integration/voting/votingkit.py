"""Rounds with projects and voters, for tests that commit for real."""

import itertools
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from civic import clock
from civic.accounts.models import Account, Person
from civic.actor import SYSTEM
from civic.extensions import db
from civic.rounds.models import BallotGroup, Phase, Pot, Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.pageclient import Page, PageClient
from voting import casting, closing, keys, opening, round_queries
from voting.models import Project

_numbers = itertools.count(1)

FORM = b"\x01" * 16


def make_round(
    *,
    groups: list[dict[str, Any]] | None = None,
    costs: tuple[int, ...] = (400, 300, 200, 100),
    amount: int = 600,
    now: datetime | None = None,
    opened_ago: timedelta = timedelta(hours=1),
    closes_in: timedelta = timedelta(hours=1),
    validation: timedelta | None = None,
    rule: dict[str, Any] | None = None,
    project_area: int | None = None,
    **values: Any,
) -> Round:
    """A published city round whose vote is running, with projects P1, P2, … spread over its groups."""
    now = now or clock.now()
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "slug": f"runda-{number}",
        "name": f"Runda {number}",
        "kind": "city",
        "summary": "",
        "currency": "RON",
        "regulation": "",
        "regulation_decision": "",
        "area_basis": "any",
        "late_registration": True,
        "counting_rule": rule or {},
        "publication_mode": "inclusion_only",
        "created_at": now,
        "published_at": now,
        "adopted_by": "",
    }
    round_ = Round(**{**defaults, **values})
    closes = now + closes_in
    round_.phases = [Phase(kind="voting", starts_at=now - opened_ago, ends_at=closes)]
    if validation:
        round_.phases.append(Phase(kind="validation", starts_at=closes, ends_at=closes + validation))
    round_.pots = [Pot(name="Oraș", amount=Decimal(amount), position=0)]
    wanted = groups or [{"name": "Toate", "ballot_kind": "approval", "max_choices": 2}]
    round_.groups = [
        BallotGroup(**{"min_choices": 0, "position": at, **group}) for at, group in enumerate(wanted)
    ]
    db.session.add(round_)
    db.session.flush()
    for at, cost in enumerate(costs):
        db.session.add(
            Project(
                round_id=round_.id,
                pot_id=round_.pots[0].id,
                group_id=round_.groups[at % len(round_.groups)].id,
                code=f"P{at + 1}",
                title=f"Proiectul {at + 1}",
                summary=f"Ce face proiectul {at + 1}.",
                cost=Decimal(cost),
                withdrawn=False,
                neighbourhood_id=project_area,
            )
        )
    db.session.commit()
    return round_


def make_voters(count: int, **values: Any) -> list[int]:
    """Verified people; their ids."""
    people = [
        Person(
            identity_hash=next(_numbers).to_bytes(32, "little"),
            method="desk",
            verified_at=datetime(2026, 1, 1, tzinfo=UTC),
            **{"birth_date": date(1980, 1, 1), "area_basis": "domicile", **values},
        )
        for _ in range(count)
    ]
    db.session.add_all(people)
    db.session.commit()
    return [person.id for person in people]


def voter_account(person_id: int) -> Account:
    """An account of a verified person."""
    return make_account(person_id=person_id)


def opened(round_: Round, now: datetime | None = None) -> Round:
    """The round with its vote prepared."""
    with unit_of_work():
        opening.open_round(SYSTEM, round_.id, now or clock.now())
    return db.session.get(Round, round_.id)


def approve(*codes: str) -> dict[str, Decimal]:
    """Choices by approval."""
    return {code: Decimal(1) for code in codes}


def ballot(
    app: Flask, round_: Round, voter: int, choices: dict[str, Decimal], form: bytes = FORM
) -> casting.Cast:
    """A prepared cast."""
    plan = round_queries.plan_of(round_)
    assert plan is not None
    return casting.prepare(
        plan, keys.load_round_keys(app.config["SETTINGS"], round_.id), voter, choices, form
    )


def vote(
    app: Flask, round_: Round, voter: int, choices: dict[str, Decimal], form: bytes = FORM
) -> casting.Receipt:
    """Cast for real."""
    return casting.cast(db.engine, ballot(app, round_, voter, choices, form))


def closed(app: Flask, round_: Round, *ballots: dict[str, Decimal]) -> Round:
    """The round after each of `ballots` was cast by another voter and the close did all its steps."""
    people = make_voters(len(ballots))
    frozen = opened(round_)
    for at, (person, choices) in enumerate(zip(people, ballots, strict=True)):
        vote(app, frozen, person, choices, bytes([at + 1]) * 16)
    clock.travel(timedelta(hours=2))
    closing.close_round(frozen.id, clock.now())
    return db.session.get_one(Round, round_.id, populate_existing=True)


def rows(table: Any) -> list[Any]:
    """What a table holds now."""
    with db.engine.connect() as connection:
        return list(connection.execute(table.select()))


def at_review(app: Flask, round_: Round, code: str = "P1") -> tuple[int, PageClient, Page]:
    """The round opened for one voter: the voter, signed in, and the review page of a ballot for `code`."""
    (voter,) = make_voters(1)
    account = voter_account(voter)
    opened(round_)
    browser = PageClient(app)
    browser.sign_in(account)
    browser.post("voting.choose", {"add": code}, slug=round_.slug)
    return voter, browser, browser.get("voting.review", slug=round_.slug)


def until(told: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for what must come."""
    give_up = time.monotonic() + seconds
    while not told():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.02)
