"""Who is asked how satisfied they are: those whose contribution was answered."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from civic.satisfaction.occasions import Occasion, register_occasion
from consultations.contributions.models import Answer, Contribution
from consultations.contributions.rules import AnswerState


def _answered(since: datetime, until: datetime) -> Select[int | None]:
    theirs = or_(Answer.contribution_id == Contribution.id, Answer.theme_id == Contribution.theme_id)
    return (
        select(Contribution.account_id)
        .join(Answer, theirs)
        .where(Contribution.account_id.is_not(None), Contribution.hidden_at.is_(None))
        .where(Answer.state == AnswerState.PUBLISHED)
        .where(Answer.published_at >= since, Answer.published_at < until)
    )


def register() -> None:
    """Have them asked."""
    register_occasion(Occasion("contribution", _answered))
