"""The public record of what moderators did in a debate, and the pages on which they do it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock
from civic.errors import NotFound
from civic.page_forms import take
from civic.policy import Action, public, requires
from civic.text import excerpt
from civic.unit_of_work import writes
from consultations.agora.arguing import presenters as arguments
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.tending import forms, policy, presenters, queries, service
from consultations.agora.views import readable

blueprint = Blueprint("tending", __name__, url_prefix="/agora")


@blueprint.get("/<int:debate_id>/moderation")
@public
def record(debate_id: int) -> str:
    """Everything moderators did in a debate, with their reasons."""
    one = readable(debate_id, clock.now())
    return render_template("agora/moderation.html", **presenters.record_context(one))


# --- one text --------------------------------------------------------------------------------------------

#: The forms of a text's page by the name they have in its template.
_OF_POST: dict[str, type[forms.ActForm]] = {
    "merge": forms.MergeForm,
    "move": forms.MoveForm,
    "split": forms.SplitForm,
    "fold": forms.FoldForm,
}
_OF_DEBATE: dict[str, type[forms.ActForm]] = {"lock": forms.LockForm, "slow": forms.SlowForm}


def _post_form(name: str, post: AgoraPost, *, bound: bool) -> Any:
    values: dict[str, Any] = {"move": {"side": post.side, "position_id": post.parent_id}}.get(name, {})
    if name == "split":
        values = {"first": post.body, "second": post.body, "side": post.side}
    form: Any = (
        _OF_POST[name](prefix=f"{name}-") if bound else _OF_POST[name](None, prefix=f"{name}-", **values)
    )
    if name in ("move", "split"):
        forms.choose_sides(form)
    if name == "merge":
        form.into_id.choices = [
            (str(one.id), f"{one.id}: {excerpt(one.body, 90)}") for one in queries.list_same_side(post)
        ]
    if name == "move":
        form.position_id.choices = [
            ("", _("The question itself")),
            *((str(one.id), one.body) for one in queries.list_positions(post.debate_id)),
        ]
    return form


def _found(post_id: int) -> tuple[AgoraPost, AgoraDebate]:
    post = arguing.get_post(post_id)
    one = readable(post.debate_id, clock.now())
    if post.state != "visible" or post.kind == judging.POSITION or post.side == judging.NOTE:
        raise NotFound
    return post, one


def _post_page(post_id: int, now: datetime, status: int = 200, **bound: Any) -> Any:
    post, one = _found(post_id)
    if post.merged_into_id is not None:
        flash(_("It was merged with an argument that says the same."), "warning")
        return redirect(url_for("tending.record", debate_id=one.id), code=303)
    author_id = post.participant.account_id
    page = render_template(
        "agora/tend_post.html",
        post=post,
        debate=one,
        **arguments.author(post),
        can_tend=policy.can_tend_post(g.actor, post, author_id, one, now),
        can_tend_argument=policy.can_tend_argument(g.actor, post, author_id, one, now),
        made={name: bound.get(name) or _post_form(name, post, bound=False) for name in _OF_POST},
        wrong=next(iter(bound.values()), None),
    )
    return page, status


@blueprint.get("/posts/<int:post_id>/tend")
@requires(Action.MODERATE)
def tend(post_id: int) -> Any:
    """Everything a moderator can do with one text without hiding it."""
    return _post_page(post_id, clock.now())


def _post_act(name: str, post_id: int, form: Any, now: datetime) -> object:
    reason = form.reason.data or ""
    if name == "merge":
        return service.merge(g.actor, post_id, form.into_id.data, reason, now)
    if name == "move":
        return service.move(g.actor, post_id, form.side.data, form.position_id.data, reason, now)
    if name == "split":
        return service.split(g.actor, post_id, form.first.data, form.second.data, form.side.data, reason, now)
    return service.fold(g.actor, post_id, reason, now)


#: Where the refusal of a command stands in its form.
_FIELDS = {"merge": "into_id", "split": "second"}


@blueprint.post("/posts/<int:post_id>/tend/<what>")
@requires(Action.MODERATE)
@writes
def tend_now(post_id: int, what: str) -> Any:
    """Merge, move, split or fold a text."""
    post, one = _found(post_id)
    if what not in _OF_POST:
        raise NotFound
    form, now, debate_id = _post_form(what, post, bound=True), clock.now(), one.id
    wrong = take(
        form, _FIELDS.get(what, "reason"), lambda: _post_act(what, post_id, form, now),
        lambda status: _post_page(post_id, now, status, **{what: form}),
    )  # fmt: skip
    return wrong or _done(debate_id)


def _done(debate_id: int) -> Response:
    flash(_("Done. Everyone can read what you did and why."), "success")
    return redirect(url_for("tending.record", debate_id=debate_id), code=303)


# --- a whole debate --------------------------------------------------------------------------------------


def _debate_form(name: str, *, bound: bool) -> Any:
    form: Any = _OF_DEBATE[name](prefix=f"{name}-") if bound else _OF_DEBATE[name](None, prefix=f"{name}-")
    return forms.choose_gap(form) if name == "slow" else form


def _debate_page(debate_id: int, now: datetime, status: int = 200, **bound: Any) -> Any:
    one = readable(debate_id, now)
    return render_template(
        "agora/tend_debate.html",
        debate=one,
        can_tend=policy.can_tend_debate(g.actor, one, now),
        gap=presenters.gap_words(one.slow_minutes) if one.slow_minutes else "",
        live={name: queries.find_live(one.id, name) for name in _OF_DEBATE},
        made={name: bound.get(name) or _debate_form(name, bound=False) for name in _OF_DEBATE},
        wrong=next(iter(bound.values()), None),
    ), status


@blueprint.get("/<int:debate_id>/pace")
@requires(Action.MODERATE)
def pace(debate_id: int) -> Any:
    """How quickly people may write in a debate, and whether at all."""
    return _debate_page(debate_id, clock.now())


@blueprint.post("/<int:debate_id>/pace/<what>")
@requires(Action.MODERATE)
@writes
def set_pace(debate_id: int, what: str) -> Any:
    """Take no new texts for now, or let people wait between two of them."""
    now = clock.now()
    readable(debate_id, now)
    if what not in _OF_DEBATE:
        raise NotFound
    form = _debate_form(what, bound=True)

    def command() -> object:
        reason = form.reason.data or ""
        if what == "lock":
            return service.lock(g.actor, debate_id, reason, now)
        return service.slow_down(g.actor, debate_id, form.minutes.data, reason, now)

    wrong = take(form, "reason", command, lambda status: _debate_page(debate_id, now, status, **{what: form}))
    return wrong or _done(debate_id)


# --- undoing ---------------------------------------------------------------------------------------------


def _undo_page(act_id: int, form: Any, now: datetime, status: int = 200) -> Any:
    act = queries.get_act(act_id)
    one = readable(act.debate_id, now)
    author_id = arguing.author_account(arguing.get_post(act.post_id)) if act.post_id is not None else None
    return render_template(
        "agora/undo_act.html",
        debate=one,
        act=presenters.act_items([act])[0],
        form=form,
        decision=policy.can_undo(g.actor, act, author_id, one, now),
    ), status


@blueprint.route("/acts/<int:act_id>/undo", methods=["GET", "POST"])
@requires(Action.MODERATE)
@writes
def undo(act_id: int) -> Any:
    """Undo what a moderator did, with a reason everyone reads."""
    now = clock.now()
    debate_id = readable(queries.get_act(act_id).debate_id, now).id
    if request.method == "GET":
        return _undo_page(act_id, forms.UndoForm(None), now)
    form = forms.UndoForm()
    wrong = take(
        form, "reason", lambda: service.undo(g.actor, act_id, form.reason.data or "", now),
        lambda status: _undo_page(act_id, form, now, status),
    )  # fmt: skip
    return wrong or _done(debate_id)
