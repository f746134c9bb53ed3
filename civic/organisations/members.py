"""Commands about who speaks for an organisation: invite, accept, role, remove, leave, forget. They never commit."""

import hashlib
import secrets
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from civic import audit, sealing
from civic.accounts.models import Account
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotAllowed, NotFound
from civic.extensions import db
from civic.organisations import policy, queries, telling
from civic.organisations.models import Organisation, OrganisationInvitation, OrganisationMember
from civic.organisations.queries import KIND
from civic.organisations.rules import INVITATION_LIFE, Role
from civic.organisations.service import contact_of
from civic.policy import enforce

PURPOSE = "organisation invitation"


class InvitationOver(Invalid):
    """A link that was used, taken back or is too old. The same sentence for one that never was."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This invitation no longer works: it was used, taken back, or it is too old. Ask for a new one."
            )
        )


def hash_of(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).digest()


def invite(actor: Actor, organisation_id: int, address: str, role: str, language: str, now: datetime) -> None:
    """Send a link to an address, whether or not it has an account; an earlier link to it no longer works.

    The city hall's staff invite the first administrator of an organisation without members. Raises NotAllowed
    with a sentence, Invalid for an unknown role.
    """
    organisation = queries.lock_organisation(organisation_id)
    if organisation.deserted_at is not None:
        enforce(policy.can_decide(actor, None))
        role = Role.ADMINISTRATOR
    else:
        member = queries.find_member(organisation.id, actor.id)
        enforce(policy.can_invite(organisation, member, queries.invited_last_day(organisation.id, now)))
    token = secrets.token_urlsafe(32)
    values = {
        "role": _role(role),
        "sealed_address": sealing.seal(PURPOSE, {"address": address}),
        "token_hash": hash_of(token),
        "invited_by_id": actor.id,
        "invited_at": now,
        "expires_at": now + INVITATION_LIFE,
    }
    mark = sealing.mark(PURPOSE, address)
    db.session.execute(
        insert(OrganisationInvitation)
        .values(organisation_id=organisation.id, address_mark=mark, **values)
        .on_conflict_do_update(
            constraint="uq_organisation_invitation_organisation_id_address_mark", set_=values
        )
    )
    telling.invite(organisation, actor.display_name, role, address, token, language, now)
    audit.record(actor, "organisation.member_invited", KIND, organisation.id, now, {"role": str(role)})


def _role(role: str) -> str:
    if role not in list(Role):
        raise Invalid(_("Choose what the person does."))
    return str(role)


def address_of(invitation: OrganisationInvitation) -> str:
    """To whom an invitation went, for the administrators who sent it."""
    return str(sealing.unseal(PURPOSE, invitation.sealed_address)["address"])


def withdraw_invitation(actor: Actor, organisation_id: int, invitation_id: int, now: datetime) -> None:
    """Take an invitation back: its link no longer works and its address is forgotten."""
    enforce(policy.can_administer(queries.find_member(organisation_id, actor.id)))
    gone = db.session.scalar(
        delete(OrganisationInvitation)
        .where(
            OrganisationInvitation.id == invitation_id,
            OrganisationInvitation.organisation_id == organisation_id,
        )
        .returning(OrganisationInvitation.id)
    )
    if gone is None:
        raise NotFound
    audit.record(actor, "organisation.invitation_withdrawn", KIND, organisation_id, now)


def get_invitation(token: str, now: datetime) -> OrganisationInvitation:
    """The invitation of a link. Raises InvitationOver."""
    found = queries.find_invitation(hash_of(token), now)
    if found is None:
        raise InvitationOver
    return found


def accept(actor: Actor, token: str, shown: bool, now: datetime) -> Organisation:
    """Become a member by the link, once; `shown` is the person's consent that their name is public.

    Raises InvitationOver, NotAllowed without a confirmed address, Conflict for who is a member already.
    """
    if actor.id is None or not actor.email_confirmed:
        raise NotAllowed(
            _("Confirm your own e-mail address first: open the link we sent when you registered.")
        )
    invitation = get_invitation(token, now)
    organisation = queries.lock_organisation(invitation.organisation_id)
    if queries.find_member(organisation.id, actor.id) is not None:
        raise Conflict(_("You are a member of this organisation already."))
    # Two presses at once: the row is deleted once, and only that one joins.
    role = db.session.scalar(
        delete(OrganisationInvitation)
        .where(
            OrganisationInvitation.id == invitation.id, OrganisationInvitation.token_hash == hash_of(token)
        )
        .returning(OrganisationInvitation.role)
    )
    if role is None:
        raise InvitationOver
    db.session.add(
        OrganisationMember(
            organisation_id=organisation.id, account_id=actor.id, role=role, joined_at=now, shown=shown
        )
    )
    db.session.flush()
    if organisation.keeper_id is None and role == Role.ADMINISTRATOR:
        organisation.keeper_id, organisation.deserted_at = actor.id, None
    audit.record(actor, "organisation.member_joined", KIND, organisation.id, now, {"role": role})
    telling.tell_joined(organisation, actor.display_name, role, actor.id, now)
    return organisation


def change_role(actor: Actor, organisation_id: int, account_id: int, role: str, now: datetime) -> None:
    """Make a member administrator or spokesperson. Raises NotAllowed for the last administrator."""
    organisation = queries.lock_organisation(organisation_id)
    enforce(policy.can_administer(queries.find_member(organisation.id, actor.id)))
    member = _member(organisation.id, account_id)
    role = _role(role)
    if member.role == role:
        return
    if member.role == Role.ADMINISTRATOR:
        _let_go(organisation, member)
    member.role = role
    _settle()
    details = {"account": account_id, "role": role}
    audit.record(actor, "organisation.member_role_changed", KIND, organisation.id, now, details)


def remove(actor: Actor, organisation_id: int, account_id: int, now: datetime) -> None:
    """Take somebody off the members, with the invitations they sent; they are told. Raises NotAllowed for the last administrator."""
    organisation = queries.lock_organisation(organisation_id)
    enforce(policy.can_administer(queries.find_member(organisation.id, actor.id)))
    member = _member(organisation.id, account_id)
    _drop(organisation, member)
    # Nobody comes back by a link of their own.
    db.session.execute(
        delete(OrganisationInvitation).where(
            OrganisationInvitation.organisation_id == organisation.id,
            OrganisationInvitation.invited_by_id == account_id,
        )
    )
    audit.record(actor, "organisation.member_removed", KIND, organisation.id, now, {"account": account_id})
    if account_id != actor.id:
        telling.tell_removed(organisation, account_id, now)


def leave(actor: Actor, organisation_id: int, now: datetime) -> None:
    """Stop speaking for an organisation. Raises NotAllowed for the last administrator."""
    organisation = queries.lock_organisation(organisation_id)
    _drop(organisation, _member(organisation.id, actor.id))
    audit.record(actor, "organisation.member_left", KIND, organisation.id, now)


def show_name(actor: Actor, organisation_id: int, shown: bool, now: datetime) -> None:
    """Whether one's own name and role stand on the public page."""
    member = _member(organisation_id, actor.id)
    member.shown = shown
    audit.record(actor, "organisation.member_shown", KIND, organisation_id, now, {"shown": shown})


def _member(organisation_id: int, account_id: int | None) -> OrganisationMember:
    member = queries.find_member(organisation_id, account_id)
    if member is None:
        raise NotFound
    return member


def _drop(organisation: Organisation, member: OrganisationMember) -> None:
    _let_go(organisation, member)
    db.session.delete(member)
    _settle()


def _let_go(organisation: Organisation, member: OrganisationMember) -> None:
    """Point the organisation at another administrator than this one. Raises NotAllowed when there is none."""
    administrators = queries.list_administrators(organisation.id)
    enforce(policy.can_stop_being_administrator(member, len(administrators)))
    if organisation.keeper_id == member.account_id:
        organisation.keeper_id = next(one for one in administrators if one != member.account_id)
        db.session.flush()


def _settle() -> None:
    """Flush; the database keeps the last administrator also from what no check in Python has seen."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if "fk_organisation_keeper" not in str(error.orig):
            raise
        raise Conflict(_("This is the last administrator of the organisation.")) from error


# --- accounts that are deleted --------------------------------------------------------------------------


def leaving_obstacle(account_id: int, now: datetime) -> object | None:
    """Why somebody does not delete their account yet: others would be left without an administrator."""
    found = queries.find_only_administered(account_id)
    if found is None:
        return None
    return _l(
        "You are the only administrator of “%(name)s”, which has other members. Make one of them administrator, or "
        "remove them, before you delete your account.",
        name=found.name,
    )


def forget_account(account: Account, now: datetime) -> None:
    """Take a deleted account off every organisation, with what was sent to its address and its own contact.

    An organisation that nobody is left to speak for keeps its public page, loses its contact, and is shown to
    the city hall's staff.
    """
    mark = sealing.mark(PURPOSE, account.email)
    db.session.execute(delete(OrganisationInvitation).where(OrganisationInvitation.address_mark == mark))
    db.session.execute(
        delete(OrganisationInvitation).where(OrganisationInvitation.invited_by_id == account.id)
    )
    for member, found in queries.list_memberships(account.id):
        organisation = queries.lock_organisation(found.id)
        others = [one for one in queries.list_administrators(organisation.id) if one != account.id]
        deserted = queries.count_members(organisation.id) == 1
        if organisation.keeper_id == account.id:
            organisation.keeper_id = others[0] if others else None
            organisation.deserted_at = None if others else now
        if deserted or contact_of(organisation).email == account.email:
            organisation.contact = None
            organisation.public_email, organisation.public_phone = "", ""
        db.session.flush()
        db.session.delete(member)
        db.session.flush()
        details = {"deserted": deserted}
        audit.record(
            Actor(id=account.id), "organisation.member_forgotten", KIND, organisation.id, now, details
        )


def forget_invitations(now: datetime) -> None:
    """Delete the invitations nobody accepted in time, with their addresses."""
    db.session.execute(delete(OrganisationInvitation).where(OrganisationInvitation.expires_at <= now))
