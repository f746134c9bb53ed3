"""Review of what residents publish, with reasons."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import Deadline, register_deadlines
    from civic.jobs import Job, register_job
    from civic.moderation import (  # noqa: F401
        appeals,
        case_views,
        gate,
        jobs,
        models,
        reasons,
        suspensions,
        transparency,
        views,
    )
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action

    register_deadlines(
        Deadline("moderation.urgent", _l("A moderator's look at threats and personal data"), hour=18),
        Deadline("moderation.links", _l("A moderator's look at what is held for its links"), hour=18),
        Deadline("moderation.new", _l("A moderator's look at something new"), hour=18),
        Deadline("moderation.reported", _l("A moderator's look at something reported"), hour=18),
    )
    app.register_blueprint(views.blueprint)
    app.jinja_env.filters["with_rules"] = reasons.with_rules
    gate.register(app)
    register_job(app, Job("moderation.escalate", jobs.escalate, seconds=300))
    register_job(app, Job("moderation.forget", jobs.forget_changes, hour=3, minute=40))
    add_link(app, "staff", NavLink(_l("Moderation"), "moderation.queue", 20, Action.VIEW_MODERATION))
    add_link(app, "footer", NavLink(_l("House rules"), "moderation.conduct", 12, prefix="moderation.conduct"))
    add_panel(app, "staff.home", views.staff_panel)
    for part in (suspensions, appeals, transparency):
        part.register(app)
