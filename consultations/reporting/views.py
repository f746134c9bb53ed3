"""The page of the report."""

from flask import Blueprint, g, render_template

from civic import clock
from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import enforce, public
from consultations import policy as consultations
from consultations import queries
from consultations.reporting import policy, presenters

blueprint = Blueprint("reporting", __name__)


@blueprint.get("/consultations/<int:consultation_id>/report")
@public
@shared_by_strangers
def show(consultation_id: int) -> str:
    """What was asked, who took part, what was answered, what changed."""
    one, now = queries.get_consultation(consultation_id), clock.now()
    if not consultations.can_read(g.actor, one):
        raise NotFound
    enforce(policy.can_read(g.actor, one, now))
    return render_template("reporting/show.html", **presenters.report_context(one, now))
