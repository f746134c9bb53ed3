"""Where staff tie budgets to the decisions that approved and revised them."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.budget import labels, presenters, queries, service
from civic.budget.forms import TieForm
from civic.decisions.presenters import name_of
from civic.decisions.queries import list_newest
from civic.page_forms import take
from civic.policy import Action, requires
from civic.text import excerpt
from civic.unit_of_work import writes

blueprint = Blueprint("budget_staff", __name__, url_prefix="/staff/budget")

#: Decisions offered, the newest first.
OFFERED = 300


def _subjects(year: int) -> list[tuple[str, str]]:
    chapters = [
        (f"chapter-{one.id}", f"{labels.KINDS[one.kind]}: {excerpt(one.name, 90)}")
        for one in queries.list_chapters(year)
    ]
    totals = [
        (f"line-{one.id}", _("Institution: %(name)s", name=excerpt(one.institution, 90)))
        for one in queries.list_totals(year)
    ]
    return [("", _("The whole budget")), *chapters, *totals]


def _form(year: int) -> TieForm:
    form = TieForm()
    form.subject.choices = _subjects(year)
    form.decision_id.choices = [
        (str(one.id), f"{name_of(one)} {excerpt(one.title, 70)}") for one in list_newest(OFFERED)
    ]
    return form


def _page(year: int | None, form: TieForm | None, status: int = 200) -> tuple[str, int]:
    subjects = dict(_subjects(year)) if year is not None else {}
    ties = queries.list_all_decisions(year) if year is not None else []
    rows = [
        (subjects.get(_key(tie), ""), told)
        for tie, told in zip(ties, presenters.decision_rows(ties), strict=True)
    ]
    return render_template(
        "budget/staff.html", year=year, years=queries.list_years(), form=form, rows=rows
    ), status


def _key(tie: Any) -> str:
    if tie.chapter_id is not None:
        return f"chapter-{tie.chapter_id}"
    return f"line-{tie.line_id}" if tie.line_id is not None else ""


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.MANAGE_MONEY)
@writes
def index() -> Any:
    """The ties of a year, and one more."""
    years = queries.list_years()
    asked = numbers.whole_number(request.args.get("year"), 9999)
    year = asked if asked in years else next(iter(years), None)
    form = _form(year) if year is not None else None
    if year is None or form is None or not form.is_submitted():
        return _page(year, form)
    kind, _dash, number = (form.subject.data or "").partition("-")
    subject = (kind, int(number)) if number.isdigit() else None
    problem = take(
        form, "decision_id",
        lambda: service.tie_decision(
            g.actor, year, subject, form.decision_id.data or 0, form.role.data, form.amount.data, clock.now()
        ),
        lambda status: _page(year, form, status),
    )  # fmt: skip
    if problem is not None:
        return problem
    flash(_("Saved."), "success")
    return redirect(url_for("budget_staff.index", year=year), code=303)


@blueprint.post("/decisions/<int:tie_id>/remove")
@requires(Action.MANAGE_MONEY)
@writes
def remove(tie_id: int) -> Response:
    """Take back a tie made by mistake."""
    year = service.untie_decision(g.actor, tie_id, clock.now())
    flash(_("Removed."), "success")
    return redirect(url_for("budget_staff.index", year=year), code=303)
