"""Public debates as open data: the question, its moments, how many ask for an answer, and the answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import lazyload

from civic import tags
from civic.dimensions import DIMENSIONS
from civic.notifications.compose import address_of
from civic.opendata.fields import NUMBER, PAGE_ADDRESS
from civic.opendata.resources import (
    Field,
    Narrowing,
    Resource,
    day,
    equal_to,
    moment,
    register_resource,
)
from consultations.agora.models import AgoraDebate, AgoraSecond
from consultations.agora.queries import in_state, is_public
from consultations.agora.rules import ORIGINS, State, state_of

STATES = tuple(str(state) for state in State if state not in (State.DRAFT, State.WAITING, State.HIDDEN))


def register() -> None:
    """Publish the debates."""
    register_resource(
        Resource(
            "debates",
            _l("Debates"),
            _l("Every debate of the agora with its moments, how many ask for an answer, and the answer. Nobody is named."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("question", "text", _l("The question")),
                Field("why", "text", _l("Why it should be debated now")),
                Field("dimension", "text", _l("The dimension of local governance"), codes=tuple(DIMENSIONS)),
                *tags.fields(),
                Field("origin", "text", _l("Who opened it"), codes=ORIGINS),
                Field("state", "text", _l("Where it stands now"), codes=STATES),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is about; none for the whole city"), optional=True),
                Field("opened_at", "moment", _l("When it was opened")),
                Field("seconds_until", "moment", _l("Until when residents could ask for an answer")),
                Field("seconds_needed", "number", _l("How many oblige the city hall to answer")),
                Field("seconds", "number", _l("How many asked for an answer")),
                Field("closes_at", "moment", _l("Until when arguments are taken")),
                Field("answer_due_at", "moment", _l("Until when the answer is owed"), optional=True),
                Field("summary_at", "moment", _l("When its summary was published"), optional=True),
                Field("answered_at", "moment", _l("When the city hall answered"), optional=True),
                Field("answer_what", "text", _l("What will be done, or why nothing; empty until then")),
                Field("answer_department_id", "number", _l("The department that answers for it"), optional=True),
                Field("answer_by", "day", _l("By when it will be done"), optional=True),
            ),
            _public,
            AgoraDebate.id,
            _show,
            (
                Narrowing("state", "text", _l("Only those that stand there"), _standing, STATES),
                equal_to("dimension", AgoraDebate.dimension, _l("Only those of this dimension"), "text", tuple(DIMENSIONS)),
                equal_to("neighbourhood_id", AgoraDebate.neighbourhood_id, _l("Only those about this neighbourhood")),
                tags.narrowing(AgoraDebate),
            ),
        )
    )  # fmt: skip


def _public() -> Any:
    seconds = (
        select(func.count())
        .select_from(AgoraSecond)
        .where(AgoraSecond.debate_id == AgoraDebate.id)
        .correlate(AgoraDebate)
        .scalar_subquery()
    )
    return select(AgoraDebate, seconds).where(is_public()).options(lazyload("*"))


def _standing(statement: Any, state: str, now: datetime) -> Any:
    return statement.where(in_state(state, now))


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "question", "why", "dimension", *tags.COLUMNS.values(), "origin", "neighbourhood_id", "seconds_needed", "answer_what",
        "answer_department_id",
    )  # fmt: skip
    moments = ("opened_at", "seconds_until", "closes_at", "answer_due_at", "summary_at", "answered_at")
    return [
        {
            **{name: getattr(one, name) for name in same},
            **{name: moment(getattr(one, name)) for name in moments},
            "url": address_of("agora.show", debate_id=one.id),
            "state": str(state_of(one, now)),
            "seconds": seconds,
            "answer_by": day(one.answer_by),
        }
        for one, seconds in rows
    ]
