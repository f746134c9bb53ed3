"""What the register forgets with an account that is deleted. Commands flush, never commit.

Law 52/2003, art. 7(4), asks for the name of who sent a recommendation: it stays sealed until the consultation's report
is published or it ended. Nothing else of the author stays, but the name shown to everyone when they want it to.
"""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from civic import sealing
from civic.accounts.leaving import Choice
from civic.accounts.models import Account
from civic.extensions import db
from consultations.contributions import keeping, queries, sending, service, telling
from consultations.contributions.models import Contribution
from consultations.models import Consultation

#: Under which the choice is sent with the form.
KEEP_NAME = "consultation-name"
#: What the row holds in the name's place; pages say it in the reader's language.
NO_NAME = "deleted account"


def forget_account(account: Account, kept: bool, now: datetime) -> None:
    """Take the address off what a deleted account sent, and the name unless it was to stay."""
    queries.forget_pending(sealing.mark(sending.ADDRESS, account.email))
    for entry in queries.list_of_account(account.id):
        _leave(entry, queries.get_consultation(entry.consultation_id), kept, now)
    db.session.flush()


def _leave(entry: Contribution, one: Consultation, kept: bool, now: datetime) -> None:
    full, _address = service.contact_of(entry)
    ends = [moment for moment in (one.report_published_at, one.outcome_at) if moment is not None]
    ended = bool(ends) and min(ends) <= now
    if not kept and not entry.by_organisation and entry.author_name:
        entry.author_name, entry.shown_as = NO_NAME, "deleted"
        keeping.index(entry)
    needed = not ended and bool(full) and full != entry.author_name
    entry.contact = sealing.seal(telling.SEAL, {"name": full, "contact": ""}) if needed else None


CHOICE = Choice(
    KEEP_NAME,
    _l("Keep my name beside what I sent to consultations"),
    _l(
        "what you sent to consultations stays in their registers with its number and its answer, under “deleted account” "
        "unless you choose below to keep your name. Until a consultation's report is published the city hall keeps "
        "your name sealed, because the law on transparency asks for it"
    ),
    queries.has_sent,
)
