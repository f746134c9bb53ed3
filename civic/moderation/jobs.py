"""Work due by the clock: telling of cases that are late, forgetting what can no longer be undone."""

from datetime import datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from civic import audit, outbox
from civic.actor import SYSTEM
from civic.format import ngettext
from civic.moderation import queries, undoing
from civic.unit_of_work import unit_of_work

BATCH = 100


def escalate(now: datetime) -> int:
    """Tell moderators and council staff, once, of every case past its deadline; returns how many cases.

    The mark on the case and the letters are one transaction: killed in between, neither is there.
    """
    told = 0
    while True:
        with unit_of_work():
            late = queries.list_late_untold(now, BATCH)
            if late:
                for account in queries.list_overseers():
                    with force_locale(account.locale):
                        subject, body = _letter(len(late))
                    outbox.post(
                        account.email, subject, body, now, f"moderation.late:{late[0].id}:{account.id}"
                    )
            for case in late:
                case.escalated_at = now
                audit.record(
                    SYSTEM, "moderation.escalated", case.subject_kind, case.subject_id, now, {"case": case.id}
                )
        told += len(late)
        if len(late) < BATCH:
            return told


def _letter(count: int) -> tuple[str, str]:
    base = current_app.config["SETTINGS"].base_url.rstrip("/")
    first = ngettext(
        "%(num)s text has waited for a moderator longer than promised.",
        "%(num)s texts have waited for a moderator longer than promised.",
        count,
    )
    then = _("They stand first in the queue. Whoever is free, please take the next one:")
    return str(_("Moderation is late")), f"{first}\n\n{then}\n\n{base}/staff/moderation?state=late"


def forget_changes(now: datetime) -> int:
    """Forget, each night, what old decisions changed."""
    with unit_of_work():
        return undoing.forget_changes(now)
