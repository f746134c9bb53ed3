"""Residents look at what is said to be done: they confirm it, or dispute it and the department answers by a deadline."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import timeline
    from civic.deadlines import Deadline, register_deadlines
    from civic.navigation import add_panel
    from civic.tracker.checks import moderated, opendata, panels, presenters, service, views

    register_deadlines(
        Deadline(service.ANSWER, _l("Answer to residents who say that a work is not done"), hour=18)
    )
    app.jinja_env.globals["days_until"] = presenters.days_until
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.staff)
    moderated.register_kinds()
    opendata.register()
    timeline.register_events(
        {
            "delivery.disputed": _l("A resident says that it is not done as written here"),
            "delivery.dispute_kept": _l("Answer to the residents who disputed it: the work is done"),
            "delivery.dispute_reopened": _l("Answer to the residents who disputed it: work begins again"),
            "delivery.dispute_explained": _l("Answer to the residents who disputed it: an explanation"),
        }
    )
    add_panel(app, "delivery", panels.delivery)
    add_panel(app, "staff.home", panels.staff_home)
