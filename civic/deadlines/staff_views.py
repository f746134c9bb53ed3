"""The deadlines in force for everyone on the staff; changing them for council staff and administrators."""

from datetime import date

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.accounts.queries import names_of
from civic.deadlines import days_off, known_deadlines, labels, policy, queries, service
from civic.deadlines.forms import ChangeForm, DayOffForm, MarkForm
from civic.errors import Conflict, Invalid, NotFound
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("deadlines", __name__, url_prefix="/staff/deadlines")


@blueprint.get("")
@requires(Action.VIEW_STAFF_AREA)
def index() -> str:
    """Every deadline in force, its source and whether a jurist has checked it."""
    current = queries.current_by_key()
    return render_template(
        "deadlines/index.html",
        rows=[(known, current[key]) for key, known in known_deadlines().items()],
        labels=labels,
    )


def _days_page(form: DayOffForm, status: int = 200) -> Response:
    today = clock.city_date(clock.now())
    body = render_template(
        "deadlines/days_off.html",
        form=form,
        days=queries.list_bridge_days(today.replace(month=1, day=1)),
        today=today,
        decision=policy.can_change(g.actor),
    )
    return make_response(body, status)


@blueprint.get("/days-off")
@requires(Action.VIEW_STAFF_AREA)
def list_days_off() -> Response:
    """The days off besides the public holidays, of this year and later."""
    return _days_page(DayOffForm(None))


@blueprint.post("/days-off")
@requires(Action.MANAGE_DEADLINES)
@writes
def add_day_off() -> Response:
    """Add a day off."""
    form = DayOffForm()
    if not form.validate() or form.day.data is None:
        return _days_page(form, 422)
    try:
        days_off.add(g.actor, form.day.data, form.reason.data, clock.now())
    except (Invalid, Conflict) as error:
        form.day.errors = [str(error.message)]
        return _days_page(form, error.status)
    flash(_("Added. Working days are counted without it from now on."), "success")
    return redirect(url_for("deadlines.list_days_off"), code=303)  # type: ignore[return-value]


@blueprint.post("/days-off/<day>/remove")
@requires(Action.MANAGE_DEADLINES)
@writes
def remove_day_off(day: str) -> Response:
    """Take back a day off that has not come yet."""
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise NotFound from None
    days_off.remove(g.actor, wanted, clock.now())
    flash(_("Removed."), "success")
    return redirect(url_for("deadlines.list_days_off"), code=303)  # type: ignore[return-value]


def _page(key: str, change: ChangeForm, mark: MarkForm, status: int = 200) -> Response:
    known, versions = known_deadlines().get(key), queries.list_versions(key)
    if known is None or not versions:
        raise NotFound
    for form in (change, mark):
        if form.seen.data is None:
            form.seen.data = str(versions[0].number)
    wanted = {number for one in versions for number in (one.account_id, one.verified_account_id) if number}
    body = render_template(
        "deadlines/show.html",
        known=known,
        current=versions[0],
        versions=versions,
        names=names_of(wanted),
        change=change,
        mark=mark,
        decision=policy.can_change(g.actor),
        labels=labels,
    )
    return make_response(body, status)


@blueprint.get("/<key>")
@requires(Action.VIEW_STAFF_AREA)
def show(key: str) -> Response:
    """One deadline: what it is, its history, and the forms that change and mark it."""
    return _page(key, ChangeForm(None, obj=queries.get_current(key), data={"reason": ""}), MarkForm(None))


@blueprint.post("/<key>")
@requires(Action.MANAGE_DEADLINES)
@writes
def change(key: str) -> Response:
    """Change a deadline for the cases that begin from now on."""
    form = ChangeForm()
    if not form.validate():
        return _page(key, form, MarkForm(None), 422)
    terms = service.Terms(
        form.days.data or 0, form.unit.data, form.basis.data, form.source_ro.data, form.source_en.data
    )
    try:
        service.change(
            g.actor, key, numbers.whole_number(form.seen.data) or 0, terms, form.reason.data, clock.now()
        )
    except Invalid as error:
        form.days.errors = [str(error.message)]
        return _page(key, form, MarkForm(None), 422)
    flash(_("Changed. Cases that run keep the deadline they were given."), "success")
    return redirect(url_for("deadlines.show", key=key), code=303)  # type: ignore[return-value]


@blueprint.post("/<key>/verified")
@requires(Action.MANAGE_DEADLINES)
@writes
def verified(key: str) -> Response:
    """Note that a jurist checked the version in force."""
    form = MarkForm()
    filled = ChangeForm(None, obj=queries.get_current(key), data={"reason": ""})
    if not form.validate() or form.on.data is None:
        return _page(key, filled, form, 422)
    try:
        service.mark_verified(
            g.actor,
            key,
            numbers.whole_number(form.seen.data) or 0,
            form.jurist.data,
            form.on.data,
            clock.now(),
        )
    except Invalid as error:
        form.on.errors = [str(error.message)]
        return _page(key, filled, form, 422)
    flash(_("The jurist's mark is noted."), "success")
    return redirect(url_for("deadlines.show", key=key), code=303)  # type: ignore[return-value]
