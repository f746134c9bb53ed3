"""What the author of a text that waits reads about it: on the page where it stands, and right after sending it."""

from datetime import datetime

from flask import g, request

from civic.moderation.gate import labels, queries

#: Of each subject that waits: until when, and why.
Waiting = dict[tuple[str, int], tuple[datetime, str]]
#: Where a request keeps it.
_MINE = "civic.gate.waiting"


def _mine() -> Waiting:
    """What of the reader's own waits, in one query a page, asked only where something does."""
    if _MINE not in request.environ:
        request.environ[_MINE] = queries.list_waiting(g.actor.id) if g.actor.id is not None else {}
    found: Waiting = request.environ[_MINE]
    return found


def checked_until(kind: str, subject_id: int) -> str:
    """Why a text of the reader's waits and until when a moderator checks it."""
    return labels.checked_until(*_mine().get((kind, subject_id), (None, "")))


def sent(kind: str, subject_id: int) -> str:
    """What somebody reads after sending a text that waits."""
    request.environ.pop(_MINE, None)
    return labels.sent(*_mine().get((kind, subject_id), (None, "")))
