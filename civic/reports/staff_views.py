"""Where reports are begun and written: the list, a report with what is missing of it, its indicators and texts."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from civic import clock
from civic.indicators import labels as measuring
from civic.indicators import presenters as indicators
from civic.indicators.periods import month_of, year_of
from civic.indicators.queries import list_indicators
from civic.page_forms import take
from civic.places.queries import list_departments
from civic.policy import Action, enforce, requires
from civic.reports import checking, composing, labels, policy, presenters, queries, rules, service
from civic.reports.forms import AccountForm, BeginForm, EntryForm, IndicatorsForm, ReasonForm, TextsForm
from civic.reports.models import PeriodicReport
from civic.reports.views import pages
from civic.unit_of_work import writes

blueprint = Blueprint("reports_staff", __name__, url_prefix="/staff/reports")
#: Months and years offered for a new report, back from this one.
OFFERED_MONTHS, OFFERED_YEARS = 6, 3


def done(code: str, words: str) -> Response:
    """Back to the report, with a word about what was done."""
    flash(words, "success")
    return redirect(url_for("reports_staff.show", code=code), code=303)


def _begin_form() -> BeginForm:
    form, today = BeginForm(), clock.city_date(clock.now())
    taken = queries.taken_periods()
    offered = [year_of(today.year - back) for back in range(OFFERED_YEARS)]
    month = month_of(today)
    for _back in range(OFFERED_MONTHS):
        offered.append(month)
        month = month_of(month.first - timedelta(days=1))
    form.period.choices = [(one.code, measuring.period_name(one)) for one in offered if one not in taken]
    return form


def _index(form: BeginForm, status: int = 200) -> tuple[str, int]:
    page, last = pages(queries.count_all())
    return render_template(
        "reports/staff_index.html",
        reports=queries.list_all((page - 1) * queries.PAGE, queries.PAGE),
        form=form,
        lead=policy.can_lead(g.actor),
        labels=labels,
        page=page,
        pages=last,
    ), status


@blueprint.get("")
@requires(Action.VIEW_REPORTS)
def index() -> Any:
    """Every report with where it is, and the way to begin one."""
    return _index(_begin_form())


@blueprint.post("")
@requires(Action.MANAGE_INDICATORS)
@writes
def begin() -> Any:
    """Begin the report of a period, and go on to choose what it is about."""
    form = _begin_form()
    problem = take(
        form, "period", lambda: service.begin(g.actor, form.chosen, clock.now()),
        lambda status: _index(form, status),
    )  # fmt: skip
    if problem:
        return problem
    return redirect(url_for("reports_staff.choose", code=form.chosen.code), code=303)


def report_page(code: str, status: int = 200, **bound: Any) -> tuple[str, int]:
    """A report with what is missing of it; `bound` are the forms that were sent."""
    report, now = queries.get_report(code), clock.now()
    check = checking.check(report, clock.city_date(now))
    return render_template(
        "reports/staff_show.html",
        report=report,
        title=labels.title_of(report.period),
        check=check,
        rows=[_row(report, one) for one in check.entries],
        labels=labels,
        name_of=measuring.name_of,
        can_edit=policy.can_edit(g.actor, report),
        can_submit=policy.can_submit(g.actor, report, now),
        can_discard=policy.can_discard(g.actor, report),
        can_reopen=policy.can_reopen(g.actor, report),
        can_sign=policy.can_sign(g.actor, report),
        can_lead=policy.can_lead(g.actor),
        reason=bound.get("reason") or ReasonForm(formdata=None),
        wrong=bound.get("wrong", ""),
    ), status


def _row(report: PeriodicReport, one: checking.Checked) -> dict[str, Any]:
    unit = measuring.unit_of(one.entry.indicator)
    running = one.reading is not None and not one.reading.final
    words, tone = measuring.standing_words(one.standing, running=running)
    target = one.reading.target if one.reading else one.entry.indicator.target
    return {
        "checked": one,
        "entry": one.entry,
        "name": measuring.name_of(one.entry.indicator),
        "value": indicators.value_words(one.reading, unit),
        "before": indicators.value_words(one.before, unit) if one.before else _("not known"),
        "target": "–" if target is None else measuring.told(target, unit),
        "words": words,
        "tone": tone,
        "may_write": policy.can_write(g.actor, report, one.entry),
    }


@blueprint.get("/<code>")
@requires(Action.VIEW_REPORTS)
def show(code: str) -> Any:
    """A report: its indicators, what is missing, and the next step."""
    return report_page(code)


@blueprint.get("/<code>/preview")
@requires(Action.VIEW_REPORTS)
def preview(code: str) -> str:
    """The report as it would be published now."""
    report, now = queries.get_report(code), clock.now()
    made = composing.compose(report, now)
    return render_template(
        "reports/show.html",
        **presenters.report_context(made.content, [line for _indicator, line in made.lines]),
        report=report, edition=None, current=True, preview=True, editions=[],
    )  # fmt: skip


# --- what it is about ---------------------------------------------------------------------------------------


def _choose_page(report: PeriodicReport, form: IndicatorsForm, status: int = 200) -> tuple[str, int]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in list_indicators():
        words = one.strategy or str(measuring.ORIGINS[one.origin])
        groups.setdefault(words, []).append((one.code, measuring.name_of(one)))
    return render_template(
        "reports/staff_choose.html",
        report=report,
        title=labels.title_of(report.period),
        form=form,
        groups=groups,
        chosen=set(form.codes.data or ()),
        most=rules.MOST_INDICATORS,
    ), status


@blueprint.route("/<code>/indicators", methods=["GET", "POST"])
@requires(Action.MANAGE_INDICATORS)
@writes
def choose(code: str) -> Any:
    """Choose which indicators the report is about."""
    report = queries.get_report(code)
    enforce(policy.can_edit(g.actor, report))
    kept = [one.indicator.code for one in queries.list_entries(report.id)]
    form = IndicatorsForm(data={"codes": kept})
    form.codes.choices = [(one.code, one.code) for one in list_indicators()]
    if not form.is_submitted():
        return _choose_page(report, form)
    problem = take(
        form, "codes", lambda: service.choose(g.actor, code, form.codes.data or [], clock.now()),
        lambda status: _choose_page(queries.get_report(code), form, status),
    )  # fmt: skip
    return problem or done(code, _("Saved."))


# --- texts --------------------------------------------------------------------------------------------------


def _texts_page(code: str, form: TextsForm, status: int = 200) -> tuple[str, int]:
    report = queries.get_report(code)
    if status == service.Outdated.status:
        form.version.data = str(report.version)
    return render_template(
        "reports/staff_texts.html",
        report=report,
        title=labels.title_of(report.period),
        form=form,
        theirs=report if status == service.Outdated.status else None,
        heard=presenters.report_context(_counts(report), [])["heard"],
        period_name=measuring.period_name(report.period),
        before_name=measuring.period_name(report.period.year_before),
    ), status


def _counts(report: PeriodicReport) -> dict[str, Any]:
    return {
        "period": report.code, "introduction": "", "feedback": "", "taken": "", "accounts": [],
        "heard": composing.heard(report.period, clock.now()),
    }  # fmt: skip


@blueprint.route("/<code>/texts", methods=["GET", "POST"])
@requires(Action.MANAGE_INDICATORS)
@writes
def texts(code: str) -> Any:
    """Write what the report has in common: the introduction, what residents said, what was done about it."""
    report = queries.get_report(code)
    enforce(policy.can_edit(g.actor, report))
    form = TextsForm(
        data={
            "introduction": report.introduction, "feedback": report.feedback, "taken": report.taken,
            "version": str(report.version),
        },
    )  # fmt: skip
    if not form.is_submitted():
        return _texts_page(code, form)
    problem = take(
        form, "introduction",
        lambda: service.write(
            g.actor, code, form.introduction.data or "", form.feedback.data or "", form.taken.data or "",
            form.seen_version(), clock.now(),
        ),
        lambda status: _texts_page(code, form, status),
    )  # fmt: skip
    return problem or done(code, _("Saved."))


def _entry_page(code: str, entry_id: int, form: EntryForm, status: int = 200) -> tuple[str, int]:
    report = queries.get_report(code)
    check = checking.check(report, clock.city_date(clock.now()))
    one = next(found for found in check.entries if found.entry.id == entry_id)
    if status == service.Outdated.status:
        form.version.data = str(one.entry.version)
    return render_template(
        "reports/staff_entry.html",
        report=report,
        title=labels.title_of(report.period),
        row=_row(report, one),
        form=form,
        theirs=one.entry if status == service.Outdated.status else None,
        labels=labels,
        before_name=measuring.period_name(report.period.year_before),
        can_lead=policy.can_lead(g.actor),
    ), status


@blueprint.route("/<code>/entries/<int:entry_id>", methods=["GET", "POST"])
@requires(Action.WRITE_REPORTS)
@writes
def entry(code: str, entry_id: int) -> Any:
    """Write about one indicator; of one below its target also what will be done."""
    report = queries.get_report(code)
    one = queries.get_entry(report.id, entry_id)
    enforce(policy.can_write(g.actor, report, one))
    names = (
        "department_id",
        "responsible",
        "analysis",
        "recommendation",
        "measure",
        "owner",
        "told_department_id",
        "due_on",
    )
    form = EntryForm(data={**{name: getattr(one, name) for name in names}, "version": str(one.version)})
    known = [(str(found.id), found.name) for found in list_departments()]
    form.department_id.choices = [("", _("not stated")), *known]
    form.told_department_id.choices = presenters.told_choices()
    if not form.is_submitted():
        return _entry_page(code, entry_id, form)
    if not policy.can_lead(g.actor):
        form.department_id.data = one.department_id

    def command() -> None:
        words = service.Words(
            form.analysis.data or "", form.recommendation.data or "", form.responsible.data or "",
            form.measure.data or "", form.owner.data or "", form.due_on.data, form.told_department_id.data,
        )  # fmt: skip
        service.write_entry(
            g.actor, code, entry_id, words, form.department_id.data, form.seen_version(), clock.now()
        )

    problem = take(form, "analysis", command, lambda status: _entry_page(code, entry_id, form, status))
    return problem or done(code, _("Saved."))


# --- measures of earlier reports ----------------------------------------------------------------------------


def _account_page(code: str, measure_id: int, form: AccountForm, status: int = 200) -> tuple[str, int]:
    report = queries.get_report(code)
    promise = queries.find_promise(report, measure_id)
    said = promise.account_of(report.id)
    if status == service.Outdated.status and said is not None:
        form.version.data = str(said.version)
    return render_template(
        "reports/staff_account.html",
        report=report,
        title=labels.title_of(report.period),
        promise=promise,
        name=measuring.name_of(promise.measure.indicator),
        standing=presenters.standing_tag(promise, clock.city_date(clock.now())),
        form=form,
        theirs=said if status == service.Outdated.status else None,
        labels=labels,
    ), status


@blueprint.route("/<code>/measures/<int:measure_id>", methods=["GET", "POST"])
@requires(Action.MANAGE_INDICATORS)
@writes
def account(code: str, measure_id: int) -> Any:
    """Say what became of a measure of an earlier report."""
    report = queries.get_report(code)
    enforce(policy.can_edit(g.actor, report))
    said = queries.find_promise(report, measure_id).account_of(report.id)
    form = AccountForm(
        data={
            "outcome": said.outcome,
            "words": said.words,
            "due_on": said.due_on,
            "version": str(said.version),
        }
        if said
        else {"version": "0"}
    )
    if not form.is_submitted():
        return _account_page(code, measure_id, form)
    problem = take(
        form, "words",
        lambda: service.account(
            g.actor, code, measure_id, rules.Account(report.first_day, form.outcome.data, form.due_on.data),
            form.words.data or "", form.seen_version(), clock.now(),
        ),
        lambda status: _account_page(code, measure_id, form, status),
    )  # fmt: skip
    return problem or done(code, _("Saved."))
