"""What open data adds to the staff's first page: files that could not be written."""

from typing import Any

from flask import g

from civic.navigation import Panel
from civic.opendata import bulk
from civic.opendata.resources import resources
from civic.policy import Action, may


def staff_home(_context: dict[str, Any]) -> Panel | None:
    """The kinds whose files could not be written, for those who bring data in."""
    if not may(g.actor, Action.IMPORT_DATA):
        return None
    broken = bulk.list_broken()
    if not broken:
        return None
    titles = {one.name: one.title for one in resources()}
    files = bulk.list_files()
    rows = []
    for name, failed_at in broken.items():
        old = files.get((name, "csv"))
        rows.append((name, titles.get(name, name), failed_at, old.made_at if old else None))
    return Panel("opendata/_staff_panel.html", {"rows": rows}, position=63)
