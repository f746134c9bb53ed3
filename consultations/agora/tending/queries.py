"""Every question asked about what moderators did in debates."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import raiseload

from civic.errors import NotFound
from civic.extensions import db
from consultations.agora.arguing import rules as arguing
from consultations.agora.arguing.models import AgoraJudgement, AgoraPost
from consultations.agora.arguing.queries import is_standing, with_author
from consultations.agora.tending.models import AgoraAct
from consultations.agora.tending.rules import MERGE, SPLIT

PAGE_SIZE = 25
#: Arguments offered to be merged into, and merged ones shown under what was kept.
OFFERED, MERGED_SHOWN = 200, 20


def list_acts(debate_id: int, page: int, size: int = PAGE_SIZE) -> tuple[Sequence[AgoraAct], int]:
    """A page of what moderators did in a debate, the latest first, and how many acts there are."""
    total = db.session.scalar(select(func.count()).where(AgoraAct.debate_id == debate_id)) or 0
    rows = db.session.scalars(
        select(AgoraAct)
        .where(AgoraAct.debate_id == debate_id)
        .order_by(AgoraAct.at.desc(), AgoraAct.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return rows, total


def get_act(act_id: int, *, fresh: bool = False) -> AgoraAct:
    """One act. Raises NotFound."""
    found = db.session.get(AgoraAct, act_id, populate_existing=fresh)
    if found is None:
        raise NotFound
    return found


def find_live(debate_id: int, kind: str) -> AgoraAct | None:
    """What is in force of a kind for a whole debate."""
    return db.session.scalar(
        select(AgoraAct).where(
            AgoraAct.debate_id == debate_id, AgoraAct.kind == kind, AgoraAct.undone_at.is_(None)
        )
    )


def lock_posts(ids: Collection[int]) -> dict[int, AgoraPost]:
    """Texts by id, locked in the order of their numbers, fresh."""
    rows = db.session.scalars(
        select(AgoraPost)
        .where(AgoraPost.id.in_(ids))
        .order_by(AgoraPost.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {post.id: post for post in rows}


def lock_carried(act_id: int) -> None:
    """Lock the judgements an act copied: before the arguments' counts, as the job that counts them does."""
    wanted = select(AgoraJudgement.post_id).where(AgoraJudgement.act_id == act_id)
    db.session.execute(wanted.order_by(AgoraJudgement.participant_id).with_for_update()).all()


def has_merged(post_id: int) -> bool:
    """Whether another argument is merged into this one."""
    wanted = select(AgoraAct.id).where(
        AgoraAct.into_id == post_id, AgoraAct.kind == MERGE, AgoraAct.undone_at.is_(None)
    )
    return db.session.scalar(wanted.limit(1)) is not None


def list_merged(ids: Iterable[int]) -> dict[int, list[AgoraPost]]:
    """The visible arguments merged into each of these, in one query."""
    rank = func.row_number().over(partition_by=AgoraAct.into_id, order_by=AgoraAct.id)
    ranked = (
        select(AgoraAct.post_id, rank.label("rank"))
        .where(AgoraAct.into_id.in_(list(ids)), AgoraAct.kind == MERGE, AgoraAct.undone_at.is_(None))
        .subquery()
    )
    rows = db.session.scalars(
        select(AgoraPost)
        .join(ranked, ranked.c.post_id == AgoraPost.id)
        .where(ranked.c.rank <= MERGED_SHOWN, AgoraPost.state == "visible")
        .options(*with_author())
        .order_by(AgoraPost.created_at, AgoraPost.id)
    )
    found: dict[int, list[AgoraPost]] = {}
    for post in rows:
        found.setdefault(post.merged_into_id or 0, []).append(post)
    return found


def list_same_side(post: AgoraPost) -> list[AgoraPost]:
    """The arguments one could be merged into: the same side of the same debate, those that say nearly it first."""
    rows = db.session.scalars(
        select(AgoraPost)
        .where(
            AgoraPost.debate_id == post.debate_id, AgoraPost.kind == arguing.ARGUMENT,
            AgoraPost.side == post.side, AgoraPost.id != post.id, is_standing(),
        )
        .options(raiseload("*"))
        .order_by(AgoraPost.created_at.desc(), AgoraPost.id.desc())
        .limit(OFFERED)
    ).all()  # fmt: skip
    words = post.stems.split()
    return sorted(rows, key=lambda one: -arguing.likeness(words, one.stems.split()))


def list_positions(debate_id: int) -> Sequence[AgoraPost]:
    """The positions an argument could be about."""
    return db.session.scalars(
        select(AgoraPost)
        .where(AgoraPost.debate_id == debate_id, AgoraPost.kind == arguing.POSITION, is_standing())
        .options(raiseload("*"))
        .order_by(AgoraPost.id)
    ).all()


def list_splits(post_ids: Collection[int]) -> Sequence[AgoraAct]:
    """The acts that split these texts or made them, undone ones too, locked."""
    return db.session.scalars(
        select(AgoraAct)
        .where(AgoraAct.kind == SPLIT, or_(AgoraAct.post_id.in_(post_ids), AgoraAct.into_id.in_(post_ids)))
        .order_by(AgoraAct.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
