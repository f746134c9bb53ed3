"""What everyone reads about consultations."""

from typing import Any

from flask import Blueprint, g, render_template

from civic import clock
from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.text import render_plain
from consultations import policy, presenters, queries
from consultations.models import Consultation

blueprint = Blueprint("consultations", __name__, url_prefix="/consultations")


def readable(consultation_id: int) -> Consultation:
    """The consultation if the actor may read it; a draft is nothing to anybody else."""
    one = queries.get_consultation(consultation_id)
    if not policy.can_read(g.actor, one):
        raise NotFound
    return one


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every consultation, those that are open first."""
    return render_template("consultations/index.html", **presenters.list_context(clock.now(), drafts=False))


@blueprint.get("/<int:consultation_id>")
@public
@shared_by_strangers
def show(consultation_id: int) -> Any:
    """One consultation: what is asked, until when, how to take part, what was answered."""
    one = readable(consultation_id)
    return render_template("consultations/show.html", **presenters.detail_context(one, clock.now()))


@blueprint.get("/<int:consultation_id>/announcement")
@public
@shared_by_strangers
def announcement(consultation_id: int) -> str:
    """The announcement exactly as it was shown, with its hash."""
    one = readable(consultation_id)
    entry = queries.find_site_announcement(one.id)
    if entry is None:
        raise NotFound
    return render_template(
        "consultations/announcement.html", consultation=one, entry=entry, text=render_plain(entry.text)
    )
