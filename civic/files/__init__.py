"""Uploaded files: checked by content, images re-encoded, kept behind one storage interface."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.files import models  # noqa: F401
