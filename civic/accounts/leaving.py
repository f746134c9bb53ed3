"""What features have to do with an account that is deleted, without accounts knowing them.

Those that need it say why it may not be deleted yet; those that keep something of it forget it; those that may keep
something if its owner wants that ask.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from civic.accounts.models import Account

#: Given the account's id and the time: what its owner has to do or wait for first, as a sentence, or None.
Obstacle = Callable[[int, datetime], Any]

#: Given the account as it still is and the time: forgets what a feature keeps of its owner.
Forgetting = Callable[[Account, datetime], None]


#: The same, told whether its owner wants to keep what was asked about.
Chosen = Callable[[Account, bool, datetime], None]


@dataclass(frozen=True)
class Choice:
    """Something that stays when its owner wants it to. `remains` says what remains in either case."""

    name: str
    label: Any
    remains: Any
    #: whether an account, by its id, has anything of the kind
    concerns: Callable[[int], bool]


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


def register_choice(app: Flask, choice: Choice) -> None:
    """Ask the owner of an account that is deleted what is to stay."""
    app.extensions.setdefault("civic_leaving_choices", []).append(choice)


def register_chosen(app: Flask, name: str, forgetting: Chosen) -> None:
    """Have something forgotten as the owner chose, in the same transaction."""
    app.extensions.setdefault("civic_leaving_chosen", []).append((name, forgetting))


def choices(account_id: int) -> list[Choice]:
    """What the owner of an account is asked."""
    return [
        one for one in current_app.extensions.get("civic_leaving_choices", ()) if one.concerns(account_id)
    ]


def forget(account: Account, now: datetime, kept: Collection[str] = ()) -> None:
    """Forget what the features keep of an account, while its address and name are still known.

    `kept` names the choices by which its owner wants to keep something.
    """
    for forgetting in current_app.extensions.get("civic_leaving_forgettings", ()):
        forgetting(account, now)
    for name, chosen in current_app.extensions.get("civic_leaving_chosen", ()):
        chosen(account, name in kept, now)
