"""Letters to whoever carries out a measure: what was promised in their name, a week before its day, once it is late.

A department is written to at its mailbox; one that has none, through the people who evaluate for it; where nobody is left,
whoever handed the report to the signature is. Each letter goes out once, ever: its key names the measure and what it says.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic import outbox
from civic.accounts.queries import list_accounts_with_role
from civic.clock import city_date
from civic.extensions import db
from civic.format import day, ngettext
from civic.notifications import compose
from civic.notifications.service import tell_account
from civic.policy import Role
from civic.reports import labels, queries, rules
from civic.reports.models import ReportEdition, ReportMeasure
from civic.reports.queries import Promise
from civic.unit_of_work import unit_of_work

logger = logging.getLogger(__name__)

Said = Callable[[], str]


def promised(edition: ReportEdition, one: ReportMeasure, now: datetime) -> None:
    """A signed report promises it, or promises it otherwise than the edition before did."""

    def body() -> str:
        words = (
            _(
                "The report “%(title)s” was signed and published. It promises, in your name:",
                title=_title(one),
            )
            if edition.number == 1
            else _(
                "A corrected edition of “%(title)s” was signed and published. It promises, in your name:",
                title=_title(one),
            )
        )
        return "\n\n".join((words, _promise(one, one.due_on), _next_report(), _address(one)))

    _send(one, lambda: _("A measure promised in your name, until %(day)s", day=day(one.due_on)), body, now,
          f"promised:{edition.number}")  # fmt: skip


def _remind(promise: Promise, kind: str, now: datetime) -> None:
    one, today = promise.measure, city_date(now)
    until = promise.standing(today).due_on

    def subject() -> str:
        if kind == "late":
            return _("The day of a promised measure has passed: %(day)s", day=day(until))
        return _("A promised measure is due by %(day)s", day=day(until))

    def body() -> str:
        days = abs((until - today).days)
        if kind == "late":
            words = ngettext(
                "A measure promised in your name is %(num)s day late:",
                "A measure promised in your name is %(num)s days late:", days,
            )  # fmt: skip
        elif days:
            words = ngettext(
                "%(num)s day is left for a measure promised in your name:",
                "%(num)s days are left for a measure promised in your name:", days,
            )  # fmt: skip
        else:
            words = _("Today is the last day of a measure promised in your name:")
        return "\n\n".join((words, _promise(one, until), _next_report(), _address(one)))

    _send(one, subject, body, now, f"{kind}:{until.isoformat()}")


def _title(one: ReportMeasure) -> str:
    return str(labels.title_of(one.report.period))


def _promise(one: ReportMeasure, until: object) -> str:
    return "\n".join(
        (one.what, _("Who carries it out: %(owner)s", owner=one.owner), _("Until: %(day)s", day=day(until)))  # type: ignore[arg-type]
    )


def _next_report() -> str:
    return _(
        "The next report says in public whether it was done, goes on or is given up. "
        "Tell those who write it how far it is."
    )


def _address(one: ReportMeasure) -> str:
    return f"{compose.address_of('reports.measures')}#measure-{one.id}"


def _send(one: ReportMeasure, subject: Said, body: Said, now: datetime, what: str) -> None:
    key = f"report-measure:{one.id}:{what}"
    if one.department is not None and one.department.email:
        with force_locale(current_app.config["SETTINGS"].city.languages[0]):
            outbox.post(one.department.email, subject(), compose.letter("", body()), now, key)
        return
    people = list_accounts_with_role(Role.EVALUATOR, one.department_id) if one.department_id else ()
    for account in people:
        tell_account(account.id, subject, body, now, f"{key}:{account.id}")
    if not people and one.report.submitted_by_id is not None:
        lead = one.report.submitted_by_id
        tell_account(lead, subject, lambda: f"{body()}\n\n{_pass_it_on()}", now, f"{key}:{lead}")


def _pass_it_on() -> str:
    return _(
        "You get this because you handed the report to the signature and no department can be written to about "
        "this measure. Tell whoever carries it out."
    )


# --- the job ------------------------------------------------------------------------------------------------


def remind(now: datetime) -> int:
    """The job: write about every open measure whose day is near or over. Twice is the same as once."""
    today, written = city_date(now), 0
    due = [
        (one.measure.id, kind)
        for one in queries.list_promises()
        if (kind := rules.letter_due(one.standing(today), today)) is not None
    ]
    db.session.rollback()
    for measure_id, kind in due:
        try:
            with unit_of_work():
                _remind(queries.get_promise(measure_id), kind, now)
            written += 1
        except (OSError, RuntimeError, ValueError):
            # One measure holds up no other.
            logger.exception("nobody was written to about measure %d", measure_id)
    return written
