"""What somebody without an account finds under the link of the letter: the decision, why, and the form that contests it."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from civic import clock
from civic.actor import ANONYMOUS
from civic.errors import NotFound
from civic.extensions import limiter
from civic.moderation import labels as moderation_labels
from civic.moderation import subjects
from civic.moderation.appeals import labels, outside, policy, queries, service
from civic.moderation.appeals.forms import AppealForm
from civic.moderation.appeals.views import PER_NETWORK, thank
from civic.page_forms import take
from civic.policy import public
from civic.text import render_plain
from civic.unit_of_work import writes

blueprint = Blueprint("appeals_by_link", __name__, url_prefix="/decisions-by-letter")


def _statement_id(token: str) -> int:
    number = outside.read_token(token)
    if number is None:
        raise NotFound
    return number


def _page(token: str, form: AppealForm | None = None, status: int = 200) -> Response:
    statement = queries.get_unowned(_statement_id(token))
    case, contest = statement.case, policy.contest_of_statement(statement, statement.appeal)
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    body = render_template(
        "appeals/show.html",
        statement=statement,
        case=case,
        appeal=statement.appeal,
        subject=subject,
        text=render_plain(subject.text) if subject else "",
        kind=subjects.kinds().get(case.subject_kind),
        decision=policy.can_file(ANONYMOUS, contest, clock.now()),
        withdraw=False,
        form=form or AppealForm(None),
        labels=labels,
        moderation_labels=moderation_labels,
        action=url_for("appeals_by_link.appeal", token=token),
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
