"""Deadlines as data: how long a thing may take, by what law or house rule, since when, checked by whom.

A feature names its deadlines with `register_deadlines`, a migration puts their first version in the table,
and a case that begins takes `service.give(key, now)`: the moment it ends and the version it was given,
both stored on the case. Changing a deadline makes a new version and touches no case that runs.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask


@dataclass(frozen=True)
class Deadline:
    """What a deadline is for: the words of its row on the staff page."""

    key: str
    label: Any
    #: the hour of the last day at which it ends; 24 is the end of the day
    hour: int = 24


#: Every deadline the features work by, filled in by `register_deadlines`.
_KNOWN: dict[str, Deadline] = {}


def register_deadlines(*deadlines: Deadline) -> None:
    """Declare the deadlines a feature works by."""
    _KNOWN.update({one.key: one for one in deadlines})


def known_deadlines() -> dict[str, Deadline]:
    """Every deadline by key, in the order of registration."""
    return dict(_KNOWN)


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import labels, staff_views
    from civic.navigation import NavLink, add_link
    from civic.policy import Action

    register_deadlines(
        Deadline("petition.answer", _l("Answer to a petition")),
        Deadline("information.answer", _l("Answer to a request for public information")),
        Deadline("accessibility.answer", _l("Answer about the accessibility of the site")),
    )
    app.register_blueprint(staff_views.blueprint)
    app.jinja_env.globals["within"] = labels.within_key
    app.jinja_env.filters["within"] = labels.within
    add_link(app, "staff", NavLink(_l("Deadlines"), "deadlines.index", 80, Action.VIEW_STAFF_AREA))
