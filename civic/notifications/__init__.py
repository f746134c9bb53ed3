"""Following a subject and being told what happens to it."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
