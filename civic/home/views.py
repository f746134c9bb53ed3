"""The home page: what is on now, what can I do today, what became of what was decided."""

from flask import Blueprint, current_app, render_template

from civic.navigation import panels
from civic.policy import public

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def index() -> str:
    """Made of the panels that features offer."""
    areas = {area: panels(current_app, f"home.{area}", {}) for area in ("now", "today", "became")}
    return render_template("home/index.html", areas=areas)
