"""Every question asked of the comments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, raiseload

from civic.errors import NotFound
from civic.extensions import db
from proposals.comments.models import Comment
from proposals.models import Proposal

PER_PAGE = 20
#: Replies shown under one comment; more would be a conversation of its own.
MAX_REPLIES = 100


@dataclass
class Thread:
    """A comment with its replies, oldest first."""

    comment: Comment
    replies: list[Comment] = field(default_factory=list)


def _readable(actor_id: int | None) -> ColumnElement[bool]:
    # A hidden comment keeps its place and says it was hidden; one waiting is its author's alone.
    shown = Comment.state.in_(["visible", "hidden"])
    return shown if actor_id is None else or_(shown, Comment.author_id == actor_id)


def list_threads(proposal_id: int, actor_id: int | None, page: int) -> tuple[list[Thread], int]:
    """A page of comments with their replies, newest comment first, and how many comments there are.

    Three queries, whatever the number of comments.
    """
    top = (Comment.proposal_id == proposal_id, Comment.parent_id.is_(None), _readable(actor_id))
    total = db.session.scalar(select(func.count(Comment.id)).where(*top)) or 0
    comments = db.session.scalars(
        select(Comment)
        .where(*top)
        .options(joinedload(Comment.author), raiseload("*"))
        .order_by(Comment.created_at.desc(), Comment.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    threads = {comment.id: Thread(comment) for comment in comments}
    if threads:
        rank = (
            func.row_number()
            .over(partition_by=Comment.parent_id, order_by=(Comment.created_at, Comment.id))
            .label("rank")
        )
        ranked = (
            select(Comment.id, rank)
            .where(Comment.parent_id.in_(list(threads)), _readable(actor_id))
            .subquery()
        )
        replies = db.session.scalars(
            select(Comment)
            .join(ranked, ranked.c.id == Comment.id)
            .where(ranked.c.rank <= MAX_REPLIES)
            .options(joinedload(Comment.author), raiseload("*"))
            .order_by(Comment.created_at, Comment.id)
        )
        for reply in replies:
            threads[reply.parent_id or 0].replies.append(reply)
    return list(threads.values()), total


def count_visible(proposal_id: int) -> int:
    """How many comments and replies anyone can read."""
    return (
        db.session.scalar(
            select(func.count(Comment.id)).where(
                Comment.proposal_id == proposal_id, Comment.state == "visible"
            )
        )
        or 0
    )


def get_comment(comment_id: int, *, lock: bool = False) -> Comment:
    """A comment, or NotFound."""
    query = select(Comment).where(Comment.id == comment_id).execution_options(populate_existing=True)
    comment = db.session.scalar(query.with_for_update() if lock else query)
    if comment is None:
        raise NotFound
    return comment


def find_sent(author_id: int, form_key: str) -> Comment | None:
    """The comment already made by a form."""
    return db.session.scalar(
        select(Comment).where(Comment.author_id == author_id, Comment.form_key == form_key)
    )


def page_of(comment: Comment) -> int:
    """The page of the thread on which a comment is for its readers."""
    top = comment if comment.parent_id is None else get_comment(comment.parent_id)
    newer = (
        db.session.scalar(
            select(func.count(Comment.id)).where(
                Comment.proposal_id == top.proposal_id,
                Comment.parent_id.is_(None),
                Comment.state != "held",
                or_(
                    Comment.created_at > top.created_at,
                    (Comment.created_at == top.created_at) & (Comment.id > top.id),
                ),
            )
        )
        or 0
    )
    return newer // PER_PAGE + 1


def count_last_hour(author_id: int, now: datetime) -> int:
    """How many comments an account has written in an hour."""
    return (
        db.session.scalar(
            select(func.count(Comment.id)).where(
                Comment.author_id == author_id, Comment.created_at > now - timedelta(hours=1)
            )
        )
        or 0
    )


def count_public_of(author_id: int) -> int:
    """How many comments of an account anyone can read."""
    return (
        db.session.scalar(
            select(func.count(Comment.id)).where(Comment.author_id == author_id, Comment.state == "visible")
        )
        or 0
    )


def list_same(comment: Comment, limit: int = 5) -> Sequence[Comment]:
    """Comments with the same words elsewhere, the latest first."""
    return db.session.scalars(
        select(Comment)
        .where(func.lower(func.btrim(Comment.body)) == comment.body.strip().lower(), Comment.id != comment.id)
        .options(raiseload("*"))
        .order_by(Comment.id.desc())
        .limit(limit)
    ).all()


def list_for_moderation(ids: Iterable[int]) -> Sequence[tuple[Comment, Proposal]]:
    """Comments by id with their authors, and the proposals they are about."""
    rows = db.session.execute(
        select(Comment, Proposal)
        .join(Proposal, Proposal.id == Comment.proposal_id)
        .where(Comment.id.in_(list(ids)))
        .options(joinedload(Comment.author), joinedload(Proposal.neighbourhood), raiseload("*"))
    ).all()
    return [(row[0], row[1]) for row in rows]
