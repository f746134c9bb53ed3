"""The monthly report on moderation: what was decided, how fast, how often it was wrong."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.jobs import Job, register_job
    from civic.moderation.transparency import jobs, models, views  # noqa: F401
    from civic.navigation import NavLink, add_link

    app.register_blueprint(views.blueprint)
    register_job(app, Job("moderation.publish_month", jobs.publish, seconds=3600))
    add_link(app, "footer", NavLink(_l("Moderation in figures"), "moderation_months.index", 13))
