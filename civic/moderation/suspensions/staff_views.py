"""Suspensions for moderators and council staff: proposing one, being the second person, ending one early."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.actor import Actor
from civic.moderation import subjects
from civic.moderation.models import ModerationCase
from civic.moderation.queries import get_case
from civic.moderation.suspensions import labels, policy, queries, rules, service
from civic.moderation.suspensions.forms import ProposeForm, ReasonForm
from civic.moderation.suspensions.models import Suspension
from civic.navigation import Panel
from civic.page_forms import take
from civic.policy import Action, Decision, may, requires
from civic.text import render_plain
from civic.unit_of_work import writes

blueprint = Blueprint("staff_suspensions", __name__)

STATES = ("waiting", "running", "ended")


def _to(suspension_id: int) -> Response:
    target = url_for("staff_suspensions.show", suspension_id=suspension_id)
    return redirect(target, code=303)  # type: ignore[return-value]


def _author_name(case: ModerationCase) -> str:
    """The name under which the hidden text was written: a pseudonym stays one for moderators too."""
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    return subject.author_name if subject and subject.author_name else _("Author of a text that is gone")


@blueprint.get("/staff/suspensions")
@requires(Action.VIEW_MODERATION)
def index() -> str:
    """What waits for a second person, what runs, what has ended."""
    state = request.args.get("state", "")
    chosen, page, now = state if state in STATES else STATES[0], min(numbers.page_number(), 1000), clock.now()
    rows, total = queries.list_suspensions(chosen, page, now)
    found = subjects.load_all((one.case.subject_kind, one.case.subject_id) for one in rows)
    return render_template(
        "suspensions/staff_index.html",
        rows=[(one, found.get((one.case.subject_kind, one.case.subject_id))) for one in rows],
        chosen=chosen,
        total=total,
        page=page,
        pages=-(-total // queries.PER_PAGE),
        labels=labels,
        now=now,
    )


def _propose_decision(case: ModerationCase) -> Decision:
    now, account_id = clock.now(), queries.author_of_case(case.id)
    return policy.can_propose(
        g.actor,
        account_id,
        grounded=service.is_ground(case),
        waiting=account_id is not None and queries.is_waiting(account_id, now),
        running=account_id is not None and queries.find_running(account_id, now) is not None,
    )


def _propose_page(case_id: int, form: ProposeForm, status: int = 200) -> Response:
    case, now = get_case(case_id), clock.now()
    account_id = queries.author_of_case(case_id)
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    body = render_template(
        "suspensions/propose.html",
        case=case,
        subject=subject,
        text=render_plain(subject.text) if subject else "",
        hidden=queries.count_hidden_texts(account_id, now - rules.LOOKED_BACK) if account_id else 0,
        form=form,
        decision=_propose_decision(case),
    )
    return make_response(body, status)


@blueprint.get("/staff/moderation/<int:case_id>/suspend")
@requires(Action.SUSPEND)
def propose(case_id: int) -> Response:
    """Propose to suspend the author of a hidden text."""
    return _propose_page(case_id, _offer(ProposeForm(None)))


def _offer(form: ProposeForm) -> ProposeForm:
    form.days.choices = labels.length_choices()
    return form


@blueprint.post("/staff/moderation/<int:case_id>/suspend")
@requires(Action.SUSPEND)
@writes
def send_proposal(case_id: int) -> Any:
    """Put the proposal before a second person."""
    form = _offer(ProposeForm())
    made: list[Suspension] = []

    def command() -> None:
        days = numbers.whole_number(form.days.data) or 0
        made.append(service.propose(g.actor, case_id, form.reason.data or "", days, clock.now()))

    refused = take(form, "reason", command, lambda status: _propose_page(case_id, form, status))
    if refused is not None:
        return refused
    flash(_("Proposed. Nothing happens until a second person confirms it."), "success")
    return _to(made[0].id)


def _page(suspension_id: int, form: ReasonForm | None = None, which: str = "", status: int = 200) -> Response:
    one, now = queries.get_suspension(suspension_id), clock.now()
    body = render_template(
        "suspensions/staff_show.html",
        one=one,
        author=_author_name(one.case),
        running=policy.is_running(one, now),
        settle=policy.can_settle(g.actor, one, now),
        withdraw=policy.can_withdraw(g.actor, one),
        lift=policy.can_lift(g.actor, one, now),
        appeal=queries.find_appeal(one.id),
        form=form or ReasonForm(None),
        which=which,
        labels=labels,
        now=now,
    )
    return make_response(body, status)


@blueprint.get("/staff/suspensions/<int:suspension_id>")
@requires(Action.VIEW_MODERATION)
def show(suspension_id: int) -> Response:
    """One suspension: why, who decided when, until when, and what can be done."""
    return _page(suspension_id)


def _step(suspension_id: int, command: Callable[[Actor, int, datetime], object], said: str) -> Response:
    """A step that needs no words, and what is told about it."""
    command(g.actor, suspension_id, clock.now())
    flash(said, "success")
    return _to(suspension_id)


def _reasoned(
    suspension_id: int, which: str, command: Callable[[Actor, int, str, datetime], object], said: str
) -> Any:
    """A step with its reason; refused, its form (`which`) comes back with what was written."""
    form = ReasonForm()
    refused = take(
        form,
        "reason",
        lambda: command(g.actor, suspension_id, form.reason.data or "", clock.now()),
        lambda status: _page(suspension_id, form, which, status),
    )
    if refused is not None:
        return refused
    flash(said, "success")
    return _to(suspension_id)


@blueprint.post("/staff/suspensions/<int:suspension_id>/confirm")
@requires(Action.SUSPEND)
@writes
def confirm(suspension_id: int) -> Response:
    """The second person's yes."""
    said = _("Confirmed. The person is told why, until when, and how to contest it.")
    return _step(suspension_id, service.confirm, said)


@blueprint.post("/staff/suspensions/<int:suspension_id>/decline")
@requires(Action.SUSPEND)
@writes
def decline(suspension_id: int) -> Any:
    """The second person's no."""
    said = _("Not confirmed: nothing happens to this person.")
    return _reasoned(suspension_id, "decline", service.decline, said)


@blueprint.post("/staff/suspensions/<int:suspension_id>/withdraw")
@requires(Action.SUSPEND)
@writes
def withdraw(suspension_id: int) -> Response:
    """Take one's own proposal back."""
    return _step(suspension_id, service.withdraw, _("Your proposal is taken back."))


@blueprint.post("/staff/suspensions/<int:suspension_id>/lift")
@requires(Action.SUSPEND)
@writes
def lift(suspension_id: int) -> Any:
    """End it early."""
    said = _("Lifted. The person is told and can publish again.")
    return _reasoned(suspension_id, "lift", service.lift, said)


def staff_panel(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: suspensions that wait for a second person."""
    if not may(g.actor, Action.SUSPEND):
        return None
    waiting = queries.count_waiting(clock.now())
    return Panel("suspensions/_panel_staff.html", {"waiting": waiting}, position=12) if waiting else None
