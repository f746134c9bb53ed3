"""The steps of a report: to the signature and back, signed, opened for a correction, given up."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.page_forms import take
from civic.policy import Action, enforce, requires
from civic.reports import composing, labels, policy, presenters, queries, service, signing
from civic.reports.forms import ReasonForm, SignForm
from civic.reports.staff_views import done, report_page
from civic.unit_of_work import writes

blueprint = Blueprint("reports_signing", __name__, url_prefix="/staff/reports/<code>")


@blueprint.post("/submit")
@requires(Action.MANAGE_INDICATORS)
@writes
def submit(code: str) -> Any:
    """Hand the report to the signature."""
    try:
        signing.submit(g.actor, code, clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return report_page(code, error.status, wrong=str(error.message))
    return done(code, _("Handed to the signature. Another person signs it."))


def _reasoned(code: str, command: Callable[[str], object], words: str) -> Any:
    form = ReasonForm()
    problem = take(
        form, "reason", lambda: command(form.reason.data or ""),
        lambda status: report_page(code, status, reason=form),
    )  # fmt: skip
    return problem or done(code, words)


@blueprint.post("/return")
@requires(Action.MANAGE_INDICATORS)
@writes
def send_back(code: str) -> Any:
    """Ask for other words instead of signing."""
    queries.get_report(code)
    return _reasoned(
        code, lambda note: signing.send_back(g.actor, code, note, clock.now()), _("Sent back to its authors.")
    )


@blueprint.post("/correct")
@requires(Action.MANAGE_INDICATORS)
@writes
def reopen(code: str) -> Any:
    """Write a published report again, with a reason everyone will read."""
    queries.get_report(code)
    return _reasoned(
        code, lambda why: signing.reopen(g.actor, code, why, clock.now()),
        _("The report can be written again. What everyone reads stays until the correction is signed."),
    )  # fmt: skip


@blueprint.post("/discard")
@requires(Action.MANAGE_INDICATORS)
@writes
def discard(code: str) -> Any:
    """Give up a report that was never published."""
    service.discard(g.actor, code, clock.now())
    flash(_("The report was given up."), "success")
    return redirect(url_for("reports_staff.index"), code=303)


def _sign_page(code: str, form: SignForm, status: int = 200) -> tuple[str, int]:
    report = queries.get_report(code)
    made = composing.compose(report, clock.now())
    form.seen.data = made.sha256.hex()
    return render_template(
        "reports/staff_sign.html",
        **presenters.report_context(made.content, [line for _indicator, line in made.lines]),
        report=report,
        form=form,
        labels=labels,
    ), status


@blueprint.route("/sign", methods=["GET", "POST"])
@requires(Action.MANAGE_INDICATORS)
@writes
def sign(code: str) -> Any:
    """Read the whole report, then sign and publish it."""
    report = queries.get_report(code)
    enforce(policy.can_sign(g.actor, report))
    form = SignForm()
    if not form.is_submitted():
        return _sign_page(code, form)
    problem = take(
        form, "office",
        lambda: signing.sign(g.actor, code, form.office.data or "", form.seen.data or "", clock.now()),
        lambda status: _sign_page(code, form, status),
    )  # fmt: skip
    if problem:
        return problem
    flash(_("Signed and published."), "success")
    return redirect(url_for("reports.show", code=code), code=303)
