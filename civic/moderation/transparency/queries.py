"""What a month of moderation is counted from, and the months that are published."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.models import ContentReport, ModerationCase
from civic.moderation.suspensions.models import Suspension
from civic.moderation.transparency.models import ModerationMonth
from civic.moderation.transparency.rules import Raw


def _hours(since: Any, until: Any) -> Any:
    return func.extract("epoch", until - since) / 3600


def _number(column: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count(column)).where(*where)) or 0


def _grouped(query: Select[Any, Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def count_month(start: datetime, end: datetime) -> Raw:
    """Everything that happened between two moments, in a constant number of queries."""
    Case, Appeal = ModerationCase, ModerationAppeal

    def within(column: Any) -> tuple[Any, Any]:
        return (column >= start, column < end)

    # What an upheld appeal closes again is no decision of its own.
    decided = (
        *within(Case.decided_at),
        Case.decision != "withdrawn",
        ~(Case.again_of_id.is_not(None) & (Case.decided_at == Case.opened_at)),
    )
    settled = (*within(Appeal.decided_at), Appeal.state.in_(("upheld", "rejected")))
    return Raw(
        decisions={
            (kind, decision or "", reason): number
            for kind, decision, reason, number in db.session.execute(
                select(Case.subject_kind, Case.decision, Case.reason_code, func.count())
                .where(*decided)
                .group_by(Case.subject_kind, Case.decision, Case.reason_code)
            )
        },
        hours=[
            float(one)
            for one in db.session.scalars(select(_hours(Case.opened_at, Case.decided_at)).where(*decided))
        ],
        overdue=_number(Case.id, *decided, Case.decided_at > Case.due_at),
        reports=_grouped(
            select(ContentReport.reason_code, func.count())
            .where(*within(ContentReport.created_at))
            .group_by(ContentReport.reason_code)
        ),
        appeals_filed=_number(Appeal.id, *within(Appeal.filed_at)),
        appeals=_grouped(select(Appeal.state, func.count()).where(*settled).group_by(Appeal.state)),
        appeal_hours=[
            float(one)
            for one in db.session.scalars(select(_hours(Appeal.filed_at, Appeal.decided_at)).where(*settled))
        ],
        appeals_overdue=_number(Appeal.id, *settled, Appeal.decided_at > Appeal.due_at),
        suspensions_proposed=_number(Suspension.id, *within(Suspension.proposed_at)),
        suspensions=_number(Suspension.id, *within(Suspension.decided_at), Suspension.state == "confirmed"),
        lifted=_number(Suspension.id, *within(Suspension.lifted_at)),
        taken_back=_number(Case.id, *within(Case.undone_at)),
        officials=_number(Statement.id, *within(Statement.decided_at), Statement.official),
    )


def first_event() -> datetime | None:
    """When anything of moderation first happened: a case opened."""
    return db.session.scalar(select(func.min(ModerationCase.opened_at)))


def list_months() -> Sequence[ModerationMonth]:
    """The published months, the latest first."""
    return db.session.scalars(select(ModerationMonth).order_by(ModerationMonth.month.desc())).all()


def known_months() -> frozenset[date]:
    """The months that are published."""
    return frozenset(db.session.scalars(select(ModerationMonth.month)))


def get_month(month: date) -> ModerationMonth:
    """One published month, or NotFound."""
    found = db.session.get(ModerationMonth, month)
    if found is None:
        raise NotFound
    return found
