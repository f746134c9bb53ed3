"""What somebody without an account finds under the link of the letter: the decision, why, and the form that contests it."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from civic import clock
from civic.actor import ANONYMOUS
from civic.errors import NotFound
from civic.extensions import limiter
from civic.moderation.appeals import outside, presenters, queries, service
from civic.moderation.appeals.forms import AppealForm
from civic.moderation.appeals.views import PER_NETWORK, thank
from civic.page_forms import take
from civic.policy import public
from civic.unit_of_work import writes

blueprint = Blueprint("appeals_by_link", __name__, url_prefix="/decisions-by-letter")


def _statement_id(token: str) -> int:
    number = outside.read_token(token)
    if number is None:
        raise NotFound
    return number


def _page(token: str, form: AppealForm | None = None, status: int = 200) -> Response:
    statement = queries.get_unowned(_statement_id(token))
    context = presenters.statement_context(ANONYMOUS, statement, form, clock.now())
    body = render_template(
        "appeals/show.html", **context, action=url_for("appeals_by_link.appeal", token=token)
    )
    response = make_response(body, status)
    # Whoever has the address of this page speaks for the author: it goes to no other site and into no cache.
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    """One decision, for whoever has the link that was sent to the text's author."""
    return _page(token)


@blueprint.post("/<token>")
@public
@limiter.limit(PER_NETWORK)
@writes
def appeal(token: str) -> Any:
    """Contest it without an account."""
    form = AppealForm()
    refused = take(
        form,
        "text",
        lambda: service.appeal_by_link(_statement_id(token), form.text.data or "", clock.now()),
        lambda status: _page(token, form, status),
    )
    if refused is not None:
        return refused
    thank()
    return redirect(url_for("appeals_by_link.show", token=token), code=303)
