"""The moderators' queue, the house rules, and everybody's way to report a text. Cases are in `case_views`."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request
from flask_babel import gettext as _

from civic import clock, numbers
from civic.deadlines.labels import within_key
from civic.extensions import limiter
from civic.moderation import labels, policy, queries, reasons, rules, service, subjects
from civic.moderation.forms import ReportForm
from civic.moderation.gate import queries as gate
from civic.moderation.gate.labels import held_name
from civic.moderation.models import ModerationCase
from civic.moderation.rules import HOUSE_RULES
from civic.navigation import Panel
from civic.policy import Action, may, public, requires
from civic.security import is_fragment
from civic.text import excerpt
from civic.unit_of_work import writes

#: Contributions from one network; a school or a library stays well below it.
PER_NETWORK = "120 per hour"

blueprint = Blueprint("moderation", __name__)


# --- everybody ---------------------------------------------------------------------------------------------


def _report_page(subject: subjects.Subject, form: ReportForm, status: int = 200) -> Response:
    reported = queries.reports_last_day(g.actor.id, clock.now())
    body = render_template(
        "moderation/report.html",
        subject=subject,
        form=form,
        decision=policy.can_report(g.actor, subject, reported),
    )
    return make_response(body, status)


@blueprint.get("/report/<kind>/<int:subject_id>")
@requires(Action.REPORT_CONTENT)
def report(kind: str, subject_id: int) -> Response:
    """What is wrong with a text, told to the moderators."""
    return _report_page(subjects.get_public_subject(kind, subject_id), ReportForm(None))


@blueprint.post("/report/<kind>/<int:subject_id>")
@requires(Action.REPORT_CONTENT)
@limiter.limit(PER_NETWORK)
@writes
def send_report(kind: str, subject_id: int) -> Response:
    """Put the text in the moderators' queue."""
    subject = subjects.get_public_subject(kind, subject_id)
    form = ReportForm()
    if not form.validate():
        return _report_page(subject, form, 422)
    service.report(g.actor, subject, form.reason.data, form.text.data, clock.now())
    flash(
        _(
            "Thank you. A moderator looks at it %(within)s.",
            within=within_key(rules.clock_for(rules.Why.REPORTED, form.reason.data)),
        ),
        "success",
    )
    return redirect(subject.url, code=303)  # type: ignore[return-value]


@blueprint.get("/rules-of-conduct")
@public
def conduct() -> str:
    """The rules of the house: one for each reason a text may be hidden or sent back for."""
    return render_template("moderation/conduct.html", reasons=reasons, rules=HOUSE_RULES)


# --- moderators --------------------------------------------------------------------------------------------


def _read_filter() -> queries.QueueFilter:
    kind, why, state = (request.args.get(name, "") for name in ("kind", "why", "state"))
    author_of, same_as = (numbers.whole_number(request.args.get(name, "")) for name in ("author", "same"))
    return queries.QueueFilter(
        kind=kind if kind in subjects.kinds() else "",
        why=why if why in list(rules.Why) else "",
        state=state if state in ("late", "decided") else "open",
        author_of=author_of,
        same_as=same_as,
    )


def _page_number() -> int:
    return min(numbers.page_number(), 1000)


def _gravest(case: ModerationCase) -> object:
    """The reason among the reports that cannot wait, or the first one."""
    codes = [rules.today_called(one.reason_code) for one in case.reports]
    urgent = [code for code in codes if code in rules.URGENT]
    return labels.REASONS[(urgent or codes)[0]]


def _queue_context() -> dict[str, Any]:
    chosen, page, now = _read_filter(), _page_number(), clock.now()
    cases, total = queries.list_cases(chosen, page, now)
    keys = [(case.subject_kind, case.subject_id) for case in cases]
    found = subjects.load_all(keys)
    return {
        "chosen": chosen,
        "kinds": subjects.kinds(),
        "cases": [(case, found.get((case.subject_kind, case.subject_id))) for case in cases],
        "counts": queries.queue_counts(now),
        "total": total,
        "page": page,
        "pages": -(-total // queries.PER_PAGE),
        "now": now,
        "labels": labels,
        "gravest": _gravest,
        "held_for": gate.held_for(keys),
        "held_name": held_name,
        "excerpt": excerpt,
        "may_decide": may(g.actor, Action.MODERATE),
        "arguments": request.query_string.decode("ascii", "ignore")[:500],
    }


@blueprint.get("/staff/moderation")
@requires(Action.VIEW_MODERATION)
def queue() -> str:
    """What waits for a decision, the most pressing first."""
    template = "moderation/_queue.html" if is_fragment() else "moderation/queue.html"
    return render_template(template, **_queue_context())


def staff_panel(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: what waits for moderators."""
    if not may(g.actor, Action.VIEW_MODERATION):
        return None
    return Panel("moderation/_panel_staff.html", {"counts": queries.queue_counts(clock.now())}, position=10)
