"""What an annotation's entry in the register shows: what everyone may read beside the text, and no more."""

from datetime import datetime

from civic import sealing
from civic.extensions import db
from civic.text import fold
from consultations.contributions.models import Contribution

#: The register's own: it opens what is sealed here.
SEAL = "contribution text"
#: The register's mark of a text that nobody in the city hall has read yet.
UNREAD = "-"


def hold(entry: Contribution, now: datetime) -> None:
    """Keep an entry's text from everyone until a moderator has read it. Its number, date and hash stay."""
    _seal(entry, now, "personal_data", UNREAD)


def hide(contribution_id: int, reason: str, now: datetime) -> None:
    """Take a text off the register with the reason in its place."""
    _seal(_locked(contribution_id), now, "offence", reason)


def release(contribution_id: int) -> None:
    """Show an entry that waited to be read. What staff took off the register meanwhile stays off."""
    if _locked(contribution_id).hidden_reason == UNREAD:
        show(contribution_id)


def show(contribution_id: int) -> None:
    """Show an entry as it came."""
    entry = _locked(contribution_id)
    if entry.original is None or entry.hidden_at is None:
        return
    kept = sealing.unseal(SEAL, entry.original)
    entry.title, entry.body = str(kept["title"]), str(kept["body"])
    entry.original, entry.hidden_at, entry.hidden_for, entry.hidden_reason = None, None, "", ""
    _index(entry)


def _locked(contribution_id: int) -> Contribution:
    return db.session.get_one(Contribution, contribution_id, with_for_update=True)


def _seal(entry: Contribution, now: datetime, why: str, reason: str) -> None:
    if entry.original is None:
        entry.original = sealing.seal(SEAL, {"title": entry.title, "body": entry.body})
    entry.title, entry.body = "", ""
    entry.hidden_at, entry.hidden_for, entry.hidden_reason = entry.hidden_at or now, why, reason
    _index(entry)


def _index(entry: Contribution) -> None:
    words = f"{entry.reference} {entry.author_name} {entry.title} {entry.body}"
    entry.search_text = fold(words)[:50_000]
