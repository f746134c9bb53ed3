"""What everyone reads about debates, opening one, and asking for the city hall's answer."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, links, numbers
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db, limiter
from civic.moderation import tombstones
from civic.organisations import acting
from civic.page_cache import shared_by_strangers
from civic.places import queries as places
from civic.policy import Action, open_to_suspended, public, requires
from civic.security import is_fragment
from civic.unit_of_work import writes
from consultations.agora import policy, presenters, queries, service
from consultations.agora.arguing import presenters as arguments
from consultations.agora.forms import DebateForm, ReasonForm
from consultations.agora.lasting import service as visits
from consultations.agora.lasting.presenters import digest
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import KIND
from consultations.agora.summary import presenters as summaries
from consultations.agora.workshops.presenters import workshop_items

#: Debates opened and answers asked for from one network; a school or a library stays well below it.
PER_NETWORK = "60 per hour"

blueprint = Blueprint("agora", __name__, url_prefix="/agora")


def readable(debate_id: int, now: datetime) -> AgoraDebate:
    """The debate if the actor may read it; what is not theirs is nothing to them, but for why it was hidden."""
    one = queries.get_debate(debate_id)
    if not policy.can_read(g.actor, one, now):
        if one.hidden_at is not None and one.opened_at is not None:
            raise tombstones.gone(KIND, one.id, one.hidden_reason)
        raise NotFound
    return one


@blueprint.get("")
@public
@shared_by_strangers
def index() -> str:
    """Every debate, those that are open first; one's own that nobody else sees above them."""
    own = queries.list_of_author(g.actor.id) if g.actor.id is not None else ()
    now = clock.now()
    return render_template(
        "agora/index.html",
        **presenters.list_context(now),
        own=presenters.cards(own, now) if own else [],
        tiles=presenters.held_tiles(now),
    )


@blueprint.get("/<int:debate_id>")
@public
@shared_by_strangers
@writes
def show(debate_id: int) -> str:
    """One debate: the question, why now, who asks for the answer, and the answer; and what is new to its reader."""
    now = clock.now()
    one = readable(debate_id, now)
    since = visits.note_visit(g.actor, one, now)
    context = {**presenters.detail_context(one, now), **arguments.arguments_context(one, now)}
    return render_template(
        "agora/show.html",
        **context,
        **summaries.summary_context(one, now),
        workshops=workshop_items(one, now),
        digest=digest(one, context["participant"], context["events"], since),
    )


# --- opening one -----------------------------------------------------------------------------------------


def _with_choices(form: DebateForm) -> DebateForm:
    form.neighbourhood_id.choices = [
        ("", _("The whole city")), *((str(row.id), row.name) for row in places.list_neighbourhoods())
    ]  # fmt: skip
    names = acting.names_to_choose(g.actor)
    if policy.can_manage(g.actor):
        names.append(("city", _("In the name of the city hall")))
    if len(names) > 1:
        form.in_name.choices = names
    else:
        del form.in_name
    return form


def _about(text: str) -> tuple[str, int] | None:
    """What a debate is about, as its address says it: `consultation:12`."""
    kind, _colon, number = text.partition(":")
    subject_id = numbers.whole_number(number)
    return (kind, subject_id) if links.is_known(kind) and subject_id is not None else None


def _draft_of(form: DebateForm) -> service.Draft:
    name = (form.in_name.data or "") if form.in_name is not None else ""
    return service.Draft(
        question=form.question.data or "",
        why=form.why.data or "",
        dimension=form.dimension.data,
        neighbourhood_id=form.neighbourhood_id.data,
        origin="city" if name == "city" else "organisation" if name else "resident",
        organisation_id=numbers.whole_number(name),
        about=_about(form.about.data or ""),
        stances_first=bool(form.stances_first.data),
        with_statements=bool(form.with_statements.data),
    )


def _form_page(form: DebateForm, one: AgoraDebate | None, status: int = 200) -> tuple[str, int]:
    about = _about(form.about.data or "")
    return render_template(
        "agora/edit.html",
        form=form,
        debate=one,
        about=links.find_link(*about) if about else None,
        decision=policy.can_open(g.actor),
    ), status


def _save(form: DebateForm, one: AgoraDebate | None) -> Any:
    """Save what was typed and, with the other button, send it; what is refused comes back as it was typed."""
    number = one.id if one is not None else None
    if not form.validate():
        return _form_page(form, one, 422)
    try:
        draft, now = _draft_of(form), clock.now()
        saved = (
            service.open_draft(g.actor, draft, now)
            if number is None
            else service.change_draft(g.actor, number, draft, now)
        )
        if request.form.get("send"):
            saved = service.submit(g.actor, saved.id, now)
    except (Invalid, Conflict, NotAllowed) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return _form_page(form, queries.get_debate(number) if number is not None else None, error.status)
    if saved.opened_at is not None:
        flash(_("Your debate is open."), "success")
    elif saved.submitted_at is not None:
        flash(_("Sent. A moderator reads it, then it opens; we write to you."), "success")
    else:
        flash(_("Saved. Nobody but you sees it."), "success")
    return redirect(url_for("agora.show", debate_id=saved.id), code=303)


@blueprint.get("/new")
@requires(Action.CONTRIBUTE)
def new() -> Any:
    """The form of a debate, perhaps about something."""
    form = _with_choices(DebateForm(None, about=request.args.get("about", "")))
    return _form_page(form, None)


@blueprint.post("/new")
@requires(Action.CONTRIBUTE)
@limiter.limit(PER_NETWORK)
@writes
def create() -> Any:
    """Open a debate, as a draft or sent at once."""
    return _save(_with_choices(DebateForm()), None)


def _own_draft(debate_id: int) -> AgoraDebate:
    now = clock.now()
    one = readable(debate_id, now)
    decision = policy.can_edit(g.actor, one, now)
    if not decision:
        raise NotAllowed(decision.reason)
    return one


@blueprint.get("/<int:debate_id>/edit")
@requires(Action.CONTRIBUTE)
def edit(debate_id: int) -> Any:
    """A draft's form with what stands in it."""
    one = _own_draft(debate_id)
    name = "city" if one.origin == "city" else str(one.organisation_id or "")
    about = f"{one.subject_kind}:{one.subject_id}" if one.subject_id is not None else ""
    return _form_page(_with_choices(DebateForm(None, obj=one, in_name=name, about=about)), one)


@blueprint.post("/<int:debate_id>/edit")
@requires(Action.CONTRIBUTE)
@limiter.limit(PER_NETWORK)
@writes
def save(debate_id: int) -> Any:
    """Save a draft, or send it."""
    return _save(_with_choices(DebateForm()), _own_draft(debate_id))


# --- asking for the answer -------------------------------------------------------------------------------


@blueprint.post("/<int:debate_id>/second")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(PER_NETWORK)
@writes
def second(debate_id: int) -> Any:
    """Ask the city hall to answer."""
    now = clock.now()
    one = readable(debate_id, now)
    service.second(g.actor, one.id, now)
    if is_fragment():
        return render_template(
            "agora/_seconding.html", **presenters.detail_context(readable(debate_id, now), now)
        )
    flash(_("You ask for the city hall's answer."), "success")
    return redirect(url_for("agora.show", debate_id=debate_id), code=303)


# --- a hidden debate -------------------------------------------------------------------------------------


def _hidden(debate_id: int) -> AgoraDebate:
    one = readable(debate_id, clock.now())
    if one.hidden_at is None:
        raise NotFound
    return one


def _restore_page(one: AgoraDebate, form: ReasonForm) -> str:
    return render_template(
        "agora/restore.html", debate=one, form=form, decision=policy.can_restore(g.actor, one.account_id)
    )


@blueprint.get("/<int:debate_id>/restore")
@requires(Action.MODERATE)
def restore(debate_id: int) -> str:
    """A hidden debate and the form that makes it public again."""
    return _restore_page(_hidden(debate_id), ReasonForm(None))


@blueprint.post("/<int:debate_id>/restore")
@requires(Action.MODERATE)
@writes
def restore_now(debate_id: int) -> Any:
    """Make a hidden debate public again, with the reason for everyone."""
    one, form = _hidden(debate_id), ReasonForm()
    if not form.validate():
        return _restore_page(one, form), 422
    service.restore(g.actor, one.id, form.reason.data, clock.now())
    flash(_("The debate is public again."), "success")
    return redirect(url_for("agora.show", debate_id=debate_id), code=303)
