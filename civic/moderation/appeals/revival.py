"""What an upheld appeal does to the text: exactly what the decision did to it is undone, by its own feature."""

from contextlib import suppress
from datetime import datetime

from civic.actor import Actor
from civic.errors import Conflict, NotFound
from civic.extensions import db
from civic.moderation import undoing
from civic.moderation.models import ModerationCase


def revive(actor: Actor, case: ModerationCase, reason: str, now: datetime) -> None:
    """Undo the decision of a case. What is gone meanwhile, or was changed by its author since, stays as it is: the
    appeal is upheld all the same, and the author told."""
    with suppress(NotFound, Conflict), db.session.begin_nested():
        undoing.overturn(actor, case.id, reason, now)
