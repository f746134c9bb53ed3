"""A random sample of declarations, checked by clerks after people declared who they are."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _

    from civic.navigation import NavLink, add_link
    from civic.policy import Action
    from voting.sampling import models, views  # noqa: F401

    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.desk_blueprint)
    add_link(
        app,
        "staff",
        NavLink(_("Declarations to check"), "sample_desk.index", 64, Action.VERIFY_RESIDENTS),
    )
