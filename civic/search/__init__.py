"""One box over everything public. A feature offers what it publishes with `registry.register_searched`."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.navigation import NavLink, add_link
    from civic.search import views

    app.register_blueprint(views.blueprint)
    add_link(app, "header", NavLink(_l("Search"), "search.index", position=90))
