"""Who may do what. Every endpoint says `@public` or `@requires(Action.X)`; an unmarked one is refused.

Roles answer "may this kind of person do this at all"; the features' own `policy.py` answers "may they
do it to this object, now", with a `Decision` whose reason is shown to the person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask_babel import lazy_gettext as _

from civic.actor import Actor, Role
from civic.errors import NotAllowed
from civic.extensions import htmx
from civic.format import deadline

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Decision:
    """Allowed or not, and the sentence that says why not. True and false like a bool."""

    allowed: bool
    reason: object = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Decision(True)


def refused(reason: object) -> Decision:
    """A refusal with its sentence."""
    return Decision(False, reason)


def enforce(decision: Decision) -> None:
    """Raise NotAllowed with the decision's sentence unless it allows."""
    if not decision:
        raise NotAllowed(decision.reason)


class Action(StrEnum):
    """Everything an endpoint can ask for."""

    # anyone with an account
    USE_ACCOUNT = "use_account"
    FOLLOW = "follow"
    PROPOSE = "propose"
    COMMENT = "comment"
    REPORT_CONTENT = "report_content"
    APPEAL = "appeal"
    VOTE = "vote"
    CONTRIBUTE = "contribute"
    # moderators
    MODERATE = "moderate"
    #: one proposes to keep somebody from publishing for a while, another one confirms it
    SUSPEND = "suspend"
    # departments
    EVALUATE = "evaluate"
    # council staff
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_PROPOSALS = "manage_proposals"
    DECIDE_APPEALS = "decide_appeals"
    CLOSE_ROUNDS = "close_rounds"
    MANAGE_ROLL = "manage_roll"
    MANAGE_DELIVERIES = "manage_deliveries"
    #: tables from elsewhere: deliveries, budget, purchases, decisions
    IMPORT_DATA = "import_data"
    #: the budget and purchases, by hand
    MANAGE_MONEY = "manage_money"
    #: decisions, and the records of the council: members, sittings, votes by name
    MANAGE_COUNCIL = "manage_council"
    #: the values and targets of the city's indicators
    MANAGE_INDICATORS = "manage_indicators"
    #: periodic reports: writing about one's own indicators, and reading what is not signed yet
    WRITE_REPORTS = "write_reports"
    VIEW_REPORTS = "view_reports"
    EDIT_CONTENT = "edit_content"
    MANAGE_DEADLINES = "manage_deadlines"
    SET_MODERATION = "set_moderation"
    MANAGE_CONSULTATIONS = "manage_consultations"
    # contributions to consultations: entering those that came on paper, answering them
    REGISTER_CONTRIBUTIONS = "register_contributions"
    ANSWER_CONTRIBUTIONS = "answer_contributions"
    #: residents who say that a finished work is not done
    ANSWER_DISPUTES = "answer_disputes"
    #: one text of a questionnaire, with personal data or hate in it
    HIDE_SURVEY_TEXTS = "hide_survey_texts"
    MANAGE_ORGANISATIONS = "manage_organisations"
    # desk
    VERIFY_RESIDENTS = "verify_residents"
    # paper ballots
    VIEW_PAPER = "view_paper"
    KEY_PAPER = "key_paper"
    MANAGE_PAPER = "manage_paper"
    # oversight
    VIEW_STAFF_AREA = "view_staff_area"
    VIEW_MODERATION = "view_moderation"
    VIEW_EVALUATIONS = "view_evaluations"
    VIEW_ORGANISATIONS = "view_organisations"
    VIEW_ROLL = "view_roll"
    TRY_COUNTS = "try_counts"
    VIEW_AUDIT = "view_audit"
    VIEW_CONSULTATIONS = "view_consultations"
    # administration
    MANAGE_ACCOUNTS = "manage_accounts"
    ADMINISTER = "administer"


#: Actions by which texts reach the public: a suspension closes their POSTs, but for views marked as open.
PUBLISHING = frozenset({Action.PROPOSE, Action.COMMENT, Action.CONTRIBUTE})

_EVERYONE = {
    Action.USE_ACCOUNT,
    Action.FOLLOW,
    Action.PROPOSE,
    Action.COMMENT,
    Action.REPORT_CONTENT,
    Action.APPEAL,
    Action.VOTE,
    Action.CONTRIBUTE,
}
_STAFF_VIEWS = {
    Action.VIEW_STAFF_AREA,
    Action.VIEW_EVALUATIONS,
    Action.VIEW_CONSULTATIONS,
    Action.VIEW_REPORTS,
}

#: What each role adds to the actions of any account holder. An auditor sees everything and changes nothing.
GRANTS: dict[Role, set[Action]] = {
    Role.MODERATOR: {
        Action.MODERATE,
        Action.SUSPEND,
        Action.HIDE_SURVEY_TEXTS,
        Action.VIEW_MODERATION,
        Action.VIEW_STAFF_AREA,
    },
    Role.EVALUATOR: {
        Action.EVALUATE,
        Action.ANSWER_CONTRIBUTIONS,
        Action.ANSWER_DISPUTES,
        Action.WRITE_REPORTS,
        *_STAFF_VIEWS,
    },
    Role.CLERK: {
        Action.VERIFY_RESIDENTS,
        Action.VIEW_PAPER,
        Action.KEY_PAPER,
        Action.REGISTER_CONTRIBUTIONS,
        Action.VIEW_CONSULTATIONS,
        Action.VIEW_STAFF_AREA,
    },
    Role.STAFF: {
        Action.SUSPEND,
        Action.MANAGE_ROUNDS,
        Action.MANAGE_PROPOSALS,
        Action.DECIDE_APPEALS,
        Action.CLOSE_ROUNDS,
        Action.MANAGE_ROLL,
        Action.VIEW_PAPER,
        Action.KEY_PAPER,
        Action.MANAGE_PAPER,
        Action.VIEW_ROLL,
        Action.TRY_COUNTS,
        Action.MANAGE_DELIVERIES,
        Action.IMPORT_DATA,
        Action.MANAGE_MONEY,
        Action.MANAGE_COUNCIL,
        Action.MANAGE_INDICATORS,
        Action.WRITE_REPORTS,
        Action.EDIT_CONTENT,
        Action.MANAGE_DEADLINES,
        Action.SET_MODERATION,
        Action.MANAGE_CONSULTATIONS,
        Action.REGISTER_CONTRIBUTIONS,
        Action.ANSWER_CONTRIBUTIONS,
        Action.ANSWER_DISPUTES,
        Action.HIDE_SURVEY_TEXTS,
        Action.MANAGE_ORGANISATIONS,
        Action.VIEW_ORGANISATIONS,
        Action.VIEW_MODERATION,
        *_STAFF_VIEWS,
    },
    Role.AUDITOR: {
        Action.VIEW_ORGANISATIONS,
        Action.VIEW_AUDIT,
        Action.VIEW_PAPER,
        Action.VIEW_ROLL,
        Action.TRY_COUNTS,
        Action.VIEW_MODERATION,
        *_STAFF_VIEWS,
    },
    Role.ADMINISTRATOR: {
        Action.MANAGE_ACCOUNTS,
        Action.ADMINISTER,
        Action.EDIT_CONTENT,
        Action.MANAGE_DEADLINES,
        Action.SET_MODERATION,
        Action.VIEW_ORGANISATIONS,
        Action.VIEW_AUDIT,
        Action.VIEW_MODERATION,
        *_STAFF_VIEWS,
    },
}


ROLE_NAMES: dict[Role, Any] = {
    Role.MODERATOR: _("moderator"),
    Role.EVALUATOR: _("evaluator"),
    Role.STAFF: _("council staff"),
    Role.CLERK: _("desk clerk"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}


def _closed(action: Action) -> str:
    """Why a page is closed to somebody signed in: the roles it is for, in words."""
    roles = ", ".join(str(name) for role, name in ROLE_NAMES.items() if action in GRANTS[role])
    said = [_("Your account does not have the role this page needs.")]
    if roles:
        said.append(_("It is open to: %(roles)s.", roles=roles))
    return " ".join(str(one) for one in said)


def may(actor: Actor, action: Action) -> bool:
    """Whether the actor's roles include the action at all."""
    if not actor.is_authenticated:
        return False
    return action in _EVERYONE or any(action in GRANTS.get(role, ()) for role in actor.roles)


def public(view: View) -> View:
    """Mark a view as open to everyone, signed in or not."""
    view.civic_access = "public"  # type: ignore[attr-defined]
    return view


def requires(action: Action) -> Callable[[View], View]:
    """Mark a view as open to those whose roles include the action."""

    def mark(view: View) -> View:
        view.civic_access = action  # type: ignore[attr-defined]
        return view

    return mark


def publishes(view: View) -> View:
    """Mark a view whose POST makes a text public, whatever action it asks for."""
    view.civic_publishes = True  # type: ignore[attr-defined]
    return view


def open_to_suspended(view: View) -> View:
    """Mark a view whose POST a suspension leaves open: a vote, a signature, a draft kept for oneself, something taken
    back, and what the law gives everybody."""
    view.civic_publishes = False  # type: ignore[attr-defined]
    return view


def is_publishing(app: Flask, endpoint: str) -> bool:
    """Whether a POST to an endpoint takes a text to the public, which a suspension forbids for a while."""
    said = getattr(app.view_functions[endpoint], "civic_publishes", None)
    return access_of(app, endpoint) in PUBLISHING if said is None else bool(said)


def can_publish(actor: Actor) -> Decision:
    """Whether the actor may take texts to the public now: always, but while a suspension runs."""
    if actor.suspended_until is None:
        return ALLOWED
    return refused(
        _(
            "You may not publish texts until %(moment)s. Your account page says why, and how to contest it.",
            moment=deadline(actor.suspended_until),
        )
    )


def access_of(app: Flask, endpoint: str) -> str | Action | None:
    """What an endpoint is marked with; None when it is not marked at all."""
    return getattr(app.view_functions[endpoint], "civic_access", None)


def ask_to_sign_in() -> Response:
    """Send an anonymous person to the sign-in page and back; htmx is told to move the whole page."""
    back = request.full_path.rstrip("?") if request.method == "GET" and not htmx else None
    target = url_for("accounts.sign_in", next=back)
    if htmx:
        response = current_app.make_response(("", 401))
        response.headers["HX-Redirect"] = target
        return response
    return redirect(target, code=303)  # type: ignore[return-value]


def guard() -> Response | None:
    """The `before_request` hook that refuses what is not explicitly allowed."""
    if request.endpoint is None:
        return None  # no such URL: the router's own 404 or 405 answers
    needed = access_of(current_app, request.endpoint)
    if needed == "public":
        return None
    if needed is None:
        raise NotAllowed(_("This page has no access rule, so nobody may open it."))
    if not g.actor.is_authenticated:
        return ask_to_sign_in()
    if not may(g.actor, Action(needed)):
        raise NotAllowed(_closed(Action(needed)))
    return None


def init_app(app: Flask) -> None:
    """Install the guard and give templates the question `may(Action)`."""
    app.before_request(guard)
    app.context_processor(lambda: {"may": lambda action: may(g.actor, Action(action)), "Action": Action})
