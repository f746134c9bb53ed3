"""Telling people what happened to a proposal: the one place that knows how messages leave."""

from datetime import datetime
from functools import partial

from flask_babel import gettext as _

from civic.moderation import letters
from civic.moderation.service import rule_line
from civic.notifications import compose
from civic.notifications import service as notifications
from proposals.labels import SENTENCES
from proposals.models import Proposal
from proposals.rules import is_public


def tell(
    proposal: Proposal, event: str, reason: str, now: datetime, *, author_too: bool, rule: str = ""
) -> None:
    """Write to the author, and to whoever follows a public proposal, what happened, why, and where to read on.

    `rule` is the reason's code in the catalogue of moderation, whose rule the author is led to.
    """
    title = proposal.title
    path = f"/proposals/{proposal.id}"

    def subject() -> str:
        return f"{SENTENCES[event]}: {title}"[:200]

    def words(first: str) -> str:
        lines = [first, f"{SENTENCES[event]}."]
        if reason:
            lines.append(_("Reasons: %(reason)s", reason=reason))
        return "\n\n".join(lines)

    def to_author() -> str:
        said = [words(_("Your proposal “%(title)s”:", title=title)), *map(str, rule_line(rule))]
        return "\n\n".join([*said, compose.full_address(path)])

    def to_followers() -> str:
        return words(_("The proposal “%(title)s”, which you follow:", title=title))

    if author_too and proposal.author_id is not None:
        author_id = proposal.author_id
        send = partial(notifications.tell_account, author_id, subject, to_author, now)
        letters.write(letters.Letter(author_id, subject, to_author, send))
    if is_public(proposal.state, proposal.published_at is not None):
        key = f"{event}:{proposal.id}:{now.isoformat()}"
        notifications.notify_followers("proposal", proposal.id, subject, to_followers, now, key)
