"""Where staff write the summary of a consultation."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import Action, enforce, requires
from civic.unit_of_work import writes
from consultations import queries as consultations
from consultations.contributions import listing
from consultations.models import Consultation
from consultations.summaries import policy, queries, service
from consultations.summaries.forms import SummaryForm

blueprint = Blueprint("staff_summaries", __name__)


@blueprint.route("/staff/consultations/<int:consultation_id>/summary", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def edit(consultation_id: int) -> Any:
    """Write the summary; "publish" lets everyone read it."""
    one = consultations.get_consultation(consultation_id)
    enforce(policy.can_write(g.actor, one))
    if request.method == "GET":
        summary = queries.find_summary(one.id)
        filled = {"text": summary.text, "version": summary.version} if summary else {"version": 0}
        return _page(one, SummaryForm(None, data=filled))
    form = SummaryForm()
    if not form.validate():
        return _page(one, form, 422)
    publishing = request.form.get("do") == "publish"
    command = service.publish if publishing else service.save
    try:
        command(g.actor, one.id, form.text.data or "", form.seen_version(), clock.now())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.text.errors = [*form.text.errors, str(error.message)]
        return _page(consultations.get_consultation(consultation_id), form, error.status)
    flash(_("Published.") if publishing else _("Saved."), "success")
    return redirect(url_for("staff_summaries.edit", consultation_id=one.id), code=303)


def _page(one: Consultation, form: SummaryForm, status: int = 200) -> tuple[str, int]:
    return render_template(
        "summaries/edit.html",
        consultation=one,
        form=form,
        summary=queries.find_summary(one.id),
        themes=listing.list_themes(one.id),
        received=listing.count_register(one.id)[0],
    ), status
