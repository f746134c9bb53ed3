"""The city: its neighbourhoods, departments and categories."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.places import models  # noqa: F401
