"""What an upheld appeal does to the text: exactly what the decision did to it is undone, by its own feature."""

from datetime import datetime

from civic.actor import Actor
from civic.moderation.models import ModerationCase


def revive(actor: Actor, case: ModerationCase, reason: str, now: datetime) -> None:
    """Undo the decision of a case. A text that is gone meanwhile stays gone: the author is told that they were right."""
