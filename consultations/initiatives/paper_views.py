"""Where the secretariat compares the lines of a paper list with the signatures given here."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock, numbers
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import Action, enforce, requires
from civic.unit_of_work import writes
from consultations.initiatives import paper_lines, policy, queries, signing
from consultations.initiatives.forms import LinesForm
from consultations.initiatives.labels import ALIKE
from consultations.initiatives.staff_views import readable

blueprint = Blueprint(
    "initiative_paper",
    __name__,
    url_prefix="/staff/initiatives/<int:initiative_id>/sheets/<int:sheet_id>/lines",
)


def _page(initiative_id: int, sheet_id: int, form: LinesForm, status: int = 200) -> Any:
    one, now = readable(initiative_id), clock.now()
    sheet = queries.get_sheet(one.id, sheet_id)
    enforce(policy.can_manage(g.actor))
    compared = paper_lines.compare(one.id, sheet)
    page = render_template(
        "initiatives/staff_lines.html",
        initiative=one,
        sheet=sheet,
        form=form,
        compared=compared,
        why=ALIKE,
        matched=queries.count_matched(sheet.id),
        can_enter=policy.can_enter_sheets(g.actor, one, now),
    )
    return page, status, {"Cache-Control": "no-store"}


@blueprint.get("")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def lines(initiative_id: int, sheet_id: int) -> Any:
    """The typed lines, each with who is likely the same. It is recorded who looked."""
    signing.note_reading(g.actor, readable(initiative_id).id, "initiative.paper_compared", clock.now())
    return _page(initiative_id, sheet_id, LinesForm(None))


@blueprint.post("")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def enter(initiative_id: int, sheet_id: int) -> Any:
    """Take over the lines that were typed."""
    form, status = LinesForm(), 422
    one = readable(initiative_id)
    if form.validate():
        try:
            rows = paper_lines.enter(g.actor, one.id, sheet_id, form.typed.data or "", clock.now())
            flash(_("Typed lines: %(number)s. They are compared below.", number=len(rows)), "success")
            return _back(initiative_id, sheet_id)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            form.typed.errors = [*form.typed.errors, str(error.message)]
            status = error.status
    return _page(initiative_id, sheet_id, form, status)


def _back(initiative_id: int, sheet_id: int) -> Response:
    return redirect(
        url_for("initiative_paper.lines", initiative_id=initiative_id, sheet_id=sheet_id), code=303
    )


def _press(initiative_id: int, sheet_id: int, command: Callable[[], object], words: str) -> Response:
    """Do one thing with one button; what is wrong is said on the page itself."""
    readable(initiative_id)
    try:
        command()
    except (Invalid, Conflict) as error:
        db.session.rollback()
        flash(str(error.message), "error")
        return _back(initiative_id, sheet_id)
    flash(words, "success")
    return _back(initiative_id, sheet_id)


@blueprint.post("/<int:line_id>/once")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def once(initiative_id: int, sheet_id: int, line_id: int) -> Response:
    """The same person: counted once."""
    kind = "s" if request.form.get("kind") == "s" else "p"
    other = numbers.whole_number(request.form.get("other")) or 0
    return _press(
        initiative_id, sheet_id,
        lambda: paper_lines.count_once(g.actor, initiative_id, sheet_id, line_id, kind, other, clock.now()),
        _("The person is counted once."),
    )  # fmt: skip


@blueprint.post("/<int:line_id>/apart")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def apart(initiative_id: int, sheet_id: int, line_id: int) -> Response:
    """Two people after all: the line counts."""
    return _press(
        initiative_id, sheet_id,
        lambda: paper_lines.count_apart(g.actor, initiative_id, sheet_id, line_id, clock.now()),
        _("The line counts again."),
    )  # fmt: skip
