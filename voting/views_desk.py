"""A vote at the desk: the clerk hands their device to a resident, who votes alone, and takes it back with a password.

The pages of the vote are the ones everybody uses. Here stands what is around them: opening, the end, the lock, and
the watch that lets this browser reach nothing else meanwhile.
"""

from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock
from civic.accounts import policy as account_policy
from civic.accounts import queries, sessions, signing_in
from civic.accounts.forms import PasswordForm
from civic.accounts.models import Account
from civic.accounts.views import complain, page
from civic.actor import ANONYMOUS
from civic.errors import DomainError
from civic.extensions import db
from civic.navigation import Links, Panel
from civic.policy import Action, public, requires
from civic.rounds.models import Round
from civic.security import add_gate, is_fragment
from civic.unit_of_work import unit_of_work, writes, writes_itself
from voting import cart as carts
from voting import desk_session, round_queries
from voting.desk_forms import OpenForm
from voting.desk_session import DeskSession, Lock

blueprint = Blueprint("desk_vote", __name__)

#: What answers as ever: the site's health, its icon and name, the choice of language.
OPEN_TO_ALL = frozenset(
    {"health.healthz", "health.readyz", "content.favicon", "content.manifest", "accounts.language"}
)
#: The pages of the vote, of the session's own round alone.
THE_VOTE = frozenset(
    {"voting.ballot", "voting.choose", "voting.answer", "voting.project", "voting.review", "voting.cast"}
)
#: What helps to vote.
HELP = frozenset({"voting.counting_rules"})
HELP_PAGES = frozenset({"ballot-secrecy", "how-it-works", "accessibility", "rules", "privacy"})
OWN = frozenset({"desk_vote.lock", "desk_vote.unlock", "desk_vote.finish", "desk_vote.leave"})


# --- the clerk opens it ---------------------------------------------------------------------------------


def _rounds(account: Account) -> list[tuple[Round, Any]]:
    """The votes that run, each with whether this resident may vote in it."""
    now = clock.now()
    return [(one, desk_session.can_vote(account, one, now)) for one in round_queries.list_voting_rounds(now)]


def _offer(account: Account) -> dict[str, Any]:
    decision = desk_session.can_open(g.actor, account)
    rounds = _rounds(account) if decision else []
    return {
        "account": account,
        "decision": decision,
        "rounds": rounds,
        "open_rounds": [one for one, allowed in rounds if allowed],
        "minutes": int(desk_session.LENGTH.total_seconds() // 60),
    }


def desk_panel(context: dict[str, Any]) -> Panel:
    """On the resident's page at the desk: that they can vote here, or why not."""
    return Panel("voting/staff/_desk_panel.html", _offer(context["account"]))


@blueprint.route("/staff/desk/<int:account_id>/vote", methods=["GET", "POST"])
@requires(Action.VERIFY_RESIDENTS)
@writes
def open_vote(account_id: int) -> AnyResponse:
    """Look at the document again, then hand over the device."""
    account, form = queries.get_account(account_id), OpenForm()
    offer = _offer(account)
    form.round_id.choices = [(one.id, one.name) for one in offer["open_rounds"]]
    if request.method == "GET" and len(offer["open_rounds"]) == 1:
        form.round_id.data = offer["open_rounds"][0].id
    if offer["open_rounds"] and form.validate_on_submit():
        round_ = next(one for one in offer["open_rounds"] if one.id == form.round_id.data)
        try:
            desk = desk_session.begin(g.actor, account, round_, clock.now())
        except DomainError as error:
            complain(form, None, error)
        else:
            response = redirect(url_for("voting.ballot", slug=desk.slug), code=303)
            return carts.drop(current_app.config["SETTINGS"], response, desk.round_id)  # type: ignore[arg-type]
    return page("voting/staff/desk_open.html", form, **offer)


# --- its end --------------------------------------------------------------------------------------------


@blueprint.post("/desk/finish")
@public
@writes
def finish() -> AnyResponse:
    """The resident has finished, whether or not they cast a ballot."""
    desk = desk_session.current()
    if desk is None:
        return redirect(url_for("desk_vote.lock"), code=303)
    desk_session.invalidate(desk.clerk_id)
    desk_session.put_lock(desk, timed_out=False)
    response = redirect(url_for("desk_vote.lock"), code=303)
    return carts.drop(current_app.config["SETTINGS"], response, desk.round_id)  # type: ignore[arg-type]


@blueprint.get("/desk/lock")
@public
def lock() -> AnyResponse:
    """The locked screen; while the vote goes on, the way back to it and the clerk's way to end it."""
    if not desk_session.is_desk_screen():
        return redirect(url_for("desk.find"), code=302)
    return _lock_page(PasswordForm(formdata=None), 200)


def _lock_page(form: PasswordForm, status: int) -> Response:
    """The screen of a device that shows nobody's pages."""
    desk, locked = desk_session.current(), desk_session.lock_here()
    held: DeskSession | Lock | None = desk or locked
    clerk = db.session.get(Account, held.clerk_id) if held else None
    content = render_template(
        "voting/desk_lock.html", form=form, desk=desk, locked=locked, clerk=clerk, turned_away=status == 403,
        sent=request.method == "POST" and request.endpoint not in OWN,
    )  # fmt: skip
    response = make_response(content, status)
    response.headers["Cache-Control"] = "no-store"
    if desk is None and locked is not None:
        carts.drop(current_app.config["SETTINGS"], response, locked.round_id)
    return response


@blueprint.post("/desk/unlock")
@public
@writes_itself
def unlock() -> AnyResponse:
    """The clerk takes the device back with their own password, also while the vote goes on."""
    held = desk_session.current() or desk_session.lock_here()
    if held is None:
        return redirect(url_for("desk.find"), code=303)
    form = PasswordForm()
    if form.validate_on_submit():
        clerk, now = queries.get_account(held.clerk_id), clock.now()
        problem = signing_in.check_again(clerk, form.password.data, now)
        decision = account_policy.can_sign_in(clerk)
        if problem is None and not decision:
            problem = str(decision.reason)
        if problem is None:
            with unit_of_work():
                clerk = desk_session.invalidate(held.clerk_id)
                desk_session.record_end(clerk, held.round_id, now)
                sessions.start_session(clerk, stay=held.stay)
            response = redirect(url_for("desk.find"), code=303)
            return carts.drop(current_app.config["SETTINGS"], response, held.round_id)  # type: ignore[arg-type]
        complain(form, "password", problem)
    return _lock_page(form, 422)


@blueprint.post("/desk/leave")
@public
@writes_itself
def leave() -> AnyResponse:
    """From the locked screen, for another clerk: sign in as oneself."""
    if desk_session.current() is None:
        desk_session.forget()
    return redirect(url_for("accounts.sign_in"), code=303)


# --- the watch ------------------------------------------------------------------------------------------


def _watch() -> Response | None:
    """Before every page: in a desk's browser the vote, its help and the lock answer, and nothing else does."""
    if not desk_session.is_desk_screen() or request.endpoint in OPEN_TO_ALL:
        return None
    g.actor, now = ANONYMOUS, clock.now()
    desk = desk_session.held()
    if desk is not None and not desk.stands(now):
        desk_session.put_lock(desk, timed_out=now >= desk.until)
        desk = None
    if desk is None:
        if request.endpoint == "desk_vote.finish":  # pressed twice, or just after the end
            return make_response(redirect(url_for("desk_vote.lock"), code=303))
        return None if request.endpoint in OWN else _turned_away()
    g.desk, g.actor = desk, desk.voter
    if request.endpoint in OWN or _is_of_the_vote(desk):
        return None
    if request.endpoint == "desk_vote.open_vote" and request.method == "POST":  # the button pressed twice
        return make_response(redirect(url_for("voting.ballot", slug=desk.slug), code=303))
    return _turned_away()


def _is_of_the_vote(desk: DeskSession) -> bool:
    values = request.view_args or {}
    if request.endpoint in THE_VOTE:
        return values.get("slug") == desk.slug
    return request.endpoint in HELP or (
        request.endpoint == "content.page" and values.get("slug") in HELP_PAGES
    )


def _turned_away() -> Response:
    if is_fragment():
        response = make_response("", 403)
        response.headers["HX-Redirect"] = url_for("desk_vote.lock")
        response.headers["Cache-Control"] = "no-store"
        return response
    return _lock_page(PasswordForm(formdata=None), 403)


def _leads_to_the_lock(response: Response) -> Response:
    """When the time is over the screen locks by itself, without a script too."""
    desk = desk_session.current()
    if desk is not None and response.mimetype == "text/html" and not 300 <= response.status_code < 400:
        seconds = desk.seconds(clock.now())
        response.headers["Refresh"] = f"{seconds + 1}; url={url_for('desk_vote.lock')}"
        response.headers["Cache-Control"] = "no-store"
    return response


def _screen() -> dict[str, Any]:
    """What every page shows in a desk's browser: nobody's menus, and until when the vote goes on."""
    if not desk_session.is_desk_screen():
        return {"desk_screen": False}
    none = {name: Links() for name in ("nav_links", "footer_links", "staff_links", "account_links")}
    desk = desk_session.current()
    if desk is None:
        return {"desk_screen": True, **none}
    return {
        "desk_screen": True,
        **none,
        "desk": desk,
        "desk_left": desk.seconds(clock.now()),
        "desk_warning": int(desk_session.WARNING.total_seconds()),
        "desk_words": _("Two minutes are left. Cast your ballot now if you want it to count."),
    }


def keep_watch(app: Flask) -> None:
    """Install the watch and what pages show of it."""
    add_gate(app, _watch)
    app.after_request(_leads_to_the_lock)
    app.context_processor(_screen)
