"""The page where staff say when each space is moderated, and the marks of where a request came from."""

from dataclasses import replace

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.accounts.queries import names_of
from civic.errors import Invalid
from civic.moderation.gate import labels, policy, queries, rules, service
from civic.moderation.gate.forms import ModeForm
from civic.moderation.gate.models import GateSetting
from civic.moderation.gate.spaces import Space, get_space, spaces
from civic.moderation.gate.traces import current_trace
from civic.policy import Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("gate", __name__, url_prefix="/staff/moderation/spaces")

#: What a request that sends something says of where it came from; reading leaves no mark.
SENDS = ("POST", "PUT", "PATCH", "DELETE")

#: Where a request keeps what a new account is told about its votes.
_LATER = "civic.gate.counted_later"


def note_trace() -> None:
    """Before a request that sends something: give its actor the marks of its device and network."""
    if request.method in SENDS:
        g.actor = replace(g.actor, trace=current_trace(clock.now()))


def counted_later() -> str:
    """To who is new: that their votes and judgements are kept, and from when on they count; else nothing."""
    if not g.actor.is_authenticated:
        return ""
    if _LATER not in request.environ:
        until = service.counts_from(g.actor, clock.now())
        request.environ[_LATER] = labels.counts_note(until) if until is not None else ""
    return str(request.environ[_LATER])


@blueprint.get("")
@requires(Action.VIEW_MODERATION)
def index() -> str:
    """Every space: when it is moderated, and since when."""
    modes = queries.current_modes()
    latest: dict[str, GateSetting] = {}
    for one in queries.list_settings():
        latest.setdefault(one.space, one)
    return render_template(
        "gate/index.html",
        rows=[(space, modes[key], latest.get(key)) for key, space in spaces().items()],
        labels=labels,
        rules=rules,
    )


def _page(space: Space, form: ModeForm, status: int = 200) -> Response:
    history = queries.list_settings(space.key)
    current = queries.current_modes()[space.key]
    form.mode.choices = [(str(mode), labels.MODES[mode]) for mode in space.modes]
    if form.seen.data is None:
        form.seen.data = str(history[0].number if history else 0)
    if form.mode.data is None:
        form.mode.data = current
    body = render_template(
        "gate/show.html",
        space=space,
        form=form,
        current=current,
        history=history,
        names=names_of({one.account_id for one in history}),
        decision=policy.can_change(g.actor),
        labels=labels,
    )
    return make_response(body, status)


@blueprint.get("/<key>")
@requires(Action.VIEW_MODERATION)
def show(key: str) -> Response:
    """One space, its history, and the form that changes it."""
    return _page(get_space(key), ModeForm(None))


@blueprint.post("/<key>")
@requires(Action.SET_MODERATION)
@writes
def change(key: str) -> Response:
    """Say when a space is moderated from now on."""
    space, form = get_space(key), ModeForm()
    form.mode.choices = [(str(mode), labels.MODES[mode]) for mode in space.modes]
    if not form.validate():
        return _page(space, form, 422)
    try:
        service.change_mode(
            g.actor,
            key,
            numbers.whole_number(form.seen.data) or 0,
            form.mode.data,
            form.reason.data,
            clock.now(),
        )
    except Invalid as error:
        form.mode.errors = [str(error.message)]
        return _page(space, form, 422)
    flash(_("Changed. It holds for what is written from now on."), "success")
    return redirect(url_for("gate.show", key=key), code=303)  # type: ignore[return-value]
