"""Writing and publishing the summary of a debate, and objecting to it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db, limiter
from civic.moderation.gate import presenters as gate
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations.agora import queries as debates
from consultations.agora import restoring
from consultations.agora.arguing.queries import find_participant
from consultations.agora.models import AgoraDebate
from consultations.agora.summary import moderated, policy, presenters, queries, rules, service
from consultations.agora.summary.forms import ObjectionForm, SentenceForm
from consultations.agora.views import readable

PER_NETWORK = "60 per hour"

blueprint = Blueprint("agora_summary", __name__)


# --- writing it ------------------------------------------------------------------------------------------


def _sent(debate_id: int) -> AgoraDebate:
    one = debates.get_debate(debate_id)
    if one.submitted_at is None:
        raise NotFound
    return one


def _form(debate_id: int, sent: bool) -> SentenceForm:
    form = SentenceForm() if sent else SentenceForm(None)
    form.cited.choices = presenters.offered(debate_id)
    return form


def _writing(one: AgoraDebate, form: SentenceForm, now: datetime) -> str:
    return render_template(
        "agora/staff_summary.html",
        debate=one,
        form=form,
        decision=policy.can_write(g.actor, one, now),
        **presenters.summary_context(one, now, draft=True),
    )


@blueprint.get("/staff/agora/<int:debate_id>/summary")
@requires(Action.MANAGE_CONSULTATIONS)
def write(debate_id: int) -> str:
    """The summary as it is being written."""
    one = _sent(debate_id)
    return _writing(one, _form(one.id, False), clock.now())


def _refused(debate_id: int, form: SentenceForm, error: Invalid | Conflict) -> tuple[str, int]:
    db.session.rollback()
    form.form_errors.append(str(error.message))
    return _writing(_sent(debate_id), form, clock.now()), error.status


def _back(debate_id: int) -> Response:
    return redirect(url_for("agora_summary.write", debate_id=debate_id), code=303)


@blueprint.post("/staff/agora/<int:debate_id>/summary")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def add(debate_id: int) -> Any:
    """Add a sentence; what is refused comes back as it was typed."""
    one = _sent(debate_id)
    form, now = _form(one.id, True), clock.now()
    if not form.validate():
        return _writing(one, form, now), 422
    cited = form.numbers()
    try:
        if cited is None:
            raise Invalid(_("Write the numbers of arguments, with commas between them."))
        service.add_sentence(g.actor, debate_id, form.section.data, form.text.data or "", cited, now)
    except (Invalid, Conflict) as error:
        return _refused(debate_id, form, error)
    flash(_("Added to the summary."), "success")
    return _back(debate_id)


@blueprint.post("/staff/agora/<int:debate_id>/summary/<int:sentence_id>/remove")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def remove(debate_id: int, sentence_id: int) -> Any:
    """Take a sentence out."""
    _sent(debate_id)
    service.remove_sentence(g.actor, debate_id, sentence_id, clock.now())
    flash(_("Taken out of the summary."), "success")
    return _back(debate_id)


@blueprint.post("/staff/agora/<int:debate_id>/summary/publish")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def publish(debate_id: int) -> Any:
    """Publish the summary."""
    one = _sent(debate_id)
    try:
        service.publish(g.actor, debate_id, clock.now())
    except (Invalid, Conflict) as error:
        return _refused(debate_id, _form(one.id, False), error)
    flash(_("The summary is published. People can object to it."), "success")
    return redirect(url_for("staff_agora.show", debate_id=debate_id), code=303)


# --- objecting to it -------------------------------------------------------------------------------------


def _objecting(one: AgoraDebate, form: ObjectionForm, now: datetime) -> str:
    participant = find_participant(one.id, g.actor.id)
    objected = queries.has_objected(one.id, participant.id if participant else None)
    return render_template(
        "agora/object.html",
        debate=one,
        form=form,
        decision=policy.can_object(g.actor, one, objected, now),
        summary=presenters.summary_context(one, now)["summary"],
    )


def _summarised(debate_id: int) -> AgoraDebate:
    one = readable(debate_id, clock.now())
    if one.summary_at is None:
        raise NotFound
    return one


@blueprint.get("/agora/<int:debate_id>/objections/new")
@requires(Action.CONTRIBUTE)
def objection(debate_id: int) -> str:
    """The form of an objection, below the summary."""
    one = _summarised(debate_id)
    form = ObjectionForm(None)
    form.sentence_id.choices = presenters.sentence_choices(one)
    return _objecting(one, form, clock.now())


@blueprint.post("/agora/<int:debate_id>/objections/new")
@requires(Action.CONTRIBUTE)
@limiter.limit(PER_NETWORK)
@writes
def object_to(debate_id: int) -> Any:
    """Object to the summary; what is refused comes back as it was typed."""
    one, form, now = _summarised(debate_id), ObjectionForm(), clock.now()
    form.sentence_id.choices = presenters.sentence_choices(one)
    if not form.validate():
        return _objecting(one, form, now), 422
    try:
        made = service.object_to(g.actor, debate_id, form.sentence_id.data, form.text.data or "", now)
    except (Invalid, Conflict, NotAllowed) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _objecting(_summarised(debate_id), form, now), error.status
    if made.state == "held":
        flash(gate.sent(rules.KIND, made.id), "success")
    else:
        flash(_("Your objection stands with the summary."), "success")
    return redirect(f"{url_for('agora.show', debate_id=debate_id)}#objections-title", code=303)


restoring.add_pages(blueprint, "/agora/objections/<int:objection_id>/restore", moderated.SORT)
