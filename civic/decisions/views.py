"""What residents read about decisions."""

from flask import Blueprint, current_app, g, render_template

from civic.decisions import policy, presenters, queries
from civic.navigation import panels
from civic.page_cache import shared_by_strangers
from civic.policy import public

blueprint = Blueprint("decisions", __name__, url_prefix="/decisions")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The register of decisions."""
    return render_template("decisions/index.html", **presenters.list_context())


@blueprint.get("/<int:decision_id>")
@public
@shared_by_strangers
def show(decision_id: int) -> str:
    """One decision: what it is about, what it changes, where it stands."""
    decision = queries.get_public(decision_id)
    more = panels(current_app, presenters.KIND, {"decision": decision})
    return render_template(
        "decisions/show.html", **presenters.detail_context(decision), panels=more,
        can_manage=policy.can_manage(g.actor),
    )  # fmt: skip
