"""What pages show about the money of a delivery."""

from typing import Any

from flask import url_for

from civic.decisions.presenters import name_of
from civic.tracker.funds import queries, rules
from civic.tracker.funds.models import BudgetRevision
from civic.tracker.models import Delivery


def _revision(one: BudgetRevision, broken: bool) -> dict[str, Any]:
    """A revision as its table shows it."""
    url = url_for("decisions.show", decision_id=one.decision_id) if one.decision_id else ""
    name = name_of(one.decision) if one.decision else one.decision_text
    return {"revision": one, "decision": name, "url": url, "broken": broken}


def context(delivery: Delivery) -> dict[str, Any]:
    """Revisions, payments, and where a stated sum is not the sum of its parts."""
    revisions, payments = queries.list_revisions(delivery.id), queries.list_payments(delivery.id)
    broken = rules.breaks([(one.amount_before, one.amount_after) for one in revisions])
    last = revisions[-1].amount_after if revisions else None
    return {
        "revisions": [_revision(one, at in broken) for at, one in enumerate(revisions)],
        "first_budget": revisions[0].amount_before if revisions else None,
        "payments": payments,
        "budget_compared": rules.in_force(delivery.budget, last),
        "paid_compared": rules.paid(delivery.spent, [one.amount for one in payments]),
    }
