"""What an annotation's entry in the register shows: what everyone may read beside the text, and no more."""

from datetime import datetime

from civic import sealing
from civic.extensions import db
from consultations.contributions import keeping
from consultations.contributions.models import Contribution
from consultations.contributions.rules import SEEN_BY_NOBODY


def hold(entry: Contribution, now: datetime) -> None:
    """Keep an entry's text from everyone until a moderator has read it. Its number, date and hash stay."""
    _seal(entry, now, "personal_data", SEEN_BY_NOBODY)


def hold_again(contribution_id: int, now: datetime) -> None:
    """Keep a text that was public from everyone until a moderator has read it. What staff took off stays as it is."""
    entry = _locked(contribution_id)
    if entry.hidden_at is None:
        hold(entry, now)


def hide(contribution_id: int, reason: str, now: datetime) -> None:
    """Take a text off the register with the reason in its place."""
    _seal(_locked(contribution_id), now, "offence", reason)


def release(contribution_id: int) -> None:
    """Show an entry that waited to be read. What staff took off the register meanwhile stays off."""
    if _locked(contribution_id).hidden_reason == SEEN_BY_NOBODY:
        show(contribution_id)


def show(contribution_id: int) -> None:
    """Show an entry as it came."""
    entry = _locked(contribution_id)
    if entry.original is None or entry.hidden_at is None:
        return
    entry.title, entry.body = keeping.whole_title(entry), keeping.whole_text(entry)
    entry.original, entry.hidden_at, entry.hidden_for, entry.hidden_reason = None, None, "", ""
    keeping.index(entry)


def _locked(contribution_id: int) -> Contribution:
    return db.session.get_one(Contribution, contribution_id, with_for_update=True)


def _seal(entry: Contribution, now: datetime, why: str, reason: str) -> None:
    if entry.original is None:
        entry.original = sealing.seal(keeping.SEAL, {"title": entry.title, "body": entry.body})
    entry.title, entry.body = "", ""
    entry.hidden_at, entry.hidden_for, entry.hidden_reason = entry.hidden_at or now, why, reason
    keeping.index(entry)
