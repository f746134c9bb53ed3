"""Every question asked of the proposal tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from civic.matching import matches
from civic.places.models import Category, Neighbourhood
from civic.rounds.models import Round
from civic.text import fold
from proposals.comments.models import Comment
from proposals.models import Proposal, ProposalFile
from proposals.rules import EDITABLE, PUBLIC, PUBLIC_IF_PUBLISHED, State

PER_PAGE = 12
MAX_PAGE = 500
#: The map shows the same set as the list; more points than this are more than a map can say.
MAX_POINTS = 2_000
SORTS = ("newest", "discussed", "cheapest", "costliest")


@dataclass(frozen=True)
class Filter:
    """What the list shows, as its address says: slugs, a state, words to search, an order."""

    neighbourhood: str = ""
    category: str = ""
    state: str = ""
    round: str = ""
    words: str = ""
    sort: str = "newest"

    @property
    def is_set(self) -> bool:
        """Whether anything but the order is chosen."""
        return any((self.neighbourhood, self.category, self.state, self.round, self.words))


def comment_count() -> ColumnElement[int]:
    """How many comments of a proposal anyone can read."""
    return (
        select(func.count(Comment.id))
        .where(Comment.proposal_id == Proposal.id, Comment.state == "visible")
        .correlate(Proposal)
        .scalar_subquery()
    )


def _filtered(query: Select, chosen: Filter) -> Select:
    states = {chosen.state} & PUBLIC if chosen.state else PUBLIC
    query = query.where(Proposal.state.in_(sorted(states)))
    if chosen.neighbourhood:
        query = query.where(
            Proposal.neighbourhood_id.in_(
                select(Neighbourhood.id).where(Neighbourhood.slug == chosen.neighbourhood)
            )
        )
    if chosen.category:
        query = query.where(
            Proposal.category_id.in_(select(Category.id).where(Category.slug == chosen.category))
        )
    if chosen.round:
        query = query.where(
            Proposal.round_id.in_(
                select(Round.id).where(Round.slug == chosen.round, Round.published_at.is_not(None))
            )
        )
    if chosen.words:
        query = query.where(matches(Proposal.search_vector, chosen.words))
    return query


def having_words(words: str) -> Select:
    """Ids of what is public and has the words, the newest first, with what it is ranked by."""
    return _filtered(select(Proposal.id, Proposal.search_vector), Filter(words=words)).order_by(
        Proposal.id.desc()
    )


def _order(sort: str, count: ColumnElement[int]) -> tuple[Any, ...]:
    cost = func.coalesce(Proposal.official_cost, Proposal.estimated_cost)
    newest = (Proposal.published_at.desc(), Proposal.id.desc())
    return {
        "discussed": (count.desc(), *newest),
        "cheapest": (cost.asc().nulls_last(), *newest),
        "costliest": (cost.desc().nulls_last(), *newest),
    }.get(sort, newest)


def _for_cards() -> tuple[Any, ...]:
    return (
        joinedload(Proposal.neighbourhood),
        joinedload(Proposal.category),
        selectinload(Proposal.files).joinedload(ProposalFile.file),
        raiseload("*"),
    )


def list_proposals(
    chosen: Filter, page: int = 1, per_page: int = PER_PAGE
) -> tuple[Sequence[Row[tuple[Proposal, int]]], int]:
    """A page of public proposals with their numbers of comments, and how many there are in all."""
    total = db.session.scalar(_filtered(select(func.count(Proposal.id)), chosen)) or 0
    count = comment_count()
    rows = db.session.execute(
        _filtered(select(Proposal, count), chosen)
        .options(*_for_cards())
        .order_by(*_order(chosen.sort, count))
        .limit(per_page)
        .offset((min(page, MAX_PAGE) - 1) * per_page)
    ).all()
    return rows, total


def list_points(chosen: Filter) -> Sequence[Row[Any]]:
    """Where the proposals of the list are: id, title, state, place and whether the point is exact.

    A proposal without a point of its own stands at its neighbourhood's.
    """
    return db.session.execute(
        _filtered(
            select(
                Proposal.id,
                Proposal.title,
                Proposal.state,
                func.coalesce(Proposal.latitude, Neighbourhood.latitude).label("latitude"),
                func.coalesce(Proposal.longitude, Neighbourhood.longitude).label("longitude"),
                Proposal.latitude.is_not(None).label("exact"),
                Neighbourhood.name.label("neighbourhood"),
            ).join(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id),
            chosen,
        )
        .order_by(Proposal.id)
        .limit(MAX_POINTS)
    ).all()


def find_proposal(proposal_id: int) -> Proposal | None:
    """A proposal with everything its page shows."""
    return db.session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(
            joinedload(Proposal.neighbourhood),
            joinedload(Proposal.category),
            joinedload(Proposal.author),
            selectinload(Proposal.files).joinedload(ProposalFile.file),
            raiseload("*"),
        )
        .execution_options(populate_existing=True)
    )


def get_proposal(proposal_id: int) -> Proposal:
    """A proposal with everything its page shows, or NotFound."""
    proposal = find_proposal(proposal_id)
    if proposal is None:
        raise NotFound
    return proposal


def lock_proposal(proposal_id: int) -> Proposal:
    """The proposal as it is now, held until the transaction ends, or NotFound."""
    proposal = db.session.scalar(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .options(selectinload(Proposal.files))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if proposal is None:
        raise NotFound
    return proposal


def find_similar(title: str, but: int, limit: int = 5) -> Sequence[Proposal]:
    """Public proposals that share the most words with a title, the nearest first."""
    words = [word for word in re.findall(r"\w+", fold(title)) if len(word) > 3][:12]
    if not words:
        return []
    wanted = func.to_tsquery("simple", " | ".join(f"{word}:*" for word in words))
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.id != but, Proposal.state.in_(PUBLIC), Proposal.search_vector.op("@@")(wanted))
        .order_by(func.ts_rank(Proposal.search_vector, wanted).desc(), Proposal.id)
        .options(raiseload("*"))
        .limit(limit)
    ).all()


def list_file_ids(proposal_id: int) -> Sequence[int]:
    """The stored files of a proposal."""
    return db.session.scalars(
        select(ProposalFile.file_id).where(ProposalFile.proposal_id == proposal_id)
    ).all()


def is_of_draft(file_id: int) -> bool:
    """Whether a stored file belongs to a proposal that its author has not sent."""
    found = (
        select(ProposalFile.file_id)
        .join(Proposal, Proposal.id == ProposalFile.proposal_id)
        .where(ProposalFile.file_id == file_id, Proposal.state == State.DRAFT)
    )
    return db.session.scalar(found.limit(1)) is not None


def list_eligible(round_id: int) -> Sequence[Proposal]:
    """The proposals of a round found eligible or already put to the vote, oldest first."""
    return db.session.scalars(
        select(Proposal)
        .where(
            Proposal.round_id == round_id,
            Proposal.state.in_(
                [State.ELIGIBLE, State.ADMITTED, State.WINNER, State.RESERVE, State.NOT_FUNDED]
            ),
        )
        .options(*_for_cards())
        .order_by(Proposal.id)
    ).all()


def list_mine(author_id: int) -> Sequence[Proposal]:
    """An account's proposals, drafts first, then the latest."""
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.author_id == author_id)
        .options(*_for_cards())
        .order_by(Proposal.state.in_(EDITABLE).desc(), Proposal.updated_at.desc(), Proposal.id.desc())
        .limit(100)
    ).all()


def list_latest(limit: int, neighbourhood_id: int | None = None) -> Sequence[Any]:
    """The newest public proposals with their numbers of comments, of one neighbourhood if told."""
    query = select(Proposal, comment_count()).where(Proposal.state.in_(sorted(PUBLIC)))
    if neighbourhood_id is not None:
        query = query.where(Proposal.neighbourhood_id == neighbourhood_id)
    return db.session.execute(
        query.options(*_for_cards()).order_by(Proposal.published_at.desc(), Proposal.id.desc()).limit(limit)
    ).all()


def is_public() -> ColumnElement[bool]:
    """Whether anyone may read a proposal's page, as `rules.is_public` says of one."""
    stays = Proposal.state.in_(sorted(PUBLIC_IF_PUBLISHED)) & Proposal.published_at.is_not(None)
    return Proposal.state.in_(sorted(PUBLIC)) | stays


def list_changes() -> Select:
    """(id, changed at) of what everybody may read."""
    return select(Proposal.id, Proposal.updated_at).where(is_public())


def count_public(neighbourhood_id: int | None = None) -> int:
    """How many proposals anyone can read, in one neighbourhood if told."""
    query = select(func.count(Proposal.id)).where(Proposal.state.in_(sorted(PUBLIC)))
    if neighbourhood_id is not None:
        query = query.where(Proposal.neighbourhood_id == neighbourhood_id)
    return db.session.scalar(query) or 0


def list_for_links(ids: Iterable[int]) -> Sequence[Proposal]:
    """Proposals by id, bare."""
    return db.session.scalars(
        select(Proposal).where(Proposal.id.in_(list(ids))).options(raiseload("*"))
    ).all()


def list_for_moderation(ids: Iterable[int]) -> Sequence[Proposal]:
    """Proposals by id with their author and neighbourhood."""
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.id.in_(list(ids)))
        .options(joinedload(Proposal.author), joinedload(Proposal.neighbourhood), raiseload("*"))
    ).all()


def find_empty_draft(author_id: int) -> Proposal | None:
    """A draft of the account in which nothing was written yet."""
    return db.session.scalar(
        select(Proposal)
        .where(
            Proposal.author_id == author_id,
            Proposal.state == State.DRAFT,
            Proposal.title == "",
            Proposal.problem == "",
            Proposal.idea == "",
            ~Proposal.files.any(),
        )
        .order_by(Proposal.id)
        .limit(1)
    )


def lock_forgotten_drafts(before: datetime, limit: int) -> Sequence[Proposal]:
    """Drafts of deleted accounts, and those in which nothing was written and which are older than `before`."""
    left_behind = Proposal.author_id.in_(select(Account.id).where(Account.deleted_at.is_not(None)))
    empty = (
        (Proposal.title == "")
        & (Proposal.problem == "")
        & (Proposal.idea == "")
        & (Proposal.updated_at < before)
        & ~Proposal.files.any()
    )
    return db.session.scalars(
        select(Proposal)
        .where(Proposal.state == State.DRAFT, left_behind | empty)
        .order_by(Proposal.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def count_drafts(author_id: int) -> int:
    """How many drafts an account has."""
    return (
        db.session.scalar(
            select(func.count(Proposal.id)).where(
                Proposal.author_id == author_id, Proposal.state == State.DRAFT
            )
        )
        or 0
    )


def count_submitted_last_day(author_id: int, now: datetime) -> int:
    """How many proposals an account has submitted in 24 hours."""
    return (
        db.session.scalar(
            select(func.count(Proposal.id)).where(
                Proposal.author_id == author_id, Proposal.submitted_at > now - timedelta(days=1)
            )
        )
        or 0
    )


def count_public_of(author_id: int) -> int:
    """How many proposals of an account anyone can read."""
    return (
        db.session.scalar(
            select(func.count(Proposal.id)).where(
                Proposal.author_id == author_id, Proposal.state.in_(sorted(PUBLIC))
            )
        )
        or 0
    )


def list_neighbourhoods() -> Sequence[Neighbourhood]:
    """The neighbourhoods in alphabetical order."""
    return db.session.scalars(select(Neighbourhood).order_by(Neighbourhood.sort_key)).all()


def list_categories() -> Sequence[Category]:
    """The domains in their order."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.id)).all()
