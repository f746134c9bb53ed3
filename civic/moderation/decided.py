"""Who else has to know of a moderator's decision; the core calls them without knowing them, in its transaction."""

from collections.abc import Callable
from datetime import datetime

from civic.moderation.models import ModerationCase
from civic.moderation.subjects import Subject

#: Given the decided case, its subject as it was before the decision, and the time.
Listener = Callable[[ModerationCase, Subject, datetime], None]

#: Given a case whose decision was undone, and the time.
UndoneListener = Callable[[ModerationCase, datetime], None]

_LISTENERS: dict[str, Listener] = {}
_UNDONE: dict[str, UndoneListener] = {}


def on_decided(name: str, listener: Listener) -> None:
    """Have a listener told of every decision; a name has one listener."""
    _LISTENERS[name] = listener


def announce(case: ModerationCase, subject: Subject, now: datetime) -> None:
    """Tell every listener that a case was decided."""
    for listener in _LISTENERS.values():
        listener(case, subject, now)


def on_undone(name: str, listener: UndoneListener) -> None:
    """Have a listener told of every decision that was undone; a name has one listener."""
    _UNDONE[name] = listener


def announce_undone(case: ModerationCase, now: datetime) -> None:
    """Tell every listener that a decision was undone."""
    for listener in _UNDONE.values():
        listener(case, now)
