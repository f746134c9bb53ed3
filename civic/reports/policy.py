"""Who writes, leads, signs and reads reports that are not published; views, service and templates ask the same."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.clock import city_date
from civic.policy import ALLOWED, Action, Decision, may, refused
from civic.reports import rules
from civic.reports.models import PeriodicReport, ReportEntry

_IN_SIGNATURE = _l("The report waits for the signature: whoever signs can send it back.")
_IS_PUBLISHED = _l("The report is published. It is changed by a correction, with a reason.")


def can_lead(actor: Actor) -> Decision:
    """Council staff choose the indicators, write the common texts and hand the report to the signature."""
    if may(actor, Action.MANAGE_INDICATORS):
        return ALLOWED
    return refused(_l("Only council staff lead a periodic report."))


def is_open(report: PeriodicReport) -> Decision:
    """Whether anything may be written in it now."""
    if report.state == rules.WRITING:
        return ALLOWED
    return refused(_IS_PUBLISHED if report.state == rules.PUBLISHED else _IN_SIGNATURE)


def can_edit(actor: Actor, report: PeriodicReport) -> Decision:
    """Whether the actor may change what the report has in common."""
    return can_lead(actor) and is_open(report)


def can_write(actor: Actor, report: PeriodicReport, entry: ReportEntry) -> Decision:
    """Council staff, and the department that answers for the indicator."""
    if not may(actor, Action.MANAGE_INDICATORS):
        if not may(actor, Action.WRITE_REPORTS):
            return refused(_l("Your account does not write in reports."))
        if entry.department_id not in actor.departments:
            return refused(_l("Another department answers for this indicator."))
    return is_open(report)


def can_submit(actor: Actor, report: PeriodicReport, now: datetime) -> Decision:
    """Once the period is over: its values are final."""
    decision = can_edit(actor, report)
    if not decision:
        return decision
    if report.period.last >= city_date(now):
        return refused(_l("The report is signed once its period is over."))
    return ALLOWED


def can_sign(actor: Actor, report: PeriodicReport) -> Decision:
    """Council staff, but neither who wrote in it last nor who handed it in."""
    decision = can_lead(actor)
    if not decision:
        return decision
    if report.state != rules.SUBMITTED:
        return refused(_l("The report has not been handed to the signature."))
    if not rules.may_sign(actor.id, report.submitted_by_id, report.written_by_id):
        return refused(_l("You wrote in it last or handed it in: another person signs it."))
    return ALLOWED


def can_reopen(actor: Actor, report: PeriodicReport) -> Decision:
    """Council staff correct what is published."""
    decision = can_lead(actor)
    if decision and report.state != rules.PUBLISHED:
        return refused(_l("Only a published report is corrected."))
    return decision


def can_discard(actor: Actor, report: PeriodicReport) -> Decision:
    """A report that was never published may be given up."""
    decision = can_edit(actor, report)
    if decision and report.edition:
        return refused(_l("A report that was published once stays."))
    return decision


def can_preview(actor: Actor) -> Decision:
    """Those who write reports and those who oversee them."""
    if may(actor, Action.VIEW_REPORTS):
        return ALLOWED
    return refused(_l("This report has not been published yet."))
