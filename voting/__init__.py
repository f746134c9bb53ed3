"""Projects, ballots, counting and results."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from voting import models  # noqa: F401
