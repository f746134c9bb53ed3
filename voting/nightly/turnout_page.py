"""The turnout of the nights in words, for the round's page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from civic.accounts.verifying import methods
from civic.places.queries import neighbourhood_names
from voting.results_page import ages_in_words


def turnout_so_far(figures: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is public of the turnout: totals, tables as (caption, heading, [(cell, people)]), and ages night by night.

    None while nothing is.
    """
    if not figures.get("voted"):
        return None
    tables = figures["tables"]
    voted = int(figures["voted"])
    areas = {str(area): name for area, name in neighbourhood_names().items()}
    return {
        "night": date.fromisoformat(figures["night"]),
        "roll": figures["roll"],
        "voted": voted,
        "tables": [
            table
            for table in (
                (
                    _("By neighbourhood"),
                    _("Neighbourhood"),
                    _cells(tables.get("areas", {}), areas, voted, _("Not told apart")),
                ),
                (
                    _("By way of voting"),
                    _("Way of voting"),
                    _cells(tables.get("channels", {}), _channels(), voted, _("Not told apart")),
                ),
                (
                    _("By how identities were checked"),
                    _("Identity"),
                    _cells(tables.get("proofs", {}), methods.NAMES, voted, _("Not told apart")),
                ),
            )
            if table[2]
        ],
        "ages": [
            (date.fromisoformat(day["night"]), ages_in_words((youngest, oldest, 0, people)), people)
            for day in reversed(figures.get("days", []))
            for youngest, oldest, people in day["ages"]
        ],
    }


def _channels() -> dict[str, str]:
    return {"online": _("On the internet"), "desk": _("At the desk"), "paper": _("On paper")}


def _cells(
    cells: Mapping[str, int], names: Mapping[str, Any], voted: int, rest: str
) -> list[tuple[str, int]]:
    """The cells by number, with those that are not told apart at the end; nothing when none is told."""
    shown = sorted(
        ((str(names.get(cell, cell)), people) for cell, people in cells.items()), key=lambda row: -row[1]
    )
    apart = voted - sum(cells.values())
    return [*shown, *([(rest, apart)] if apart else [])] if shown else []
