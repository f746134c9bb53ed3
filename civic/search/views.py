"""The page of the box."""

from flask import Blueprint, render_template

from civic.policy import public
from civic.search import presenters

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@public
def index() -> str:
    """Everything public that has the words, the best few of each kind."""
    return render_template("search/index.html", **presenters.page_context())
