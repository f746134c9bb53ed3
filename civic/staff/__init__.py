"""The staff area's own pages: where the work begins, how far long work has come, and the audit record."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

#: Makes (label, where the result is, and perhaps what came of it in words) for a finished task of a kind.
ResultLink = Callable[[Any], tuple[object, str] | tuple[object, str, str] | None]


def describe_task(kind: str, title: object, result: ResultLink | None = None) -> None:
    """Say how tasks of a kind are called on their page, and where a finished one leads to.

    Called by features on the application being built, beside `tasks.register_handler`. `result` gets the
    Task and returns (words of the link, address), with a sentence about the result where there is one, or None.
    """
    current_app.extensions.setdefault("civic_task_titles", {})[kind] = (title, result)


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.navigation import NavLink, add_link
    from civic.policy import Action
    from civic.staff import views

    app.register_blueprint(views.blueprint)
    add_link(
        app,
        "staff",
        NavLink(_l("Work today"), "staff.home", 0, Action.VIEW_STAFF_AREA, prefix="staff.home"),
    )
    add_link(
        app, "staff", NavLink(_l("Audit record"), "staff.audit", 95, Action.VIEW_AUDIT, prefix="staff.audit")
    )
