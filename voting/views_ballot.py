"""The ballot: browse the projects, fill the cart, look over it, cast it, keep the receipt."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest

from civic import clock, links
from civic.errors import Conflict, DomainError, NotAllowed, NotFound
from civic.extensions import db
from civic.fragments import KEPT, kept_page
from civic.places.queries import categories_by_id, neighbourhood_names
from civic.policy import Action, public, requires
from civic.rounds import contributions, words
from civic.rounds.models import Round
from civic.security import is_fragment, safe_next
from civic.unit_of_work import writes_itself
from voting import cart as carts
from voting import (
    casting,
    desk_session,
    entrance_queries,
    exclusive,
    keys,
    project_queries,
    reasons,
    result_queries,
    round_queries,
    rules,
    straight_cast,
)
from voting.ballot_page import Booth, Filters, booth_context, enter, session_binding
from voting.nightly import receipts
from voting.policy import Gate, vote_gate, voting_phase
from voting.questions import page as question_page
from voting.quiet_session import keep_session_cookie

blueprint = Blueprint("voting", __name__)

#: Where the ballot itself is on the page, so that no bar reminds of it.
BOOTH = frozenset({"voting.ballot", "voting.choose", "voting.answer", "voting.review", "voting.cast"})


def _settings() -> Any:
    return current_app.config["SETTINGS"]


def _round_keys(round_id: int) -> keys.RoundKeys:
    """The round's keys; once they are destroyed no ballot is taken."""
    try:
        return keys.load_round_keys(_settings(), round_id)
    except keys.KeysMissing as error:
        raise Conflict(_("The vote has ended; no further ballot can be cast.")) from error


@blueprint.get("/vote")
@public
def current() -> Any:
    """The vote that is open, or the one that comes next; where several are open, which they are."""
    several = round_queries.list_voting_rounds(clock.now())
    if len(several) > 1:
        lines = [(one, voting_phase(one), words.audience_phrase(one)) for one in several]
        return render_template("voting/several.html", lines=lines)
    round_ = round_queries.find_voting_round(clock.now())
    if round_ is None:
        return render_template("voting/none.html")
    return redirect(url_for("voting.ballot", slug=round_.slug), code=302)


@blueprint.get("/rounds/<slug>/vote")
@public
def ballot(slug: str) -> Any:
    """The projects of the ballot, and the cart beside them for those who may vote."""
    booth, now = _enter(slug)
    if booth.round.asks:
        from voting.questions import views as questions

        return questions.ballot_page(booth, now)
    context = booth_context(booth, Filters.read(request.args), now)
    if is_fragment():
        return render_template("voting/_ballot.html", **context)
    return render_template("voting/ballot.html", **context, strip=strip_of(booth.round, now))


@blueprint.get("/rounds/<slug>/vote/soon")
@public
def soon(slug: str) -> Any:
    """Asked every few seconds by the page of somebody on the way to the roll; once they are on it, the page reloads."""
    booth, _now = _enter(slug)
    if not is_fragment():
        return redirect(url_for("voting.ballot", slug=slug), code=303)
    if booth.passage.gate is Gate.WAITING:
        return render_template("voting/_gate.html", booth=booth, round=booth.round)
    return Response("", headers={"HX-Refresh": "true"})


def _enter(slug: str) -> tuple[Booth, datetime]:
    now = clock.now()
    return enter(round_queries.get_public_round(slug), g.actor, now), now


def strip_of(round_: Round, now: datetime) -> list[dict[str, Any]]:
    """The phases as the strip shows them, the same as on the round's own page."""
    return words.phase_strip(round_, now, contributions.find_figure)


@blueprint.post("/rounds/<slug>/vote/choose")
@requires(Action.VOTE)
@writes_itself
def choose(slug: str) -> Any:
    """Put a project into the cart, take it out, move it up, or give it points."""
    booth, now = _enter(slug)
    if booth.plan is None or booth.voter is None or booth.cart is None or not booth.may_vote:
        raise NotAllowed(booth.passage.reason)
    if booth.round.asks:  # answers are sent all at once, to `voting.answer`
        raise NotFound
    filters = Filters.read(request.form)
    choices, code, problem = _changed(booth)
    cart = booth.cart.holding(booth.plan, choices)
    booth = Booth(booth.round, booth.plan, booth.passage, booth.voter, cart, choices)
    if is_fragment():
        context = booth_context(booth, filters, now)
        response = make_response(render_template("voting/_ballot.html", **context, said=problem))
    else:
        if problem:
            flash(str(problem), "warning")
        response = make_response(redirect(_back(booth, filters, code), code=303))
    return carts.keep(_settings(), response, cart, desk_session.seconds_left(now))


def _back(booth: Booth, filters: Filters, code: str) -> str:
    if request.form.get("next"):
        return safe_next(request.form["next"], url_for("voting.ballot", slug=booth.round.slug))
    anchor = f"project-{project_queries.get_project(booth.round.id, code).id}"
    return url_for("voting.ballot", slug=booth.round.slug, _anchor=anchor, **filters.arguments)


def _changed(booth: Booth) -> tuple[dict[str, Decimal], str, Any]:
    """The choices after what was pressed, the project it was about, and why it could not be done."""
    assert booth.plan is not None
    assert booth.voter is not None
    form = request.form
    action = next((name for name in ("add", "remove", "up", "points") if form.get(name)), None)
    code = form.get(action, "") if action else ""
    if code not in booth.plan.projects:
        raise BadRequest
    if action == "up":
        return rules.moved_up(booth.plan, booth.choices, code), code, None
    if action == "remove":
        return rules.changed(booth.plan, booth.choices, code, Decimal(0)), code, None
    value = Decimal(1)
    if action == "points":
        raw = form.get(f"value-{list(booth.plan.projects).index(code)}", "")
        value = Decimal(raw) if raw.isascii() and raw.isdigit() and len(raw) < 6 else Decimal(0)
    elif (refusal := rules.why_not_add(booth.plan, booth.voter, booth.choices, code)) is not None:
        return dict(booth.choices), code, refusal
    after = rules.changed(booth.plan, booth.choices, code, value)
    group = booth.plan.projects[code].group
    problems = [p for p in rules.ballot_problems(booth.plan, booth.voter, after) if p.group == group]
    if action == "points" and value and problems:
        return dict(booth.choices), code, problems[0].sentence
    return after, code, None


@blueprint.get("/rounds/<slug>/projects/<path:code>")
@public
def project(slug: str, code: str) -> Any:
    """One project: what it is, what it costs, where it came from and where it led. No counts before the results."""
    booth, now = _enter(slug)
    if booth.round.asks:  # an option has no page of its own
        return redirect(url_for("voting.ballot", slug=slug), code=302)
    found = project_queries.get_project(booth.round.id, code)
    outcome = result_queries.find_outcome(found.id) if booth.round.results_at is not None else None
    told = reasons.tell(outcome, found, booth.round) if outcome is not None else {}
    return render_template(
        "voting/project.html",
        booth=booth,
        round=booth.round,
        project=found,
        image=project_queries.find_image(found),
        area=neighbourhood_names().get(found.neighbourhood_id or 0),
        category=categories_by_id().get(found.category_id or 0),
        group=next(group for group in booth.round.groups if group.id == found.group_id),
        pot=next(pot for pot in booth.round.pots if pot.id == found.pot_id),
        chain=links.chain("project", found.id),
        outcome=outcome,
        beside_none_of=exclusive.rivals(booth.round.id, booth.plan).get(found.code, ()),
        **told,
        chosen=found.code in booth.choices,
        gate=vote_gate(booth.round, booth.plan, now),
        now=now,
    )


@blueprint.get("/rounds/<slug>/vote/review")
@requires(Action.VOTE)
def review(slug: str) -> Any:
    """Everything that will be cast, on one page, with what is empty and what is wrong."""
    booth, now = _enter(slug)
    if not booth.may_vote:
        return redirect(url_for("voting.ballot", slug=slug), code=302)
    return _review_page(booth, now)


def _review_page(
    booth: Booth, now: datetime, said: Any = None, status: int = 200, again: carts.CastForm | None = None
) -> Response:
    """The review page; `again` is the form to show once more as it was sent, instead of a new one."""
    if not booth.may_vote:
        raise NotAllowed(booth.passage.reason)
    assert booth.plan is not None
    assert booth.voter is not None
    assert booth.cart is not None
    problems = rules.ballot_problems(booth.plan, booth.voter, booth.choices)
    form = None if problems else again
    if not problems and form is None:
        round_keys = _round_keys(booth.round.id)
        nym = round_keys.nym(booth.round.id, booth.cart.voter_id)
        form = carts.new_form(_settings(), booth.cart, session_binding(), nym, booth.voter)
    asks = booth.round.asks
    context = question_page.ballot_context(booth, now) if asks else booth_context(booth, Filters(), now)
    template = "voting/questions/review.html" if asks else "voting/review.html"
    page = render_template(template, **context, problems=problems, form=form, said=said)
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return carts.keep(_settings(), response, booth.cart, desk_session.seconds_left(now))


@blueprint.post("/rounds/<slug>/vote/cast")
@requires(Action.VOTE)
@writes_itself
def cast(slug: str) -> Response:
    """Cast the ballot the review page showed and answer with the receipt.

    Answers 200 without a redirect: the receipt is shown once and stored nowhere. Writes to the box and the
    log alone; even the session's cookie is left as it is.
    """
    keep_session_cookie()
    now = clock.now()
    voter_id = g.actor.person_id
    entrance = entrance_queries.find_entrance(slug, now) if voter_id is not None else None
    entrance = entrance or _first_entrance(slug)
    round_id, plan = entrance.round_id, entrance.plan
    round_keys = _round_keys(round_id)
    nym = round_keys.nym(round_id, voter_id)
    sent = carts.read_form(_settings(), request.form, session_binding(), nym)
    if sent is None:
        return _review_page(
            _enter(slug)[0],
            now,
            _("This page was open in another session. Your choices are below: check and cast them."),
            409,
        )
    form_id, shown = sent
    cart = carts.find_cart(_settings(), request, round_id, voter_id)
    if cart is not None and cart.items and cart.items != shown.items:
        return _review_page(
            _enter(slug)[0],
            now,
            _("Your ballot changed in another window. Check what it holds now, then cast it."),
            409,
        )
    desk = desk_session.current()
    channel = "online" if desk is None else "desk"
    prepared = casting.prepare(plan, round_keys, voter_id, shown.choices(plan), form_id, channel)
    if db.session.registry.has():
        # Nothing of the request's own transaction is needed any more; its connection goes back to the pool.
        db.session.rollback()
    try:
        receipt = casting.cast(db.engine, prepared, request.environ.get(straight_cast.TRIED_UNTIL))
    except Conflict as refusal:
        return _review_page(_enter(slug)[0], now, refusal.message, refusal.status)
    except DomainError as refusal:
        if refusal.status == 503:
            # Perhaps the ballot was kept: the same form again is the same ballot, a new one would replace it.
            booth = replace(_enter(slug)[0], cart=shown, choices=shown.choices(plan))
            return _review_page(booth, now, refusal.message, 503, carts.sent_form(form_id, request.form))
        raise
    context = {
        "outcome": receipt.outcome, "slug": slug, "name": entrance.name, "closes_at": plan.closes_at,
        "mode": plan.publication_mode, "fingerprint": plan.fingerprint,
    }  # fmt: skip
    holes = receipts.holes(_settings(), slug, receipt.leaf)
    if desk is None:
        shown_to_all = (receipt.outcome, plan.fingerprint, entrance.name)
        page = kept_page("voting/receipt.html", shown_to_all, holes, **context)
        if receipt.outcome is casting.Outcome.CAST and not g.actor.roles and KEPT in request.environ:
            shortcut: straight_cast.StraightCast = current_app.extensions["civic_straight_cast"]
            shortcut.remember(request.environ, entrance, db.engine, request.environ[KEPT])
    else:  # says until when this desk is the resident's: never kept for another
        page = render_template("voting/receipt.html", **holes, **context)
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return carts.drop(_settings(), response, round_id)


def _first_entrance(slug: str) -> entrance_queries.Entrance:
    """The way in as the ballot's page finds it, with its sentence for those who may not cast."""
    booth, _now = _enter(slug)
    if not booth.may_vote or booth.plan is None:
        raise NotAllowed(booth.passage.reason)
    return entrance_queries.Entrance(booth.round.id, booth.round.name, booth.plan)


@blueprint.post("/rounds/<slug>/vote/dismiss")
@requires(Action.VOTE)
@writes_itself
def dismiss(slug: str) -> Response:
    """Stop reminding of the unfinished ballot until something is chosen again. The choices are kept."""
    round_ = round_queries.get_public_round(slug)
    back = safe_next(request.form.get("next"), url_for("voting.ballot", slug=slug))
    response = make_response(redirect(back, code=303))
    cart = carts.find_cart(_settings(), request, round_.id, g.actor.person_id)
    return response if cart is None else carts.keep(_settings(), response, replace(cart, dismissed=True))


def ballot_bar() -> dict[str, Any]:
    """The reminder of every page: a ballot that waits to be cast, of which round, until when."""
    if request.endpoint in BOOTH:
        return {}
    if desk_session.is_desk_screen():
        return {}
    actor = g.get("actor")
    cart = carts.waiting_cart(_settings(), request, actor.person_id if actor else None, clock.now())
    if cart is None:
        return {}
    return {
        "ballot_bar": {
            "text": _("Your ballot for %(round)s is not cast yet.", round=cart.name),
            "url": url_for("voting.review", slug=cart.slug),
            "label": _("Check and cast"),
            "dismiss_url": url_for("voting.dismiss", slug=cart.slug),
        }
    }
