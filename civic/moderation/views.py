"""The moderators' queue and decisions, and everybody's way to report a text."""

from typing import Any

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from civic import clock, numbers
from civic.deadlines.labels import within_key
from civic.errors import Invalid
from civic.extensions import limiter
from civic.format import ngettext
from civic.moderation import labels, policy, queries, reasons, rules, service, subjects
from civic.moderation.forms import DecisionForm, ReportForm
from civic.moderation.models import ModerationCase
from civic.moderation.rules import HOUSE_RULES, Decision
from civic.navigation import Panel
from civic.policy import Action, may, public, requires
from civic.security import is_fragment
from civic.text import excerpt, render_plain
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
        _("Thank you. A moderator looks at it %(within)s.", within=within_key("moderation.reported")),
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
    return queries.QueueFilter(
        kind=kind if kind in subjects.kinds() else "",
        why=why if why in list(rules.Why) else "",
        state=state if state in ("late", "decided") else "open",
    )


def _page_number() -> int:
    return min(numbers.page_number(), 1000)


def _queue_context() -> dict[str, Any]:
    chosen, page, now = _read_filter(), _page_number(), clock.now()
    cases, total = queries.list_cases(chosen, page, now)
    found = subjects.load_all((case.subject_kind, case.subject_id) for case in cases)
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


@blueprint.post("/staff/moderation")
@requires(Action.MODERATE)
@writes
def publish_many() -> Response:
    """Publish the chosen ones. Those that cannot be are told, and stay."""
    ids = numbers.sent_numbers("ids", most=100)
    done, refusals = service.publish_many(g.actor, ids, clock.now())
    if done:
        flash(ngettext("%(num)s text was published.", "%(num)s texts were published.", done), "success")
    for sentence in dict.fromkeys(refusals):
        flash(sentence, "warning")
    if not ids:
        flash(_("Choose at least one from the list."), "warning")
    back = url_for("moderation.queue") + (f"?{request.query_string.decode()}" if request.args else "")
    return redirect(back, code=303)  # type: ignore[return-value]


def _case_page(case: ModerationCase, form: DecisionForm | None, status: int = 200) -> Response:
    found = subjects.load_all([(case.subject_kind, case.subject_id)])
    subject = found.get((case.subject_kind, case.subject_id))
    kind = subjects.get_kind(case.subject_kind)
    body = render_template(
        "moderation/case.html",
        case=case,
        kind=kind,
        subject=subject,
        text=render_plain(subject.text) if subject else "",
        decision=policy.can_decide(g.actor, subject) if subject else None,
        form=_offer(form or DecisionForm(None), case),
        past=queries.list_past_cases(case.subject_kind, case.subject_id, case.id),
        labels=labels,
        now=clock.now(),
        Decision=Decision,
    )
    return make_response(body, status)


def _offer(form: DecisionForm, case: ModerationCase) -> DecisionForm:
    """Fill the lists to choose from."""
    supported = subjects.get_kind(case.subject_kind).supports
    form.decision.choices = [
        (str(one), labels.DECISIONS[one]) for one in rules.decisions_for(case.why, supported)
    ]
    form.department.choices = [
        ("", _("Choose a department")),
        *((str(one.id), one.name) for one in queries.list_departments()),
    ]
    return form


@blueprint.get("/staff/moderation/<int:case_id>")
@requires(Action.VIEW_MODERATION)
def case(case_id: int) -> Response:
    """One case: the text, why it is here, what was decided before, and the decision."""
    return _case_page(queries.get_case(case_id), None)


@blueprint.post("/staff/moderation/<int:case_id>")
@requires(Action.MODERATE)
@writes
def decide(case_id: int) -> Response:
    """Decide a case."""
    case = queries.get_case(case_id)
    form = _offer(DecisionForm(), case)
    if not form.validate():
        return _case_page(case, form, 422)
    try:
        service.decide(
            g.actor,
            case_id,
            Decision(form.decision.data),
            clock.now(),
            reason_code=form.reason.data,
            text=form.text.data or "",
            department_id=numbers.whole_number(form.department.data),
            registration_number=form.registration_number.data or "",
        )
    except Invalid as error:
        form.form_errors.append(str(error.message))
        return _case_page(queries.get_case(case_id), form, 422)
    flash(_("Decided. The author is told."), "success")
    return redirect(url_for("moderation.queue"), code=303)  # type: ignore[return-value]


def staff_panel(_context: dict[str, Any]) -> Panel | None:
    """The staff's home: what waits for moderators."""
    if not may(g.actor, Action.VIEW_MODERATION):
        return None
    return Panel("moderation/_panel_staff.html", {"counts": queries.queue_counts(clock.now())}, position=10)
