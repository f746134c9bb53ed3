"""Where staff announce a debate, lead it and publish its minutes; every step works as a plain form."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from civic import clock
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.organisations import acting
from civic.page_forms import take
from civic.policy import Action, requires
from civic.unit_of_work import writes
from consultations import policy as consultation_policy
from consultations import queries as consultations
from consultations.debates import policy, presenters, queries, service, speaking
from consultations.debates.forms import (
    CancelForm,
    EndForm,
    MarkForm,
    MinutesForm,
    MoveForm,
    PlanForm,
    SpeakerForm,
)
from consultations.debates.models import Debate
from consultations.models import Consultation

blueprint = Blueprint(
    "staff_debates", __name__, url_prefix="/staff/consultations/<int:consultation_id>/debates"
)

#: The forms of a debate's page by the name they have in its template.
FORMS: dict[str, type[FlaskForm]] = {
    "move_form": MoveForm,
    "cancel_form": CancelForm,
    "speaker_form": SpeakerForm,
    "end_form": EndForm,
    "minutes_form": MinutesForm,
}
PLAN = ("starts_at", "place", "link", "minutes_each", "sign_up_until")


def _announced(consultation_id: int) -> Consultation:
    one = consultations.get_consultation(consultation_id)
    if one.announced_at is None:
        raise NotFound
    return one


def _with_names(form: Any) -> Any:
    """The form with the organisations somebody may speak for, where it asks for one."""
    if isinstance(form, SpeakerForm):
        form.organisation_id.choices = acting.verified_to_choose()
    return form


def _plan(form: Any) -> service.Plan:
    return service.Plan(
        form.starts_at.data, form.place.data or "", form.link.data or "", form.minutes_each.data,
        form.sign_up_until.data,
    )  # fmt: skip


def _page(debate: Debate, now: datetime, status: int = 200, **bound: FlaskForm) -> tuple[str, int]:
    made: dict[str, Any] = {
        name: bound.get(name) or _with_names(form(None, prefix=f"{name}-")) for name, form in FORMS.items()
    }
    if "move_form" not in bound:
        for name in PLAN:
            made["move_form"][name].data = getattr(debate, name)
    return render_template(
        "debates/staff_show.html",
        **presenters.debate_context(debate, now),
        **made,
        wrong=next(iter(bound.values()), None),
        earliest=service.earliest_start(now),
        can_change=policy.can_change(g.actor, debate),
        can_hold=policy.can_hold(g.actor, debate, now),
        can_manage=consultation_policy.can_manage(g.actor),
        can_publish=policy.can_publish_minutes(g.actor, debate),
    ), status


def _back(debate: Debate, words: str, place: str = "") -> Response:
    flash(words, "success")
    return redirect(presenters.address("staff_debates.show", debate) + place, code=303)


def _run(
    consultation_id: int,
    debate_id: int,
    name: str,
    field: str,
    done: str,
    command: Callable[[Any, datetime], object],
) -> Any:
    """Take one form of the page: run its command, or show the page with what is wrong and what was typed."""
    form: Any = _with_names(FORMS[name](prefix=f"{name}-"))
    now = clock.now()
    debate = queries.get_debate(consultation_id, debate_id)

    def page(status: int) -> Any:
        return _page(queries.get_debate(consultation_id, debate_id), now, status, **{name: form})

    wrong = take(form, field, lambda: command(form, now), page)
    return _back(debate, done) if wrong is None else wrong


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def announce(consultation_id: int) -> Any:
    """Announce a debate."""
    one, now, status = _announced(consultation_id), clock.now(), 200
    form = PlanForm()
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                debate = service.announce(g.actor, one.id, _plan(form), now)
                return _back(
                    debate, _("Announced. Those who follow the consultation and those who asked are told.")
                )
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    one = _announced(consultation_id)
    page = render_template(
        "debates/staff_announce.html", form=form, consultation=one, earliest=service.earliest_start(now),
        decision=policy.can_announce(g.actor, one, queries.find_planned(one.id), now),
    )  # fmt: skip
    return page, status


@blueprint.get("/<int:debate_id>")
@requires(Action.VIEW_CONSULTATIONS)
def show(consultation_id: int, debate_id: int) -> Any:
    """Where the debate stands and everything that can be done about it now."""
    return _page(queries.get_debate(consultation_id, debate_id), clock.now())


@blueprint.get("/<int:debate_id>/list")
@requires(Action.VIEW_CONSULTATIONS)
def printed(consultation_id: int, debate_id: int) -> str:
    """The list of speakers, for printing."""
    debate = queries.get_debate(consultation_id, debate_id)
    return render_template("debates/staff_list.html", **presenters.debate_context(debate, clock.now()))


@blueprint.post("/<int:debate_id>/move")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def move(consultation_id: int, debate_id: int) -> Any:
    """Another day or place."""
    return _run(
        consultation_id, debate_id, "move_form", "starts_at", _("Moved. Everyone concerned is told."),
        lambda form, now: service.move(
            g.actor, consultation_id, debate_id, _plan(form), form.reason.data, now
        ),
    )  # fmt: skip


@blueprint.post("/<int:debate_id>/cancel")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def cancel(consultation_id: int, debate_id: int) -> Any:
    """Cancel it."""
    return _run(
        consultation_id, debate_id, "cancel_form", "reason", _("Cancelled. Everyone concerned is told."),
        lambda form, now: service.cancel(g.actor, consultation_id, debate_id, form.reason.data, now),
    )  # fmt: skip


@blueprint.post("/<int:debate_id>/speakers")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def enter(consultation_id: int, debate_id: int) -> Any:
    """Put somebody on the list of speakers."""
    return _run(
        consultation_id, debate_id, "speaker_form", "name", _("On the list of speakers."),
        lambda form, now: speaking.enter(
            g.actor, consultation_id, debate_id, form.name.data, now, form.organisation_id.data
        ),
    )  # fmt: skip


@blueprint.post("/<int:debate_id>/end")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def end(consultation_id: int, debate_id: int) -> Any:
    """End the debate."""
    return _run(
        consultation_id, debate_id, "end_form", "attendance",
        _("The debate is over. The clock of its minutes runs."),
        lambda form, now: speaking.end(g.actor, consultation_id, debate_id, form.attendance.data, now),
    )  # fmt: skip


@blueprint.post("/<int:debate_id>/minutes")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def minutes(consultation_id: int, debate_id: int) -> Any:
    """Publish the minutes."""
    return _run(
        consultation_id, debate_id, "minutes_form", "text", _("The minutes are public."),
        lambda form, now: speaking.publish_minutes(
            g.actor, consultation_id, debate_id, form.text.data or "", form.file.data,
            form.recording.data or "", now,
        ),
    )  # fmt: skip


# --- one speaker -----------------------------------------------------------------------------------------


@blueprint.post("/<int:debate_id>/speakers/<int:speaker_id>/order")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def reorder(consultation_id: int, debate_id: int, speaker_id: int) -> Response:
    """One place earlier or later."""
    step = -1 if request.form.get("to") == "up" else 1
    speaking.reorder(g.actor, consultation_id, debate_id, speaker_id, step, clock.now())
    debate = queries.get_debate(consultation_id, debate_id)
    return _back(debate, _("The order of speaking has changed."), "#speakers-title")


@blueprint.post("/<int:debate_id>/speakers/<int:speaker_id>/withdraw")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def withdraw(consultation_id: int, debate_id: int, speaker_id: int) -> Response:
    """Take somebody off the list."""
    speaking.withdraw(g.actor, consultation_id, debate_id, speaker_id, clock.now())
    return _back(queries.get_debate(consultation_id, debate_id), _("Taken off the list."), "#speakers-title")


@blueprint.route("/<int:debate_id>/speakers/<int:speaker_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def mark(consultation_id: int, debate_id: int, speaker_id: int) -> Any:
    """Note whether somebody has spoken, and what they said."""
    debate, now, status = queries.get_debate(consultation_id, debate_id), clock.now(), 200
    speaker = queries.get_speaker(debate.id, speaker_id)
    form = MarkForm(obj=speaker)
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                speaking.mark(
                    g.actor,
                    consultation_id,
                    debate_id,
                    speaker_id,
                    form.state.data,
                    form.note.data or "",
                    now,
                )
                return _back(debate, _("Noted."), "#speakers-title")
            except (Invalid, Conflict) as error:
                db.session.rollback()
                form.form_errors.append(str(error.message))
                status = error.status
    debate = queries.get_debate(consultation_id, debate_id)
    page = render_template(
        "debates/staff_mark.html", form=form, debate=debate, consultation=debate.consultation,
        speaker=queries.get_speaker(debate.id, speaker_id), decision=policy.can_hold(g.actor, debate, now),
    )  # fmt: skip
    return page, status


@blueprint.post("/<int:debate_id>/speakers/<int:speaker_id>/register")
@requires(Action.MANAGE_CONSULTATIONS)
@writes
def register_note(consultation_id: int, debate_id: int, speaker_id: int) -> Response:
    """Enter what a speaker said into the register of contributions."""
    entry = speaking.register_note(g.actor, consultation_id, debate_id, speaker_id, clock.now())
    words = _("Registered under number %(reference)s.", reference=entry.reference)
    return _back(queries.get_debate(consultation_id, debate_id), words, "#speakers-title")
