"""An edition as data: a table of its indicators, and the whole of it as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from civic.reports import labels, queries
from civic.reports.models import ReportEdition
from civic.reports.presenters import period_of, said
from civic.tables import Cell

#: The columns of the table, told in `docs/tracker.md`.
COLUMNS = (
    "code", "name", "period", "value", "missing", "part", "of", "unit", "target", "standing", "value_before",
    "missing_before", "source", "method_version", "department", "responsible", "analysis", "recommendation",
    "measure", "measure_owner", "measure_due_on",
)  # fmt: skip


def lines_of(edition: ReportEdition) -> list[dict[str, Any]]:
    """Its indicators, as they were kept."""
    return [one.content for one in queries.list_lines(edition.id)]


def flat(line: dict[str, Any], period: str) -> dict[str, Any]:
    """A line by the names of the columns; what is not known is None."""
    reading, before, measure = line["reading"] or {}, line["before"] or {}, line["measure"] or {}
    return {
        **{name: line[name] for name in ("code", "unit", "target", "standing", "department", "responsible")},
        "name": said(line["name"]),
        "period": period,
        "value": reading.get("value"),
        "missing": reading.get("missing", "no_data"),
        "part": reading.get("part"),
        "of": reading.get("of"),
        "value_before": before.get("value"),
        "missing_before": before.get("missing", "no_data"),
        "source": reading.get("source"),
        "method_version": reading.get("method_version"),
        "analysis": line["analysis"],
        "recommendation": line["recommendation"],
        "measure": measure.get("what"),
        "measure_owner": measure.get("owner"),
        "measure_due_on": measure.get("due_on"),
    }


def table_rows(edition: ReportEdition) -> Iterator[Sequence[Cell]]:
    """The table of an edition, a line an indicator."""
    yield COLUMNS
    for line in lines_of(edition):
        found = flat(line, edition.content["period"])
        yield [found[name] for name in COLUMNS]


def json_of(edition: ReportEdition) -> str:
    """An edition whole. Without `edition` it is what its SHA-256 is of: canonical JSON, keys in order, no spaces."""
    period = period_of(edition.content["period"])
    about = {
        "title": labels.title_of(period),
        "number": edition.number,
        "signed_at": edition.signed_at.isoformat(),
        "signed_as": edition.signed_as,
        "reason": edition.reason,
        "sha256": edition.sha256.hex(),
    }
    whole = {"edition": about, **edition.content, "lines": lines_of(edition)}
    return json.dumps(whole, ensure_ascii=False, indent=1)
