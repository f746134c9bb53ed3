"""Uploaded files: checked by content, images re-encoded, kept behind one storage interface."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.files import jobs, models, storage, views  # noqa: F401
    from civic.jobs import Job, register_job

    storage.init_app(app)
    app.register_blueprint(views.blueprint)
    app.jinja_env.globals["file_url"] = views.file_url
    register_job(app, Job("files.orphans", jobs.delete_orphans, hour=3, minute=20))
