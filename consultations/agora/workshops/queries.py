"""Every question asked about the workshops of debates."""

from collections.abc import Sequence

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import contains_eager

from civic.errors import NotFound
from civic.extensions import db
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.queries import with_author
from consultations.agora.models import AgoraDebate
from consultations.agora.queries import is_public
from consultations.agora.workshops.models import AgoraWorkshop
from consultations.agora.workshops.rules import KINDS
from consultations.meetings.models import Meeting

#: Meetings offered in one field, workshops and notes shown on one page.
MOST_OFFERED, MOST_SHOWN, MOST_NOTES = 100, 20, 200


def list_of_debate(debate_id: int) -> Sequence[Row[AgoraWorkshop, int]]:
    """The workshops of a debate by their day, each with how many notes were entered. One query."""
    notes = (
        select(func.count(AgoraPost.id))
        .join(AgoraParticipant, AgoraParticipant.id == AgoraPost.participant_id)
        .where(
            AgoraParticipant.debate_id == AgoraWorkshop.debate_id,
            AgoraParticipant.meeting_id == AgoraWorkshop.meeting_id,
            AgoraPost.state == "visible",
        )
        .correlate(AgoraWorkshop)
        .scalar_subquery()
    )
    return db.session.execute(
        select(AgoraWorkshop, notes)
        .join(Meeting, Meeting.id == AgoraWorkshop.meeting_id)
        .where(AgoraWorkshop.debate_id == debate_id)
        .options(contains_eager(AgoraWorkshop.meeting))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_SHOWN)
    ).all()


def list_of_meeting(meeting_id: int) -> Sequence[AgoraDebate]:
    """The public debates a meeting is a workshop of."""
    return db.session.scalars(
        select(AgoraDebate)
        .join(AgoraWorkshop, AgoraWorkshop.debate_id == AgoraDebate.id)
        .where(AgoraWorkshop.meeting_id == meeting_id, is_public())
        .order_by(AgoraDebate.id)
        .limit(MOST_SHOWN)
    ).all()


def get_tie(debate_id: int, meeting_id: int) -> AgoraWorkshop:
    """A workshop of a debate, with its meeting. Raises NotFound."""
    found = db.session.scalar(
        select(AgoraWorkshop)
        .join(Meeting, Meeting.id == AgoraWorkshop.meeting_id)
        .where(AgoraWorkshop.debate_id == debate_id, AgoraWorkshop.meeting_id == meeting_id)
        .options(contains_eager(AgoraWorkshop.meeting))
    )
    if found is None:
        raise NotFound
    return found


def list_to_tie(debate_id: int) -> Sequence[Meeting]:
    """The workshops and assemblies that can still be tied to a debate, the latest first."""
    tied = exists().where(AgoraWorkshop.debate_id == debate_id, AgoraWorkshop.meeting_id == Meeting.id)
    return db.session.scalars(
        select(Meeting)
        .where(
            Meeting.kind.in_(KINDS), Meeting.announced_at.is_not(None), Meeting.cancelled_at.is_(None), ~tied
        )
        .order_by(Meeting.starts_at.desc(), Meeting.id)
        .limit(MOST_OFFERED)
    ).all()


def find_voice(debate_id: int, meeting_id: int) -> AgoraParticipant | None:
    """The place of a workshop in a debate, under which its notes stand."""
    return db.session.scalar(
        select(AgoraParticipant).where(
            AgoraParticipant.debate_id == debate_id, AgoraParticipant.meeting_id == meeting_id
        )
    )


def list_notes(debate_id: int, meeting_id: int) -> Sequence[AgoraPost]:
    """What was entered of a workshop, in the order in which it was."""
    return db.session.scalars(
        select(AgoraPost)
        .join(AgoraParticipant, AgoraParticipant.id == AgoraPost.participant_id)
        .where(AgoraParticipant.debate_id == debate_id, AgoraParticipant.meeting_id == meeting_id)
        .options(*with_author())
        .order_by(AgoraPost.id)
        .limit(MOST_NOTES)
    ).all()
