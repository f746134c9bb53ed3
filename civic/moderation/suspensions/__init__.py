"""Suspensions: for a while somebody may not publish texts. One person proposes, another confirms, it ends by itself.

Reading, signing in, voting, seconding, signing and contesting stay everybody's. Nothing is ever suspended in secret.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import Deadline, register_deadlines
    from civic.jobs import Job, register_job
    from civic.moderation.suspensions import jobs, models, staff_views, views  # noqa: F401
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from civic.security import add_gate

    register_deadlines(
        Deadline("suspension.confirm", _l("A second person's word on a proposed suspension"), hour=18)
    )
    add_gate(app, views.keep_from_publishing)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_job(app, Job("suspensions.lapse", jobs.lapse, seconds=900))
    add_link(
        app,
        "staff",
        NavLink(_l("Suspensions"), "staff_suspensions.index", 22, Action.VIEW_MODERATION),
    )
    add_panel(app, "account", views.account_panel)
    add_panel(app, "staff.home", staff_views.staff_panel)
