"""Every question asked about debates and who seconds them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from civic import tags
from civic.errors import NotFound
from civic.extensions import db
from civic.links import SubjectLink
from civic.matching import matches
from civic.places.models import Neighbourhood
from consultations.agora.models import AgoraDebate, AgoraSecond
from consultations.agora.rules import BECOMES, KIND, State

PAGE_SIZE = 20


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to."""

    text: str = ""
    state: str = ""
    dimension: str = ""
    neighbourhood_id: int | None = None
    #: whom it concerns especially: one of `civic.tags`
    concerns: str = ""

    @property
    def active(self) -> bool:
        """Whether anything is chosen."""
        return self != Filters()


def in_state(state: str, now: datetime) -> ColumnElement[bool]:
    """The condition of being in a state, as `rules.state_of` computes it."""
    one = AgoraDebate
    running = and_(one.hidden_at.is_(None), one.archived_at.is_(None), one.answered_at.is_(None))
    unopened = and_(running, one.opened_at.is_(None))
    conditions = {
        State.DRAFT: and_(unopened, one.submitted_at.is_(None)),
        State.WAITING: and_(unopened, one.submitted_at.is_not(None)),
        State.OPEN: and_(running, one.closes_at > now),
        State.CLOSING: and_(
            running, one.closes_at <= now, or_(one.objections_until.is_(None), one.objections_until > now)
        ),
        State.SUMMARISED: and_(running, one.closes_at <= now, one.objections_until <= now),
        State.ANSWERED: and_(
            one.hidden_at.is_(None), one.archived_at.is_(None), one.answered_at.is_not(None)
        ),
        State.ARCHIVED: and_(one.hidden_at.is_(None), one.archived_at.is_not(None)),
        State.HIDDEN: one.hidden_at.is_not(None),
    }
    return conditions[State(state)] if state in set(State) else false()


def is_public() -> ColumnElement[bool]:
    """The condition of being readable by anyone."""
    return and_(AgoraDebate.opened_at.is_not(None), AgoraDebate.hidden_at.is_(None))


def _narrowed(wanted: Select, filters: Filters, now: datetime) -> Select:
    if filters.text:
        wanted = wanted.where(matches(AgoraDebate.search_vector, filters.text))
    if filters.state:
        wanted = wanted.where(in_state(filters.state, now))
    if filters.dimension:
        wanted = wanted.where(AgoraDebate.dimension == filters.dimension)
    if filters.concerns:
        wanted = wanted.where(tags.has(AgoraDebate, filters.concerns))
    if filters.neighbourhood_id is not None:
        wanted = wanted.where(AgoraDebate.neighbourhood_id == filters.neighbourhood_id)
    return wanted


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    one = AgoraDebate
    wanted = select(one.id, one.search_vector).where(is_public(), matches(one.search_vector, words))
    return wanted.order_by(one.id.desc())


def list_debates(
    filters: Filters, now: datetime, page: int, *, everything: bool = False
) -> tuple[Sequence[AgoraDebate], int]:
    """A page of debates and how many there are: what is open first, by its end; then the newest.

    `everything` takes in what waits for a moderator and what was hidden; drafts are their authors' alone.
    """
    shown = AgoraDebate.submitted_at.is_not(None) if everything else is_public()
    wanted = _narrowed(select(AgoraDebate).where(shown), filters, now)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    newest = func.coalesce(AgoraDebate.opened_at, AgoraDebate.submitted_at)
    rows = db.session.scalars(
        wanted.options(joinedload(AgoraDebate.neighbourhood))
        .order_by(in_state(State.OPEN, now).desc(), newest.desc(), AgoraDebate.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, total


def get_debate(debate_id: int) -> AgoraDebate:
    """A debate in any state, with what its page shows. Raises NotFound."""
    found = db.session.scalar(
        select(AgoraDebate)
        .where(AgoraDebate.id == debate_id)
        .options(
            joinedload(AgoraDebate.neighbourhood),
            joinedload(AgoraDebate.account),
            joinedload(AgoraDebate.answer_version),
            joinedload(AgoraDebate.answer_department),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def lock_debate(debate_id: int) -> AgoraDebate:
    """A debate with its row locked until the end of the transaction, fresh. Raises NotFound."""
    found = db.session.scalar(
        select(AgoraDebate)
        .where(AgoraDebate.id == debate_id)
        # Its number never changes, so what is written in it need not wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def hold_debate(debate_id: int) -> AgoraDebate:
    """A debate, held as it is: many write and judge at once, none while a moderator puts arguments together."""
    found = db.session.scalar(
        select(AgoraDebate)
        .where(AgoraDebate.id == debate_id)
        .with_for_update(read=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def seize_debate(debate_id: int) -> AgoraDebate:
    """A debate in which nobody else writes, judges or puts arguments together until the end of the transaction."""
    found = db.session.scalar(
        select(AgoraDebate)
        .where(AgoraDebate.id == debate_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def list_by_ids(ids: Iterable[int], *, public: bool = True) -> dict[int, AgoraDebate]:
    """Debates by id, in one query; those anyone may read unless asked otherwise."""
    wanted = select(AgoraDebate).where(AgoraDebate.id.in_(set(ids))).options(
        joinedload(AgoraDebate.account), joinedload(AgoraDebate.neighbourhood)
    )  # fmt: skip
    if public:
        wanted = wanted.where(is_public())
    return {row.id: row for row in db.session.scalars(wanted)}


def list_about(kind: str, subject_id: int, limit: int) -> Sequence[AgoraDebate]:
    """The public debates attached to something, the newest first."""
    return db.session.scalars(
        select(AgoraDebate)
        .where(AgoraDebate.subject_kind == kind, AgoraDebate.subject_id == subject_id, is_public())
        .options(joinedload(AgoraDebate.neighbourhood))
        .order_by(AgoraDebate.opened_at.desc(), AgoraDebate.id.desc())
        .limit(limit)
    ).all()


def list_of_author(account_id: int) -> Sequence[AgoraDebate]:
    """What an account has opened and nobody else can read yet, the newest first."""
    return db.session.scalars(
        select(AgoraDebate)
        .where(AgoraDebate.account_id == account_id)
        .where(or_(AgoraDebate.opened_at.is_(None), AgoraDebate.hidden_at.is_not(None)))
        .order_by(AgoraDebate.id.desc())
        .limit(PAGE_SIZE)
    ).all()


def count_sent_last_day(account_id: int, now: datetime) -> int:
    """How many debates an account has sent in a day."""
    wanted = select(func.count()).where(
        AgoraDebate.account_id == account_id, AgoraDebate.submitted_at > now - timedelta(days=1)
    )
    return db.session.scalar(wanted) or 0


def list_changes() -> Select:
    """(id, opened at) of the debates anyone can read."""
    return select(AgoraDebate.id, AgoraDebate.opened_at).where(is_public())


def list_open(now: datetime, limit: int) -> Sequence[Row[AgoraDebate, int, int]]:
    """The newest open debates, each with how many ask for its answer and how many are open, in one query."""
    seconds = select(func.count()).where(AgoraSecond.debate_id == AgoraDebate.id).scalar_subquery()
    return db.session.execute(
        select(AgoraDebate, seconds, func.count().over())
        .where(in_state(State.OPEN, now))
        .options(joinedload(AgoraDebate.neighbourhood))
        .order_by(AgoraDebate.opened_at.desc(), AgoraDebate.id.desc())
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class Held:
    """How many debates were held to their end, and what came of them."""

    held: int
    #: in a disadvantaged neighbourhood
    vulnerable: int
    answered: int
    #: whose answer became a delivery or a consultation
    became: int


def count_held(now: datetime) -> Held:
    """The public debates whose arguments have ended, in one query."""
    led = (
        exists()
        .where(SubjectLink.from_kind == KIND, SubjectLink.from_id == AgoraDebate.id)
        .where(SubjectLink.to_kind.in_(BECOMES))
    )
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(Neighbourhood.vulnerable),
            func.count().filter(AgoraDebate.answered_at.is_not(None)),
            func.count().filter(and_(AgoraDebate.answered_at.is_not(None), led)),
        )
        .select_from(AgoraDebate)
        .outerjoin(Neighbourhood, Neighbourhood.id == AgoraDebate.neighbourhood_id)
        .where(is_public(), AgoraDebate.closes_at <= now)
    ).one()
    return Held(*row)


def count_seconds(ids: Iterable[int]) -> dict[int, int]:
    """How many residents ask for the answer, by debate; those nobody seconds are left out."""
    rows = db.session.execute(
        select(AgoraSecond.debate_id, func.count())
        .where(AgoraSecond.debate_id.in_(list(ids)))
        .group_by(AgoraSecond.debate_id)
    )
    return dict(rows.all())


def has_seconded(debate_id: int, person_id: int | None) -> bool:
    """Whether a person already asks for the answer."""
    return person_id is not None and db.session.get(AgoraSecond, (debate_id, person_id)) is not None


def list_owed(now: datetime, limit: int) -> tuple[Sequence[AgoraDebate], int]:
    """Debates whose answer is owed and not given, the soonest due first, and how many there are."""
    owed = and_(
        AgoraDebate.obliged_at.is_not(None),
        AgoraDebate.answered_at.is_(None),
        AgoraDebate.hidden_at.is_(None),
    )
    total = db.session.scalar(select(func.count()).where(owed)) or 0
    rows = db.session.scalars(
        select(AgoraDebate).where(owed).order_by(AgoraDebate.answer_due_at, AgoraDebate.id).limit(limit)
    ).all()
    return rows, total


def list_to_archive(now: datetime, limit: int) -> Sequence[AgoraDebate]:
    """Debates that are over and not archived, the oldest first; `rules` says which of them are due."""
    over = and_(
        AgoraDebate.archived_at.is_(None), AgoraDebate.hidden_at.is_(None), AgoraDebate.closes_at <= now
    )
    owed = and_(AgoraDebate.obliged_at.is_not(None), AgoraDebate.answered_at.is_(None))
    return db.session.scalars(
        select(AgoraDebate).where(over, ~owed).order_by(AgoraDebate.closes_at, AgoraDebate.id).limit(limit)
    ).all()
