"""The yearly report on transparency in decisions (Law 52/2003, art. 13) and the counts of civil society."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the yearly reports to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link
    from civic.policy import Action
    from consultations.yearly import making, staff_views, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_job(app, Job("reports.make_yearly", making.make_due, seconds=60))
    add_link(app, "footer", NavLink(_l("Transparency reports"), "yearly.index", 35))
    add_link(app, "staff", NavLink(_l("Yearly reports"), "staff_yearly.index", 47, Action.VIEW_CONSULTATIONS))
