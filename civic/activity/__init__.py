"""Everything public that happened, as one stream: by neighbourhood, dimension, kind and department; read, fed, followed.

Features say what of theirs it tells of with `registry.register_told`.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic import links
    from civic.activity import jobs, models, opendata, placing, presenters, queries, views  # noqa: F401
    from civic.jobs import Job, register_job
    from civic.navigation import NavLink, add_link, add_panel

    opendata.register()
    app.register_blueprint(views.blueprint)
    links.register_subject(queries.STREAM, presenters.resolve)
    register_job(app, Job("activity.tell", jobs.tell_due, hour=8, minute=10))
    register_job(app, Job("activity.place", jobs.place_due, seconds=300))
    add_link(app, "footer", NavLink(_l("What happened"), "activity.index", position=21))
    add_link(app, "track", NavLink(_l("What happened"), "activity.index", 5))
    add_panel(app, "neighbourhood", presenters.neighbourhood_panel)
