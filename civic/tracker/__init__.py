"""Deliveries: what became of what was decided."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
