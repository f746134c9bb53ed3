"""Projects, ballots, counting and results."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
