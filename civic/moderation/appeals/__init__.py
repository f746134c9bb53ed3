"""What an author can do about a decision on a text of theirs: read why, contest it once, have another look at it."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.accounts import leaving
    from civic.deadlines import Deadline, register_deadlines
    from civic.jobs import Job, register_job
    from civic.moderation.appeals import jobs, link_views, models, panels, service, staff_views, views  # noqa: F401
    from civic.moderation.decided import on_decided, on_undone
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action

    register_deadlines(
        Deadline("moderation.appeal.file", _l("Contesting a moderator's decision")),
        Deadline("moderation.appeal.decide", _l("A second moderator's decision on a contested one"), hour=18),
    )
    on_decided("statement of reasons", service.state_reasons)
    on_undone("open appeals", service.settle)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(link_views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    leaving.register_forgetting(app, service.forget)
    register_job(app, Job("moderation.appeals.escalate", jobs.escalate, seconds=900))
    register_job(app, Job("moderation.appeals.forget", jobs.forget_old, hour=3, minute=25))
    add_link(
        app,
        "staff",
        NavLink(_l("Contested decisions"), "staff_appeals.queue", 21, Action.VIEW_MODERATION),
    )
    add_panel(app, "account", panels.account_panel)
    add_panel(app, "staff.home", panels.staff_panel)
