"""What a suspended person is written: why, until when, what stays theirs, how to contest it."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.deadlines.labels import within
from civic.deadlines.models import DeadlineVersion
from civic.format import deadline
from civic.moderation.suspensions.models import Suspension
from civic.notifications import compose
from civic.notifications.service import tell_account

#: What no suspension takes away; the letter, the refusal and the account page say the same.
STAYS = _l(
    "You can still sign in, read everything, vote in editions, answer questionnaires, second debates, sign initiatives, "
    "send a recommendation on a draft decision through the form of the consultation or at the counter, and contest "
    "this decision."
)


def begun(one: Suspension, version: DeadlineVersion, now: datetime) -> None:
    """To whom it concerns, when it begins; `version` is the time to contest it."""
    assert one.ends_at is not None
    assert one.appeal_until is not None
    ends_at, appeal_until = one.ends_at, one.appeal_until

    def body() -> str:
        lines = [
            _("You may not publish texts on the platform until %(moment)s.", moment=deadline(ends_at)),
            _("Reasons: %(reason)s", reason=one.reason),
            str(STAYS),
            _(
                "If you think this is wrong, contest it %(within)s, until %(moment)s. Somebody who had no part in it "
                "decides.",
                within=within(version),
                moment=deadline(appeal_until),
            ),
            compose.address_of("suspensions.show", suspension_id=one.id),
        ]
        return "\n\n".join(lines)

    tell_account(
        one.account_id,
        lambda: _("You may not publish texts for a while"),
        body,
        now,
        f"suspension:{one.id}:begun",
    )


def lifted(one: Suspension, now: datetime) -> None:
    """To whom it concerns, when it ends before its time."""

    def body() -> str:
        return "\n\n".join(
            [
                _("You can publish texts again from now on."),
                _("Reasons: %(reason)s", reason=one.lifted_reason),
                compose.address_of("suspensions.show", suspension_id=one.id),
            ]
        )

    tell_account(
        one.account_id, lambda: _("You can publish texts again"), body, now, f"suspension:{one.id}:lifted"
    )
