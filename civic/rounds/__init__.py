"""Rounds, their phases, pots, ballot groups and eligibility: what proposals and voting both stand on."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.rounds import models  # noqa: F401
