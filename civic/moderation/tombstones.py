"""What everybody reads in the place of a text that was hidden: why, and since when; never who decided."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from civic.extensions import db
from civic.format import day
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision


def reasons_of(kind: str, ids: Iterable[int]) -> dict[int, str]:
    """The reason and the day of the decision by which each of some hidden texts is hidden, in one query at most."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(
        select(ModerationCase)
        .ext(distinct_on(ModerationCase.subject_id))
        .where(
            ModerationCase.subject_kind == kind,
            ModerationCase.subject_id.in_(wanted),
            ModerationCase.decision == Decision.HIDE,
            ModerationCase.undone_at.is_(None),
        )
        .order_by(ModerationCase.subject_id, ModerationCase.id.desc())
    )
    return {
        one.subject_id: _("%(reason)s Hidden on %(day)s.", reason=one.reason, day=day(one.decided_at))
        for one in rows
        if one.decided_at is not None
    }
