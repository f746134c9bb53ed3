"""The public minutes of a close: who did what, when, and the figures each step left."""

from flask import Blueprint, render_template

from civic.policy import public
from voting import round_queries
from voting.ceremony import minutes, queries

blueprint = Blueprint("minutes", __name__)


@blueprint.get("/rounds/<slug>/minutes")
@public
def show(slug: str) -> str:
    """The minutes, once the results are public; before that, when they will be."""
    round_ = round_queries.get_public_round(slug)
    published = round_.results_at is not None
    found = minutes.chapters(queries.steps_by_name(round_.id), round_.asks) if published else []
    return render_template(
        "voting/ceremony/minutes.html",
        round=round_,
        published=published,
        chapters=found,
        by_people=any(chapter.names for chapter in found),
        plan=round_queries.plan_of(round_) if published else None,
    )
