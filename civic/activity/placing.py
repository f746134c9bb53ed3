"""Keeping what an event is about beside the event, so that any choice of events is one range of an index.

An event gets its subject's facets when it is written; a subject that moves takes its events along, in the same
transaction. Rows from before are filled in by `place_batch`, which may be killed and run again.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import event, inspect, or_, select, update
from sqlalchemy.orm import Session

from civic.activity.registry import Told, find_told, told_of
from civic.extensions import db
from civic.timeline import TimelineEvent

BATCH = 1000


@event.listens_for(db.session, "before_flush")
def _place(session: Session, _context: object, _instances: object) -> None:
    """Place the new events, and move those of subjects that changed."""
    new = [one for one in session.new if isinstance(one, TimelineEvent)]
    _place_new(session, new)
    for subject in session.dirty:
        told = told_of(type(subject))
        if told is not None and _moved(told, subject):
            values = {column: getattr(subject, name) for column, name in told.facets.items()}
            _move(session, told, subject.id, values)


def _moved(told: Told, subject: Any) -> bool:
    state = inspect(subject)
    return any(state.attrs[name].history.has_changes() for name in told.facets.values())


def _move(session: Session, told: Told, subject_id: int, values: dict[str, Any]) -> None:
    statement = update(TimelineEvent).where(
        TimelineEvent.subject_kind == told.kind, TimelineEvent.subject_id == subject_id
    )
    session.execute(statement.values(**values, placed=True), execution_options={"synchronize_session": False})


def _place_new(session: Session, new: Iterable[TimelineEvent]) -> None:
    unseen: dict[str, list[TimelineEvent]] = {}
    for one in new:
        told = find_told(one.subject_kind)
        one.placed = True
        if told is None:
            continue
        if told.always:
            one.dimension = told.always
        if not told.facets:
            continue
        subject = session.identity_map.get(session.identity_key(told.model, one.subject_id))
        if subject is None:
            unseen.setdefault(told.kind, []).append(one)
            continue
        for column, name in told.facets.items():
            setattr(one, column, getattr(subject, name))
    for kind, events in unseen.items():
        _place_unseen(session, find_told(kind), events)


def _place_unseen(session: Session, told: Told | None, events: list[TimelineEvent]) -> None:
    """Events of subjects that were written without their objects, as by an import: one question for all of them."""
    if told is None:
        return
    ids = {one.subject_id for one in events}
    names = list(told.facets.items())
    wanted = select(told.column("id"), *(told.column(name) for _column, name in names))
    found = {row[0]: row[1:] for row in session.execute(wanted.where(told.column("id").in_(ids)))}
    for one in events:
        for (column, _name), value in zip(names, found.get(one.subject_id, ()), strict=False):
            setattr(one, column, value)
    _follow_subjects(session, told, ids)


def _follow_subjects(session: Session, told: Told, ids: Collection[int]) -> None:
    """Bring the events of some subjects to where the subjects stand now."""
    facets = [(getattr(TimelineEvent, column), told.column(name)) for column, name in told.facets.items()]
    statement = (
        update(TimelineEvent)
        .where(
            TimelineEvent.subject_kind == told.kind,
            TimelineEvent.subject_id.in_(ids),
            told.column("id") == TimelineEvent.subject_id,
            or_(~TimelineEvent.placed, *(ours.is_distinct_from(theirs) for ours, theirs in facets)),
        )
        .values(dict(facets) | _settled(told))
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _settled(told: Told | None) -> dict[Any, Any]:
    """What every placed event of a kind has, whichever its subject."""
    placed: dict[Any, Any] = {TimelineEvent.placed: True}
    return placed | {TimelineEvent.dimension: told.always} if told and told.always else placed


def place_batch(after: int = 0, size: int = BATCH) -> list[int]:
    """Place the next events from before there was a stream; the caller commits. Returns their ids, none at the end.

    `after` is where the batch before ended, so that what was placed a moment ago is not walked over again.
    """
    rows = db.session.execute(
        select(TimelineEvent.id, TimelineEvent.subject_kind)
        .where(~TimelineEvent.placed, TimelineEvent.id > after)
        .order_by(TimelineEvent.id)
        .limit(size)
    ).all()
    by_kind: dict[str, list[int]] = {}
    for event_id, kind in rows:
        by_kind.setdefault(kind, []).append(event_id)
    for kind, ids in by_kind.items():
        told = find_told(kind)
        values = _settled(told)
        for column, name in told.facets.items() if told else ():
            subject = select(told.column(name)).where(told.column("id") == TimelineEvent.subject_id)  # type: ignore[union-attr]
            values[getattr(TimelineEvent, column)] = subject.scalar_subquery()
        statement = update(TimelineEvent).where(TimelineEvent.id.in_(ids)).values(values)
        db.session.execute(statement, execution_options={"synchronize_session": False})
    return [row[0] for row in rows]
