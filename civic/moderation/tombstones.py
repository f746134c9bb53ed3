"""What everybody reads in the place of a text that was hidden: why, and since when; never who decided."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from civic.errors import Hidden
from civic.extensions import db
from civic.format import day
from civic.moderation.models import ModerationCase
from civic.moderation.reasons import with_rules
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


def gone(kind: str, subject_id: int, reason: str = "") -> Hidden:
    """What is raised in the place of the page of a hidden text: why it is hidden, since when, and who may contest it.

    `reason` is what the feature knows of it, for what was hidden without a case.
    """
    said = reasons_of(kind, [subject_id]).get(subject_id) or reason
    why = _("Reasons: %(reason)s", reason=said) if said else ""
    contest = _(
        "Its author was told how to contest this; then another moderator decides. If it was a mistake, it is public"
        " again exactly as it was."
    )
    return Hidden(with_rules(" ".join(part for part in (why, contest) if part)))
