"""What people are written about their contributions: under which number, that it is answered, why it is not shown."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from civic import outbox, sealing
from civic.accounts.forms import normalise_email
from civic.format import deadline, moment
from civic.moderation import letters
from civic.moderation.subjects import Writer
from civic.notifications import compose
from civic.notifications.service import tell_account
from consultations.contributions.labels import NOT_KEPT, OUTCOMES
from consultations.contributions.models import Answer, Contribution, Review
from consultations.contributions.rules import Outcome
from consultations.models import Consultation

#: What names and addresses of the register are sealed for.
SEAL = "contribution contact"
Sentence = Callable[[], str]


def address_for(entry: Contribution) -> str:
    """The e-mail address of an author without an account; empty when the contact is none, or is more than one."""
    if entry.contact is None:
        return ""
    with suppress(ValueError):
        return normalise_email(str(sealing.unseal(SEAL, entry.contact).get("contact", "")))
    return ""


def write(entry: Contribution, subject: Sentence, body: Sentence, now: datetime, key: str) -> bool:
    """One message to the author, by account or by address, once for its key. False when nobody can be written to."""
    dedup = f"contribution:{entry.id}:{key}"
    if entry.account_id is not None:
        tell_account(entry.account_id, subject, body, now, dedup)
        return True
    address = address_for(entry)
    if not address:
        return False
    with force_locale(entry.locale):
        outbox.post(address, subject(), compose.letter(_name_of(entry), body()), now, dedup)
    return True


def letter_waits(address: str, name: str, subject: str, now: datetime, key: str) -> None:
    """To whoever wrote a letter that a person has to place."""
    with force_locale("ro"):
        body = compose.letter(
            name,
            _("We received your letter “%(subject)s”. A clerk reads it and registers it; you get its number.",
              subject=subject or "-"),
        )  # fmt: skip
        outbox.post(address, _("Your letter was received"), body, now, key)


def _receipt_link(entry: Contribution) -> str:
    return compose.address_of("contributions.receipt", token=entry.token)


def confirm_address(
    address: str, name: str, locale: str, title: str, link: str, now: datetime, key: str
) -> None:
    """To somebody without an account: the link that registers what was written."""
    with force_locale(locale):
        body = compose.letter(
            name,
            _(
                "You wrote a contribution to “%(title)s”. Open this link and press the button to send it:",
                title=title,
            ),
            link,
            _(
                "Without this it is not registered, and after 7 days it is forgotten with your address. If it was not "
                "you, you need not do anything."
            ),
        )
        outbox.post(address, _("Confirm your contribution"), body, now, key)


def receipt(
    entry: Contribution, one: Consultation, now: datetime, lost: Sequence[tuple[str, str]] = ()
) -> None:
    """The number, when it was received, what happens next; `lost` are files not kept: name and why."""
    link = _receipt_link(entry)

    def body() -> str:
        words = [
            _(
                "Your contribution to “%(title)s” was received on %(moment)s and is registered under number "
                "%(reference)s.",
                title=one.title, moment=moment(entry.received_at), reference=entry.reference,
            ),
            _("It came after the end: the city hall decides, with a reason, whether it is considered.")
            if entry.late
            else "",
            _("Somebody has already sent the same text: both are answered together.") if entry.same_as_id else "",
            _("You get a reasoned answer until %(until)s.", until=deadline(one.answers_due_at))
            if one.answers_due_at
            else _("You get a reasoned answer."),
            *(f"{name}: {NOT_KEPT[why]}" for name, why in lost),
            _("Keep this link: it opens your receipt and, later, the answer."),
            link,
        ]  # fmt: skip
        return "\n\n".join(word for word in words if word)

    write(entry, lambda: _("Registered: %(reference)s", reference=entry.reference), body, now, "receipt")


def answered(entry: Contribution, answer: Answer, now: datetime) -> bool:
    """The answer itself, and where it stands with the others."""

    def body() -> str:
        changes = _("Where it changed something: %(place)s", place=answer.place) if answer.place else ""
        words = [
            _("Your contribution %(reference)s was answered:", reference=entry.reference),
            str(OUTCOMES[Outcome(answer.outcome)]),
            answer.reason,
            changes,
            answer.link,
            answer.author_function,
            _("If this is not what you asked, you can say so once, within 30 days, on this page:"),
            _receipt_link(entry),
        ]
        return "\n\n".join(word for word in words if word)

    subject = lambda: _("The answer to %(reference)s", reference=entry.reference)  # noqa: E731
    return write(entry, subject, body, now, f"answer:{answer.id}")


def withdrawn(entry: Contribution, answer: Answer, now: datetime) -> bool:
    """An answer was taken back; another follows."""

    def body() -> str:
        return "\n\n".join(
            (
                _("The answer to your contribution %(reference)s was withdrawn.", reference=entry.reference),
                _("The reason: %(reason)s", reason=answer.withdrawn_reason),
                _("You get another answer. The withdrawn one stays on the page, struck through."),
                _receipt_link(entry),
            )
        )

    subject = lambda: _("Answer withdrawn: %(reference)s", reference=entry.reference)  # noqa: E731
    return write(entry, subject, body, now, f"withdrawn:{answer.id}")


def review_decided(entry: Contribution, review: Review, now: datetime) -> bool:
    """What a third person found about the answer."""

    def body() -> str:
        found = (
            _("It will be answered again.") if review.outcome == "again" else _("The answer stays as it is.")
        )
        return "\n\n".join(
            (
                _("You said that the answer to %(reference)s misses the point. Another person looked at it.",
                  reference=entry.reference),
                found,
                _("The reason: %(reason)s", reason=review.reason),
                _receipt_link(entry),
            )
        )  # fmt: skip

    subject = lambda: _("Looked at again: %(reference)s", reference=entry.reference)  # noqa: E731
    return write(entry, subject, body, now, "review")


def considered(entry: Contribution, now: datetime) -> bool:
    """What the city hall decided about a late one."""

    def body() -> str:
        decided = (
            _("It is considered and you get a reasoned answer.")
            if entry.considered
            else _("It is not considered.")
        )
        return "\n\n".join(
            (
                _("Your contribution %(reference)s came after the end.", reference=entry.reference),
                decided,
                _("The reason: %(reason)s", reason=entry.considered_reason),
                _receipt_link(entry),
            )
        )

    subject = lambda: _("About your late contribution %(reference)s", reference=entry.reference)  # noqa: E731
    return write(entry, subject, body, now, f"considered:{now:%Y%m%d%H%M%S}")


def hidden(entry: Contribution, now: datetime) -> None:
    """Why others cannot read the text any more, or only a part of it."""

    def body() -> str:
        return "\n\n".join(
            (
                _("The text of your contribution %(reference)s is no longer shown as you sent it. It stays "
                  "registered and is answered.", reference=entry.reference),
                _("The reason: %(reason)s", reason=entry.hidden_reason),
                _receipt_link(entry),
            )
        )  # fmt: skip

    def send() -> None:
        write(entry, subject, body, now, key)

    key = f"hidden:{entry.hidden_at:%Y%m%d%H%M%S}"
    subject = lambda: _("Your contribution %(reference)s", reference=entry.reference)  # noqa: E731
    to = entry.account_id if entry.account_id is not None else address_for(entry)
    letters.write(letters.Letter(to, subject, body, send))


def writer_of(entry: Contribution) -> Writer | None:
    """Who wrote it without an account, if they can be written to."""
    address = address_for(entry) if entry.account_id is None else ""
    return Writer(address, _name_of(entry), entry.locale) if address else None


def _name_of(entry: Contribution) -> str:
    return str(sealing.unseal(SEAL, entry.contact or b"").get("name", "")) or entry.author_name
