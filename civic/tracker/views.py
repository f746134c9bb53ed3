"""What residents read about deliveries."""

from flask import Blueprint, g, render_template, request

from civic import clock
from civic.page_cache import shared_by_strangers
from civic.policy import public
from civic.tracker import figures as tracker_figures
from civic.tracker import policy, presenters, queries

blueprint = Blueprint("tracker", __name__, url_prefix="/deliveries")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Everything being carried out, as cards or as a map with its list."""
    return render_template("tracker/index.html", **presenters.list_context(clock.now()), args=request.args)


@blueprint.get("/figures")
@public
@shared_by_strangers
def figures() -> str:
    """Works by stage over time and by neighbourhood, and their money."""
    return render_template("tracker/figures.html", **tracker_figures.context(clock.now()))


@blueprint.get("/<int:delivery_id>")
@public
@shared_by_strangers
def show(delivery_id: int) -> str:
    """One delivery: where it stands, what happened, what comes next, what it costs."""
    delivery = queries.get_delivery(delivery_id)
    context = presenters.detail_context(delivery, clock.now())
    return render_template("tracker/show.html", **context, can_manage=policy.can_manage(g.actor))
