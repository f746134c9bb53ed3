"""Complaints about identities, as tests file, read and decide them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from tests.integration.voting.votingkit import (
    make_round,
    make_voters,
    opened,
)
from tests.pageclient import Page, PageClient
from voting.complaints.models import IdentityComplaint

CNP, BORN = "1800101123450", date(1980, 1, 1)

DOCUMENT = {
    "kind": "cnp", "cnp": CNP, "birth_date": ["1", "1", "1980"], "seen": "y",
}  # fmt: skip
MINE = {"kind": "ballot_not_mine", "text": "Nu am votat eu."}
USED = {"kind": "identity_used", "text": "Mi s-a spus că sunt deja verificat."}


def running(voters: int = 2, **values: Any) -> tuple[Round, list[int]]:
    """A vote under way with people who may vote."""
    round_ = make_round(validation=timedelta(days=7), **values)
    people = make_voters(voters)
    return opened(round_), people


def one() -> IdentityComplaint:
    """The only complaint there is."""
    return db.session.scalars(select(IdentityComplaint).execution_options(populate_existing=True)).one()


def file(browser: PageClient, slug: str, expect: int = 303, **said: str) -> Page:
    return browser.post("voting_complaints.complaint", said or MINE, slug=slug, expect=expect)


def decide(
    office: PageClient,
    complaint: int,
    round_id: int,
    outcome: str,
    expect: int = 303,
    reason: str = "Verificat.",
) -> Page:
    return office.post(
        "staff_complaints.decide", {"outcome": outcome, "reason": reason}, round_id=round_id,
        complaint_id=complaint, expect=expect,
    )  # fmt: skip


def letters(address: str) -> list[str]:
    return list(
        db.session.scalars(
            select(OutboxMessage.body).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
        )
    )
