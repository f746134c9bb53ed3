"""The home page and what the whole site says at once."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.home import city_map, views

    city_map.init_app(app)
    app.register_blueprint(views.blueprint)
