"""Charts of a published round: voters by winners, money for each voter, and money by neighbourhood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic import format
from civic.format import ngettext
from civic.places.queries import neighbourhood_people
from voting.models import RoundResult
from voting.results_page import PotResult


@dataclass(frozen=True)
class Chart:
    """One bar chart: what `ui.bar_chart` needs, with the sentence that says what it shows."""

    title: str
    rows: Sequence[Mapping[str, Any]]
    summary: str
    note: str
    headings: tuple[str, ...]


def charts_of(
    result: RoundResult, pots: Sequence[PotResult], currency: str, turnout: Mapping[str, Any] | None
) -> list[Chart]:
    """The charts there are figures for, in the order of the page."""
    found = [_by_winners(result), _by_money(result, currency), _by_area(pots, currency, turnout)]
    return [chart for chart in found if chart is not None]


def _voters_rows(cells: Sequence[tuple[str, int]]) -> list[dict[str, Any]]:
    """Rows of voters with their share of all."""
    whole = sum(voters for _label, voters in cells) or 1
    return [
        {
            "label": label,
            "value": voters,
            "text": format.number(voters),
            "note": format.percent(Decimal(voters) / whole),
            "cells": (format.percent(Decimal(voters) / whole),),
        }
        for label, voters in cells
    ]


def _by_winners(result: RoundResult) -> Chart | None:
    summary = result.outcome["summary"]
    counts = {int(number): int(voters) for number, voters in summary.get("by_winners", {}).items()}
    if not counts:
        return None
    named = int(summary["named"]) or 1
    cells = [
        (
            ngettext("%(num)s winner", "%(num)s winners", number) if number else _("no winner"),
            counts.get(number, 0),
        )
        for number in range(max(counts) + 1)
    ]
    return Chart(
        _("Voters by how many of their projects won"),
        _voters_rows(cells),
        _(
            "%(share)s of those who chose a project have at least one winner.",
            share=format.percent(Decimal(summary["with_winner"]) / named),
        ),
        _("Only ballots that choose at least one project are counted here."),
        (_("Winning projects chosen"), _("Voters"), _("Share of voters")),
    )


def _heading(currency: str) -> str:
    """The round's currency at the beginning of a heading."""
    name = format.currency_name(currency)
    return name[:1].upper() + name[1:]


def _by_money(result: RoundResult, currency: str) -> Chart | None:
    summary = result.outcome["summary"]
    bands = summary.get("by_money", [])
    if not bands:
        return None
    named = int(summary["named"]) or 1
    mean = (Decimal(summary["spent"]) / named).quantize(Decimal("0.01"))
    return Chart(
        _("%(currency)s for each voter", currency=_heading(currency)),
        _voters_rows([(_band(band, currency), int(band["voters"])) for band in bands]),
        _("An equal share of the money spent is %(mean)s for each voter.", mean=format.money(mean, currency)),
        _(
            "The cost of each winner is divided equally among those who chose it; a voter's money is the "
            "parts of the winners they chose."
        ),
        (_("%(currency)s for a voter", currency=_heading(currency)), _("Voters"), _("Share of voters")),
    )


def _band(band: Mapping[str, Any], currency: str) -> str:
    over, top = band["over"], band["to"]
    if over is None:
        return _("nothing")
    if top is None:
        return _("more than %(amount)s", amount=format.money(Decimal(over), currency))
    if not Decimal(over):
        return _("up to %(amount)s", amount=format.money(Decimal(top), currency))
    return _(
        "over %(least)s, up to %(most)s",
        least=format.money(Decimal(over), currency),
        most=format.money(Decimal(top), currency),
    )


def _by_area(pots: Sequence[PotResult], currency: str, turnout: Mapping[str, Any] | None) -> Chart | None:
    """What was funded in each neighbourhood, with its voters where they are ten or more, and its population."""
    won: dict[int | None, Decimal] = {}
    for pot in pots:
        for row in pot.rows:
            area = row.project.neighbourhood_id
            won[area] = won.get(area, Decimal(0)) + (
                row.project.cost if row.outcome.standing == "winner" else Decimal(0)
            )
    if not any(area is not None for area in won):
        return None
    people = neighbourhood_people()
    voted = {name: count for name, _roll, count in turnout["areas"]} if turnout else {}
    rows = [
        _area_row(name, amount, voted.get(name), population, currency)
        for area, (name, population) in people.items()
        for amount in [won.get(area)]
        if amount is not None or name in voted
    ]
    rows.sort(key=lambda row: -row["value"])
    if won.get(None):
        rows.append(_area_row(_("For the whole city"), won[None], None, None, currency))
    best = rows[0] if rows and rows[0]["value"] else None
    return Chart(
        _("Money for each neighbourhood"),
        rows,
        _("Most money goes to %(area)s: %(amount)s.", area=best["label"], amount=best["text"])
        if best
        else _("No project of a neighbourhood won."),
        _(
            "The costs of the winners of each neighbourhood. Voters are shown where they are at least ten; "
            "projects for the whole city serve everybody."
        ),
        (
            _("Neighbourhood"),
            _("Money"),
            _("Voters"),
            _("%(currency)s for each voter there", currency=_heading(currency)),
            _("Inhabitants"),
        ),
    )


def _area_row(
    name: str, amount: Decimal | None, voters: int | None, population: int | None, currency: str
) -> dict[str, Any]:
    money = amount or Decimal(0)
    each = (money / voters).quantize(Decimal("0.01")) if voters else None
    return {
        "label": name,
        "value": money,
        "text": format.money(money, currency),
        "note": ngettext("%(num)s voter", "%(num)s voters", voters) if voters else "",
        "cells": (
            format.number(voters) if voters else "–",
            format.money(each, currency) if each is not None else "–",
            format.number(population) if population else "–",
        ),
    }
