"""Commands of being verified from afar: declare, send a code, try it. They flush, never commit.

Nothing here looks a person up before the right code was given, so that neither an answer nor its time tells
whether somebody's number is known to the city.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import text

from civic import outbox, sealing, sms
from civic.accounts import queries as accounts
from civic.accounts import verification
from civic.accounts.identity import Identity
from civic.accounts.models import Account, Person
from civic.accounts.verifying import mails, policy, queries, rules
from civic.accounts.verifying.models import Declaration
from civic.actor import Actor
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.format import ngettext
from civic.rounds.models import Round

#: What the sealed contacts of a declaration are sealed for.
PURPOSE = "declaration"
_PHONE_LOCKS = 7302


@dataclass(frozen=True)
class Contact:
    """Who and where somebody says they are. Sealed as soon as it is typed, never printed."""

    name: str = field(repr=False)
    street: str = field(repr=False)
    number: str = field(repr=False)
    more: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True)
class Declared:
    """What somebody declares on their own responsibility. Never printed."""

    identity: Identity = field(repr=False)
    birth_date: date
    neighbourhood_id: int
    area_basis: str
    contact: Contact


@dataclass(frozen=True)
class Attempt:
    """What became of a code. When it was right, `declaration` is the number of what it confirms."""

    declaration: int | None = None
    message: str = ""

    @property
    def right(self) -> bool:
        """Whether it was the code that was sent."""
        return self.declaration is not None


def declare(
    account: Account, declared: Declared, proof: str, round_: Round | None, now: datetime
) -> Declaration:
    """Keep a declaration until a code confirms it; an earlier one that waits is replaced.

    Whether the person is known to the city makes no difference here. Raises NotAllowed.
    """
    person = accounts.get_person(account.person_id) if account.person_id else None
    rounds = [round_] if round_ is not None else queries.list_rounds_ahead(now)
    decision = policy.can_use(account, person, proof, rounds)
    if not decision:
        raise NotAllowed(decision.reason)
    accounts.lock_account(account.id)
    method, _separator, channel = proof.partition("_")
    earlier = queries.find_waiting(account.id, method)
    if earlier is not None:
        _withdraw_code(earlier, now)
        db.session.delete(earlier)
        db.session.flush()
    contact = declared.contact
    made = Declaration(
        account_id=account.id,
        round_id=round_.id if round_ else None,
        method=method,
        channel=channel or None,
        made_at=now,
        consent_version=rules.CONSENT_VERSION,
        identity_hash=verification.hash_of(declared.identity),
        birth_date=declared.birth_date,
        neighbourhood_id=declared.neighbourhood_id,
        area_basis=declared.area_basis,
        sealed=sealing.seal(PURPOSE, vars(contact)),
        phone_mark=sealing.mark("phone", contact.phone) if contact.phone else None,
        code_tries=0,
    )
    db.session.add(made)
    db.session.flush()
    return made


def contact_of(declaration: Declaration) -> Contact | None:
    """Name, address and number as long as they are kept."""
    if declaration.sealed is None:
        return None
    return Contact(**sealing.unseal(PURPOSE, declaration.sealed))


def phone_of(declaration: Declaration) -> str:
    """The number a code by SMS goes to; empty for other channels."""
    contact = contact_of(declaration) if declaration.channel == "sms" else None
    return contact.phone if contact else ""


def code_mark(declaration: Declaration, code: str) -> bytes:
    """The keyed hash of a code, good for one declaration."""
    return sealing.mark("verification code", f"{declaration.id}|{code}")


def send_code(account: Account, declaration: Declaration, now: datetime) -> None:
    """Make a new code, forget the one before, and send it by the declaration's channel."""
    code = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    declaration.code_hash = code_mark(declaration, code)
    declaration.code_sent_at, declaration.code_until = now, now + rules.CODE_LIFE
    declaration.code_tries = 0
    _withdraw_code(declaration, now)
    if declaration.channel == "sms":
        message = mails.code_by_sms(account, code, declaration.code_until)
        declaration.sms_id = sms.post(phone_of(declaration), message, now, declaration.code_until).id
    else:
        outbox.post(account.email, *mails.code_by_mail(account, code, declaration.code_until), now)
    db.session.flush()


def _withdraw_code(declaration: Declaration, now: datetime) -> None:
    """A message still on its way would bring a code that no longer works, perhaps after the one that does."""
    if declaration.sms_id is not None:
        sms.withdraw(declaration.sms_id, now)


def resend_refusal(declaration: Declaration, now: datetime) -> str | None:
    """Why no other code is sent just now, or None."""
    earliest = rules.may_resend_at(declaration.code_sent_at)
    if earliest is None or now >= earliest:
        return None
    seconds = int((earliest - now).total_seconds()) + 1
    return _("A code is on its way. You can ask for another one in %(seconds)s seconds.", seconds=seconds)


def count_try(account_id: int, method: str, code: str, now: datetime) -> Attempt:
    """Compare a typed code, counting the try first.

    The caller commits at once, whatever the answer, so that no try is free.
    """
    waiting = queries.lock_waiting(account_id, method)
    if waiting is None or waiting.code_hash is None or waiting.code_until is None:
        return Attempt(message=_("This code was already used or replaced. Begin again."))
    if now >= waiting.code_until:
        return Attempt(message=_("This code is too old. Ask for a new one."))
    if waiting.code_tries >= rules.CODE_TRIES:
        return Attempt(message=_too_many())
    waiting.code_tries += 1
    if hmac.compare_digest(code_mark(waiting, code), waiting.code_hash):
        return Attempt(waiting.id)
    left = rules.CODE_TRIES - waiting.code_tries
    if left <= 0:
        return Attempt(message=_too_many())
    return Attempt(message=_wrong(left))


def _too_many() -> str:
    return _("The code was wrong too many times and no longer works. Ask for a new one.")


def _wrong(left: int) -> str:
    return ngettext(
        "This is not the code we sent. You can try %(num)s more time.",
        "This is not the code we sent. You can try %(num)s more times.",
        left,
    )


def confirm(account: Account, declaration_id: int, now: datetime) -> Person:
    """After the right code: the declaration it was sent for becomes a person. Raises Conflict, then nothing is changed.

    The account is verified, or raised to a stronger proof, by the same rules as at the desk. A declaration that took
    the place of the confirmed one meanwhile waits for a code of its own.
    """
    accounts.lock_account(account.id)  # before the declaration, as whoever declares does
    waiting = queries.lock_declaration(account.id, declaration_id)
    if waiting is None or waiting.identity_hash is None or waiting.birth_date is None:
        raise Conflict(_("This code was already used or replaced. Begin again."))
    if waiting.phone_mark is not None:
        _check_phone(waiting.phone_mark, waiting.identity_hash)
    checked = verification.Checked(
        Identity(""), waiting.birth_date, waiting.neighbourhood_id, waiting.area_basis
    )
    actor = Actor(id=account.id, person_id=account.person_id)
    person = verification.link_person(actor, account, checked, waiting.proof, now, waiting.identity_hash)
    waiting.person_id, waiting.confirmed_at = person.id, now
    waiting.identity_hash, waiting.birth_date = None, None
    waiting.code_hash, waiting.code_until = None, None
    if waiting.method == "letter":
        waiting.sealed = None  # the letter has proved the address: nothing is left to check
    db.session.flush()
    return person


def drop(account_id: int, declaration_id: int) -> None:
    """Forget a declaration that cannot be confirmed."""
    waiting = queries.lock_declaration(account_id, declaration_id)
    if waiting is not None:
        db.session.delete(waiting)
        db.session.flush()


def _check_phone(phone_mark: bytes, identity_hash: bytes) -> None:
    """A number serves a few people: a family's. Raises Conflict for one more."""
    most = current_app.config["SETTINGS"].people_per_phone
    # Two people confirm with one number at once: the second waits and sees the first.
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:space, :key)"),
        {"space": _PHONE_LOCKS, "key": int.from_bytes(phone_mark[:4], "big", signed=True)},
    )
    if queries.count_people_of_phone(phone_mark, identity_hash) >= most:
        raise Conflict(
            _(
                "This telephone number has already been used for as many people as one number may serve. Use another number, or another way."
            )
        )
