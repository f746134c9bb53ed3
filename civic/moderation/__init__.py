"""Review of what residents publish, with reasons."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.moderation import models  # noqa: F401
