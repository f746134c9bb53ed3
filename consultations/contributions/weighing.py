"""Contributions at the gate: every one is registered, numbered and answered; the text of some is read before it is shown."""

from datetime import datetime
from typing import Any

from civic.actor import Actor
from civic.extensions import db
from civic.moderation.gate import service as gate
from consultations import queries as consultations
from consultations.contributions import keeping, queries
from consultations.contributions.models import Contribution
from consultations.contributions.service import Author, folded_sha256, register
from consultations.models import Consultation

#: What the gate calls the place.
SPACE = "contributions"


def register_weighed(
    actor: Actor, one: Consultation, channel: str, body: str, author: Author, now: datetime, **more: Any
) -> Contribution:
    """`service.register` for what people send themselves: nothing is refused, what looks like spam waits unshown."""
    # The register's lock first, as everybody who writes in it takes it.
    consultations.lock_consultation(one.id)
    key = str(more.get("form_key") or "")
    if key and (sent := queries.find_sent(key)) is not None:
        return sent
    beside = (str(more.get("title") or ""), author.name)
    # The same letter may come from many (OG 27/2002); it is shown when the first of them is.
    twin = queries.find_twin(one.id, folded_sha256(body))
    piece = gate.Piece(SPACE, body, beside, may_repeat=twin is not None and twin.hidden_at is None)
    ruling = gate.admit(actor, piece, now)
    entry = register(one, channel, body, author, now, **more)
    if entry.hidden_at is not None and ruling.held:
        # It waits already for staff, who read what seems to hold personal data; moderators do not.
        return entry
    if ruling.held:
        keeping.hold(entry, now, keeping.UNKNOWN)
        keeping.index(entry)
        db.session.flush()
    gate.keep(actor, ruling, entry.id, now)
    return entry


def hold(contribution_id: int, now: datetime) -> bool:
    """Take a shown text back to wait for a moderator; False when it is not shown whole any more."""
    entry = queries.get_contribution(contribution_id, lock=True)
    if entry.hidden_at is not None:
        return False
    keeping.hold(entry, now, keeping.UNKNOWN)
    keeping.index(entry)
    db.session.flush()
    return True
