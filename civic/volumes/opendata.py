"""The volumes of public services as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, NOTE, NUMBER, PAGE_ADDRESS, SOURCE_REFERENCE
from civic.opendata.resources import Field, Resource, equal_to, moment, register_resource, since
from civic.volumes.models import ServiceVolume


def register() -> None:
    """Publish the volumes."""
    register_resource(
        Resource(
            "service-volumes",
            _l("Services in figures"),
            _l("How much each public service did in a year. Totals stand beside their parts: never add them up."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("year", "number", _l("The year that was counted")),
                Field("department", "text", _l("The service, in the source's words")),
                Field("department_id", "number", _l("The department it belongs to"), optional=True),
                Field("channel", "text", _l("The way it was asked for, when the source says it")),
                Field("kind", "text", _l("What is counted")),
                Field("count", "number", _l("How many")),
                SOURCE_REFERENCE,
                NOTE,
                CHANGED_AT,
            ),
            lambda: select(ServiceVolume),
            ServiceVolume.id,
            _volumes,
            (
                equal_to("year", ServiceVolume.year, _l("Only those of this year")),
                equal_to("department_id", ServiceVolume.department_id, _l("Only those of this department")),
                since(ServiceVolume.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip


def _volumes(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id",
        "year",
        "department",
        "department_id",
        "channel",
        "kind",
        "count",
        "source_reference",
        "note",
    )
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("volumes.index", year=one.year),
            "changed_at": moment(one.changed_at),
        }
        for (one,) in rows
    ]
