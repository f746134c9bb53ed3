"""The home page and what the whole site says at once."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.home import views

    app.register_blueprint(views.blueprint)
