"""Review of what residents publish, with reasons."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import Deadline, register_deadlines
    from civic.moderation import models, views  # noqa: F401
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action

    register_deadlines(
        Deadline("moderation.new", _l("A moderator's look at something new"), hour=18),
        Deadline("moderation.reported", _l("A moderator's look at something reported"), hour=18),
    )
    app.register_blueprint(views.blueprint)
    add_link(app, "staff", NavLink(_l("Moderation"), "moderation.queue", 20, Action.VIEW_MODERATION))
    add_link(app, "footer", NavLink(_l("House rules"), "moderation.conduct", 12, prefix="moderation.conduct"))
    add_panel(app, "staff.home", views.staff_panel)
