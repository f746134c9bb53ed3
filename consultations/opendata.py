"""Announced consultations as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, select

from civic import tags
from civic.dimensions import DIMENSIONS
from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, NUMBER, PAGE_ADDRESS
from civic.opendata.resources import (
    Field,
    Narrowing,
    Resource,
    equal_to,
    moment,
    register_resource,
    since,
)
from consultations.models import Consultation
from consultations.queries import in_state
from consultations.rules import KINDS, OUTCOMES, State, state_of

STATES = tuple(str(state) for state in State if state != State.DRAFT)


def register() -> None:
    """Publish the consultations."""
    register_resource(
        Resource(
            "consultations",
            _l("Consultations"),
            _l("Every announced consultation with its dates and what came of it."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("title", "text", _l("What it is called")),
                Field("summary", "text", _l("What it is about, Markdown")),
                Field("kind", "text", _l("By which procedure"), codes=tuple(KINDS)),
                Field("dimension", "text", _l("The dimension of local governance"), codes=tuple(DIMENSIONS)),
                Field("state", "text", _l("Where it stands now"), codes=STATES),
                *tags.fields(),
                Field("department_id", "number", _l("The department that answers for it")),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is about; none for the whole city"), optional=True),
                Field("announced_at", "moment", _l("When it was announced")),
                Field("opens_at", "moment", _l("From when contributions are received")),
                Field("closes_at", "moment", _l("Until when contributions are received")),
                Field("report_published_at", "moment", _l("When its report was published"), optional=True),
                Field("outcome", "text", _l("What came of it; empty until then"), codes=("", *OUTCOMES)),
                Field("outcome_at", "moment", _l("When that was decided"), optional=True),
                Field("outcome_reason", "text", _l("Why")),
                Field("act_number", "text", _l("The act it ended in")),
                CHANGED_AT,
            ),
            _announced,
            Consultation.id,
            _show,
            (
                Narrowing("state", "text", _l("Only those that stand there"), _standing, STATES),
                equal_to("kind", Consultation.kind, _l("Only those of this procedure"), "text", tuple(KINDS)),
                equal_to("dimension", Consultation.dimension, _l("Only those of this dimension"), "text", tuple(DIMENSIONS)),
                equal_to("department_id", Consultation.department_id, _l("Only those of this department")),
                equal_to("neighbourhood_id", Consultation.neighbourhood_id, _l("Only those about this neighbourhood")),
                tags.narrowing(Consultation),
                since(Consultation.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip


def _announced() -> Select[Any]:
    return select(Consultation).where(Consultation.announced_at.is_not(None))


def _standing(statement: Select[Any], state: str, now: datetime) -> Select[Any]:
    return statement.where(in_state(state, now))


def _show(rows: Sequence[Row[Any]], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "title", "summary", "kind", "dimension", *tags.COLUMNS.values(), "department_id",
        "neighbourhood_id", "outcome", "outcome_reason", "act_number",
    )  # fmt: skip
    moments = ("announced_at", "opens_at", "closes_at", "report_published_at", "outcome_at", "changed_at")
    return [
        {
            **{name: getattr(one, name) for name in same},
            **{name: moment(getattr(one, name)) for name in moments},
            "url": address_of("consultations.show", consultation_id=one.id),
            "state": str(state_of(one, now)),
        }
        for (one,) in rows
    ]
