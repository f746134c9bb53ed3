"""Deliveries as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select

from civic.notifications.compose import address_of
from civic.opendata.fields import (
    CHANGED_AT,
    CURRENCY,
    LATITUDE,
    LONGITUDE,
    NOTE,
    NUMBER,
    PAGE_ADDRESS,
    SOURCE_REFERENCE,
)
from civic.opendata.resources import (
    Field,
    Resource,
    day,
    equal_to,
    moment,
    money,
    register_resource,
    since,
)
from civic.tracker.models import Delivery, Milestone
from civic.tracker.rules import STATUSES


def register() -> None:
    """Publish the deliveries."""
    register_resource(
        Resource(
            "deliveries",
            _l("Deliveries"),
            _l("What the city carries out: winning projects and works, with their stage, dates and money."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("title", "text", _l("What it is called")),
                Field("objective", "text", _l("What it is for")),
                Field("indicator", "text", _l("By what one will see that the objective was reached")),
                Field("status", "text", _l("The stage, from the controlled list"), codes=tuple(STATUSES)),
                Field("status_reason", "text", _l("Why it stands there, or the stage in the words of the source")),
                Field("status_since", "moment", _l("Since when it stands there")),
                Field("budget", "money", _l("The amount planned, when a document states it"), optional=True),
                Field("budget_basis", "text", _l("What the amount is; amounts of different bases do not add up")),
                Field("own_share", "money", _l("The city's own part of it, where several share the amount"), optional=True),
                Field("contracted", "money", _l("For how much contracts were signed, when a document states it"), optional=True),
                Field("spent", "money", _l("The amount paid, when a document states it"), optional=True),
                CURRENCY,
                Field("funding_source", "text", _l("Where the money comes from")),
                Field("council_decision", "text", _l("The council decision it rests on")),
                Field("place", "text", _l("Where it is, in words")),
                LATITUDE,
                LONGITUDE,
                Field("department_id", "number", _l("The department that answers for it"), optional=True),
                Field("responsible", "text", _l("The function that answers for it in the department")),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is in"), optional=True),
                Field("domain_id", "number", _l("The domain it belongs to"), optional=True),
                Field("started_on", "day", _l("When it began"), optional=True),
                Field("planned_end", "day", _l("When it should end"), optional=True),
                Field("done_on", "day", _l("When it ended"), optional=True),
                Field("parent_id", "number", _l("The delivery it is a part of; never add up the two"), optional=True),
                Field("same_as_id", "number", _l("The delivery that is the same work under another name"), optional=True),
                SOURCE_REFERENCE,
                NOTE,
                CHANGED_AT,
            ),
            _all,
            Delivery.id,
            _show,
            (
                equal_to("status", Delivery.status, _l("Only those at this stage"), "text", tuple(STATUSES)),
                equal_to("department_id", Delivery.department_id, _l("Only those of this department")),
                equal_to("neighbourhood_id", Delivery.neighbourhood_id, _l("Only those in this neighbourhood")),
                equal_to("domain_id", Delivery.category_id, _l("Only those of this domain")),
                since(Delivery.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "delivery-milestones",
            _l("Steps of deliveries"),
            _l("The steps of a delivery with the day first planned, the new one and why, and the day each was reached."),
            (
                NUMBER,
                Field("delivery_id", "number", _l("The delivery it is of")),
                Field("title", "text", _l("What it is called")),
                Field("planned_on", "day", _l("The day first planned")),
                Field("replanned_on", "day", _l("The new day, when the plan has changed"), optional=True),
                Field("replan_reason", "text", _l("Why the plan has changed")),
                Field("done_on", "day", _l("When it was reached"), optional=True),
            ),
            lambda: select(Milestone),
            Milestone.id,
            _milestones,
            (equal_to("delivery_id", Milestone.delivery_id, _l("Only those of this delivery")),),
        )
    )  # fmt: skip


def _all() -> Select[Any]:
    return select(Delivery)


def _show(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "title", "objective", "indicator", "status", "status_reason", "budget_basis", "currency",
        "funding_source", "council_decision", "place", "responsible", "latitude", "longitude", "department_id",
        "neighbourhood_id", "parent_id", "same_as_id", "source_reference", "note",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("tracker.show", delivery_id=one.id),
            "status_since": moment(one.status_since),
            "budget": money(one.budget),
            "own_share": money(one.own_share),
            "contracted": money(one.contracted),
            "spent": money(one.spent),
            "domain_id": one.category_id,
            "started_on": day(one.started_on),
            "planned_end": day(one.planned_end),
            "done_on": day(one.done_on),
            "changed_at": moment(one.changed_at),
        }
        for (one,) in rows
    ]


def _milestones(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("id", "delivery_id", "title", "replan_reason")},
            **{name: day(getattr(one, name)) for name in ("planned_on", "replanned_on", "done_on")},
        }
        for (one,) in rows
    ]
