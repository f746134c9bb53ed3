"""The register and the matrix of answers, page by page, and what stands beside each entry."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import joinedload

from civic.extensions import db
from civic.matching import matches
from civic.organisations import acting
from consultations.contributions import queries
from consultations.contributions.models import Answer, Attachment, Contribution, Review, Theme
from consultations.contributions.rules import SEEN_BY_NOBODY, AnswerState, Outcome

PER_PAGE = 20
#: Rows read at once for a download.
BATCH = 500

#: What the matrix is narrowed to by where the answer stands.
WORK = ("unanswered", "unwritten", "draft", "submitted", "answered", "late", "unread", "review")


@dataclass(frozen=True)
class Filters:
    """What the register is narrowed to. `answer` is "waiting", "answered", "not_considered" or an outcome."""

    text: str = ""
    channel: str = ""
    theme_id: int | None = None
    answer: str = ""
    late: bool = False

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


@dataclass(frozen=True)
class WorkFilters:
    """What the matrix of answers is narrowed to. `assigned` is an account, 0 for nobody."""

    text: str = ""
    state: str = ""
    theme_id: int | None = None
    assigned: int | None = None


@dataclass
class Beside:
    """What stands beside the entries of a page, read in one query a kind."""

    answers: Sequence[Answer] = ()
    files: dict[int, list[Attachment]] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    twins: dict[int, Contribution] = field(default_factory=dict)
    themes: dict[int, Theme] = field(default_factory=dict)
    organisations: dict[int, acting.Card] = field(default_factory=dict)


def _has(answer: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(queries.answers_of(), answer)


def with_outcome(outcome: str) -> ColumnElement[bool]:
    """Its own answer goes before the common one."""
    published = Answer.state == AnswerState.PUBLISHED
    own = exists().where(Answer.contribution_id == Contribution.id, published)
    return or_(
        exists().where(Answer.contribution_id == Contribution.id, published, Answer.outcome == outcome),
        and_(not_(own), _has(and_(published, Answer.outcome == outcome))),
    )


def _narrowed(consultation_id: int, filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [Contribution.consultation_id == consultation_id]
    if filters.text:
        wanted.append(matches(Contribution.search_vector, filters.text))
    if filters.channel:
        wanted.append(Contribution.channel == filters.channel)
    if filters.theme_id is not None:
        wanted.append(Contribution.theme_id == filters.theme_id)
    if filters.late:
        wanted.append(Contribution.late.is_(True))
    if filters.answer == "waiting":
        wanted.append(not_(queries.is_answered()))
    elif filters.answer == "answered":
        wanted.append(_has(Answer.state == AnswerState.PUBLISHED))
    elif filters.answer == "not_considered":
        wanted.append(Contribution.considered.is_(False))
    elif filters.answer in list(Outcome):
        wanted.append(with_outcome(filters.answer))
    return wanted


def _entries(wanted: list[ColumnElement[bool]]) -> Select:
    return select(Contribution).where(*wanted).order_by(Contribution.number)


def titles_of(theme_ids: Collection[int]) -> dict[int, str]:
    """What themes are called, by id."""
    rows = db.session.execute(select(Theme.id, Theme.title).where(Theme.id.in_(theme_ids)))
    return {row[0]: row[1] for row in rows}


def list_register(
    consultation_id: int, filters: Filters, page: int
) -> tuple[Sequence[Contribution], int, Beside]:
    """A page of the register in the order of the numbers, how many there are, and what stands beside them."""
    wanted = _narrowed(consultation_id, filters)
    total = db.session.scalar(select(func.count(Contribution.id)).where(*wanted)) or 0
    rows = db.session.scalars(_entries(wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return rows, total, beside(rows)


def beside(rows: Sequence[Contribution]) -> Beside:
    """Answers, files, reviews and identical letters of some entries, whatever their number."""
    ids = [row.id for row in rows]
    if not ids:
        return Beside()
    themes = {row.theme_id for row in rows if row.theme_id is not None}
    reviews = db.session.scalars(select(Review).where(Review.contribution_id.in_(ids)))
    return Beside(
        answers=queries.answers_for(rows),
        files=queries.list_attachments(ids),
        reviews={one.contribution_id: one for one in reviews},
        twins=queries.list_by_ids(row.same_as_id for row in rows if row.same_as_id is not None),
        themes={one.id: one for one in db.session.scalars(select(Theme).where(Theme.id.in_(themes)))},
        organisations=acting.cards(row.organisation_id for row in rows),
    )


def walk(consultation_id: int, filters: Filters) -> Iterator[tuple[Sequence[Contribution], Beside]]:
    """The whole register in batches, for a download."""
    wanted, last = _narrowed(consultation_id, filters), 0
    while True:
        rows = db.session.scalars(_entries([*wanted, Contribution.number > last]).limit(BATCH)).all()
        if not rows:
            return
        yield rows, beside(rows)
        last = rows[-1].number
        for row in rows:
            db.session.expunge(row)


def count_register(consultation_id: int) -> tuple[int, int]:
    """How many contributions were registered, and how many of them are answered."""
    counted = db.session.execute(
        select(func.count(Contribution.id), func.count(Contribution.id).filter(queries.is_answered())).where(
            Contribution.consultation_id == consultation_id
        )
    ).one()
    return counted[0], counted[1]


def list_themes(consultation_id: int) -> Sequence[tuple[Theme, int]]:
    """The themes of a consultation with how many contributions each has."""
    rows = db.session.execute(
        select(Theme, func.count(Contribution.id))
        .outerjoin(Contribution, Contribution.theme_id == Theme.id)
        .where(Theme.consultation_id == consultation_id)
        .group_by(Theme.id)
        .order_by(Theme.title)
    )
    return [(row[0], row[1]) for row in rows]


def list_samples(consultation_id: int) -> dict[int, str]:
    """The first contribution under each theme."""
    rows = db.session.execute(
        select(Contribution.theme_id, Contribution.body)
        .ext(distinct_on(Contribution.theme_id))
        .where(Contribution.consultation_id == consultation_id, Contribution.theme_id.is_not(None))
        .order_by(Contribution.theme_id, Contribution.number)
    )
    return {theme_id: body for theme_id, body in rows if theme_id is not None}


#: Given a consultation, how many texts of a feature stand under each theme.
Counter = Callable[[int], dict[int, int]]

_COUNTERS: list[Counter] = []


def also_count(counter: Counter) -> None:
    """Let a feature's texts count among what stands under a theme. Called at its registration."""
    if counter not in _COUNTERS:
        _COUNTERS.append(counter)


def count_others(consultation_id: int) -> dict[int, int]:
    """How many texts that are no contributions stand under each theme; 0 for those under none."""
    found: dict[int, int] = {}
    for counter in _COUNTERS:
        for theme_id, number in counter(consultation_id).items():
            found[theme_id] = found.get(theme_id, 0) + number
    return found


def living_of_themes(consultation_id: int) -> dict[int, Answer]:
    """The answers being written or published to themes, by theme."""
    rows = db.session.scalars(
        select(Answer).where(
            Answer.consultation_id == consultation_id,
            Answer.theme_id.is_not(None),
            Answer.state != AnswerState.WITHDRAWN,
        )
    )
    return {row.theme_id or 0: row for row in rows}


# --- the matrix ------------------------------------------------------------------------------------------


def _in_work(state: str) -> ColumnElement[bool]:
    waits = not_(queries.is_answered())
    living = Answer.state.in_([AnswerState.DRAFT.value, AnswerState.SUBMITTED.value])
    if state == "unanswered":
        return waits
    if state == "unwritten":
        return and_(waits, not_(_has(living)))
    if state in (AnswerState.DRAFT, AnswerState.SUBMITTED):
        return _has(Answer.state == state)
    if state == "answered":
        return queries.is_answered()
    if state == "late":
        return and_(Contribution.late, Contribution.considered.is_(None))
    if state == "unread":
        return Contribution.hidden_reason == SEEN_BY_NOBODY
    if state == "review":
        return exists().where(Review.contribution_id == Contribution.id, Review.decided_at.is_(None))
    return true()


def count_work(consultation_id: int) -> dict[str, int]:
    """How much work of each kind a consultation has, in one query."""
    counts = [func.count(Contribution.id).filter(_in_work(state)) for state in WORK]
    row = db.session.execute(
        select(func.count(Contribution.id), *counts).where(Contribution.consultation_id == consultation_id)
    ).one()
    return {"all": row[0], **dict(zip(WORK, row[1:], strict=True))}


def list_work(
    consultation_id: int, filters: WorkFilters, page: int
) -> tuple[Sequence[Contribution], int, Beside]:
    """A page of the matrix: entries in the order of their numbers."""
    wanted = [Contribution.consultation_id == consultation_id, _in_work(filters.state)]
    if filters.text:
        wanted.append(matches(Contribution.search_vector, filters.text))
    if filters.theme_id is not None:
        wanted.append(
            Contribution.theme_id == filters.theme_id if filters.theme_id else Contribution.theme_id.is_(None)
        )
    if filters.assigned is not None:
        wanted.append(
            Contribution.assigned_to_id == filters.assigned
            if filters.assigned
            else Contribution.assigned_to_id.is_(None)
        )
    total = db.session.scalar(select(func.count(Contribution.id)).where(*wanted)) or 0
    rows = db.session.scalars(_entries(wanted).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    return rows, total, beside(rows)


def next_to_sign(consultation_id: int, account_id: int | None, besides: int = 0) -> Answer | None:
    """The answer that waits longest for a signature the account may give; `besides` is the one before it now."""
    return db.session.scalar(
        select(Answer)
        .where(*_to_sign(consultation_id, account_id), Answer.id != besides)
        .order_by(Answer.changed_at, Answer.id)
        .limit(1)
    )


def count_to_sign(consultation_id: int, account_id: int | None) -> int:
    """How many answers wait for a signature the account may give."""
    return db.session.scalar(select(func.count(Answer.id)).where(*_to_sign(consultation_id, account_id))) or 0


def _to_sign(consultation_id: int, account_id: int | None) -> list[ColumnElement[bool]]:
    return [
        Answer.consultation_id == consultation_id,
        Answer.state == AnswerState.SUBMITTED,
        Answer.drafted_by_id != account_id,
    ]


def load(consultation_id: int) -> dict[int, int]:
    """How many contributions without a published answer each person prepares; 0 is nobody."""
    rows = db.session.execute(
        select(Contribution.assigned_to_id, func.count(Contribution.id))
        .where(Contribution.consultation_id == consultation_id, not_(queries.is_answered()))
        .group_by(Contribution.assigned_to_id)
    )
    return {row[0] or 0: row[1] for row in rows}


def list_to_group(consultation_id: int, limit: int) -> Sequence[Contribution]:
    """Entries without a theme, still to be answered, the first of each identical text: what themes are made of."""
    return db.session.scalars(
        select(Contribution)
        .where(
            Contribution.consultation_id == consultation_id,
            Contribution.theme_id.is_(None),
            Contribution.same_as_id.is_(None),
            not_(queries.is_answered()),
        )
        .order_by(Contribution.number)
        .limit(limit)
    ).all()


def list_of_theme(theme_id: int, limit: int) -> Sequence[Contribution]:
    """The entries of a theme."""
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.theme_id == theme_id)
        .order_by(Contribution.number)
        .limit(limit)
    ).all()


def list_mine(account_id: int, limit: int) -> Sequence[Contribution]:
    """What an account sent, the latest first."""
    return db.session.scalars(
        select(Contribution)
        .where(Contribution.account_id == account_id)
        .options(joinedload(Contribution.consultation))
        .order_by(Contribution.id.desc())
        .limit(limit)
    ).all()
