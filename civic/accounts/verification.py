"""Verifying residents: from an identity document or a declaration to a person record, keeping only a keyed hash."""

from dataclasses import dataclass, field
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit, outbox
from civic.accounts import mails, policy, queries
from civic.accounts.identity import Identity, IdentityError, identity_hash
from civic.accounts.models import Account, Person
from civic.accounts.verifying import methods
from civic.accounts.verifying.erasing import forget_person
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.notifications.compose import address_of

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

    A person whose account was deleted gets the same record again, so that there is no second vote. One who was
    verified from afar is checked again and keeps the record; where somebody else had declared to be that person,
    the document decides. Raises NotAllowed, Invalid, and Conflict when the person was verified with another
    account at a desk (never saying whose).
    """
    decision = policy.can_verify(actor, account)
    if not decision:
        raise NotAllowed(decision.reason)
    return link_person(actor, account, checked, "desk", now)


def link_person(
    actor: Actor,
    account: Account,
    checked: Checked,
    proof: str,
    now: datetime,
    digest: bytes | None = None,
) -> Person:
    """Make the account the one of a human being, known by `proof` (a word of `verifying.methods`).

    Whoever is known by a weaker proof is raised; nobody is lowered. `digest` stands for the identity where only its
    hash is left. Raises Invalid, and Conflict with a sentence that says neither whose account it is nor more than
    the person in front of the page may know.
    """
    account = queries.lock_account(account.id)
    if checked.area_basis not in AREA_BASES:
        raise Invalid(_("Choose what links the person to the neighbourhood."))
    digest = hash_of(checked.identity) if digest is None else digest
    before, released = None, None
    try:
        # Two desks may check the same person at once: the unique identity and the unique link settle it.
        with db.session.begin_nested():
            person = queries.find_person_by_hash(digest)
            if account.person_id is not None:
                before = _own_person(account, person, proof)
            elif person is not None:
                released = _taken_over(person, proof)
            if person is None:
                person = Person(identity_hash=digest)
                db.session.add(person)
            _note(person, checked, proof, actor, now)
            db.session.flush()
            account.person_id = person.id
            account.neighbourhood_id = account.neighbourhood_id or checked.neighbourhood_id
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(taken_sentence()) from error
    details: dict[str, object] = {"account_id": account.id, "neighbourhood_id": checked.neighbourhood_id}
    details |= {"method": proof} if proof != "desk" else {}
    details |= {"was": before} if before else {}
    audit.record(actor, "person.verified", "person", person.id, now, details)
    if released is not None:
        audit.record(actor, "person.taken_over", "person", person.id, now, {"account_id": released.id})
        outbox.post(released.email, *mails.taken_over(released), now)
    outbox.post(account.email, *mails.verified(account, address_of("accounts.show"), proof), now)
    return person


def taken_sentence() -> str:
    """What everybody is told about a person who already has an account, at the desk and at home."""
    return _(
        "This person is already verified with another account. They can sign in with that one, or delete it."
    )


def _own_person(account: Account, person: Person | None, proof: str) -> str:
    """The proof by which the account's own person was known. Raises Conflict when it cannot be raised."""
    own = queries.get_person(account.person_id or 0)
    if not methods.is_stronger(proof, own.proof):
        raise Conflict(_("This account is already verified."))
    if person is None or person.id != own.id:
        raise Conflict(
            _("This is not the identity that was declared with this account. Nothing has been changed.")
        )
    return own.proof


def _taken_over(person: Person, proof: str) -> Account | None:
    """Free a person for an account that proves better to be them; the account that loses them, if any.

    Raises Conflict for anything else.
    """
    other = queries.find_account_of_person(person.id)
    if other is None:
        if methods.is_stronger(person.proof, proof):
            # Somebody who knows a number must not step into what was proved with the document itself.
            raise Conflict(_("For this person the city needs to see the document: come to the desk with it."))
        return None
    if proof != "desk" or not methods.is_weak(person.proof):
        raise Conflict(taken_sentence())
    other.person_id = None
    db.session.flush()
    return other


def _note(person: Person, checked: Checked, proof: str, actor: Actor, now: datetime) -> None:
    """What the person's record says from now on."""
    method, _separator, channel = proof.partition("_")
    person.birth_date = checked.birth_date
    person.neighbourhood_id = checked.neighbourhood_id
    person.area_basis = checked.area_basis
    person.method, person.confirmed_by = method, channel or None
    person.verified_at = now
    person.verified_by_id = actor.id if proof == "desk" else None
    person.released_at = None


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


def give_back(
    actor: Actor, person_id: int, account: Account | None, clerk_id: int | None, now: datetime
) -> None:
    """Take a person record from the account that used it and give it to its holder's, or to nobody yet.

    The holder showed the document to `clerk_id` at the desk and another person decided: the caller sees to both. From
    then on the record is one proved at the desk, which no declaration takes back. Ballots are bound to the record, so
    whoever holds it votes next. Both accounts are told. Raises NotAllowed, and Conflict when
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
    if methods.is_stronger(
        "desk", person.proof
    ):  # the document was seen: what was declared from afar weighs no more
        person.method, person.confirmed_by = "desk", None
    person.verified_at, person.verified_by_id = now, clerk_id
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
        outbox.post(account.email, *mails.verified(account, address_of("accounts.show")), now)


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
    forget_person(person.id)
    person.method, person.confirmed_by = "recorded", None
    person.identity_hash = None
    person.birth_date = None
    person.neighbourhood_id = None
    person.verified_by_id = None
