"""Did anyone vote in my name? The check, complaints as cases that hold up the close, and what is decided."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the subject to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.deadlines import Deadline, register_deadlines
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action
    from voting.ceremony import register_obstacle
    from voting.complaints import close, desk_views, jobs, staff_views, views

    register_deadlines(Deadline("complaint.answer", _l("Decision on an identity complaint"), hour=18))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    register_obstacle(app, close.obstacle)
    jobs.register(app)
    add_panel(app, "account", views.account_panel)
    add_panel(app, "verification.refused", views.refused_panel)
    add_panel(app, "desk.unverified", desk_views.desk_panel)
    add_panel(app, "staff.home", staff_views.home_panel)
    add_link(
        app,
        "staff",
        NavLink(_l("Desk: identity complaint"), "desk_complaints.new", 61, Action.VERIFY_RESIDENTS),
    )
