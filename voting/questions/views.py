"""Answering the questions of a ballot: a page of radios and boxes, then the review page of every vote."""

from datetime import datetime
from typing import Any

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import NotAllowed, NotFound
from civic.policy import Action, requires
from civic.unit_of_work import writes_itself
from voting import cart as carts
from voting import desk_session, round_queries
from voting.ballot_page import Booth, enter
from voting.questions import page
from voting.questions.page import Answers
from voting.views_ballot import blueprint, strip_of


def ballot_page(booth: Booth, now: datetime, answers: Answers | None = None, said: Any = None) -> str:
    """The questions, to be answered by those who may and read by everybody."""
    context = page.ballot_context(booth, now, answers)
    return render_template(
        "voting/questions/ballot.html", **context, strip=strip_of(booth.round, now), said=said
    )


@blueprint.post("/rounds/<slug>/vote/answers")
@requires(Action.VOTE)
@writes_itself
def answer(slug: str) -> Any:
    """Keep the answers in the voter's encrypted cookie and go on to the review; nothing is cast yet."""
    now = clock.now()
    booth = enter(round_queries.get_public_round(slug), g.actor, now)
    if not booth.round.asks:
        raise NotFound
    if booth.plan is None or booth.cart is None or not booth.may_vote:
        raise NotAllowed(booth.passage.reason)
    answers = page.read_answers(booth.plan, request.form)
    if answers.problems or not answers.choices:
        said = None if answers.problems else _("Your ballot is empty. Answer at least one question.")
        response = make_response(ballot_page(booth, now, answers, said), 422)
        response.headers["Cache-Control"] = "no-store"
        return response
    cart = booth.cart.holding(booth.plan, answers.choices)
    response = make_response(redirect(url_for("voting.review", slug=slug), code=303))
    return carts.keep(current_app.config["SETTINGS"], response, cart, desk_session.seconds_left(now))
