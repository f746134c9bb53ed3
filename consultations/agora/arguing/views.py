"""Writing in a debate, saying where one stands, judging arguments: each a plain form that htmx makes quicker."""

import secrets
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock
from civic.errors import Invalid, NotAllowed, NotFound
from civic.extensions import db, limiter
from civic.moderation.gate import presenters as gate
from civic.organisations import acting
from civic.places import queries as places
from civic.policy import Action, open_to_suspended, public, requires
from civic.security import is_fragment
from civic.unit_of_work import writes
from consultations.agora import restoring
from consultations.agora.arguing import (
    moderated,
    policy,
    presenters,
    queries,
    rules,
    service,
    straight_judgement,
)
from consultations.agora.arguing.forms import ArgumentForm, PositionForm, ReplyForm, SpeakerForm
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.tending.queries import list_positions
from consultations.agora.views import readable

#: Posts from one network; a school or a library stays well below it.
WRITTEN_PER_NETWORK = "120 per hour"

blueprint = Blueprint("arguing", __name__, url_prefix="/agora")


def _prepared(form: Any, one: AgoraDebate) -> Any:
    """The form with the fields that concern whoever writes, and those alone."""
    if policy.is_official(g.actor):
        del form.pseudonym, form.in_name
        form.department_id.choices = [(str(row.id), row.name) for row in places.list_departments()]
    else:
        del form.function, form.department_id
        participant = queries.find_participant(one.id, g.actor.id)
        form.in_name.choices = acting.names_to_choose(g.actor)
        if len(form.in_name.choices) == 1 or (participant is not None and participant.pseudonym):
            del form.in_name
        if participant is not None and queries.has_written(participant.id):
            del form.pseudonym
    if isinstance(form, ArgumentForm):
        form.offer(policy.is_official(g.actor))
        positions = [(str(each.id), each.body) for each in list_positions(one.id)]
        form.position_id.choices = [("", _("The question itself")), *positions]
    return form


def _speaker(form: SpeakerForm) -> service.Speaker:
    values = {
        name: form[name].data or None for name in ("pseudonym", "function", "department_id") if name in form
    }
    organisation_id = form.in_name.data if "in_name" in form else None
    given = {name: value for name, value in values.items() if value is not None}
    return service.Speaker(organisation_id=organisation_id, **given)


def _new(form: type[SpeakerForm], one: AgoraDebate, **values: Any) -> Any:
    made = _prepared(form(None, form_key=secrets.token_hex(8), **values), one)
    participant = queries.find_participant(one.id, g.actor.id)
    if participant is not None and "function" in made:
        made.function.data, made.department_id.data = participant.function, participant.department_id
    return made


def _send(form: Any, one: AgoraDebate, said: service.Said) -> tuple[AgoraPost | None, int]:
    """Write it. What is refused stands in the form's errors, and the status says how it was."""
    if not form.validate():
        return None, 422
    try:
        made = service.write(
            g.actor, one.id, said, _speaker(form), clock.now(), form_key=form.form_key.data or ""
        )
    except (Invalid, NotAllowed) as error:
        db.session.rollback()
        form.form_errors.append(str(error.message))
        return None, error.status
    return made, 303


def _done(post: AgoraPost) -> Response:
    if post.state == "held":
        flash(gate.sent(rules.KIND, post.id), "success")
    else:
        flash(_("Published."), "success")
    return redirect(url_for("arguing.post", post_id=post.id), code=303)


# --- writing ---------------------------------------------------------------------------------------------


def _page(template: str, one: AgoraDebate, form: Any, **more: Any) -> str:
    now = clock.now()
    return render_template(
        f"agora/{template}.html", debate=one, form=form, decision=policy.can_write(g.actor, one, now), **more
    )


@blueprint.route("/<int:debate_id>/argue", methods=["GET", "POST"])
@requires(Action.CONTRIBUTE)
@limiter.limit(WRITTEN_PER_NETWORK, methods=["POST"])
@writes
def argue(debate_id: int) -> Any:
    """Bring an argument; before another copy is published, those that say the same are offered."""
    one = readable(debate_id, clock.now())
    if request.method == "GET":
        asked = {"side": request.args.get("side"), "position_id": request.args.get("position")}
        return _page("argue", one, _new(ArgumentForm, one, **asked), similar=[])
    form = _prepared(ArgumentForm(), one)
    said = service.Said(
        rules.ARGUMENT,
        form.body.data or "",
        form.side.data or "",
        form.source.data or "",
        form.position_id.data,
    )
    if not form.confirmed.data and said.side != rules.NOTE and form.validate():
        similar = queries.list_similar(one.id, said.body, said.side)
        if similar:
            form.confirmed.data = "1"
            shown = [presenters.similar_item(each, one, clock.now()) for each in similar]
            return _page("argue", one, form, similar=shown)
    made, status = _send(form, one, said)
    if made:
        return _done(made)
    return _page("argue", readable(debate_id, clock.now()), form, similar=[]), status


@blueprint.route("/<int:debate_id>/positions/new", methods=["GET", "POST"])
@requires(Action.CONTRIBUTE)
@limiter.limit(WRITTEN_PER_NETWORK, methods=["POST"])
@writes
def add_position(debate_id: int) -> Any:
    """Add a possible answer to the question."""
    one = readable(debate_id, clock.now())
    if request.method == "GET":
        return _page("position", one, _new(PositionForm, one))
    form = _prepared(PositionForm(), one)
    made, status = _send(form, one, service.Said(rules.POSITION, form.body.data or ""))
    return _done(made) if made else (_page("position", readable(debate_id, clock.now()), form), status)


def _readable_post(post_id: int) -> tuple[AgoraPost, AgoraDebate]:
    post = queries.get_post(post_id)
    one = readable(post.debate_id, clock.now())
    if not policy.can_read_post(g.actor, post, post.participant.account_id):
        raise NotFound
    return post, one


@blueprint.get("/posts/<int:post_id>")
@public
def post(post_id: int) -> Any:
    """One argument or position with what was answered to it."""
    found, one = _readable_post(post_id)
    if found.merged_into_id is not None:
        # What was merged leads to what was kept.
        return redirect(url_for("arguing.post", post_id=found.merged_into_id))
    if found.kind == rules.REPLY and found.parent_id is not None:
        page = queries.page_of_reply(found, g.actor.id)
        there = url_for("arguing.post", post_id=found.parent_id, replies_page=page if page > 1 else None)
        return redirect(f"{there}#post-{found.id}")
    return render_template("agora/post.html", **presenters.post_context(found, one, clock.now()))


@blueprint.route("/posts/<int:post_id>/reply", methods=["GET", "POST"])
@requires(Action.CONTRIBUTE)
@limiter.limit(WRITTEN_PER_NETWORK, methods=["POST"])
@writes
def reply(post_id: int) -> Any:
    """Answer an argument."""
    found, one = _readable_post(post_id)
    if found.kind != rules.ARGUMENT or found.state != "visible":
        raise NotFound
    if found.merged_into_id is not None and request.method == "GET":
        return redirect(url_for("arguing.reply", post_id=found.merged_into_id))
    context = presenters.post_context(found, one, clock.now())
    if request.method == "GET":
        return _page("reply", one, _new(ReplyForm, one), item=context["item"])
    form = _prepared(ReplyForm(), one)
    made, status = _send(form, one, service.Said(rules.REPLY, form.body.data or "", parent_id=found.id))
    if made:
        return _done(made)
    found, one = _readable_post(post_id)
    return _page("reply", one, form, item=presenters.post_context(found, one, clock.now())["item"]), status


# --- where one stands, and what convinces ----------------------------------------------------------------


@blueprint.post("/<int:debate_id>/stance")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(straight_judgement.PRESSED_PER_NETWORK)
@writes
def say_stance(debate_id: int) -> Response:
    """Say where one stands on the question."""
    one = readable(debate_id, clock.now())
    service.say_stance(g.actor, one.id, _pressed(rules.STANCES), clock.now())
    flash(_("Noted. You can change it as long as the debate is open."), "success")
    return redirect(f"{url_for('agora.show', debate_id=one.id)}#stance", code=303)


def _pressed(values: tuple[int, ...]) -> int:
    """Which of the buttons was pressed."""
    named = {str(value): value for value in values}
    pressed = named.get(request.form.get("value", ""))
    if pressed is None:
        raise Invalid(_("Choose one of the options."))
    return pressed


@blueprint.post("/posts/<int:post_id>/judge")
@requires(Action.CONTRIBUTE)
@open_to_suspended
@limiter.limit(straight_judgement.PRESSED_PER_NETWORK)
@writes
def judge(post_id: int) -> Any:
    """Say whether an argument convinces."""
    found, one = _readable_post(post_id)
    value = _pressed(rules.JUDGEMENTS)
    service.judge(g.actor, found.id, value, clock.now())
    if is_fragment():
        context = presenters.judge_context(found, value)
        straight_judgement.remember(request.environ, value, context)
        return render_template(straight_judgement.TEMPLATE, **context)
    if request.form.get("stay"):
        return redirect(url_for("arguing.post", post_id=post_id), code=303)
    return redirect(
        f"{url_for('agora.show', debate_id=one.id, **presenters.here())}#post-{post_id}", code=303
    )


restoring.add_pages(blueprint, "/posts/<int:post_id>/restore", moderated.SORT)
