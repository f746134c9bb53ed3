"""Where staff state the values of indicators, their targets, and who answers for them."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock
from civic.indicators import labels, presenters, queries, registry, service
from civic.indicators.forms import ArrangeForm, EntryForm, TargetForm
from civic.indicators.periods import months_back, years_back
from civic.indicators.views import chosen_origin
from civic.page_forms import take
from civic.places.queries import list_departments
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("indicators_staff", __name__, url_prefix="/staff/indicators")
#: How far back values are entered by hand.
ENTERED_YEARS = 6


@blueprint.get("")
@requires(Action.MANAGE_INDICATORS)
def index() -> str:
    """Every indicator, with what it waits for."""
    origin = chosen_origin()
    return render_template(
        "indicators/staff_index.html",
        origin=origin,
        origins=labels.ORIGINS,
        groups=presenters.groups(queries.list_indicators(origin)),
    )


def _entry(today: date) -> EntryForm:
    form = EntryForm(prefix="entry-")
    years = reversed(years_back(today, date(today.year - ENTERED_YEARS + 1, 1, 1)))
    months = reversed(months_back(today, date(today.year - 1, 1, 1)))
    form.period.choices = [(one.code, labels.period_name(one)) for one in [*years, *months]]
    return form


def _arrange(code: str) -> ArrangeForm:
    one = queries.get_indicator(code)
    form = ArrangeForm(
        prefix="arrange-",
        data={
            "computation": one.computation, "department_id": one.department_id, "responsible": one.responsible,
            "better": one.better,
        },
    )  # fmt: skip
    own = (
        [] if one.origin == "platform" else [(known.code, str(known.name)) for known in registry.catalogue()]
    )
    form.computation.choices = [("", _("nothing: entered by hand")), *own]
    form.department_id.choices = [
        ("", _("not stated")),
        *((str(known.id), known.name) for known in list_departments()),
    ]
    return form


def _page(code: str, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    """The page of an indicator with its forms; `bound` is the one that was sent."""
    today = clock.city_date(clock.now())
    one = queries.get_indicator(code)
    return render_template(
        "indicators/staff_show.html",
        **presenters.page(one, today),
        computed=service.is_computed(one),
        entry=bound.get("entry") or _entry(today),
        aim=bound.get("aim") or TargetForm(prefix="aim-", data={"target": one.target}),
        arrange=bound.get("arrange") or _arrange(code),
        wrong=next(iter(bound.values()), None),
    ), status


def _done(code: str, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("indicators_staff.show", code=code), code=303)


@blueprint.get("/<code>")
@requires(Action.MANAGE_INDICATORS)
def show(code: str) -> Any:
    """One indicator, with the forms that change it."""
    return _page(code)


@blueprint.post("/<code>/values")
@requires(Action.MANAGE_INDICATORS)
@writes
def enter(code: str) -> Any:
    """State the value of a period, or correct it."""
    queries.get_indicator(code)
    form = _entry(clock.city_date(clock.now()))

    def command() -> None:
        assert form.value.data is not None
        said = service.Entry(
            form.value.data, form.note.data or "", form.document.data or "", form.document_on.data
        )
        service.enter(g.actor, code, form.chosen, said, clock.now())

    problem = take(form, "value", command, lambda status: _page(code, status, entry=form))
    return problem or _done(code, _("Saved. The value before it stays in the history."))


@blueprint.post("/<code>/target")
@requires(Action.MANAGE_INDICATORS)
@writes
def aim(code: str) -> Any:
    """Set what is to be reached."""
    queries.get_indicator(code)
    form = TargetForm(prefix="aim-")
    problem = take(
        form, "target",
        lambda: service.aim(g.actor, code, form.target.data, form.basis.data or "", clock.now()),
        lambda status: _page(code, status, aim=form),
    )  # fmt: skip
    return problem or _done(code, _("Saved. The target before it stays in the history."))


@blueprint.post("/<code>/arrangement")
@requires(Action.MANAGE_INDICATORS)
@writes
def arrange(code: str) -> Any:
    """Say who answers for it and what computes it."""
    form = _arrange(code)
    problem = take(
        form, "computation",
        lambda: service.arrange(
            g.actor, code, form.computation.data or "", form.department_id.data, form.responsible.data or "",
            form.better.data or "", clock.now(),
        ),
        lambda status: _page(code, status, arrange=form),
    )  # fmt: skip
    return problem or _done(code, _("Saved."))
