"""Indicators: what the city promised to measure, computed each night where the data is here, else entered by hand."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.imports.datasets import register_dataset
    from civic.indicators import importing, jobs, opendata, own, staff_views, views
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link
    from civic.policy import Action

    own.register()
    opendata.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(staff_views.blueprint)
    register_dataset(app, importing.DEFINITIONS)
    register_dataset(app, importing.OF_PROJECTS)
    register_job(app, Job("indicators.compute", jobs.compute, hour=2, minute=20))
    add_link(app, "footer", NavLink(_l("Indicators"), "indicators.index", 42))
    add_link(app, "track", NavLink(_l("Indicators"), "indicators.index", 45))
    add_link(app, "staff", NavLink(_l("Indicators"), "indicators_staff.index", 62, Action.MANAGE_INDICATORS))
