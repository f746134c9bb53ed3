"""Events as open data."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, select

from civic import links
from civic.activity import queries
from civic.activity.registry import all_told
from civic.dimensions import DIMENSIONS
from civic.notifications.compose import addresses, full_address
from civic.opendata.fields import NUMBER
from civic.opendata.resources import Field, Resource, equal_to, moment, register_resource
from civic.timeline import TimelineEvent

#: How the acting role is called; empty for whoever the subject is of.
ROLES = ("", "moderator", "evaluator", "staff", "system")
#: What events are narrowed to -> their column.
_COLUMNS = {"neighbourhood_id": "area_id", "dimension": "dimension", "department_id": "department_id"}


def register() -> None:
    """Publish the events."""
    register_resource(
        Resource(
            "events",
            _l("Events"),
            _l("What happened to everything public: proposals, editions, consultations, debates, decisions, works."),
            (
                NUMBER,
                Field("url", "address", _l("The page of what it happened to")),
                Field("kind", "text", _l("What kind of thing it happened to")),
                Field("subject_id", "number", _l("The number of what it happened to, of its kind")),
                Field("event", "text", _l("What happened, as a name that never changes")),
                Field("sentence", "text", _l("What happened, in Romanian")),
                Field("at", "moment", _l("When it happened")),
                Field("role", "text", _l("In what role it was done; empty for whoever it is of"), codes=ROLES),
                Field("reason", "text", _l("The reasons that were given")),
                Field("neighbourhood_id", "number", _l("The neighbourhood it is in"), optional=True),
                Field("dimension", "text", _l("The dimension of local governance"), optional=True, codes=DIMENSIONS),
                Field("department_id", "number", _l("The department that answers for it"), optional=True),
                Field("neighbourhood_ids", "numbers", _l("The neighbourhoods it concerns, also where they are several")),
            ),
            _all,
            TimelineEvent.id,
            _show,
            (
                equal_to("kind", TimelineEvent.subject_kind, _l("Only what happened to this kind of thing"), "text"),
                equal_to("neighbourhood_id", TimelineEvent.area_id, _l("Only what is in this neighbourhood; what concerns several is in none")),
                equal_to("dimension", TimelineEvent.dimension, _l("Only what is of this dimension"), "text", DIMENSIONS),
                equal_to("department_id", TimelineEvent.department_id, _l("Only what this department answers for")),
            ),
            together=_among_kinds,
        )
    )  # fmt: skip


def _all() -> Select[Any]:
    return select(TimelineEvent).where(queries.is_public())


def _among_kinds(statement: Select[Any], chosen: dict[str, Any]) -> Select[Any]:
    """Only of the kinds that can have all that is asked for.

    How rare a kind is the database knows, but not what never goes together: without this it would go through every
    event of a dimension in search of a department that none of them has.
    """
    facets = {column: chosen[name] for name, column in _COLUMNS.items() if name in chosen}
    kinds = queries.kinds_with(facets)
    if not facets or chosen.get("kind") in kinds:
        return statement
    # Named in the statement itself: a plan for any kinds would not know how rare these are.
    named = [] if "kind" in chosen else kinds
    return statement.where(
        TimelineEvent.subject_kind.in_(bindparam("kinds", named, expanding=True, literal_execute=True))
    )


def _show(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    by_kind: dict[str, set[int]] = {one.kind: set() for one in all_told()}
    for (one,) in rows:
        by_kind[one.subject_kind].add(one.subject_id)
    with addresses(), force_locale("ro"):
        found = {kind: links.resolve(kind, ids) for kind, ids in by_kind.items()}
        among = {
            one.kind: queries.list_among(one, by_kind[one.kind]) for one in all_told() if by_kind[one.kind]
        }
        return [
            _item(
                one,
                found[one.subject_kind][one.subject_id],
                among[one.subject_kind].get(one.subject_id) or ([one.area_id] if one.area_id else []),
            )
            for (one,) in rows
        ]


def _item(one: TimelineEvent, link: links.Link, areas: Sequence[int]) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": full_address(link.url),
        "kind": one.subject_kind,
        "subject_id": one.subject_id,
        "event": one.event,
        "sentence": one.sentence,
        "at": moment(one.at),
        "role": one.role,
        "reason": one.reason,
        "neighbourhood_id": one.area_id,
        "dimension": one.dimension,
        "department_id": one.department_id,
        "neighbourhood_ids": areas,
    }
