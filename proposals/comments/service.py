"""Commands that change comments. They never commit."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from civic import audit, timeline
from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db
from civic.format import number
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.gate import service as gate
from civic.moderation.rules import MAX_REASON, Decision
from civic.moderation.subjects import Verdict
from civic.policy import enforce
from civic.text import clean_line, clean_text
from proposals import policy
from proposals.comments import queries
from proposals.comments.models import Comment
from proposals.models import Proposal

MAX_BODY = 3_000
COMMENTS_AN_HOUR = 30
#: What the gate calls the place.
SPACE = "comments"


def add_comment(
    actor: Actor,
    proposal: Proposal,
    body: str,
    now: datetime,
    *,
    parent_id: int | None = None,
    form_key: str = "",
) -> Comment:
    """Say something about a proposal, or answer a comment. A form sent twice makes one comment.

    Raises Invalid, also as `gate.TooSoon`. What waits for a moderator its author sees, with the moment until when.
    """
    enforce(policy.can_comment(actor, proposal))
    assert actor.id is not None
    body = clean_text(body)
    if not body:
        raise Invalid(_("Write something first."))
    if len(body) > MAX_BODY:
        raise Invalid(_("A comment may have at most %(max)s characters.", max=number(MAX_BODY)))
    # Presses of one account wait for each other, so that limits and form keys are counted right.
    db.session.execute(select(Account.id).where(Account.id == actor.id).with_for_update())
    key = clean_line(form_key)[:40] or None
    if key is not None and (sent := queries.find_sent(actor.id, key)) is not None:
        return sent
    if queries.count_last_hour(actor.id, now) >= COMMENTS_AN_HOUR:
        raise NotAllowed(_("You have written many comments in the last hour. Try again a little later."))
    parent = queries.get_comment(parent_id) if parent_id is not None else None
    if parent is not None and (parent.proposal_id != proposal.id or parent.state == "held"):
        raise NotFound
    # An answer to an answer joins the same conversation: there is one level of replies.
    top_id = None if parent is None else parent.parent_id or parent.id
    ruling = gate.admit(actor, gate.Piece(SPACE, body, (actor.display_name,)), now)
    comment = Comment(
        proposal_id=proposal.id,
        parent_id=top_id,
        depth=0 if top_id is None else 1,
        parent_depth=None if top_id is None else 0,
        author_id=actor.id,
        form_key=key,
        body=body,
        state="held" if ruling.held else "visible",
        created_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    details = {"proposal": proposal.id, "held": ruling.held}
    audit.record(actor, "comment.added", "comment", comment.id, now, details)
    gate.keep(actor, ruling, comment.id, now)
    return comment


def hold(comment_id: int, _now: datetime) -> bool:
    """Take a published comment back to wait for a moderator; False when it is not public any more."""
    comment = queries.get_comment(comment_id, lock=True)
    if comment.state != "visible":
        return False
    comment.state = "held"
    db.session.flush()
    return True


def waits(comment_id: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    return queries.get_comment(comment_id).state == "held"


def carry_out(actor: Actor, comment_id: int, verdict: Verdict, now: datetime) -> None:
    """What a moderator's verdict does to a comment."""
    comment = queries.get_comment(comment_id, lock=True)
    if verdict.decision in (Decision.PUBLISH, Decision.DISMISS):
        comment.state = "visible"
    elif verdict.decision == Decision.HIDE:
        comment.state = "hidden"
        audit.record(actor, "comment.hidden", "comment", comment.id, now, {"reason": verdict.reason_code})
        path = f"/proposals/{comment.proposal_id}"
        code = verdict.reason_code
        moderation.tell_about_text(comment.author_id, verdict.reason, path, now, reason_code=code)
    db.session.flush()


def snapshot(comment_id: int) -> dict[str, Any]:
    """All that a moderator's decision may change, the comment locked."""
    return snapshots.read(queries.get_comment(comment_id, lock=True), ("state", "body"))


def put_back(actor: Actor, comment_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before. Made public again, the history of the proposal says so."""
    comment = queries.get_comment(comment_id, lock=True)
    snapshots.write(comment, values, ("state", "body"))
    if values.get("state") == "visible":
        timeline.add(
            "proposal", comment.proposal_id, "comment.restored", now, role="moderator", reason=reason
        )
    audit.record(actor, "comment.decision_undone", "comment", comment.id, now, {"to": comment.state})
    db.session.flush()


def redact(actor: Actor, comment_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace the text by the one without personal data."""
    comment = queries.get_comment(comment_id, lock=True)
    comment.body = texts["body"]
    audit.record(actor, "comment.redacted", "comment", comment.id, now, {})
    path, code = f"/proposals/{comment.proposal_id}", verdict.reason_code
    moderation.tell_about_redacted(comment.author_id, verdict.reason, path, now, reason_code=code)
    db.session.flush()


def restore_comment(actor: Actor, comment_id: int, reason: str, now: datetime) -> Comment:
    """Make a hidden comment public again. The reason stands in the history of the proposal; the author is told.

    Raises NotAllowed (not a moderator, own text), Conflict (not hidden any more) or Invalid (no reason).
    """
    comment = queries.get_comment(comment_id, lock=True)
    enforce(policy.can_restore_comment(actor, comment.author_id))
    if comment.state != "hidden":
        raise Conflict(_("This comment is not hidden."))
    reason = clean_text(reason)[:MAX_REASON]
    if not reason:
        raise Invalid(_("Write the reason: the author will read it."))
    comment.state = "visible"
    timeline.add("proposal", comment.proposal_id, "comment.restored", now, role="moderator", reason=reason)
    audit.record(actor, "comment.restored", "comment", comment.id, now, {"proposal": comment.proposal_id})
    moderation.tell_about_restored(comment.author_id, reason, f"/proposals/{comment.proposal_id}", now)
    db.session.flush()
    return comment
