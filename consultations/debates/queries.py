"""Every question asked about debates."""

from collections.abc import Sequence

from sqlalchemy import exists, func, not_, or_, select

from civic.errors import NotFound
from civic.extensions import db
from consultations.contributions.models import Contribution
from consultations.debates.models import Debate, DebateMove, DebateRequest, DebateSpeaker
from consultations.debates.rules import WITHDRAWN
from consultations.models import Consultation


def list_requests(consultation_id: int) -> Sequence[DebateRequest]:
    """The requests for a debate, the oldest first."""
    return db.session.scalars(
        select(DebateRequest)
        .where(DebateRequest.consultation_id == consultation_id)
        .order_by(DebateRequest.requested_at, DebateRequest.id)
    ).all()


def list_debates(consultation_id: int) -> Sequence[Debate]:
    """The debates of a consultation, by their day."""
    return db.session.scalars(
        select(Debate).where(Debate.consultation_id == consultation_id).order_by(Debate.starts_at, Debate.id)
    ).all()


def list_unannounced(limit: int) -> Sequence[tuple[DebateRequest, Consultation]]:
    """Requests that no debate was announced for, by the end of their clock, while it can still be held."""
    answered = exists().where(
        Debate.consultation_id == DebateRequest.consultation_id,
        Debate.cancelled_at.is_(None),
        or_(Debate.ended_at.is_(None), Debate.ended_at > DebateRequest.requested_at),
    )
    rows = db.session.execute(
        select(DebateRequest, Consultation)
        .join(Consultation, Consultation.id == DebateRequest.consultation_id)
        .where(Consultation.report_published_at.is_(None), Consultation.outcome_at.is_(None), not_(answered))
        .order_by(DebateRequest.announce_by, DebateRequest.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def list_without_minutes(limit: int) -> Sequence[Debate]:
    """Debates that were held and have no minutes yet, by the end of their clock."""
    return db.session.scalars(
        select(Debate)
        .where(Debate.ended_at.is_not(None), Debate.minutes_at.is_(None), Debate.cancelled_at.is_(None))
        .order_by(Debate.minutes_due_at, Debate.id)
        .limit(limit)
    ).all()


def find_planned(consultation_id: int) -> Debate | None:
    """The debate that is announced and neither held nor cancelled."""
    return db.session.scalar(
        select(Debate).where(
            Debate.consultation_id == consultation_id,
            Debate.cancelled_at.is_(None),
            Debate.ended_at.is_(None),
        )
    )


def get_debate(consultation_id: int, debate_id: int, *, lock: bool = False) -> Debate:
    """One debate of a consultation, locked until the end of the transaction if asked. Raises NotFound."""
    wanted = select(Debate).where(Debate.id == debate_id, Debate.consultation_id == consultation_id)
    if lock:
        wanted = wanted.with_for_update(of=Debate).execution_options(populate_existing=True)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


def list_moves(debate_id: int) -> Sequence[DebateMove]:
    """Every other day or place it had, the oldest first."""
    return db.session.scalars(
        select(DebateMove).where(DebateMove.debate_id == debate_id).order_by(DebateMove.id)
    ).all()


def list_speakers(debate_id: int) -> Sequence[DebateSpeaker]:
    """Everyone who asked to speak, those who withdrew too, in the order of speaking."""
    return db.session.scalars(
        select(DebateSpeaker).where(DebateSpeaker.debate_id == debate_id).order_by(DebateSpeaker.position)
    ).all()


def get_speaker(debate_id: int, speaker_id: int) -> DebateSpeaker:
    """One of those who asked to speak. Raises NotFound."""
    found = db.session.scalar(
        select(DebateSpeaker).where(DebateSpeaker.id == speaker_id, DebateSpeaker.debate_id == debate_id)
    )
    if found is None:
        raise NotFound
    return found


def find_own(debate_id: int, account_id: int | None) -> DebateSpeaker | None:
    """The actor's own place among the speakers."""
    if account_id is None:
        return None
    return db.session.scalar(
        select(DebateSpeaker).where(
            DebateSpeaker.debate_id == debate_id,
            DebateSpeaker.account_id == account_id,
            DebateSpeaker.state != WITHDRAWN,
        )
    )


def list_places_of(account_id: int) -> Sequence[DebateSpeaker]:
    """Every place an account took among speakers, locked."""
    return db.session.scalars(
        select(DebateSpeaker)
        .where(DebateSpeaker.account_id == account_id)
        .order_by(DebateSpeaker.id)
        .with_for_update()
    ).all()


def last_position(debate_id: int) -> int:
    """The last place in the order of speaking; 0 when nobody has signed up."""
    statement = select(func.max(DebateSpeaker.position)).where(DebateSpeaker.debate_id == debate_id)
    return db.session.scalar(statement) or 0


def list_entries(ids: Sequence[int | None]) -> dict[int, Contribution]:
    """Contributions by id, in one query."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = db.session.scalars(select(Contribution).where(Contribution.id.in_(wanted)))
    return {row.id: row for row in rows}
