"""From idea to admitted project."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
