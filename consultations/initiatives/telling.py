"""Whom news of an initiative reaches: its author, and those who follow it."""

from datetime import datetime

from civic.notifications.compose import Words
from civic.notifications.service import notify_followers, tell_account
from consultations.initiatives.models import Initiative

KIND = "initiative"


def tell_author(one: Initiative, subject: Words, body: Words, now: datetime, key: str) -> None:
    """One message to who put it forward, once for its key."""
    tell_account(one.author_id, subject, body, now, f"initiative-{one.id}-{key}")


def tell_followers(one: Initiative, subject: Words, body: Words, now: datetime) -> None:
    """One message to everyone who follows it, its author among them; once for a version of it."""
    notify_followers(KIND, one.id, subject, body, now, dedup_key=f"initiative-{one.id}-{one.version}")
