"""Indicators: what the city promised to measure, computed each night where the data is here, else entered by hand."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.indicators import jobs, models, own  # noqa: F401
    from civic.jobs import Job, register_job

    own.register()
    register_job(app, Job("indicators.compute", jobs.compute, hour=2, minute=20))
