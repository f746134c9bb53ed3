"""Every question asked about meetings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from civic.errors import NotFound
from civic.extensions import db
from civic.matching import has_words
from consultations.meetings.models import AgendaItem, Meeting, MeetingDocument

PAGE_SIZE = 20
#: Events of a calendar that somebody subscribes to, at most.
IN_CALENDAR = 200


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    kind: str = ""
    neighbourhood_id: int | None = None
    past: bool = False

    @property
    def active(self) -> bool:
        """Whether anything besides upcoming and past is chosen."""
        return bool(self.kind) or self.neighbourhood_id is not None


def _narrowed(filters: Filters) -> Select:
    wanted = select(Meeting)
    if filters.kind:
        wanted = wanted.where(Meeting.kind == filters.kind)
    if filters.neighbourhood_id is not None:
        own = Meeting.neighbourhood_id
        wanted = wanted.where(or_(own == filters.neighbourhood_id, own.is_(None)))
    return wanted


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    announced = select(Meeting.id).where(Meeting.announced_at.is_not(None))
    return announced.where(has_words(Meeting.title, words)).order_by(Meeting.starts_at.desc())


def list_meetings(
    filters: Filters, now: datetime, page: int, *, drafts: bool = False
) -> tuple[Sequence[Meeting], int]:
    """A page of meetings and how many there are: the upcoming by their day, or the past, the latest first."""
    wanted = _narrowed(filters)
    if not drafts:
        wanted = wanted.where(Meeting.announced_at.is_not(None))
    wanted = wanted.where(Meeting.ends_at <= now if filters.past else Meeting.ends_at > now)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    order = (Meeting.starts_at.desc(), Meeting.id) if filters.past else (Meeting.starts_at, Meeting.id)
    rows = db.session.scalars(wanted.order_by(*order).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return rows, total


def list_for_calendar(filters: Filters, since: datetime) -> Sequence[Meeting]:
    """Announced meetings from a moment on, the cancelled ones too: a calendar has to hear of it."""
    wanted = _narrowed(filters).where(Meeting.announced_at.is_not(None), Meeting.ends_at > since)
    return db.session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id).limit(IN_CALENDAR)).all()


def list_next(now: datetime, limit: int, neighbourhood_id: int | None = None) -> Sequence[Meeting]:
    """The next meetings that are held; for an area its own and the whole city's."""
    wanted = _narrowed(Filters(neighbourhood_id=neighbourhood_id)).where(
        Meeting.announced_at.is_not(None), Meeting.cancelled_at.is_(None), Meeting.ends_at > now
    )
    return db.session.scalars(wanted.order_by(Meeting.starts_at, Meeting.id).limit(limit)).all()


def get_meeting(meeting_id: int, *, lock: bool = False) -> Meeting:
    """One meeting, locked until the end of the transaction if asked. Raises NotFound."""
    wanted = select(Meeting).options(joinedload(Meeting.minutes_version)).where(Meeting.id == meeting_id)
    if lock:
        wanted = wanted.with_for_update(of=Meeting).execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def is_public() -> ColumnElement[bool]:
    """Everybody may read about a meeting once it is announced."""
    return Meeting.announced_at.is_not(None)


def list_by_ids(ids: Iterable[int]) -> dict[int, Meeting]:
    """Announced meetings by id, in one query."""
    rows = db.session.scalars(select(Meeting).where(Meeting.id.in_(set(ids)), is_public()))
    return {row.id: row for row in rows}


def list_of_consultation(consultation_id: int) -> Sequence[Meeting]:
    """The announced meetings about a consultation: its own, and those with a point on it, by their day."""
    on_agenda = select(AgendaItem.meeting_id).where(AgendaItem.consultation_id == consultation_id)
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.announced_at.is_not(None),
            or_(Meeting.consultation_id == consultation_id, Meeting.id.in_(on_agenda)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    ).all()


def list_items(meeting_id: int) -> Sequence[AgendaItem]:
    """The agenda in its order."""
    return db.session.scalars(
        select(AgendaItem).where(AgendaItem.meeting_id == meeting_id).order_by(AgendaItem.position)
    ).all()


def get_item(meeting_id: int, item_id: int) -> AgendaItem:
    """One point of an agenda. Raises NotFound."""
    found = db.session.scalar(
        select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting_id)
    )
    if found is None:
        raise NotFound
    return found


def list_documents(meeting_id: int) -> Sequence[MeetingDocument]:
    """The documents of a meeting in the order they came."""
    return db.session.scalars(
        select(MeetingDocument).where(MeetingDocument.meeting_id == meeting_id).order_by(MeetingDocument.id)
    ).all()


def get_document(meeting_id: int, document_id: int) -> MeetingDocument:
    """One document of a meeting. Raises NotFound."""
    found = db.session.scalar(
        select(MeetingDocument).where(
            MeetingDocument.id == document_id, MeetingDocument.meeting_id == meeting_id
        )
    )
    if found is None:
        raise NotFound
    return found


def is_of_draft(file_id: int) -> bool:
    """Whether a stored file belongs to a meeting not announced yet."""
    statement = (
        select(Meeting.id)
        .join(MeetingDocument, MeetingDocument.meeting_id == Meeting.id)
        .where(MeetingDocument.file_id == file_id, Meeting.announced_at.is_(None))
    )
    return db.session.scalar(statement.limit(1)) is not None


def list_without_minutes(now: datetime, limit: int) -> Sequence[Meeting]:
    """Meetings that were held and whose minutes are late, the longest first."""
    return db.session.scalars(
        select(Meeting)
        .where(Meeting.cancelled_at.is_(None), Meeting.minutes_at.is_(None), Meeting.minutes_due_at < now)
        .order_by(Meeting.minutes_due_at, Meeting.id)
        .limit(limit)
    ).all()


def list_changes() -> Select:
    """(id, changed at) of announced meetings."""
    return select(Meeting.id, Meeting.changed_at).where(Meeting.announced_at.is_not(None))
