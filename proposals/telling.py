"""Telling the author what happened to their proposal: the one place that knows how messages leave."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic import outbox
from civic.accounts.models import Account
from civic.extensions import db
from proposals.labels import SENTENCES
from proposals.models import Proposal


def tell_author(proposal: Proposal, event: str, reason: str, now: datetime, path: str = "") -> None:
    """Write to the author, in their language, what happened, why, and where to read more."""
    account = db.session.get(Account, proposal.author_id) if proposal.author_id else None
    if account is None or account.email_confirmed_at is None or account.disabled_at is not None:
        return
    with force_locale(account.locale):
        sentence = str(SENTENCES[event])
        lines = [_("Your proposal “%(title)s”:", title=proposal.title), f"{sentence}."]
        if reason:
            lines.append(_("Reasons: %(reason)s", reason=reason))
        base = current_app.config["SETTINGS"].base_url.rstrip("/")
        lines.append(f"{base}{path or f'/proposals/{proposal.id}'}")
        outbox.post(account.email, f"{sentence}: {proposal.title}"[:200], "\n\n".join(lines), now)
