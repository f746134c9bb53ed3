"""What staff say in short about a consultation: every sentence stands on contributions or themes it names."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the summaries to the application."""
    from civic.navigation import add_panel
    from consultations.summaries import panels, staff_views

    app.register_blueprint(staff_views.blueprint)
    add_panel(app, "consultation", panels.consultation)
    add_panel(app, "staff.consultation", panels.staff_consultation)
