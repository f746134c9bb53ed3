"""The report of a consultation: what was asked, who took part, what was answered and what changed, from the data."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the report to the application."""
    from civic.navigation import add_panel
    from consultations.reporting import panels, views

    app.register_blueprint(views.blueprint)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.staff_consultation)
