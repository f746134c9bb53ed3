"""Every question asked about volumes of services."""

from collections.abc import Sequence

from sqlalchemy import select

from civic.extensions import db
from civic.volumes.models import ServiceVolume


def list_years() -> Sequence[int]:
    """The years that have counts, the newest first."""
    return db.session.scalars(select(ServiceVolume.year).distinct().order_by(ServiceVolume.year.desc())).all()


def list_volumes(year: int) -> Sequence[ServiceVolume]:
    """The counts of a year by service, as the source lists them."""
    return db.session.scalars(
        select(ServiceVolume).filter_by(year=year).order_by(ServiceVolume.department, ServiceVolume.id)
    ).all()


def counts_of(year: int) -> dict[tuple[str, str, str], int]:
    """(service, what is counted, channel) -> count of a year; what is counted twice under one name is left out."""
    found: dict[tuple[str, str, str], int] = {}
    twice = set()
    for one in list_volumes(year):
        key = (one.department, one.kind, one.channel)
        if key in found:
            twice.add(key)
        found[key] = one.count
    return {key: count for key, count in found.items() if key not in twice}
