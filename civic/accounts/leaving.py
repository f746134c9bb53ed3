"""What features have to do with an account that is deleted, without accounts knowing them.

Those that need it say why it may not be deleted yet; those that keep something of it forget it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from civic.accounts.models import Account

#: Given the account's id and the time: what its owner has to do or wait for first, as a sentence, or None.
Obstacle = Callable[[int, datetime], Any]

#: Given the account as it still is and the time: forgets what a feature keeps of its owner.
Forgetting = Callable[[Account, datetime], None]


def register_obstacle(app: Flask, obstacle: Obstacle) -> None:
    """Name something for which an account is needed."""
    app.extensions.setdefault("civic_leaving_obstacles", []).append(obstacle)


def obstacle(account_id: int, now: datetime) -> Any | None:
    """The first reason against deleting the account at `now`, or None."""
    asked = (one(account_id, now) for one in current_app.extensions.get("civic_leaving_obstacles", ()))
    return next((reason for reason in asked if reason is not None), None)


def register_forgetting(app: Flask, forgetting: Forgetting) -> None:
    """Have something forgotten with every account that is deleted, in the same transaction."""
    app.extensions.setdefault("civic_leaving_forgettings", []).append(forgetting)


def forget(account: Account, now: datetime) -> None:
    """Forget what the features keep of an account, while its address and name are still known."""
    for forgetting in current_app.extensions.get("civic_leaving_forgettings", ()):
        forgetting(account, now)
