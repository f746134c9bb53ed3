"""Every question asked of the stream.

A page asks each kind that can answer for its newest few, each off one index and each row with its subject's page open
now, and keeps the newest of them: it costs the same wherever it lies and whatever it is narrowed to.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, literal, or_, select, union_all

from civic.activity.models import ActivityStream
from civic.activity.registry import Told, all_told
from civic.extensions import db
from civic.notifications.models import Follow
from civic.timeline import TimelineEvent

PAGE_SIZE = 30
#: What the followers of a stream follow, in `civic.links`.
STREAM = "stream"


@dataclass(frozen=True)
class Choice:
    """What the stream is narrowed to; None where any will do."""

    kind: str | None = None
    area_id: int | None = None
    dimension: str | None = None
    department_id: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Choice()

    @property
    def facets(self) -> dict[str, Any]:
        """column of the event -> its value, of the facets that are chosen."""
        values = {key: value for key, value in asdict(self).items() if key != "kind"}
        return {column: value for column, value in values.items() if value is not None}


@dataclass(frozen=True)
class Mark:
    """The place of an event in the stream."""

    at: datetime
    id: int


def _is_public(one: Told) -> ColumnElement[bool]:
    """Whether the page of the event's subject is open to everybody now: one look at one row."""
    found = select(one.public()).where(one.column("id") == TimelineEvent.subject_id)
    return func.coalesce(found.scalar_subquery(), false())


def is_public() -> ColumnElement[bool]:
    """Whether the page of an event's subject is open to everybody now, of any kind."""
    kinds = {one.kind: _is_public(one) for one in all_told()}
    return case(kinds, value=TimelineEvent.subject_kind, else_=false())


def _telling(choice: Choice) -> list[Told]:
    """The kinds that have everything the stream is narrowed by."""
    return [
        one for one in all_told() if choice.kind in (None, one.kind) and set(choice.facets) <= _facets(one)
    ]


def _facets(one: Told) -> set[str]:
    further = {"area_id": one.among, "dimension": one.always}
    return {*one.facets, *(column for column, known in further.items() if known)}


def kinds_with(facets: dict[str, Any]) -> list[str]:
    """Kinds whose events may have these values: column of the event -> value."""
    return [
        one.kind
        for one in all_told()
        if all(
            column in one.facets or (column, value) == ("dimension", one.always)
            for column, value in facets.items()
        )
    ]


def _chosen(one: Told, column: str, value: Any) -> ColumnElement[bool]:
    """Whether an event of the kind has a facet: its own copy, or its subject concerns the neighbourhood among several."""
    if one.among is not None and column == "area_id":
        subject, area = one.among
        return TimelineEvent.subject_id.in_(select(subject).where(area == value))
    found: ColumnElement[bool] = getattr(TimelineEvent, column) == value
    return found


def _newest(one: Told, choice: Choice, bounds: Sequence[ColumnElement[bool]], size: int) -> Select[Any]:
    event = TimelineEvent
    chosen = [_chosen(one, column, value) for column, value in choice.facets.items()]
    wanted = select(event.id, event.at).where(
        event.subject_kind == one.kind, *chosen, *bounds, _is_public(one)
    )
    found = wanted.order_by(event.at.desc(), event.id.desc()).limit(size).subquery()
    return select(found.c.id, found.c.at)


def list_newest(
    choice: Choice, until: datetime, size: int, *, before: Mark | None = None, since: datetime | None = None
) -> Sequence[TimelineEvent]:
    """The newest public events up to a moment, the newest first: those before a mark, and those after `since`."""
    event = TimelineEvent
    bounds = [event.at <= until]
    if before is not None:
        older = and_(event.at == before.at, event.id < before.id)
        bounds += [event.at <= before.at, or_(event.at < before.at, older)]
    if since is not None:
        bounds.append(event.at > since)
    telling = _telling(choice)
    if not telling:
        return []
    found = union_all(*(_newest(one, choice, bounds, size) for one in telling)).subquery()
    few = select(found.c.id).order_by(found.c.at.desc(), found.c.id.desc()).limit(size)
    return db.session.scalars(
        select(event).where(event.id.in_(few)).order_by(event.at.desc(), event.id.desc())
    ).all()


def list_among(one: Told, ids: Collection[int]) -> dict[int, list[int]]:
    """id -> ids of the neighbourhoods among which each concerns some, of a kind where they may be several."""
    if one.among is None:
        return {}
    found: dict[int, list[int]] = {}
    subject, area = one.among
    for subject_id, area_id in db.session.execute(
        select(subject, area).where(subject.in_(ids)).order_by(subject, area)
    ):
        found.setdefault(subject_id, []).append(area_id)
    return found


def find_stream(choice: Choice) -> ActivityStream | None:
    """The part of the stream that people follow, where anybody does."""
    stored = ActivityStream
    return db.session.scalar(
        select(stored).where(
            *(getattr(stored, name).is_not_distinct_from(value) for name, value in asdict(choice).items())
        )
    )


def choice_of(stream: ActivityStream) -> Choice:
    """What a followed part is narrowed to."""
    return Choice(stream.kind, stream.area_id, stream.dimension, stream.department_id)


def list_streams(ids: Sequence[int]) -> Sequence[ActivityStream]:
    """Followed parts by id, in no order."""
    return db.session.scalars(select(ActivityStream).where(ActivityStream.id.in_(ids))).all()


def list_due(now: datetime) -> Sequence[int]:
    """Ids of the parts whose followers were not told up to a moment."""
    return db.session.scalars(
        select(ActivityStream.id).where(ActivityStream.told_until < now).order_by(ActivityStream.id)
    ).all()


def lock_stream(stream_id: int, now: datetime) -> ActivityStream | None:
    """The part, locked, unless another worker has it or its followers were told."""
    return db.session.scalar(
        select(ActivityStream)
        .where(ActivityStream.id == stream_id, ActivityStream.told_until < now)
        .with_for_update(skip_locked=True)
    )


def has_followers(stream_id: int) -> bool:
    """Whether anybody follows the part."""
    wanted = exists().where(Follow.subject_kind == literal(STREAM), Follow.subject_id == stream_id)
    return bool(db.session.scalar(select(wanted)))
