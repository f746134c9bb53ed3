"""One's own age band and gender: said, changed, taken back."""

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.accounts.describing import queries, service
from civic.accounts.describing.forms import DescriptionForm
from civic.accounts.views import page
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("describing", __name__, url_prefix="/account/about-you")


@blueprint.route("", methods=["GET", "POST"])
@requires(Action.USE_ACCOUNT)
@writes
def edit() -> AnyResponse:
    """Two questions nobody has to answer, and what the answers are used for."""
    known = queries.find_description(g.actor.id)
    form = DescriptionForm(
        data={"age_band": known.age_band or "", "gender": known.gender or ""} if known else None
    )
    if form.validate_on_submit():
        service.describe(g.actor, form.age_band.data or None, form.gender.data or None, clock.now())
        flash(_("Your details are saved."), "success")
        return redirect(url_for("accounts.show"), code=303)
    return page("describing/edit.html", form, known=known)


@blueprint.post("/forget")
@requires(Action.USE_ACCOUNT)
@writes
def forget() -> AnyResponse:
    """Withdraw the consent: what was said is deleted."""
    service.describe(g.actor, None, None, clock.now())
    flash(_("Deleted: we no longer know your age band or your gender."), "success")
    return redirect(url_for("accounts.show"), code=303)
