"""Commands that tie budgets to decisions. They flush; the caller's unit of work commits."""

from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.budget import queries, rules
from civic.budget.models import BudgetDecision
from civic.decisions.queries import get_public
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db

KIND = "budget_decision"


def tie_decision(
    actor: Actor, year: int, subject: tuple[str, int] | None, decision_id: int, role: str, amount: Decimal | None,
    now: datetime,
) -> int:  # fmt: skip
    """Say that a decision approved or revised the budget of a year, or one chapter or line ("chapter", id) of it.

    Raises NotFound for a decision that is not public, Invalid for a subject of another year or a decision older than the budget, Conflict when it is said already.
    """
    decision = get_public(decision_id)
    if role not in rules.ROLES:
        raise Invalid(_("Choose one of the options."))
    if year not in queries.list_years():
        raise Invalid(_("No budget of this year has been brought in."))
    if decision.year > year + 1 or decision.year < year - 1:
        raise Invalid(_("This decision is of another year than the budget."))
    values: dict[str, int | None] = {"chapter_id": None, "line_id": None}
    if subject is not None:
        kind, number = subject
        one = queries.get_chapter(number) if kind == "chapter" else queries.get_line(number)
        if one.year != year:
            raise Invalid(_("This chapter is of another year."))
        values[f"{kind}_id"] = number
    made = db.session.scalar(
        insert(BudgetDecision)
        .values(year=year, decision_id=decision_id, role=role, amount=amount, added_at=now, **values)
        .on_conflict_do_nothing()
        .returning(BudgetDecision.id)
    )
    if made is None:
        raise Conflict(_("This is said already. Remove it first to correct the amount."))
    audit.record(actor, "budget.decision_tied", KIND, made, now, {"decision": decision_id, "year": year})
    return made


def untie_decision(actor: Actor, tie_id: int, now: datetime) -> int:
    """Take back a tie made by mistake; returns its year."""
    found = db.session.scalar(select(BudgetDecision).filter_by(id=tie_id).with_for_update(of=BudgetDecision))
    if found is None:
        raise NotFound
    year = found.year
    db.session.delete(found)
    audit.record(actor, "budget.decision_untied", KIND, tie_id, now)
    db.session.flush()
    return year
