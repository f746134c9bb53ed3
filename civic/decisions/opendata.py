"""Decisions as open data, and which of them change which."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from civic import tags
from civic.decisions.models import CouncilDecision, DecisionRelation
from civic.decisions.queries import PUBLIC
from civic.decisions.rules import KINDS, REGISTERS, RELATIONS, STATES
from civic.dimensions import DIMENSIONS
from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, NOTE, NUMBER, PAGE_ADDRESS, SOURCE_REFERENCE
from civic.opendata.resources import Field, Resource, day, equal_to, moment, register_resource, since


def register() -> None:
    """Publish the decisions."""
    register_resource(
        Resource(
            "decisions",
            _l("Decisions"),
            _l("Decisions of the council and of others over the city, as their sources give them."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("kind", "text", _l("Who decided"), codes=KINDS),
                Field("number", "text", _l("The number of the decision")),
                Field("year", "number", _l("The year of the decision")),
                Field("adopted_on", "day", _l("The day it was adopted, when the source says it"), optional=True),
                Field("issuer", "text", _l("Who issued it, in the source's words")),
                Field("title", "text", _l("What it is about")),
                Field("citation", "text", _l("How the source writes its number")),
                Field("relation", "text", _l("Which others it amends or is amended by, in the source's words")),
                Field("state", "text", _l("Where it stands"), codes=STATES[1:]),
                Field("state_reason", "text", _l("Why it ended")),
                Field("dimension", "text", _l("The dimension of local governance"), optional=True, codes=DIMENSIONS),
                *tags.fields(),
                Field("text", "text", _l("Its text, in Markdown")),
                Field("register", "text", _l("The part of Monitorul Oficial Local it stands in"), optional=True, codes=REGISTERS),
                Field("published_on", "day", _l("The day it was published there"), optional=True),
                Field("gazette_address", "text", _l("The address at which it stands there")),
                SOURCE_REFERENCE,
                NOTE,
                CHANGED_AT,
            ),
            lambda: select(CouncilDecision).where(PUBLIC),
            CouncilDecision.id,
            _decisions,
            (
                equal_to("kind", CouncilDecision.kind, _l("Only those of this kind"), "text", KINDS),
                equal_to("dimension", CouncilDecision.dimension, _l("Only those of this dimension"), "text", DIMENSIONS),
                tags.narrowing(CouncilDecision),
                equal_to("year", CouncilDecision.year, _l("Only those of this year")),
                since(CouncilDecision.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "decision-relations",
            _l("What decisions change"),
            _l("One decision amends, revises or carries out another."),
            (
                NUMBER,
                Field("from_id", "number", _l("The decision that does so")),
                Field("to_id", "number", _l("The decision it is done to")),
                Field("kind", "text", _l("What it does"), codes=RELATIONS),
            ),
            _between_public,
            DecisionRelation.id,
            _relations,
        )
    )


def _between_public() -> Select[Any]:
    """Of a decision that is being written nothing is told, not even that others will change it."""
    public = select(CouncilDecision.id).where(PUBLIC)
    relation = DecisionRelation
    return select(relation).where(relation.from_id.in_(public), relation.to_id.in_(public))


def _decisions(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id",
        "kind",
        "number",
        "year",
        "issuer",
        "title",
        "citation",
        "relation",
        "source_reference",
        "note",
        "state",
        "state_reason",
        "dimension",
        "register",
        *tags.COLUMNS.values(),
        "gazette_address",
    )
    return [
        {
            **{name: getattr(one, name) for name in same},
            "url": address_of("decisions.show", decision_id=one.id),
            "adopted_on": day(one.adopted_on),
            "published_on": day(one.published_on),
            "text": one.body,
            "changed_at": moment(one.changed_at),
        }
        for (one,) in rows
    ]


def _relations(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [{name: getattr(one, name) for name in ("id", "from_id", "to_id", "kind")} for (one,) in rows]
