"""The same data, for machines: everything public as JSON under one roof, described by a document of its own.

A feature registers what it publishes (`resources.Resource`); addresses, pages, conditions and the OpenAPI document
come from that one description, so that they cannot differ.
"""

from flask import Flask
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.errors import answer_programs
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel
    from civic.opendata import bulk, panels, places, views

    places.register()
    app.register_blueprint(views.blueprint)
    app.register_blueprint(views.pages)
    answer_programs(app, "/api/v1", views.problem)
    register_job(app, Job("opendata.write", bulk.write_due, seconds=300))
    add_link(app, "track", NavLink(_l("Open data"), "opendata.index_page", 60, prefix="opendata."))
    add_link(app, "footer", NavLink(_l("Open data"), "opendata.index_page", 40, prefix="opendata."))
    add_panel(app, "staff.home", panels.staff_home)
