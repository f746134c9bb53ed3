"""How many of those on a roll voted, by birth date and by area. Only after the close."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from civic.accounts.models import Person
from civic.accounts.verifying.methods import proof_of
from civic.extensions import db
from voting.models import Participation, RollEntry


def turnout_by_birth(round_id: int) -> Sequence[tuple[date, int, int]]:
    """For each birth date on the roll: (date, people on the roll, people who voted). Only at the close."""
    rows = db.session.execute(
        select(Person.birth_date, func.count(), func.count(Participation.voter_id))
        .select_from(RollEntry)
        .join(Person, Person.id == RollEntry.voter_id)
        .outerjoin(
            Participation,
            (Participation.round_id == RollEntry.round_id) & (Participation.voter_id == RollEntry.voter_id),
        )
        .where(RollEntry.round_id == round_id, Person.birth_date.is_not(None))
        .group_by(Person.birth_date)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows if row[0] is not None]


def turnout_by_proof(round_id: int) -> Sequence[tuple[str, int, int]]:
    """For each way of being verified: (the way, people on the roll, people who voted). Only at the close."""
    rows = db.session.execute(
        select(Person.method, Person.confirmed_by, func.count(), func.count(Participation.voter_id))
        .select_from(RollEntry)
        .join(Person, Person.id == RollEntry.voter_id)
        .outerjoin(
            Participation,
            (Participation.round_id == RollEntry.round_id) & (Participation.voter_id == RollEntry.voter_id),
        )
        .where(RollEntry.round_id == round_id)
        .group_by(Person.method, Person.confirmed_by)
    ).all()
    return [(proof_of(row[0], row[1]), row[2], row[3]) for row in rows]


def turnout_by_area(round_id: int) -> Sequence[tuple[int | None, int, int]]:
    """For each area of the roll: (area, people on the roll, people who voted). Only after the close."""
    rows = db.session.execute(
        select(RollEntry.area_id, func.count(), func.count(Participation.voter_id))
        .outerjoin(
            Participation,
            (Participation.round_id == RollEntry.round_id) & (Participation.voter_id == RollEntry.voter_id),
        )
        .where(RollEntry.round_id == round_id)
        .group_by(RollEntry.area_id)
    ).all()
    return [(row[0], row[1], row[2]) for row in rows]
