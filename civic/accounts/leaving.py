"""Why somebody may not delete their account yet: features that need it say so, without accounts knowing them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app

#: Given the account's id and the time: what its owner has to do or wait for first, as a sentence, or None.
Obstacle = Callable[[int, datetime], Any]


def register_obstacle(app: Flask, obstacle: Obstacle) -> None:
    """Name something for which an account is needed."""
    app.extensions.setdefault("civic_leaving_obstacles", []).append(obstacle)


def obstacle(account_id: int, now: datetime) -> Any | None:
    """The first reason against deleting the account at `now`, or None."""
    asked = (one(account_id, now) for one in current_app.extensions.get("civic_leaving_obstacles", ()))
    return next((reason for reason in asked if reason is not None), None)
