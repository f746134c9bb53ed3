"""Following a subject, and telling people what happened to it."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.jobs import Job, register_job
    from civic.navigation import add_panel
    from civic.notifications import jobs, models, views  # noqa: F401

    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["follow_button"] = views.follow_button
    register_job(app, Job("notifications.fan_out", jobs.fan_out, seconds=5))
    add_panel(app, "account", views.account_panel)
