"""Every question asked about consultations and their files."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from civic import tags
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches
from consultations.models import (
    Announcement,
    Consultation,
    ConsultationClock,
    Document,
    DocumentVersion,
    Extension,
)
from consultations.rules import State

PAGE_SIZE = 20


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    text: str = ""
    kind: str = ""
    dimension: str = ""
    state: str = ""
    neighbourhood_id: int | None = None
    #: whom it concerns especially: one of `civic.tags`
    concerns: str = ""
    department_id: int | None = None

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """The condition of being in a state, as `rules.state_of` computes it."""
    running = and_(
        Consultation.outcome == "",
        Consultation.announced_at.is_not(None),
        Consultation.report_published_at.is_(None),
    )
    if state == State.DRAFT:
        return and_(Consultation.announced_at.is_(None), Consultation.outcome == "")
    if state == State.ANNOUNCED:
        return and_(running, Consultation.opens_at > now)
    if state == State.OPEN:
        return and_(running, Consultation.opens_at <= now, Consultation.closes_at > now)
    if state == State.ANSWERING:
        return and_(running, Consultation.closes_at <= now)
    if state == State.REPORTED:
        return and_(Consultation.outcome == "", Consultation.report_published_at.is_not(None))
    return Consultation.outcome == state if state in set(State) else false()


def _narrowed(statement: Select, filters: Filters, now: datetime) -> Select:
    if filters.text:
        statement = statement.where(matches(Consultation.search_vector, filters.text))
    if filters.state:
        statement = statement.where(in_state(filters.state, now))
    for column, value in (
        (Consultation.kind, filters.kind or None),
        (Consultation.dimension, filters.dimension or None),
        (Consultation.neighbourhood_id, filters.neighbourhood_id),
        (Consultation.department_id, filters.department_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if filters.concerns:
        statement = statement.where(tags.has(Consultation, filters.concerns))
    return statement


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    one = Consultation
    announced = select(one.id, one.search_vector).where(one.announced_at.is_not(None))
    return announced.where(matches(one.search_vector, words)).order_by(one.id.desc())


def list_consultations(
    filters: Filters, now: datetime, page: int, *, drafts: bool = False
) -> tuple[Sequence[Consultation], int]:
    """A page of consultations and how many there are: what is open first, by its end; then the newest."""
    wanted = select(Consultation)
    if not drafts:
        wanted = wanted.where(Consultation.announced_at.is_not(None))
    wanted = _narrowed(wanted, filters, now)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    is_open = in_state(State.OPEN, now)
    rows = db.session.scalars(
        wanted.options(joinedload(Consultation.department), joinedload(Consultation.neighbourhood))
        .order_by(
            is_open.desc(),
            func.coalesce(Consultation.announced_at, Consultation.created_at).desc(),
            Consultation.id.desc(),
        )
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, total


def get_consultation(consultation_id: int) -> Consultation:
    """The consultation, announced or not. Raises NotFound."""
    found = db.session.scalar(
        select(Consultation)
        .options(joinedload(Consultation.department), joinedload(Consultation.neighbourhood))
        .where(Consultation.id == consultation_id)
    )
    if found is None:
        raise NotFound
    return found


def lock_consultation(consultation_id: int) -> Consultation:
    """The consultation with its row locked until the end of the transaction, fresh. Raises NotFound."""
    found = db.session.scalar(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def is_public() -> ColumnElement[bool]:
    """Everybody may read a consultation once it is announced."""
    return Consultation.announced_at.is_not(None)


def list_by_ids(ids: Iterable[int]) -> dict[int, Consultation]:
    """Announced consultations by id, in one query."""
    rows = db.session.scalars(select(Consultation).where(Consultation.id.in_(set(ids)), is_public()))
    return {row.id: row for row in rows}


def list_documents(consultation_id: int) -> Sequence[Document]:
    """The file: every document with all its versions, the newest first."""
    return db.session.scalars(
        select(Document).where(Document.consultation_id == consultation_id).order_by(Document.id)
    ).all()


def get_document(consultation_id: int, document_id: int) -> Document:
    """One document of a consultation. Raises NotFound."""
    found = db.session.scalar(
        select(Document).where(Document.id == document_id, Document.consultation_id == consultation_id)
    )
    if found is None:
        raise NotFound
    return found


def list_clocks(consultation_id: int) -> dict[str, ConsultationClock]:
    """The rules a consultation was given, by key."""
    rows = db.session.scalars(
        select(ConsultationClock).where(ConsultationClock.consultation_id == consultation_id)
    )
    return {row.key: row for row in rows}


def list_announcements(consultation_id: int) -> Sequence[Announcement]:
    """Where and when it was announced, the oldest first."""
    return db.session.scalars(
        select(Announcement)
        .where(Announcement.consultation_id == consultation_id)
        .order_by(Announcement.announced_at, Announcement.id)
    ).all()


def list_extensions(consultation_id: int) -> Sequence[Extension]:
    """Every later end it was given, the oldest first."""
    return db.session.scalars(
        select(Extension).where(Extension.consultation_id == consultation_id).order_by(Extension.id)
    ).all()


def file_ids(consultation_id: int) -> set[int]:
    """Every stored file of a consultation's file and of its proofs."""
    documents = (
        select(DocumentVersion.file_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.consultation_id == consultation_id)
    )
    proofs = select(Announcement.file_id).where(
        Announcement.consultation_id == consultation_id, Announcement.file_id.is_not(None)
    )
    return {one for one in db.session.scalars(documents.union(proofs)) if one is not None}


def is_of_draft(file_id: int) -> bool:
    """Whether a stored file belongs to a consultation not announced yet."""
    return (
        db.session.scalar(
            select(Consultation.id)
            .join(Document, Document.consultation_id == Consultation.id)
            .join(DocumentVersion, DocumentVersion.document_id == Document.id)
            .where(DocumentVersion.file_id == file_id, Consultation.announced_at.is_(None))
            .limit(1)
        )
        is not None
    )


def count_open(now: datetime) -> int:
    """How many consultations receive contributions now."""
    return db.session.scalar(select(func.count()).where(in_state(State.OPEN, now))) or 0


def list_open(now: datetime, limit: int, neighbourhood_id: int | None = None) -> Sequence[Consultation]:
    """Those that receive contributions now, the one that ends first before the others.

    For a neighbourhood: its own and the whole city's.
    """
    wanted = select(Consultation).where(in_state(State.OPEN, now))
    if neighbourhood_id is not None:
        own = Consultation.neighbourhood_id
        wanted = wanted.where(or_(own == neighbourhood_id, own.is_(None)))
    return db.session.scalars(wanted.order_by(Consultation.closes_at, Consultation.id).limit(limit)).all()


def list_receiving(moment: datetime) -> Sequence[Consultation]:
    """Those that received contributions at a moment, late ones included: opened, and without their report."""
    ended = func.coalesce(Consultation.report_published_at, Consultation.outcome_at)
    return db.session.scalars(
        select(Consultation)
        .where(Consultation.opens_at <= moment, or_(ended.is_(None), ended > moment))
        .order_by(Consultation.closes_at.desc(), Consultation.id)
        .limit(200)
    ).all()


def documents_by_kind(consultation_id: int, kinds: Collection[str]) -> set[str]:
    """Which of the wanted kinds the file already has."""
    return set(
        db.session.scalars(
            select(Document.kind).where(Document.consultation_id == consultation_id, Document.kind.in_(kinds))
        )
    )


def list_changes() -> Select:
    """(id, changed at) of announced consultations."""
    return select(Consultation.id, Consultation.changed_at).where(Consultation.announced_at.is_not(None))


def find_site_announcement(consultation_id: int) -> Announcement | None:
    """What this site showed at the announcement."""
    return db.session.scalar(
        select(Announcement).where(
            Announcement.consultation_id == consultation_id, Announcement.channel == "site"
        )
    )


def list_overdue(now: datetime, limit: int) -> tuple[Sequence[Consultation], int]:
    """Those whose answers are late, the longest first, and how many there are."""
    late = and_(in_state(State.ANSWERING, now), Consultation.answers_due_at < now)
    total = db.session.scalar(select(func.count()).where(late)) or 0
    rows = db.session.scalars(
        select(Consultation).where(late).order_by(Consultation.answers_due_at, Consultation.id).limit(limit)
    ).all()
    return rows, total
