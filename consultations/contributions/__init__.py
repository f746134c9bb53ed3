"""The register of contributions to a consultation, and the answer to each of them."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the register to the application."""
    from consultations.contributions import models, queries  # noqa: F401
