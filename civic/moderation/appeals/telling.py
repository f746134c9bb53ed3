"""What authors are written about decisions and appeals, and whom an overdue answer is told."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from civic import outbox
from civic.accounts.models import Account
from civic.deadlines.labels import within
from civic.deadlines.models import DeadlineVersion
from civic.format import deadline, moment
from civic.moderation import letters
from civic.moderation.appeals import outside
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.moderation.subjects import Subject, Writer
from civic.notifications import compose
from civic.notifications.service import tell_account


def stated(
    statement: Statement, case: ModerationCase, subject: Subject, version: DeadlineVersion, now: datetime
) -> None:
    """To the author, with the decision: how to contest it, until when, and who decides then.

    What the text's own feature wrote about it stands in the same letter: one decision, one letter.
    """
    writer = outside.writer_of(statement, case)
    to = writer.address if writer is not None else statement.account_id
    if to is None:
        return
    held = letters.take(to)

    def body() -> str:
        lines = [letter.body() for letter in held]
        if not held:
            lines.append(_("A moderator decided about your text “%(title)s”.", title=subject.title))
            if case.reason:
                lines.append(_("Reasons: %(reason)s", reason=case.reason))
        if case.decision == Decision.REQUEST_CHANGES:
            lines.append(_("You can change it and send it again from its page."))
        lines.append(
            _(
                "You can contest the decision %(within)s, until %(moment)s. Another moderator decides about it. The "
                "page below has the text, the rule and the form:",
                within=within(version),
                moment=deadline(statement.appeal_until),
            )
        )
        lines.append(outside.page_of(statement))
        return "\n\n".join(lines)

    def subject_line() -> str:
        return (
            held[0].subject() if held else _("A moderator's decision about your text, and how to contest it")
        )

    _send(statement.account_id, writer, subject_line, body, now, f"statement:{statement.id}")


def _send(
    account_id: int | None,
    writer: Writer | None,
    subject: Callable[[], str],
    body: Callable[[], str],
    now: datetime,
    key: str,
) -> None:
    """One message to an author, by account or by address, in their language."""
    if account_id is not None:
        tell_account(account_id, subject, body, now, key)
    elif writer is not None:
        with force_locale(writer.language):
            outbox.post(writer.address, subject(), compose.letter(writer.name, body()), now, key)


def decided(
    appeal: ModerationAppeal, statement: Statement | None, case: ModerationCase | None, now: datetime
) -> None:
    """To the author: what the second person decided, and why; with what was written of the decision's undoing.

    `statement` and `case` are what was contested where it was about a text.
    """
    writer = outside.writer_of(statement, case) if statement is not None and case is not None else None
    to = writer.address if writer is not None else appeal.account_id
    if to is None:
        return
    # What the undoing wrote is said here.
    revived = bool(letters.take(to))
    upheld, about_text = appeal.state == "upheld", appeal.statement_id is not None

    def subject() -> str:
        return _("Your appeal was upheld") if upheld else _("Your appeal was dismissed")

    def body() -> str:
        if upheld and about_text:
            first = _(
                "Somebody else looked at the decision you contested. You were right: it was taken back."
            )
        elif upheld:
            first = _(
                "Somebody else looked at your suspension. You were right: it has ended, you can publish again."
            )
        else:
            first = _("Somebody else looked at the decision you contested. It stands.")
        lines = [first, _("Reasons: %(reason)s", reason=appeal.reason)]
        if revived:
            lines.append(_("Your text is again as it was before the decision."))
        if not upheld:
            lines.append(_("This decision is final on the platform. You can still go to court."))
        lines.append(
            outside.page_of(statement)
            if statement is not None
            else compose.address_of("suspensions.show", suspension_id=appeal.suspension_id)
        )
        return "\n\n".join(lines)

    _send(appeal.account_id, writer, subject, body, now, f"appeal:{appeal.id}:decided")


def overdue(account: Account, appeal: ModerationAppeal, now: datetime) -> None:
    """To whoever oversees moderation: an author waits longer than promised."""

    def body() -> str:
        said = _(
            "Somebody contested a moderator's decision on %(filed)s. The answer was due on %(due)s and is missing.",
            filed=moment(appeal.filed_at),
            due=deadline(appeal.due_at),
        )
        return f"{said}\n\n{compose.address_of('staff_appeals.show', appeal_id=appeal.id)}"

    tell_account(
        account.id,
        lambda: _("An appeal waits longer than promised"),
        body,
        now,
        f"appeal:{appeal.id}:overdue:{account.id}",
    )
