"""Every question asked about rounds. Only published rounds are public; staff questions say so in their name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload, lazyload

from civic.accounts.models import Account, Person
from civic.clock import CITY_ZONE
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import has_words
from civic.notifications.models import Follow, MailChoice
from civic.places.models import Category, Neighbourhood
from civic.rounds.facts import Ages, GroupFacts, PersonFacts, PhaseWindow, PlanFacts, PotFacts
from civic.rounds.models import (
    BallotGroup,
    Phase,
    PhaseNotice,
    Pot,
    Programme,
    Round,
    RoundDocument,
    round_area,
)

PAGE_SIZE = 20


@dataclass(frozen=True)
class RoundPage:
    """One page of a list of rounds."""

    items: Sequence[Round]
    page: int
    pages: int
    total: int


# --- rounds ---------------------------------------------------------------------------------------------


def is_public() -> ColumnElement[bool]:
    """Everybody may read a round once its plan is out."""
    return Round.published_at.is_not(None)


def _public() -> Select[Round]:
    return select(Round).where(is_public())


def list_changes() -> Select:
    """(id, moment of the last milestone, address) of what is public."""
    moved = func.greatest(
        Round.published_at, Round.frozen_at, Round.closed_at, Round.results_at, Round.adopted_at
    )
    return select(Round.id, moved, Round.slug).where(is_public())


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first."""
    public = select(Round.id).where(Round.published_at.is_not(None), has_words(Round.name, words))
    return public.order_by(Round.id.desc())


def find_round(slug: str) -> Round | None:
    """The published round of a slug."""
    return db.session.scalar(_public().where(Round.slug == slug))


def get_round(slug: str) -> Round:
    """The published round of a slug, or NotFound."""
    found = find_round(slug)
    if found is None:
        raise NotFound
    return found


def get_round_by_id(round_id: int) -> Round:
    """The published round of an id, or NotFound."""
    found = db.session.get(Round, round_id)
    if found is None or found.published_at is None:
        raise NotFound
    return found


def get_any_round(round_id: int) -> Round:
    """A round for staff, published or not, or NotFound."""
    found = db.session.get(Round, round_id)
    if found is None:
        raise NotFound
    return found


def _start() -> ColumnElement[datetime]:
    """When a round begins, for ordering: its first phase, else when it was created."""
    first = select(func.min(Phase.starts_at)).where(Phase.round_id == Round.id).scalar_subquery()
    return func.coalesce(first, Round.created_at)


def _paged(statement: Select[Round], page: int) -> RoundPage:
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    items = db.session.scalars(statement.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return RoundPage(items, page, pages, total)


def list_public_rounds(page: int = 1) -> RoundPage:
    """Published editions and recorded elections, newest first, a page at a time."""
    return _paged(_public().order_by(_start().desc(), Round.id.desc()), page)


def list_all_rounds(page: int = 1) -> RoundPage:
    """Every round for staff, unpublished ones first, then newest first."""
    unpublished = case((Round.published_at.is_(None), 0), else_=1)
    return _paged(select(Round).order_by(unpublished, _start().desc(), Round.id.desc()), page)


def rounds_with_open_phase(kind: str, now: datetime) -> Sequence[Round]:
    """The city's published rounds in which a phase runs at `now`, the one that ends first at the head."""
    return db.session.scalars(
        _public()
        .join(Phase, Phase.round_id == Round.id)
        .where(Round.kind == "city", Phase.kind == kind, Phase.starts_at <= now, Phase.ends_at > now)
        .order_by(Phase.ends_at, Round.id)
    ).all()


def current_round(now: datetime) -> Round | None:
    """The edition the home page is about: the one running, else the next to begin, else the last to end.

    Of several that run, the one in which residents vote comes first, then the one that takes proposals. A ballot
    of questions is what the page is about only where no edition is: it is often for one neighbourhood alone.
    """
    span = (
        select(
            Phase.round_id,
            func.min(Phase.starts_at).label("starts_at"),
            func.max(Phase.ends_at).label("ends_at"),
        )
        .group_by(Phase.round_id)
        .subquery()
    )
    state = case((span.c.starts_at > now, 1), (span.c.ends_at <= now, 2), else_=0)
    ahead = case((span.c.starts_at > now, span.c.starts_at))
    asked = (
        select(func.min(case((Phase.kind == "voting", 0), (Phase.kind == "submission", 1), else_=2)))
        .where(Phase.round_id == Round.id, Phase.starts_at <= now, Phase.ends_at > now)
        .scalar_subquery()
    )
    return db.session.scalar(
        _public()
        .join(span, span.c.round_id == Round.id)
        .where(Round.kind == "city")
        .order_by(
            state,
            case((Round.content == "projects", 0), else_=1),
            ahead,
            asked,
            span.c.ends_at.desc(),
            Round.id.desc(),
        )
        .limit(1)
        .options(lazyload(Round.groups))
    )


def list_editions(before: Round | None = None, limit: int = 6) -> Sequence[Round]:
    """Published editions to compare, newest first; with `before`, that one and those older than it. Ballots of
    questions have no money and are no editions."""
    editions = _public().where(Round.kind == "city", Round.content == "projects")
    statement = editions.order_by(_start().desc(), Round.id.desc())
    if before is not None:
        first = min((phase.starts_at for phase in before.phases), default=before.created_at)
        statement = statement.where(_start() <= first)
    return db.session.scalars(statement.limit(limit)).all()


def list_published_rounds_by_id(ids: Sequence[int]) -> Sequence[Round]:
    """Published rounds of the given ids, in no order."""
    return db.session.scalars(_public().where(Round.id.in_(ids))).all()


def list_upcoming_phases(now: datetime, until: datetime, limit: int = 8) -> Sequence[tuple[Round, Phase]]:
    """Phases of the city's published rounds that start or end between `now` and `until`, soonest first."""
    at = case((Phase.starts_at > now, Phase.starts_at), else_=Phase.ends_at)
    rows = db.session.execute(
        select(Round, Phase)
        .join(Phase, Phase.round_id == Round.id)
        .where(Round.published_at.is_not(None), Round.kind == "city", at > now, at <= until)
        .order_by(at, Phase.id)
        .limit(limit)
    ).all()
    return [(row[0], row[1]) for row in rows]


def list_running_phases(now: datetime, area_id: int | None = None) -> Sequence[tuple[Round, Phase]]:
    """What runs at `now` in the city's published rounds, what ends soonest first.

    With `area_id`, without the ballots that ask the residents of other neighbourhoods alone.
    """
    elsewhere = exists().where(round_area.c.round_id == Round.id)
    here = exists().where(round_area.c.round_id == Round.id, round_area.c.neighbourhood_id == area_id)
    rows = db.session.execute(
        select(Round, Phase)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.published_at.is_not(None), Round.kind == "city", Phase.starts_at <= now, Phase.ends_at > now
        )
        .where(true() if area_id is None else or_(~elsewhere, here))
        .order_by(Phase.ends_at, Phase.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def list_areas_by_id(ids: Sequence[int]) -> Sequence[Neighbourhood]:
    """Neighbourhoods of the given ids, in dictionary order."""
    statement = select(Neighbourhood).where(Neighbourhood.id.in_(ids)).order_by(Neighbourhood.sort_key)
    return db.session.scalars(statement).all()


def list_pots_of_area(neighbourhood_id: int, now: datetime) -> Sequence[tuple[Round, Pot]]:
    """Pots kept for a neighbourhood in published city rounds that have not ended, the newest round first."""
    running = select(Phase.round_id).group_by(Phase.round_id).having(func.max(Phase.ends_at) > now)
    rows = db.session.execute(
        select(Round, Pot)
        .join(Pot, Pot.round_id == Round.id)
        .where(
            Round.published_at.is_not(None),
            Round.kind == "city",
            Round.id.in_(running),
            Pot.neighbourhood_id == neighbourhood_id,
        )
        .order_by(Round.id.desc(), Pot.position)
    ).all()
    return [(row[0], row[1]) for row in rows]


def slug_is_taken(slug: str) -> bool:
    """Whether a round, public or not, has this slug."""
    return db.session.scalar(select(Round.id).where(Round.slug == slug)) is not None


# --- parts ----------------------------------------------------------------------------------------------


def list_programmes() -> Sequence[Programme]:
    """Every programme, by name."""
    return db.session.scalars(select(Programme).order_by(Programme.name, Programme.id)).all()


def find_programme(programme_id: int) -> Programme | None:
    """A programme, or None."""
    return db.session.get(Programme, programme_id)


def programme_slug_is_taken(slug: str) -> bool:
    """Whether a programme has this slug."""
    return db.session.scalar(select(Programme.id).where(Programme.slug == slug)) is not None


def find_document(round_id: int, document_id: int) -> RoundDocument | None:
    """A document of that round, or None."""
    return db.session.scalar(
        select(RoundDocument).where(RoundDocument.id == document_id, RoundDocument.round_id == round_id)
    )


def list_neighbourhoods() -> Sequence[Neighbourhood]:
    """Every neighbourhood in dictionary order."""
    return db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.sort_key)).all()


def list_categories() -> Sequence[Category]:
    """Every domain in the city's order."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.id)).all()


def categories_by_id(ids: Sequence[int]) -> dict[int, Category]:
    """Domains by id."""
    return {c.id: c for c in db.session.scalars(select(Category).where(Category.id.in_(ids)))} if ids else {}


def find_group(group_id: int) -> BallotGroup | None:
    """A part of a ballot, or None."""
    return db.session.get(BallotGroup, group_id)


def round_with_documents(slug: str) -> Round:
    """The published round of a slug with its documents and files in one go, or NotFound."""
    found = db.session.scalar(
        _public().where(Round.slug == slug).options(joinedload(Round.programme), joinedload(Round.documents))
    )
    if found is None:
        raise NotFound
    return found


# --- telling people -------------------------------------------------------------------------------------


def list_running_rounds(now: datetime) -> Sequence[Round]:
    """The city's published rounds of which a phase runs at `now`."""
    running = select(Phase.round_id).where(Phase.starts_at <= now, Phase.ends_at > now)
    return db.session.scalars(
        _public().where(Round.kind == "city", Round.id.in_(running)).order_by(Round.id)
    ).all()


def lock_phase_notice(round_id: int, phase_kind: str, occasion: str) -> PhaseNotice | None:
    """How far telling has come, locked for this transaction; None while another worker tells."""
    db.session.execute(
        insert(PhaseNotice)
        .values(round_id=round_id, phase_kind=phase_kind, occasion=occasion, after_account_id=0, told=0)
        .on_conflict_do_nothing()
    )
    return db.session.scalar(
        select(PhaseNotice)
        .where(
            PhaseNotice.round_id == round_id,
            PhaseNotice.phase_kind == phase_kind,
            PhaseNotice.occasion == occasion,
        )
        .with_for_update(skip_locked=True)
    )


def list_people_to_tell(round_id: int, everyone: bool, after: int, limit: int) -> Sequence[Row]:
    """The next accounts to tell by id: followers of the round, and with `everyone` all verified residents.

    Only those whose address is confirmed, whose account is open and who have not said no to mail.
    """
    follows = exists().where(
        Follow.account_id == Account.id, Follow.subject_kind == "round", Follow.subject_id == round_id
    )
    return db.session.execute(
        select(
            Account.id, Account.email, Account.display_name, Account.locale,
            Person.birth_date, Person.area_basis, Person.neighbourhood_id, follows.label("follows"),
        )
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(MailChoice, MailChoice.account_id == Account.id)
        .where(
            Account.id > after,
            Account.disabled_at.is_(None),
            Account.email_confirmed_at.is_not(None),
            func.coalesce(MailChoice.wants_mail, True),
            or_(follows, Account.person_id.is_not(None)) if everyone else follows,
        )
        .order_by(Account.id)
        .limit(limit)
    ).all()  # fmt: skip


# --- facts for the rules --------------------------------------------------------------------------------


def plan_facts(round_: Round) -> PlanFacts:
    """The plan of a stored round as the rules read it."""
    programme = round_.programme
    return PlanFacts(
        zone=CITY_ZONE,
        name=round_.name,
        kind=round_.kind,
        content=round_.content,
        currency=round_.currency,
        regulation=round_.regulation,
        regulation_decision=round_.regulation_decision,
        regulation_date=round_.regulation_date,
        ages=Ages(round_.min_age, round_.max_age),
        programme_ages=Ages(programme.min_age, programme.max_age) if programme else Ages(),
        area_basis=round_.area_basis,
        areas={area.id: area.name for area in round_.areas} if round_.asks else {},
        remote_verification=tuple(round_.remote_verification or ()),
        min_cost=round_.min_cost,
        max_cost=round_.max_cost,
        counting_rule=dict(round_.counting_rule or {}),
        publication_mode=round_.publication_mode,
        windows=tuple(PhaseWindow(p.kind, p.starts_at, p.ends_at) for p in round_.phases),
        pots=tuple(pot_facts(pot) for pot in round_.pots),
        groups=tuple(group_facts(group) for group in round_.groups),
    )


def pot_facts(pot: Pot) -> PotFacts:
    """A stored pot as the rules read it."""
    ages = Ages(pot.programme.min_age, pot.programme.max_age) if pot.programme else Ages()
    return PotFacts(pot.name, pot.amount, pot.neighbourhood_id, pot.programme_id, ages, pot.id)


def group_facts(group: BallotGroup) -> GroupFacts:
    """A stored part of the ballot as the rules read it."""
    return GroupFacts(
        name=group.name,
        ballot_kind=group.ballot_kind,
        category_id=group.category_id,
        neighbourhood_id=group.neighbourhood_id,
        min_choices=group.min_choices,
        max_choices=group.max_choices,
        max_cost=group.max_cost,
        points_total=group.points_total,
        points_each=group.points_each,
        id=group.id,
    )


def person_facts(person: Person | None) -> PersonFacts | None:
    """A stored person as the rules read them; None stays None (not verified)."""
    if person is None:
        return None
    return PersonFacts(person.birth_date, person.area_basis, person.neighbourhood_id, person.proof)
