"""What everyone sees: the list with its filters and map, and a proposal's page."""

from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from civic import clock, links, numbers, timeline
from civic.errors import NotFound
from civic.moderation import tombstones
from civic.moderation.queries import find_redirection
from civic.navigation import render_panels
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.security import is_fragment
from civic.text import clean_line, render_plain
from proposals import labels, policy, queries, rounds
from proposals.comments.views import thread_context
from proposals.evaluation import queries as evaluations
from proposals.models import Proposal
from proposals.rules import LISTED, PUBLIC, State, is_public, was_hidden

blueprint = Blueprint("proposals", __name__, url_prefix="/proposals")


def read_filter() -> queries.Filter:
    """The filter in the address; what is not known is ignored."""

    def argument(name: str) -> str:
        return clean_line(request.args.get(name, ""))[:200]

    state, sort = argument("state"), argument("sort")
    return queries.Filter(
        neighbourhood=argument("neighbourhood"),
        category=argument("category"),
        state=state if state in PUBLIC else "",
        round=argument("round"),
        words=argument("q"),
        sort=sort if sort in queries.SORTS else "newest",
    )


def page_number() -> int:
    """The page in the address, 1 when it is none."""
    return min(numbers.page_number(), queries.MAX_PAGE)


def filter_arguments(chosen: queries.Filter) -> dict[str, str]:
    """The filter as the address's arguments, empty ones left out."""
    values = {
        "q": chosen.words,
        "neighbourhood": chosen.neighbourhood,
        "category": chosen.category,
        "state": chosen.state,
        "round": chosen.round,
        "sort": "" if chosen.sort == "newest" else chosen.sort,
    }
    return {name: value for name, value in values.items() if value}


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The list of proposals: cards, or the map with its twin list."""
    chosen, page = read_filter(), page_number()
    on_map = request.args.get("view") == "map"
    rows, total = queries.list_proposals(chosen, page, 50 if on_map else queries.PER_PAGE)
    context = {
        "chosen": chosen,
        "arguments": filter_arguments(chosen),
        "on_map": on_map,
        "rows": rows,
        "total": total,
        "page": page,
        "pages": min(-(-total // (50 if on_map else queries.PER_PAGE)), queries.MAX_PAGE),
        "labels": labels,
        "listed": LISTED,
        "tile_url": current_app.config["SETTINGS"].tile_url,
    }
    if is_fragment():
        return render_template("proposals/_results.html", **context)
    return render_template(
        "proposals/index.html",
        neighbourhoods=[(one.slug, one.name) for one in queries.list_neighbourhoods()],
        categories=[(one.slug, one.name) for one in queries.list_categories()],
        editions=[(one.slug, one.name) for one in rounds.list_public_rounds()],
        **context,
    )


@blueprint.get("/points.json")
@public
@shared_by_strangers
def points() -> Response:
    """The pins of the map: the same set as the list with the same filters."""
    pins = [
        {
            "id": row.id,
            "lat": row.latitude,
            "lon": row.longitude,
            "title": row.title,
            "url": url_for("proposals.show", proposal_id=row.id),
            "text": row.neighbourhood,
            "tone": labels.TONES[State(row.state)],
            "exact": row.exact,
        }
        for row in queries.list_points(read_filter())
    ]
    return jsonify(pins)


def get_visible(proposal_id: int) -> Proposal:
    """The proposal if the actor may know of it; for one that was public, why it is hidden; else NotFound."""
    proposal = queries.get_proposal(proposal_id)
    if not policy.can_see(g.actor, proposal):
        if was_hidden(proposal.state, proposal.published_at is not None):
            raise tombstones.gone("proposal", proposal.id)
        raise NotFound
    return proposal


def next_step(proposal: Proposal, now: datetime) -> dict[str, Any] | None:
    """What comes after the present state, and until when where a calendar says so."""
    sentence = labels.NEXT_STEPS.get(State(proposal.state))
    if sentence is None:
        return None
    step: dict[str, Any] = {"sentence": sentence}
    kind = {State.IN_ANALYSIS: "analysis", State.REJECTED: "appeals", State.ADMITTED: "voting"}.get(
        State(proposal.state)
    )
    if proposal.round_id is not None and kind is not None:
        phase = rounds.find_phase(proposal.round_id, kind)
        if phase is not None and now < phase.ends_at:
            step["deadline"] = phase.ends_at
    elif proposal.state == State.REJECTED:
        if proposal.appeal_until is None or now >= proposal.appeal_until:
            return None
        step["deadline"] = proposal.appeal_until
    return step


@blueprint.get("/<int:proposal_id>")
@public
@shared_by_strangers
def show(proposal_id: int) -> Response:
    """A proposal: text, pictures, history, analysis, comments. A draft leads to its form."""
    now = clock.now()
    proposal = get_visible(proposal_id)
    if proposal.state == State.DRAFT:
        return redirect(url_for("proposals.edit", proposal_id=proposal.id))  # type: ignore[return-value]
    mine = policy.is_author(g.actor, proposal)
    phases = rounds.phases_now(proposal.round_id, now)
    open_rounds = rounds.list_open_rounds(now) if mine and proposal.state == State.PUBLISHED else []
    body = render_template(
        "proposals/show.html",
        proposal=proposal,
        problem=render_plain(proposal.problem),
        idea=render_plain(proposal.idea),
        edition=rounds.find_round(proposal.round_id),
        events=timeline.list_events("proposal", proposal.id),
        next_step=next_step(proposal, now),
        chain=links.chain("proposal", proposal.id),
        evaluations=evaluations.list_published(proposal),
        appeals=evaluations.list_appeals(proposal.id),
        redirection=find_redirection("proposal", proposal.id) if proposal.state == State.REDIRECTED else None,
        mine=mine,
        followable=not mine and is_public(proposal.state, False),
        joinable=[(one, rounds.can_join(g.actor, proposal, one, now)) for one in open_rounds],
        can_appeal=policy.can_appeal(
            g.actor, proposal, phases, evaluations.count_appeals(proposal.id) if mine else 0, now
        ),
        can_withdraw=policy.can_withdraw(g.actor, proposal),
        labels=labels,
        panels=render_panels(
            current_app,
            "proposal",
            {"proposal": proposal, "public": is_public(proposal.state, proposal.published_at is not None)},
        ),
        **thread_context(g.actor, proposal, page_number()),
    )
    return make_response(body)
