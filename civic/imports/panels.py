"""What imports add to the staff's first page: files that wait for a person, and those that failed."""

from typing import Any

from flask import g

from civic.imports import labels, queries
from civic.imports.datasets import list_datasets
from civic.navigation import Panel
from civic.policy import Action, may

#: Files listed by name; the rest are behind the link.
LISTED = 5


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """Files whose columns or rows wait to be looked at, and files that broke, for those who bring data in."""
    if not may(g.actor, Action.IMPORT_DATA):
        return None
    rows, total = queries.list_unfinished(LISTED)
    if not total:
        return None
    names = {one.key: one.label for one in list_datasets()}
    told = [
        (
            one,
            names.get(one.dataset, one.dataset),
            labels.FAILED if failed else labels.STATES[one.state],
            "rose" if failed else labels.TONES.get(one.state),
        )
        for one, failed in rows
    ]
    return Panel("imports/_staff_panel.html", {"rows": told, "total": total}, position=62)
