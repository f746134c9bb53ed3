"""Who may do what with an organisation; the view, the service and the template ask the same functions."""

from flask_babel import lazy_gettext as _l

from civic.actor import Actor
from civic.organisations.models import Organisation, OrganisationMember
from civic.organisations.rules import INVITATIONS_A_DAY, PUBLIC, REGISTRATIONS_A_DAY, Role, State
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_see(actor: Actor, organisation: Organisation, member: OrganisationMember | None) -> bool:
    """Verified and suspended ones are everyone's; the others their members' and the city hall's."""
    return organisation.state in PUBLIC or member is not None or may(actor, Action.VIEW_ORGANISATIONS)


def can_begin(actor: Actor) -> Decision:
    """Whether the actor may register an organisation at all."""
    if not actor.is_authenticated:
        return refused(_l("Sign in first: an organisation is registered by somebody who speaks for it."))
    if not actor.email_confirmed:
        return refused(
            _l("Confirm your e-mail address first, so that we can write to you about the organisation.")
        )
    return ALLOWED


def can_register(actor: Actor, registered_last_day: int) -> Decision:
    """Whether the actor may register one more today."""
    decision = can_begin(actor)
    if decision and registered_last_day >= REGISTRATIONS_A_DAY:
        return refused(
            _l("You have registered several organisations today. Come back tomorrow for the next one.")
        )
    return decision


def can_administer(member: OrganisationMember | None) -> Decision:
    """Whether a member looks after the organisation's page and its members."""
    if member is None:
        return refused(_l("Only members of this organisation can open this page."))
    if member.role != Role.ADMINISTRATOR:
        return refused(_l("Only administrators of this organisation can do this. Ask one of them."))
    return ALLOWED


def can_invite(
    organisation: Organisation, member: OrganisationMember | None, invited_last_day: int
) -> Decision:
    """Whether a member may send one more invitation today. Unverified names are sent to nobody's mail box."""
    decision = can_administer(member)
    if not decision:
        return decision
    if organisation.state != State.VERIFIED:
        return refused(_l("You can invite others once the city hall has verified the organisation."))
    if invited_last_day >= INVITATIONS_A_DAY:
        return refused(_l("The organisation has sent many invitations today. Come back tomorrow."))
    return ALLOWED


def can_stop_being_administrator(member: OrganisationMember, administrators: int) -> Decision:
    """Whether a member may leave, be removed or get another role: somebody must stay who looks after it."""
    if member.role == Role.ADMINISTRATOR and administrators <= 1:
        return refused(
            _l("This is the last administrator of the organisation. Make another member administrator first.")
        )
    return ALLOWED


def can_speak(organisation: Organisation, member: OrganisationMember | None) -> Decision:
    """Whether a member may act under the organisation's name, now."""
    if member is None:
        return refused(_l("You do not speak for this organisation."))
    if organisation.state == State.SUSPENDED:
        return refused(
            _l(
                "The city hall has suspended this organisation, so nobody can speak in its name. The reason is on its page."
            )
        )
    if organisation.state != State.VERIFIED:
        return refused(
            _l("The city hall has not verified this organisation yet, so nobody can speak in its name.")
        )
    return ALLOWED


def can_decide(actor: Actor, member: OrganisationMember | None) -> Decision:
    """Whether the actor verifies, refuses, suspends and restores: council staff, and not about their own."""
    if not may(actor, Action.MANAGE_ORGANISATIONS):
        return refused(_l("Only council staff decide here. You can read everything."))
    if member is not None:
        return refused(_l("You are a member of this organisation, so a colleague has to decide."))
    return ALLOWED
