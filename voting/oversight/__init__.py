"""One read-only page a round for whoever watches the vote: what was done, what it proves and what it cannot."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the subject to the application."""
    from civic.navigation import add_panel
    from voting.oversight import views

    app.register_blueprint(views.blueprint)
    add_panel(app, "staff.home", views.home_panel)
