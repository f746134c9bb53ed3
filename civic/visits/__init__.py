"""How often each service of the site is visited, by day: without cookies, addresses or anything about who visits.

Counted in front of everything else, so that pages kept for strangers and answers made before Flask count too.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.navigation import NavLink, add_link
    from civic.visits import counting, indicators, jobs, opendata, views

    counting.init_app(app)
    jobs.register(app)
    indicators.register()
    opendata.register()
    app.register_blueprint(views.blueprint)
    add_link(app, "footer", NavLink(_l("Visits"), "visits.index", position=46))
