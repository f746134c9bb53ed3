"""Where staff write what the data do not hold, see how a year looks, and publish it."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.yearly import policy, presenters, queries, rules, service
from consultations.yearly.forms import YearForm, name_of
from consultations.yearly.labels import SECTIONS

blueprint = Blueprint("staff_yearly", __name__, url_prefix="/staff/transparency")


@blueprint.get("")
@requires(Action.VIEW_CONSULTATIONS)
def index() -> str:
    """Every year with where its report stands."""
    reports = {one.year: one for one in queries.list_reports(published=False)}
    years = queries.list_years(clock.now())
    return render_template(
        "yearly/staff_index.html", years=years, reports=reports, can_write=policy.can_write(g.actor)
    )


@blueprint.route("/<int:year>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit(year: int) -> Any:
    """Write the figures and words of a year; "publish" lets everyone read them."""
    now = clock.now()
    if year not in queries.list_years(now):
        raise NotFound
    report = queries.find_report(year)
    if request.method == "GET":
        typed = {name_of(key): value for key, value in (report.typed if report else {}).items()}
        form: Any = YearForm(None, data={**typed, "version": report.version if report else 0})
        return _page(year, form)
    form = YearForm()
    if not form.validate():
        return _page(year, form, 422)
    publishing = request.form.get("do") == "publish"
    try:
        if publishing:
            service.publish(g.actor, year, form.typed(), form.correction.data or "", form.seen_version(), now)
        else:
            service.save(g.actor, year, form.typed(), form.seen_version(), now)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        _tell(form, error)
        return _page(year, form, error.status)
    flash(_("Published.") if publishing else _("Saved."), "success")
    return redirect(url_for("yearly.show" if publishing else "staff_yearly.edit", year=year), code=303)


def _tell(form: Any, error: Invalid | Conflict) -> None:
    """Put each sentence where it belongs."""
    if not isinstance(error, service.Incomplete):
        form.form_errors.append(str(error.message))
        return
    for key, sentence in error.sentences.items():
        field = form[name_of(key)] if key in rules.BY_KEY else form.correction
        field.errors = [*field.errors, sentence]


def _page(year: int, form: Any, status: int = 200) -> tuple[str, int]:
    report = queries.find_report(year)
    items = (*rules.TYPED, *rules.WORDS)
    return render_template(
        "yearly/staff_edit.html",
        year=year,
        form=form,
        report=report,
        groups=[
            (
                SECTIONS[section],
                [(name_of(item.key), item.source) for item in items if item.section == section],
            )
            for section in rules.SECTIONS
            if any(item.section == section for item in items)
        ],
        can_publish=policy.can_publish(g.actor, year, clock.now()),
        computed=presenters.computed_rows(year),
    ), status
