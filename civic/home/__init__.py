"""The home page and what the whole site says at once."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.home import city_map, views

    city_map.init_app(app)
    app.extensions["civic_home_pages"] = {}
    app.config.setdefault("HOME_KEEP_SECONDS", 0 if app.testing else views.KEEP_SECONDS)
    app.register_blueprint(views.blueprint)
