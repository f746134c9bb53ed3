"""Verifying residents at the desk: from an identity document to a person record, keeping only a keyed hash."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox
from civic.accounts import mails, policy, queries
from civic.accounts.identity import Identity, IdentityError, identity_hash
from civic.accounts.models import Account, Person
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db

AREA_BASES = ("domicile", "residence", "work", "study")


@dataclass(frozen=True)
class Checked:
    """What the clerk has read from the document and heard from the resident. Never printed."""

    identity: Identity = field(repr=False)
    birth_date: date
    neighbourhood_id: int
    area_basis: str


def sentence_for(error: IdentityError) -> str:
    """What is wrong with an identity, without repeating it."""
    return {
        "length": _("A personal number has 13 digits."),
        "century": _("A personal number does not begin with 0."),
        "check": _("The check digit does not fit: one of the digits was mistyped."),
        "serial": _("The serial number inside the personal number cannot be 000."),
        "date": _("The personal number contains a date that does not exist."),
        "birth_date": _("The birth date does not fit the personal number."),
        "birth_date_range": _("The birth date is not possible."),
        "country": _("Choose the country that issued the document."),
        "use_cnp": _("For Romanian documents enter the personal number, so that nobody is counted twice."),
        "document": _("A document number has 5 to 20 letters and digits."),
    }[error.code]


def hash_of(checked: Identity) -> bytes:
    """The keyed hash under this installation's identity key."""
    return identity_hash(current_app.config["SETTINGS"].identity_key, checked)


def verify_at_desk(actor: Actor, account: Account, checked: Checked, now: datetime) -> Person:
    """Link the account to the human being in front of the clerk.

    A person whose account was deleted gets the same record again, so that there is no second vote. Raises
    NotAllowed, Invalid, and Conflict when the person is verified with another account (never saying whose).
    """
    decision = policy.can_verify(actor, account)
    if not decision:
        raise NotAllowed(decision.reason)
    account = queries.lock_account(account.id)
    if account.person_id is not None:
        raise Conflict(_("This account is already verified."))
    if checked.area_basis not in AREA_BASES:
        raise Invalid(_("Choose what links the person to the neighbourhood."))
    taken = _(
        "This person is already verified with another account. They can sign in with that one, or delete it."
    )
    digest = hash_of(checked.identity)
    try:
        # Two desks may check the same person at once: the unique identity and the unique link settle it.
        with db.session.begin_nested():
            person = queries.find_person_by_hash(digest)
            if person is None:
                person = Person(identity_hash=digest)
                db.session.add(person)
            elif queries.find_account_of_person(person.id) is not None:
                raise Conflict(taken)
            person.birth_date = checked.birth_date
            person.neighbourhood_id = checked.neighbourhood_id
            person.area_basis = checked.area_basis
            person.method = "desk"
            person.verified_at = now
            person.verified_by_id = actor.id
            person.released_at = None
            db.session.flush()
            account.person_id = person.id
            account.neighbourhood_id = account.neighbourhood_id or checked.neighbourhood_id
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(taken) from error
    details = {"account_id": account.id, "neighbourhood_id": checked.neighbourhood_id}
    audit.record(actor, "person.verified", "person", person.id, now, details)
    outbox.post(account.email, *mails.verified(account, mails.link_to("accounts.show")), now)
    return person


def change_area(
    actor: Actor, account: Account, neighbourhood_id: int, area_basis: str, now: datetime
) -> Person:
    """After a move: where a verified person now belongs. Rolls already drawn up keep the old place.

    Raises NotAllowed, Conflict when the account is not verified.
    """
    decision = policy.can_verify(actor, account)
    if not decision:
        raise NotAllowed(decision.reason)
    if account.person_id is None:
        raise Conflict(_("This account is not verified yet."))
    if area_basis not in AREA_BASES:
        raise Invalid(_("Choose what links the person to the neighbourhood."))
    person = queries.get_person(account.person_id)
    person.neighbourhood_id, person.area_basis = neighbourhood_id, area_basis
    details = {"neighbourhood_id": neighbourhood_id}
    audit.record(actor, "person.area_changed", "person", person.id, now, details)
    return person


def find_holder(checked: Identity) -> Person | None:
    """The person record a document belongs to, if anybody was ever verified with it."""
    return queries.find_person_by_hash(hash_of(checked))


def give_back(actor: Actor, person_id: int, account: Account | None, now: datetime) -> None:
    """Take a person record from the account that used it and give it to its holder's, or to nobody yet.

    The holder showed the document at the desk and another person decided: the caller sees to both. Ballots are
    bound to the record, so whoever holds it votes next. Both accounts are told. Raises NotAllowed, and Conflict when
    the account has the record already, is somebody else's, or cannot hold one.
    """
    person = queries.lock_person(person_id)
    used = queries.find_account_of_person(person.id)
    for one in sorted({found.id for found in (used, account) if found is not None}):
        queries.lock_account(one)
    if used is not None and used.person_id != person.id:  # left it meanwhile
        used = None
    decision = policy.can_give_back(actor, used, account)
    if not decision:
        raise NotAllowed(decision.reason)
    if account is not None:
        _check_recipient(account, person.id)
    if used is not None:
        used.person_id = None
        db.session.flush()
    if account is not None:
        account.person_id, person.released_at = person.id, None
    else:
        person.released_at = person.released_at or now
    db.session.flush()
    details = {"from": used.id if used else None, "to": account.id if account else None}
    audit.record(actor, "person.given_back", "person", person.id, now, details)
    if used is not None:
        outbox.post(used.email, *mails.identity_taken_back(used), now)
    if account is not None:
        outbox.post(account.email, *mails.verified(account, mails.link_to("accounts.show")), now)


def _check_recipient(account: Account, person_id: int) -> None:
    """Raise Conflict unless the account can be given the record."""
    if account.person_id == person_id:
        raise Conflict(_("The account already is the one of this person."))
    if account.person_id is not None:
        raise Conflict(_("The account is verified as another person."))
    if account.deleted_at is not None or account.disabled_at is not None:
        raise Conflict(_("The account of the complaint was deleted or suspended."))
    if account.email_confirmed_at is None:
        raise Conflict(_("The resident has to confirm the e-mail address first, by the link we sent."))


def erase_identity(person: Person) -> None:
    """Forget who a released person was. The record's number remains for rolls of the past; nothing else."""
    person.method = "recorded"
    person.identity_hash = None
    person.birth_date = None
    person.neighbourhood_id = None
    person.verified_by_id = None
