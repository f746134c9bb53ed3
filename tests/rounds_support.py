"""Rounds for tests: a plan that works, at the moments that matter."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from civic.actor import Actor, Role
from civic.clock import city_moment
from civic.extensions import db
from civic.rounds import service
from civic.rounds.facts import GroupFacts, PhaseWindow, PotFacts
from civic.rounds.models import Round

STAFF = Actor(id=None, display_name="Personal", roles=frozenset({Role.STAFF}))
FIRST = date(2027, 1, 11)
#: Days from FIRST at which each phase begins, and its length.
LENGTHS = {
    "information": (0, 7), "submission": (7, 28), "analysis": (35, 14), "appeals": (49, 7),
    "voting": (56, 12), "validation": (68, 7), "results": (75, 5),
}  # fmt: skip


def day(number: int) -> datetime:
    """The city's midnight so many days after the first."""
    return city_moment(FIRST + timedelta(days=number))


def windows() -> list[PhaseWindow]:
    """One phase after the other."""
    return [PhaseWindow(kind, day(start), day(start + length)) for kind, (start, length) in LENGTHS.items()]


DURING = {kind: day(start) + timedelta(hours=10) for kind, (start, _length) in LENGTHS.items()}
BEFORE = day(-5)
AFTER = day(200)


def make_plan(**changes: Any) -> service.PlanChanges:
    """Everything a round needs to be published."""
    plan: dict[str, Any] = {
        "summary": "Banii pe care îi împărțim împreună.",
        "regulation": "# Regulament\n\nFiecare locuitor are **un vot**.",
        "regulation_decision": "HCL 41/2026",
        "regulation_date": date(2026, 11, 2),
        "min_age": 16,
        "max_cost": Decimal(400_000),
        "counting_rule": {"version": 1, "name": "greedy"},
        "pots": [PotFacts("Buget Unu", Decimal(3_000_000))],
        "groups": [GroupFacts("Partea Unu", max_choices=3)],
        "phases": windows(),
    }
    return {**plan, **changes}  # type: ignore[return-value]


def make_draft(name: str = "Ediția 2027", **changes: Any) -> Round:
    """An unpublished round with a whole plan."""
    round_ = service.create_round(STAFF, name, BEFORE, changes=make_plan(**changes))
    db.session.commit()
    return round_


def make_round(name: str = "Ediția 2027", **changes: Any) -> Round:
    """A published round."""
    round_ = make_draft(name, **changes)
    service.publish_round(STAFF, round_, BEFORE)
    db.session.commit()
    return round_
