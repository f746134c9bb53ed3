"""Contested decisions for moderators: the queue with its clocks, and deciding as the second person."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.moderation import labels as moderation_labels
from civic.moderation import subjects
from civic.moderation.appeals import labels, policy, queries, service
from civic.moderation.appeals.forms import DecideForm
from civic.moderation.appeals.models import ModerationAppeal
from civic.moderation.models import ModerationCase
from civic.page_forms import take
from civic.policy import Action, requires
from civic.text import excerpt, render_plain
from civic.unit_of_work import writes

blueprint = Blueprint("staff_appeals", __name__, url_prefix="/staff/contested")

STATES = ("open", "late", "decided")


def _case_of(appeal: ModerationAppeal) -> ModerationCase:
    """The case whose decision is contested, or on which a contested suspension rests."""
    if appeal.statement is not None:
        return appeal.statement.case
    assert appeal.suspension is not None
    return appeal.suspension.case


@blueprint.get("")
@requires(Action.VIEW_MODERATION)
def queue() -> str:
    """What waits for a second person, the most pressing first."""
    state = request.args.get("state", "")
    chosen, page, now = state if state in STATES else STATES[0], min(numbers.page_number(), 1000), clock.now()
    rows, total = queries.list_appeals(chosen, page, now)
    found = subjects.load_all((_case_of(one).subject_kind, _case_of(one).subject_id) for one in rows)
    waiting, late = queries.count_open(now)
    return render_template(
        "appeals/queue.html",
        rows=[
            (
                one,
                found.get((_case_of(one).subject_kind, _case_of(one).subject_id)),
                policy.can_decide(g.actor, policy.contest_of(one)),
            )
            for one in rows
        ],
        chosen=chosen,
        waiting=waiting,
        late=late,
        total=total,
        page=page,
        pages=-(-total // queries.PER_PAGE),
        labels=labels,
        kinds=subjects.kinds(),
        excerpt=excerpt,
        now=now,
    )


def _page(appeal_id: int, form: DecideForm | None = None, status: int = 200) -> Response:
    appeal = queries.get_appeal(appeal_id)
    case = _case_of(appeal)
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    body = render_template(
        "appeals/staff_show.html",
        appeal=appeal,
        case=case,
        subject=subject,
        text=render_plain(subject.text) if subject else "",
        said=render_plain(appeal.text),
        kind=subjects.kinds().get(case.subject_kind),
        decision=policy.can_decide(g.actor, policy.contest_of(appeal)),
        form=form or DecideForm(None),
        labels=labels,
        moderation_labels=moderation_labels,
        now=clock.now(),
    )
    return make_response(body, status)


@blueprint.get("/<int:appeal_id>")
@requires(Action.VIEW_MODERATION)
def show(appeal_id: int) -> Response:
    """One appeal: the text, the decision, what its author says, and the decision to take."""
    return _page(appeal_id)


@blueprint.post("/<int:appeal_id>")
@requires(Action.MODERATE)
@writes
def decide(appeal_id: int) -> Any:
    """Decide as the second person."""
    form = DecideForm()
    refused = take(
        form,
        "reason",
        lambda: service.decide(
            g.actor, appeal_id, form.outcome.data == "uphold", form.reason.data or "", clock.now()
        ),
        lambda status: _page(appeal_id, form, status),
    )
    if refused is not None:
        return refused
    flash(_("Decided. The author is told."), "success")
    return redirect(url_for("staff_appeals.queue"), code=303)
