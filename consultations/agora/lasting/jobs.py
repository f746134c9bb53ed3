"""Carrying invitations to the followers of an area: batch by batch, each batch a transaction of its own."""

from datetime import datetime

from civic.notifications.jobs import carry
from consultations.agora.lasting import queries, service


def tell_invited(now: datetime) -> int:
    """Queue the messages of all invitations not yet told; returns how many followers were passed."""
    return carry(
        queries.list_unfinished(), queries.lock_unfinished, service.tell_next_batch, "invitation", now
    )
