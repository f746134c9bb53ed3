"""Every question asked about deadlines."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from civic.deadlines.models import BridgeDay, DeadlineVersion
from civic.errors import NotFound
from civic.extensions import db
from civic.places.memory import once_a_request


@once_a_request
def list_current() -> Sequence[DeadlineVersion]:
    """The version in force of every deadline."""
    return db.session.scalars(
        select(DeadlineVersion)
        .ext(distinct_on(DeadlineVersion.key))
        .order_by(DeadlineVersion.key, DeadlineVersion.number.desc())
    ).all()


def current_by_key() -> dict[str, DeadlineVersion]:
    """The version in force of every deadline, by key."""
    return {one.key: one for one in list_current()}


def get_current(key: str, *, lock: bool = False) -> DeadlineVersion:
    """The version in force of one deadline, as the database has it now. Raises NotFound."""
    query = (
        select(DeadlineVersion)
        .where(DeadlineVersion.key == key)
        .order_by(DeadlineVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def list_versions(key: str) -> Sequence[DeadlineVersion]:
    """The history of a deadline, the newest first."""
    return db.session.scalars(
        select(DeadlineVersion).where(DeadlineVersion.key == key).order_by(DeadlineVersion.number.desc())
    ).all()


def bridge_days() -> frozenset[date]:
    """The days off that staff added to the public holidays."""
    return frozenset(db.session.scalars(select(BridgeDay.day)))


def list_bridge_days(since: date) -> Sequence[BridgeDay]:
    """The bridge days from a day on, the earliest first."""
    return db.session.scalars(select(BridgeDay).where(BridgeDay.day >= since).order_by(BridgeDay.day)).all()


def find_bridge_day(day: date) -> BridgeDay | None:
    """A day off that staff added."""
    return db.session.get(BridgeDay, day)
