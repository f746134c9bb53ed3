"""Three holders with their keys, for tests: through the pages where the pages matter, by the services elsewhere."""

import base64
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, make_voters, vote
from tests.pageclient import PageClient
from voting import closing, opening
from voting.custody import holders, keyfile, presenting, queries, service
from voting.custody.holders import Named
from voting.custody.wrapping import HOLDERS, RECOVERY

KEPT = "Seiful casieriei, plicul 12"


@dataclass
class Trio:
    """A round kept by three holders. `files` are what they downloaded, by place; 4 is the recovery copy."""

    round_id: int
    staff: Actor
    accounts: dict[int, Account]
    files: dict[int, str] = field(default_factory=dict)

    @property
    def round_(self) -> Round:
        """The round as it is stored now."""
        return db.session.get_one(Round, self.round_id, populate_existing=True)

    def actor(self, place: int) -> Actor:
        """A holder, acting."""
        return db.session.get_one(Account, self.accounts[place].id).as_actor()

    def browser(self, app: Flask, place: int) -> PageClient:
        """A holder, signed in."""
        client = PageClient(app)
        client.sign_in(self.accounts[place])
        return client

    def staff_browser(self, app: Flask) -> PageClient:
        """The manager who named them."""
        client = PageClient(app)
        client.sign_in(db.session.get_one(Account, self.staff.id))
        return client

    def secrets(self) -> list[bytes]:
        """Every private key, as bytes."""
        return [keyfile.read(one).private for one in self.files.values()]


def named(round_: Round) -> Trio:
    """Custody by three holders who were named and have no key yet."""
    staff = make_account("staff").as_actor()
    accounts = {place: make_account(display_name=f"Cheia {place}") for place in HOLDERS}
    round_id = round_.id
    with unit_of_work():
        holders.choose(staff, round_, "holders", clock.now())
        people = [Named(accounts[p].email, f"Deținătoarea {p}", f"funcția {p}") for p in HOLDERS]
        holders.name_holders(staff, round_, people, clock.now())
    return Trio(round_id, staff, accounts)


def keyed(trio: Trio) -> Trio:
    """Every key made and shown, the recovery copy in the safe."""
    with unit_of_work():
        for place in HOLDERS:
            made = holders.make_key(trio.actor(place), trio.round_, clock.now())
            trio.files[place] = keyfile.write(made, ["CHEIA URNEI"])
            holders.confirm_key(trio.actor(place), trio.round_, trio.files[place], clock.now())
        made = holders.make_recovery(trio.staff, trio.round_, clock.now())
        trio.files[RECOVERY] = keyfile.write(made, ["COPIE"])
        holders.confirm_recovery(trio.staff, trio.round_, trio.files[RECOVERY], KEPT, clock.now())
    return trio


def rehearsed(trio: Trio) -> Trio:
    """The rehearsal passed by all three pairs."""
    for place in HOLDERS:
        with unit_of_work():
            presenting.rehearse(trio.actor(place), trio.round_, trio.files[place], clock.now())
    return trio


def ready(round_: Round) -> Trio:
    """A round whose vote may open."""
    return rehearsed(keyed(named(round_)))


def voted(app: Flask, trio: Trio, ballots: int = 3) -> Trio:
    """The vote opened by its job, ballots cast, voting over."""
    assert opening.prepare_due(clock.now()) == 1
    assert opening.prepare_due(clock.now()) == 0, "twice is the same as once"
    for at, person in enumerate(make_voters(ballots)):
        # Verified after the opening, they come by late registration.
        opening.register_late(clock.now())
        vote(app, trio.round_, person, approve("P1"), bytes([at + 1]) * 16)
    clock.travel(timedelta(hours=2))
    return trio


def stopped_before_opening(trio: Trio) -> None:
    """Every step of the close that needs no key."""
    with pytest.raises(service.HoldersAwaited):
        closing.close_round(trio.round_id, clock.now())
    assert "opened" not in queries.steps_done(trio.round_id)
    db.session.rollback()


def presents(trio: Trio, place: int) -> bool:
    """A key presented; whether it was the second."""
    with unit_of_work():
        if place == RECOVERY:
            return presenting.present_recovery(
                trio.staff, trio.round_, trio.files[place], "Doi deținători sunt plecați.", clock.now()
            )
        return presenting.present(trio.actor(place), trio.round_, trio.files[place], clock.now())


def everything_stored() -> str:
    """Every row of every table as text, bytes in hexadecimal."""
    with db.engine.connect() as connection:
        tables = connection.scalars(
            text(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '_round_[0-9]+$'"
            )
        ).all()
        return "\n".join(
            str(row)
            for table in tables
            for row in connection.scalars(text(f'SELECT one::text FROM "{table}" one')).all()
        )


def traces_of(secret: bytes, stored: str) -> list[str]:
    """The forms of a secret that stand in a text: hexadecimal, base 64, and as the key's file writes it."""
    lines = keyfile.write(keyfile.KeyFile(1, 1, secret), []).splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("key "))
    grouped = [lines[start].removeprefix("key "), lines[start + 1].strip()]
    forms = [
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        *grouped,
        "".join(grouped).replace("-", ""),
        repr(secret)[2:-1],
    ]
    assert all(len(part) > 20 for part in grouped)
    return [form for form in forms if form in stored]
