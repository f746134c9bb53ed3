"""How much each public service did in a year: requests, answers, controls, people helped, as the reports count them."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link
    from civic.volumes import importing, opendata, views

    app.register_blueprint(views.blueprint)
    register_dataset(app, importing.DATASET)
    opendata.register()
    add_link(app, "footer", NavLink(_l("Services in figures"), "volumes.index", position=43))
    add_link(app, "track", NavLink(_l("Services in figures"), "volumes.index", 50))
