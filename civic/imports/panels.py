"""What imports add to shared pages: on the staff's first page files that wait for a person and those that failed; in
the stream of what happened, what was loaded."""

from collections.abc import Iterable
from typing import Any

from flask import g, url_for
from flask_babel import lazy_gettext as _l

from civic.imports import labels, queries
from civic.imports.datasets import list_datasets
from civic.imports.models import KIND
from civic.links import Link
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


def resolve(ids: Iterable[int]) -> dict[int, Link]:
    """What files brought in: the data set's name and the page that shows it."""
    known = {one.key: one for one in list_datasets()}
    return {
        one.id: Link(KIND, one.id, str(dataset.label), url_for(dataset.home), _l("Data brought in"))
        for one in queries.list_loaded(ids)
        if (dataset := known.get(one.dataset)) is not None
    }
