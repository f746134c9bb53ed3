"""The editions: planned, given their rules and dates, and made public, each on the day its file says."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from civic.demo.world import STAFF, World, items, page_text
from civic.extensions import db
from civic.rounds import rules_registry
from civic.rounds import service as rounds
from civic.rounds.facts import GroupFacts, PhaseWindow, PotFacts
from civic.rounds.models import Round


def plan(key: str) -> dict[str, Any]:
    """An edition as its file describes it."""
    return next(item for item in items("rounds") if item["key"] == key)


def phase(key: str, kind: str) -> dict[str, Any]:
    """A phase of an edition, in days."""
    found: dict[str, Any] = next(one for one in plan(key)["phases"] if one["kind"] == kind)
    return found


def find_round(key: str) -> Round:
    """An edition already loaded."""
    return db.session.scalars(select(Round).where(Round.slug == key)).one()


def load_round(world: World, item: dict[str, Any]) -> None:
    """Plan an edition and publish it, unless it is there."""
    if db.session.scalar(select(Round.id).where(Round.slug == item["key"])) is not None:
        return
    actor = world.person(STAFF)
    published: datetime = world.days.moment(item["published_day"], 12)
    round_ = rounds.create_round(
        actor,
        item["name"],
        world.days.moment(item["published_day"], 9),
        slug=item["key"],
        changes=changes(world, item),
    )
    rounds.publish_round(actor, round_, published)


def changes(world: World, item: dict[str, Any]) -> rounds.PlanChanges:
    """The plan of an edition as the rounds' service takes it."""
    regulation = item["regulation"]
    return {
        "summary": item["summary"],
        "regulation": regulation["text"] or page_text(regulation["page"], "ro"),
        "regulation_decision": regulation["decision"],
        "regulation_date": world.days.date(regulation["day"]),
        "min_age": item["eligibility"]["min_age"],
        "max_age": item["eligibility"]["max_age"],
        "area_basis": item["eligibility"]["area_basis"],
        "remote_verification": item["eligibility"].get("verification", []),
        "min_cost": _money(item["min_cost"]),
        "max_cost": _money(item["max_cost"]),
        "counting_rule": {"version": rules_registry.VERSION, **item["counting"]},
        "publication_mode": item["publication"],
        "phases": [
            PhaseWindow(one["kind"], world.days.start(one["start_day"]), world.days.start(one["end_day"] + 1))
            for one in item["phases"]
        ],
        "pots": [
            PotFacts(
                pot["name"],
                Decimal(pot["amount"]),
                programme_id=world.programmes[pot["programme"]] if pot["programme"] else None,
            )
            for pot in item["pots"]
        ],
        "groups": [
            GroupFacts(
                group["name"],
                group["ballot_kind"],
                category_id=world.categories[group["category"]] if group["category"] else None,
                max_choices=group["max_choices"],
                max_cost=_money(group["max_cost"]),
            )
            for group in item["groups"]
        ],
    }


def _money(amount: str | None) -> Decimal | None:
    return None if amount is None else Decimal(amount)
