"""What residents read about the budget."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.budget import presenters, queries, rules
from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import public

blueprint = Blueprint("budget", __name__, url_prefix="/budget")


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """The newest year's budget, or that there is none."""
    years = queries.list_years()
    if not years:
        return render_template("budget/empty.html", editions=presenters.edition_rows())
    now = clock.city_date(clock.now()).year
    # A budget is adopted at most for the year to come: a slip of the pen does not stand before it.
    return year(next((one for one in years if one <= now + 1), years[0]))


@blueprint.get("/<int:year>")
@public
@shared_by_strangers
def year(year: int) -> str:
    """A year's budget by chapter."""
    kind = request.args.get("kind", "")
    source = numbers.whole_number(request.args.get("source"))
    context = presenters.year_context(year, kind if kind in rules.KINDS else "expenditure", source)
    if year not in context["years"]:
        raise NotFound
    return render_template("budget/year.html", **context)


@blueprint.get("/<int:year>/chapters/<int:chapter_id>")
@public
@shared_by_strangers
def chapter(year: int, chapter_id: int) -> str | Response:
    """A chapter and the institutions it pays for."""
    found = queries.get_chapter(chapter_id)
    if found.year != year:
        return redirect(url_for("budget.chapter", year=found.year, chapter_id=found.id), code=308)
    return render_template("budget/chapter.html", **presenters.chapter_context(found))


@blueprint.get("/lines/<int:line_id>")
@public
@shared_by_strangers
def line(line_id: int) -> str:
    """A title of an institution and the items under it."""
    return render_template("budget/line.html", **presenters.line_context(queries.get_line(line_id)))
