"""The money of a delivery, step by step: what was approved and revised, contracted and paid.

A stated sum stands beside the sum of its parts; where they differ the difference is shown and nothing is corrected.
"""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.tracker.funds import opendata, views

    opendata.register()
    app.register_blueprint(views.blueprint)
