"""The city: its neighbourhoods, departments and categories."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.links import register_subject
    from civic.navigation import NavLink, add_link
    from civic.places import queries, staff_views, views
    from civic.policy import Action
    from civic.search.registry import Searched, register_searched

    register_subject("neighbourhood", views.resolve)
    register_searched(Searched("neighbourhood", _l("Neighbourhoods"), queries.having_words, 5))
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    add_link(app, "header", NavLink(_l("Neighbourhoods"), "places.index", 60))
    add_link(app, "staff", NavLink(_l("The city"), "city.index", 85, Action.ADMINISTER))
