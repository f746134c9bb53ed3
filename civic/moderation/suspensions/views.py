"""What a suspended person meets: the refusal that explains itself, and the page of their own suspension."""

from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, render_template, request

from civic import clock
from civic.moderation.suspensions import policy, queries, service
from civic.moderation.suspensions.telling import STAYS
from civic.navigation import Panel
from civic.policy import Action, is_publishing, requires
from civic.text import clean_text

blueprint = Blueprint("suspensions", __name__)

#: What of a refused form is given back: texts, not numbers and keys.
_A_TEXT, _MOST_TEXTS, _LONGEST = 15, 10, 50_000


def keep_from_publishing() -> Response | None:
    """The one place where a suspension is enforced: before any view that takes a text to the public."""
    if g.actor.suspended_until is None or request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if request.endpoint is None or not is_publishing(current_app, request.endpoint):
        return None
    response = make_response(render_template("suspensions/refused.html", **_refusal()), 403)
    response.headers["Cache-Control"] = "no-store"
    return response


def _refusal() -> dict[str, Any]:
    now = clock.now()
    one = queries.find_running(g.actor.id, now)
    texts = [
        clean_text(value)[:_LONGEST]
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and len(value) >= _A_TEXT and " " in value.strip()
    ]
    return {"one": one, "until": g.actor.suspended_until, "texts": texts[:_MOST_TEXTS], "stays": STAYS}


@blueprint.get("/account/suspensions/<int:suspension_id>")
@requires(Action.USE_ACCOUNT)
def show(suspension_id: int) -> str:
    """One's own suspension: why, until when, what stays, how to contest it."""
    one = service.get_own(g.actor, suspension_id)
    now = clock.now()
    return render_template(
        "suspensions/show.html",
        one=one,
        running=policy.is_running(one, now),
        appeal=queries.find_appeal(one.id),
        stays=STAYS,
        now=now,
    )


def account_panel(context: dict[str, Any]) -> Panel | None:
    """The account page: a suspension that runs, or what remains of earlier ones."""
    account, now = context["account"], clock.now()
    if account.suspended_until is None:
        return None
    listed = queries.list_of_account(account.id)
    if not listed:
        return None
    return Panel(
        "suspensions/_panel_account.html",
        {"listed": listed, "running": [one for one in listed if policy.is_running(one, now)]},
        position=1,
    )
