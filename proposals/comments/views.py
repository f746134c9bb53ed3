"""The conversation under a proposal: what its page shows, and writing to it."""

import secrets
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.actor import Actor
from civic.errors import Invalid, NotFound
from civic.extensions import limiter
from civic.moderation import tombstones
from civic.moderation.gate import presenters as gate
from civic.policy import Action, requires
from civic.text import clean_text, render_plain
from civic.unit_of_work import writes
from proposals import policy, queries
from proposals.comments import queries as comment_queries
from proposals.comments import service
from proposals.comments.models import Comment
from proposals.models import Proposal

#: Contributions from one network; a school or a library stays well below it.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("comments", __name__, url_prefix="/proposals")


def _item(
    comment: Comment, replies: list[Comment], hidden_for: dict[int, str] | None = None
) -> dict[str, Any]:
    unsaid = _("It broke the rules of the conversation.")
    hidden = (hidden_for or {}).get(comment.id, unsaid) if comment.state == "hidden" else ""
    return {
        "id": comment.id,
        "author_id": comment.author_id,
        "author": (comment.author.display_name if comment.author is not None else "") or _("Former account"),
        "at": comment.created_at,
        "body": render_plain(comment.body) if comment.state != "hidden" else "",
        "hidden_reason": hidden,
        "held": comment.state == "held",
        "top_id": comment.parent_id or comment.id,
        "replies": [_item(reply, [], hidden_for) for reply in replies],
    }


def thread_context(actor: Actor, proposal: Proposal, page: int) -> dict[str, Any]:
    """What the conversation needs, on the proposal's page and in its own swap."""
    threads, total = comment_queries.list_threads(proposal.id, actor.id, page)
    shown = [comment for thread in threads for comment in (thread.comment, *thread.replies)]
    hidden_for = tombstones.reasons_of("comment", (one.id for one in shown if one.state == "hidden"))
    return {
        "comments": [_item(thread.comment, thread.replies, hidden_for) for thread in threads],
        "comments_total": total,
        "comments_page": page,
        "comments_pages": -(-total // comment_queries.PER_PAGE),
        "comments_visible": comment_queries.count_visible(proposal.id),
        "can_comment": policy.can_comment(actor, proposal),
        "form_key": secrets.token_hex(8),
        "max_body": service.MAX_BODY,
        "typed": "",
        "comment_error": "",
        "reply_to": None,
    }


def _public_proposal(proposal_id: int) -> Proposal:
    proposal = queries.get_proposal(proposal_id)
    if not policy.can_see(g.actor, proposal):
        raise NotFound
    return proposal


@blueprint.get("/<int:proposal_id>/comments/<int:comment_id>/reply")
@requires(Action.COMMENT)
def reply(proposal_id: int, comment_id: int) -> str:
    """A page for answering one comment, which needs no script."""
    proposal = _public_proposal(proposal_id)
    return _reply_page(proposal, comment_id)


def _reply_page(proposal: Proposal, comment_id: int, typed: str = "", error: str = "") -> str:
    rows = comment_queries.list_for_moderation([comment_id])
    if not rows or rows[0][0].proposal_id != proposal.id or rows[0][0].state != "visible":
        raise NotFound
    return render_template(
        "proposals/reply.html",
        proposal=proposal,
        item=_item(rows[0][0], []),
        can_comment=policy.can_comment(g.actor, proposal),
        form_key=request.form.get("form_key") or secrets.token_hex(8),
        max_body=service.MAX_BODY,
        typed=typed,
        comment_error=error,
        reply_to=comment_id,
    )


@blueprint.post("/<int:proposal_id>/comments")
@requires(Action.COMMENT)
@limiter.limit(PER_NETWORK)
@writes
def add(proposal_id: int) -> Response:
    """Write a comment or a reply; a refused one comes back with its text."""
    proposal = _public_proposal(proposal_id)
    typed = clean_text(request.form.get("body", ""))
    parent = request.form.get("parent", "")
    parent_id = numbers.whole_number(parent)
    if parent and parent_id is None:
        raise NotFound  # an answer to nothing is not a comment of its own
    try:
        comment = service.add_comment(
            g.actor,
            proposal,
            typed,
            clock.now(),
            parent_id=parent_id,
            form_key=request.form.get("form_key", ""),
        )
    except Invalid as error:
        return make_response(_refused(proposal, parent_id, typed, str(error.message)), error.status)
    if comment.state == "held":
        flash(gate.sent("comment", comment.id), "success")
    else:
        flash(_("Your comment is published."), "success")
    page = comment_queries.page_of(comment)
    address = url_for("proposals.show", proposal_id=proposal_id, page=page if page > 1 else None)
    return redirect(f"{address}#comment-{comment.id}", code=303)  # type: ignore[return-value]


def _hidden_comment(proposal_id: int, comment_id: int) -> tuple[Proposal, Comment]:
    rows = comment_queries.list_for_moderation([comment_id])
    if not rows or rows[0][0].proposal_id != proposal_id or rows[0][0].state != "hidden":
        raise NotFound
    return _public_proposal(proposal_id), rows[0][0]


def _restore_page(proposal: Proposal, comment: Comment, typed: str = "", error: str = "") -> str:
    return render_template(
        "proposals/comment_restore.html",
        proposal=proposal,
        item={**_item(comment, []), "body": render_plain(comment.body), "hidden_reason": ""},
        decision=policy.can_restore_comment(g.actor, comment.author_id),
        typed=typed,
        error=error,
    )


@blueprint.get("/<int:proposal_id>/comments/<int:comment_id>/restore")
@requires(Action.MODERATE)
def restore(proposal_id: int, comment_id: int) -> str:
    """The hidden text and the form that makes it public again."""
    return _restore_page(*_hidden_comment(proposal_id, comment_id))


@blueprint.post("/<int:proposal_id>/comments/<int:comment_id>/restore")
@requires(Action.MODERATE)
@writes
def restore_now(proposal_id: int, comment_id: int) -> Response:
    """Make a hidden comment public again, with the reason for everyone."""
    _hidden_comment(proposal_id, comment_id)
    typed = clean_text(request.form.get("reason", ""))
    try:
        restored = service.restore_comment(g.actor, comment_id, typed, clock.now())
    except Invalid as error:
        found = _hidden_comment(proposal_id, comment_id)
        return make_response(_restore_page(*found, typed, str(error.message)), 422)
    flash(_("The comment is public again."), "success")
    page = comment_queries.page_of(restored)
    address = url_for("proposals.show", proposal_id=proposal_id, page=page if page > 1 else None)
    return redirect(f"{address}#comment-{comment_id}", code=303)  # type: ignore[return-value]


def _refused(proposal: Proposal, parent_id: int | None, typed: str, error: str) -> str:
    if parent_id is not None:
        return _reply_page(proposal, parent_id, typed, error)
    return render_template(
        "proposals/comment_refused.html",
        proposal=proposal,
        can_comment=policy.can_comment(g.actor, proposal),
        form_key=request.form.get("form_key") or secrets.token_hex(8),
        max_body=service.MAX_BODY,
        typed=typed,
        comment_error=error,
        reply_to=None,
    )
