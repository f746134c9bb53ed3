"""The report of a consultation: what was asked, who took part, what was answered and what changed, from the data."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the report to the application."""
    from civic.jobs import Job, register_job
    from civic.navigation import add_panel
    from consultations.reporting import making, panels, views

    app.register_blueprint(views.blueprint)
    register_job(app, Job("reports.make", making.make_due, seconds=60))
    register_job(app, Job("reports.forget_strays", making.forget_strays, hour=4, minute=40))
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.staff_consultation)
