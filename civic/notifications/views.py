"""The follow button, the page of what I follow, and the link that stops messages."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from civic import clock, links, numbers
from civic.actor import Actor
from civic.errors import NotFound
from civic.extensions import csrf
from civic.navigation import Panel
from civic.notifications import compose, policy, queries, service
from civic.policy import Action, public, requires
from civic.security import is_fragment, safe_next
from civic.unit_of_work import writes

blueprint = Blueprint("notifications", __name__, url_prefix="/follows")


def button_context(actor: Actor, kind: str, subject_id: int) -> dict[str, Any]:
    """What the button needs, on its page and in its own swap."""
    return {
        "kind": kind,
        "subject_id": subject_id,
        "decision": policy.can_follow(actor),
        "signed_in": actor.is_authenticated,
        "following": actor.id is not None and queries.is_following(actor.id, kind, subject_id),
        "followers": queries.count_followers(kind, subject_id),
    }


def follow_button(kind: str, subject_id: int) -> Markup:
    """The button for any page: `{{ follow_button("proposal", proposal.id) }}`."""
    return Markup(render_template("notifications/_button.html", **button_context(g.actor, kind, subject_id)))  # noqa: S704


def _answer(kind: str, subject_id: int) -> Response | str:
    if is_fragment():
        return render_template("notifications/_button.html", **button_context(g.actor, kind, subject_id))
    link = links.find_link(kind, subject_id)
    back = link.url if link else url_for("notifications.index")
    return redirect(safe_next(request.form.get("next"), back), code=303)


@blueprint.post("/<kind>/<int:subject_id>")
@requires(Action.FOLLOW)
@writes
def start(kind: str, subject_id: int) -> Response | str:
    """Follow."""
    service.follow(g.actor, kind, subject_id, clock.now())
    return _answer(kind, subject_id)


@blueprint.post("/<kind>/<int:subject_id>/stop")
@requires(Action.FOLLOW)
@writes
def stop(kind: str, subject_id: int) -> Response | str:
    """Follow no more."""
    service.unfollow(g.actor, kind, subject_id, clock.now())
    return _answer(kind, subject_id)


def follows_context(page: int, size: int = queries.PAGE_SIZE) -> dict[str, Any]:
    """One page of what I follow, with titles: a query a kind, whatever the number."""
    rows, total = queries.list_follows(g.actor.id, page, size)
    found = {
        kind: links.resolve_listed(kind, [row.subject_id for row in rows if row.subject_kind == kind])
        for kind in {row.subject_kind for row in rows}
        if links.is_known(kind)
    }
    items = [
        {
            "kind": row.subject_kind,
            "subject_id": row.subject_id,
            "since": row.since,
            "link": found.get(row.subject_kind, {}).get(row.subject_id),
        }
        for row in rows
    ]
    pages = max(1, -(-total // size))
    return {
        "items": items,
        "total": total,
        "page": page,
        "pages": pages,
        "wants_mail": queries.wants_mail(g.actor.id),
    }


@blueprint.get("")
@requires(Action.USE_ACCOUNT)
def index() -> str:
    """Everything I follow."""
    context = follows_context(numbers.page_number())
    if context["page"] > context["pages"]:
        raise NotFound
    return render_template("notifications/index.html", **context)


@blueprint.post("/mail")
@requires(Action.USE_ACCOUNT)
@writes
def choose_mail() -> Response:
    """Whether I want mail about what I follow."""
    wanted = request.form.get("wants_mail") == "yes"
    service.choose_mail(g.actor, wanted, clock.now())
    flash(
        _("We will write to you about what you follow.")
        if wanted
        else _("We will not write to you about what you follow."),
        "success",
    )
    return redirect(safe_next(request.form.get("next"), url_for("notifications.index")), code=303)


@blueprint.get("/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> str:
    """Where the link of a message leads: one page, one button. Opening it changes nothing."""
    known = compose.read_unsubscribe_token(token)
    if known is None:
        raise NotFound(_("This link is not complete. Copy it whole from the message."))
    account_id, kind, subject_id = known
    return render_template(
        "notifications/unsubscribe.html",
        token=token,
        link=links.find_link(kind, subject_id),
        following=queries.is_following(account_id, kind, subject_id),
        wants_mail=queries.wants_mail(account_id),
    )


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # mail programs press this button (RFC 8058); what is signed in the address is the permission
@public
@writes
def unsubscribe_now(token: str) -> Response:
    """Stop, without signing in: the signed link is permission enough for that."""
    known = compose.read_unsubscribe_token(token)
    if known is None:
        raise NotFound(_("This link is not complete. Copy it whole from the message."))
    everything = request.form.get("everything") == "yes"
    if "List-Unsubscribe" in request.form:
        # A mail program's own button: whoever was written to without following wants no such message.
        everything = not queries.is_following(*known)
    service.unsubscribe(*known, everything=everything, now=clock.now())
    return redirect(url_for("notifications.unsubscribe", token=token), code=303)


def account_panel(_context: dict[str, Any]) -> Panel | None:
    """The beginning of the list, on the account's own page."""
    if g.actor.id is None:
        return None
    return Panel("notifications/_account_panel.html", follows_context(1, 5), position=60)
