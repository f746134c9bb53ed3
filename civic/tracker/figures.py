"""Deliveries in figures: by stage over time, by neighbourhood, and their money from approval to payment."""

import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import Date, and_, cast, false, func, literal_column, or_, select, union_all
from sqlalchemy.orm import aliased

from civic import clock
from civic.extensions import db
from civic.format import number
from civic.places.models import Neighbourhood
from civic.tracker import rules
from civic.tracker.labels import FIGURE_LABELS
from civic.tracker.models import Delivery, DeliveryStage

#: Months shown, with the one that runs.
MONTHS = 12
#: So many seconds a web process keeps what it added up over every work, while no work changes.
KEEP_SECONDS = 600.0

#: What is known of a work's money, from approval to payment.
_MONEY = ("budget", "contracted", "spent")

Changes = Sequence[tuple[date, str, int]]


def _months(today: date) -> list[date]:
    """The first days of the months shown, oldest first."""
    first = today.replace(day=1)
    made = [first]
    while len(made) < MONTHS:
        first = (first.replace(day=1) - timedelta(days=1)).replace(day=1)
        made.append(first)
    return made[::-1]


def changes_by_month() -> Sequence[Any]:
    """(month, stage, how many more stood there at its end than at its beginning), in one reading of the history."""

    def local(column: Any) -> Any:
        return cast(func.date_trunc("month", func.timezone(clock.CITY_ZONE.key, column)), Date)

    until = func.lead(DeliveryStage.since).over(
        partition_by=DeliveryStage.delivery_id, order_by=(DeliveryStage.since, DeliveryStage.id)
    )
    spans = select(DeliveryStage.status, DeliveryStage.since, until.label("until")).subquery()
    moves = union_all(
        select(local(spans.c.since).label("month"), spans.c.status, literal_column("1").label("more")),
        select(local(spans.c.until), spans.c.status, literal_column("-1")).where(spans.c.until.is_not(None)),
    ).subquery()
    return db.session.execute(
        select(moves.c.month, moves.c.status, func.sum(moves.c.more))
        .group_by(moves.c.month, moves.c.status)
        .order_by(moves.c.month)
    ).all()


def over_time(today: date, changes: Iterable[tuple[date, str, int]]) -> list[tuple[date, list[int]]]:
    """(month, works in each group at its end), oldest first."""
    shown = []
    waiting = sorted(changes, key=lambda one: one[0])
    at, standing = 0, dict.fromkeys(rules.FIGURE_GROUPS, 0)
    for month in _months(today):
        while at < len(waiting) and waiting[at][0] <= month:
            standing[rules.figure_group(waiting[at][1])] += waiting[at][2]
            at += 1
        shown.append((month, list(standing.values())))
    return shown


def standing_now() -> Sequence[Any]:
    """(neighbourhood or None, stage, how many works) of everything there is."""
    return db.session.execute(
        select(Delivery.neighbourhood_id, Delivery.status, func.count()).group_by(
            Delivery.neighbourhood_id, Delivery.status
        )
    ).all()


def by_area(standing: Iterable[tuple[int | None, str, int]]) -> list[tuple[str, list[int]]]:
    """(neighbourhood, works in each group now), by name; those of none of them last, under an empty name."""
    counted: dict[int | None, dict[str, int]] = {}
    for area, status, many in standing:
        groups = counted.setdefault(area, dict.fromkeys(rules.FIGURE_GROUPS, 0))
        groups[rules.figure_group(status)] += many
    names = db.session.execute(
        select(Neighbourhood.id, Neighbourhood.name).order_by(Neighbourhood.sort_key)
    ).all()
    ordered: list[tuple[int | None, str]] = [*((row[0], row[1]) for row in names), (None, "")]
    return [(name, list(counted[area].values())) for area, name in ordered if area in counted]


def _stated_above() -> Any:
    """(umbrella, whether it or one above it states each of the three amounts), of the works that have parts."""
    parents = select(Delivery.parent_id).where(Delivery.parent_id.is_not(None))
    top = select(Delivery.id, *(getattr(Delivery, name).is_not(None).label(name) for name in _MONEY))
    above = (
        top.where(Delivery.parent_id.is_(None), Delivery.id.in_(parents)).cte("stated_above", recursive=True)
    )  # fmt: skip
    below = select(
        Delivery.id, *(or_(above.c[name], getattr(Delivery, name).is_not(None)) for name in _MONEY)
    )
    return above.union_all(
        below.join(above, Delivery.parent_id == above.c.id).where(Delivery.id.in_(parents))
    )


def money_by_basis() -> list[dict[str, Any]]:
    """What was approved, contracted and paid in lei, by what the amounts are, each with how many works state it.

    Amounts of different bases are never added up. An amount of a part, or of a work listed once more, is left out
    where the umbrella or the other entry states it; where it does not, nothing else counts that money. The basis of
    which most works state payments comes first.
    """
    above, twin = _stated_above(), aliased(Delivery)
    alone = {
        name: and_(func.coalesce(above.c[name], false()).is_(False), getattr(twin, name).is_(None))
        for name in _MONEY
    }
    counted = [
        part.filter(alone[name])
        for name in _MONEY
        for part in (func.sum(getattr(Delivery, name)), func.count(getattr(Delivery, name)))
    ]
    stated = or_(*(and_(getattr(Delivery, name).is_not(None), alone[name]) for name in _MONEY))
    rows = db.session.execute(
        select(Delivery.budget_basis, *counted)
        .outerjoin(above, above.c.id == Delivery.parent_id)
        .outerjoin(twin, twin.id == Delivery.same_as_id)
        .where(Delivery.currency == "RON", stated)
        .group_by(Delivery.budget_basis)
        .order_by(counted[5].desc(), counted[1].desc(), Delivery.budget_basis)
    ).all()
    return [
        {
            "basis": row[0],
            "sums": [row[1] or Decimal(0), row[3] or Decimal(0), row[5] or Decimal(0)],
            "counts": [row[2], row[4], row[6]],
        }
        for row in rows
    ]


def _added_up() -> tuple[Changes, Sequence[tuple[int | None, str, int]], list[dict[str, Any]]]:
    """The history of stages, what stands where and the money, from every work; added up anew as soon as one changes."""
    token = db.session.execute(
        select(
            select(func.max(Delivery.changed_at)).scalar_subquery(),
            select(func.max(Delivery.id)).scalar_subquery(),
            select(func.max(DeliveryStage.id)).scalar_subquery(),
        )
    ).one()
    kept = current_app.extensions.get("civic_tracker_figures")
    if kept is not None and kept[0] == tuple(token) and time.monotonic() < kept[1]:
        found: tuple[Any, Any, Any] = kept[2]
        return found
    changes = [tuple(row) for row in changes_by_month()]
    added = changes, [tuple(row) for row in standing_now()], money_by_basis()
    current_app.extensions["civic_tracker_figures"] = (tuple(token), time.monotonic() + KEEP_SECONDS, added)
    return added


def context(now: datetime) -> dict[str, Any]:
    """Everything on the page of figures."""
    today = clock.city_date(now)
    changes, standing, money = _added_up()
    steps = (_("Approved"), _("Contracted"), _("Paid"))
    areas = by_area(standing)
    return {
        "groups": list(FIGURE_LABELS.values()),
        "months": [
            {"label": format_date(month, "LLLL y"), "values": values}
            for month, values in over_time(today, changes)
        ],
        "areas": [
            {
                "name": name or _("The whole city, or not stated"),
                "drawn": bool(name),
                "values": values,
                "total": sum(values),
            }
            for name, values in areas
        ],
        "most": max((max(values) for name, values in areas if name), default=1),
        "money": money,
        "money_rows": [
            {"label": step, "value": money[0]["sums"][at], "cells": [number(money[0]["counts"][at])]}
            for at, step in enumerate(steps)
            if money
        ],
        "today": today,
    }
