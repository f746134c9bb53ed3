"""What people are written about their contributions: under which number, that it is answered, why it is not shown."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from civic import outbox, sealing
from civic.format import deadline, moment
from civic.notifications import compose
from civic.notifications.service import tell_account
from consultations.contributions.models import Contribution
from consultations.models import Consultation

#: What names and addresses of the register are sealed for.
SEAL = "contribution contact"
Sentence = Callable[[], str]


def address_for(entry: Contribution) -> str:
    """The e-mail address of an author without an account; empty when there is none."""
    if entry.contact is None:
        return ""
    contact = str(sealing.unseal(SEAL, entry.contact).get("contact", ""))
    return contact if "@" in contact and " " not in contact else ""


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
        name = str(sealing.unseal(SEAL, entry.contact or b"").get("name", "")) or entry.author_name
        outbox.post(address, subject(), compose.letter(name, body()), now, dedup)
    return True


def receipt(entry: Contribution, one: Consultation, now: datetime) -> None:
    """The number, when it was received, and what happens next."""

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
        ]  # fmt: skip
        return "\n\n".join(word for word in words if word)

    write(entry, lambda: _("Registered: %(reference)s", reference=entry.reference), body, now, "receipt")
