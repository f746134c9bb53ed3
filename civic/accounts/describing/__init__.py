"""What people say of themselves if they want to: an age band and a gender, used for counts of ten or more only.

Nobody is asked by anything else, nothing of it is shown beside anybody, and it is never taken from a verification.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.accounts import leaving
    from civic.accounts.describing import service, views

    app.register_blueprint(views.blueprint)
    leaving.register_forgetting(app, service.forget)
