"""The city's budget: chapters by year with what was approved, revised and spent, down to the lines of institutions."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.budget import importing, opendata, panels, staff_views, views
    from civic.imports.datasets import register_dataset
    from civic.navigation import NavLink, add_link, add_panel
    from civic.policy import Action

    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_dataset(app, importing.CHAPTERS)
    register_dataset(app, importing.LINES)
    opendata.register()
    add_link(app, "footer", NavLink(_l("The city's budget"), "budget.index", position=40))
    add_link(app, "track", NavLink(_l("The city's budget"), "budget.index", 20))
    add_link(app, "staff", NavLink(_l("The city's budget"), "budget_staff.index", 61, Action.MANAGE_MONEY))
    add_panel(app, "decision", panels.decision)
    add_panel(app, "delivery", panels.delivery)
