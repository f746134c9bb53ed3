"""Volumes of services brought in from a table."""

from typing import Any

from flask_babel import lazy_gettext as _l

from civic.imports.datasets import Context, Dataset, Field
from civic.volumes.models import ServiceVolume


def make(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a count."""
    channel = values["channel"] or ""
    return {
        "department": values["department"] or "",
        "department_id": context.department("department", values["department"]),
        "channel": "" if channel == "nespecificat" else channel,
        "kind": values["kind"],
        "count": values["count"],
        "year": values["year"],
    }


DATASET = Dataset(
    key="service_volumes",
    label=_l("Volumes of services"),
    model=ServiceVolume,
    fields=(
        Field("department", _l("Department"), guesses=("directia", "serviciul", "institutie")),
        Field("channel", _l("Channel"), guesses=("canal",)),
        Field("kind", _l("What is counted"), needed=True, guesses=("fel", "indicator", "denumire")),
        Field("count", _l("How many"), "whole", needed=True, guesses=("numar", "valoare", "total")),
        Field("year", _l("Year"), "year", needed=True, guesses=("an", "anul")),
    ),
    make=make,
    home="volumes.index",
    stamp=lambda _after, _before, context: {"changed_at": context.now},
)
