"""Pages staff edit, news and the site-wide notice."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
