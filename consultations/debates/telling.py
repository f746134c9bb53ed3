"""Whom a debate's news reaches: those who follow the consultation, those who asked for it, those who are to speak."""

from collections.abc import Iterable
from datetime import datetime

from civic.notifications import queries as follows
from civic.notifications.compose import Words
from civic.notifications.service import notify_followers, tell_account
from consultations.debates import queries
from consultations.debates.models import Debate
from consultations.debates.rules import WITHDRAWN
from consultations.models import Consultation

KIND = "consultation"


def _concerned(debate: Debate) -> set[int]:
    asked = {one.account_id for one in queries.list_requests(debate.consultation_id)}
    speak = {
        one.account_id
        for one in queries.list_speakers(debate.id)
        if one.account_id is not None and one.state != WITHDRAWN
    }
    return asked | speak


def _reached_as_follower(account_id: int, one: Consultation) -> bool:
    return follows.is_following(account_id, KIND, one.id) and follows.wants_mail(account_id)


def tell(
    debate: Debate, subject: Words, body: Words, now: datetime, key: str, more: Iterable[int] = ()
) -> None:
    """One message each, once for its key; nobody gets it twice for having asked and followed."""
    one = debate.consultation
    whole = f"debate-{debate.id}-{key}"
    notify_followers(KIND, one.id, subject, body, now, dedup_key=whole)
    for account_id in sorted(_concerned(debate) | set(more)):
        if not _reached_as_follower(account_id, one):
            tell_account(account_id, subject, body, now, f"{whole}:{account_id}")
