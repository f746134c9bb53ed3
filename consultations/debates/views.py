"""Asking for a debate, the page of one, and signing up to speak."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock
from civic.errors import Conflict, Invalid
from civic.extensions import db, limiter
from civic.organisations import acting
from civic.policy import Action, open_to_suspended, public, requires
from civic.unit_of_work import writes
from consultations import policy as consultation_policy
from consultations.contributions.views import readable
from consultations.debates import policy, presenters, queries, service, speaking
from consultations.debates.forms import AskForm, SignUpForm
from consultations.debates.models import Debate
from consultations.debates.rules import ANNOUNCE

#: Requests and sign-ups from one network; an organisation's office stays well below it.
PER_NETWORK = "60 per hour"

blueprint = Blueprint("debates", __name__, url_prefix="/consultations/<int:consultation_id>")


@blueprint.route("/debate-request", methods=["GET", "POST"])
@public
@limiter.limit(PER_NETWORK, methods=["POST"])
@writes
def ask(consultation_id: int) -> Any:
    """An organisation asks in writing for a public debate; everybody reads here who can."""
    one, now, status = readable(consultation_id), clock.now(), 200
    organisations = [each for each in acting.acting_as(g.actor) if acting.obliges_debate(each)]
    form = AskForm()
    form.organisation_id.choices = [(str(each.id), each.name) for each in organisations]
    decision = policy.can_ask(g.actor, one, organisations, now)
    if form.is_submitted():
        status = 422 if decision else 403
        if decision and form.validate():
            try:
                service.ask(g.actor, one.id, form.organisation_id.data, form.text.data, now)
                flash(_("The request is registered and public. Its clock runs."), "success")
                return redirect(url_for("consultations.show", consultation_id=one.id), code=303)
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    one = readable(consultation_id)
    page = render_template(
        "debates/ask.html", form=form, consultation=one, decision=decision, clock_key=ANNOUNCE
    )  # fmt: skip
    return page, status


def _debate(consultation_id: int, debate_id: int) -> Debate:
    readable(consultation_id)
    return queries.get_debate(consultation_id, debate_id)


def _form() -> SignUpForm:
    form = SignUpForm(None if request.method == "GET" else request.form)
    if not form.is_submitted():
        form.name.data = g.actor.display_name
    names = acting.names_to_choose(g.actor)
    if len(names) > 1:
        form.organisation_id.choices = names
    else:
        del form.organisation_id
    return form


def _page(debate: Debate, form: SignUpForm, now: datetime) -> str:
    own = queries.find_own(debate.id, g.actor.id)
    return render_template(
        "debates/show.html",
        **presenters.debate_context(debate, now),
        form=form,
        own=own,
        can_sign_up=policy.can_sign_up(g.actor, debate, own, now),
        can_withdraw=own is not None and policy.can_withdraw(debate, own),
        can_manage=consultation_policy.can_manage(g.actor),
    )


@blueprint.get("/debates/<int:debate_id>")
@public
def show(consultation_id: int, debate_id: int) -> str:
    """A debate: when and where, who speaks, what was said, its minutes."""
    return _page(_debate(consultation_id, debate_id), _form(), clock.now())


@blueprint.post("/debates/<int:debate_id>/sign-up")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(PER_NETWORK)
@writes
def sign_up(consultation_id: int, debate_id: int) -> Any:
    """Put oneself on the list of speakers."""
    debate, form, now, status = _debate(consultation_id, debate_id), _form(), clock.now(), 422
    if form.validate():
        chosen = form.organisation_id.data if form.organisation_id is not None else None
        try:
            speaking.sign_up(g.actor, consultation_id, debate_id, form.name.data, chosen, now)
            flash(_("You are on the list of speakers."), "success")
            return redirect(presenters.address("debates.show", debate), code=303)
        except (Invalid, Conflict) as error:
            db.session.rollback()
            form.form_errors.append(str(error.message))
            status = error.status
    return _page(_debate(consultation_id, debate_id), form, now), status


@blueprint.post("/debates/<int:debate_id>/withdraw")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@writes
def withdraw(consultation_id: int, debate_id: int) -> Any:
    """Take oneself off the list of speakers."""
    debate = _debate(consultation_id, debate_id)
    speaking.withdraw_own(g.actor, consultation_id, debate_id, clock.now())
    flash(_("You are no longer on the list of speakers."), "success")
    return redirect(presenters.address("debates.show", debate), code=303)
