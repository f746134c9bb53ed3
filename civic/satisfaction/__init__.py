"""One question after something was done: how satisfied are you? Answers are kept as counts, without who gave them.

Features name their occasions with `occasions.register_occasion`; after a cast the receipt has a link to the question.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.accounts import leaving
    from civic.navigation import NavLink, add_link
    from civic.policy import Action
    from civic.satisfaction import indicators, jobs, opendata, service, views

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.staff)
    jobs.register(app)
    indicators.register()
    opendata.register()
    leaving.register_forgetting(app, service.forget)
    add_link(app, "footer", NavLink(_l("How satisfied people are"), "satisfaction.index", position=47))
    add_link(
        app,
        "staff",
        NavLink(
            _l("What people say after an answer"), "satisfaction_words.index", 48, Action.VIEW_STAFF_AREA
        ),
    )
