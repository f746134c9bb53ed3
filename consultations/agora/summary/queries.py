"""Every question asked about summaries and objections."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from civic.errors import NotFound
from civic.extensions import db
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.queries import is_standing
from consultations.agora.arguing.rules import ARGUMENT
from consultations.agora.summary.models import AgoraObjection, AgoraSentence


def list_sentences(debate_id: int) -> Sequence[AgoraSentence]:
    """The sentences of a summary with what they cite, in the order in which they were written."""
    return db.session.scalars(
        select(AgoraSentence)
        .where(AgoraSentence.debate_id == debate_id)
        .options(selectinload(AgoraSentence.citations))
        .order_by(AgoraSentence.id)
        .execution_options(populate_existing=True)
    ).all()


def get_sentence(debate_id: int, sentence_id: int) -> AgoraSentence:
    """One sentence of a debate's summary. Raises NotFound."""
    found = db.session.scalar(
        select(AgoraSentence)
        .where(AgoraSentence.id == sentence_id, AgoraSentence.debate_id == debate_id)
        .options(selectinload(AgoraSentence.citations))
    )
    if found is None:
        raise NotFound
    return found


def count_arguments(debate_id: int) -> int:
    """How many arguments anyone can read."""
    wanted = select(func.count()).where(
        AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT, is_standing()
    )
    return db.session.scalar(wanted) or 0


def visible_arguments(debate_id: int, ids: Collection[int]) -> set[int]:
    """Which of the numbers are visible arguments of a debate."""
    rows = db.session.scalars(
        select(AgoraPost.id).where(
            AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT, is_standing(),
            AgoraPost.id.in_(ids),
        )
    )  # fmt: skip
    return set(rows)


def list_objections(debate_id: int, participant_id: int | None) -> Sequence[AgoraObjection]:
    """The objections anyone can read and one's own that waits, the oldest first."""
    mine = and_(AgoraObjection.state == "held", AgoraObjection.participant_id == participant_id)
    shown = AgoraObjection.state.in_(["visible", "hidden"])
    return db.session.scalars(
        select(AgoraObjection)
        .where(AgoraObjection.debate_id == debate_id)
        .where(shown if participant_id is None else or_(shown, mine))
        .options(joinedload(AgoraObjection.participant).joinedload(AgoraParticipant.account), raiseload("*"))
        .order_by(AgoraObjection.created_at, AgoraObjection.id)
    ).all()


def has_objected(debate_id: int, participant_id: int | None) -> bool:
    """Whether somebody has objected to a summary."""
    wanted = select(AgoraObjection.id).where(
        AgoraObjection.debate_id == debate_id, AgoraObjection.participant_id == participant_id
    )
    return participant_id is not None and db.session.scalar(wanted) is not None


def get_objection(objection_id: int, *, lock: bool = False) -> AgoraObjection:
    """An objection in any state. Raises NotFound."""
    wanted = (
        select(AgoraObjection)
        .where(AgoraObjection.id == objection_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound
    return found
