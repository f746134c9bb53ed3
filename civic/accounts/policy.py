"""Who may do what to an account; the view, the service and the template ask the same functions."""

from typing import Any

from flask_babel import lazy_gettext as _l

from civic.accounts.models import Account
from civic.actor import Actor, Role
from civic.policy import ALLOWED, Action, Decision, may, refused


def can_sign_in(account: Account) -> Decision:
    """Asked after the right password only, so that the reason tells nothing to a stranger."""
    if not account.is_active:
        return refused(
            _l(
                "The city hall has blocked signing in to this account. Write to us if you think it is a mistake."
            )
        )
    return ALLOWED


def can_verify(actor: Actor, account: Account) -> Decision:
    """Whether the clerk may check this account's resident."""
    if not may(actor, Action.VERIFY_RESIDENTS):
        return refused(_l("Only desk clerks verify residents."))
    if actor.id == account.id:
        return refused(_l("Nobody verifies themselves: ask a colleague at the desk."))
    if account.deleted_at is not None:
        return refused(_l("This account was deleted."))
    if not account.is_active:
        return refused(_l("This account is blocked."))
    if account.email_confirmed_at is None:
        return refused(_l("The resident has to confirm the e-mail address first, by the link we sent."))
    return ALLOWED


def can_give_back(actor: Actor, used: Account | None, account: Account | None) -> Decision:
    """Whether the actor may move a person record from the account that uses it to another one."""
    if not may(actor, Action.MANAGE_ROLL):
        return refused(_l("Only council staff give an identity back to its holder."))
    if actor.id in {one.id for one in (used, account) if one is not None}:
        return refused(_l("Somebody else has to decide about your own account."))
    return ALLOWED


def can_delete(account: Account, administrators: set[int], obstacle: Any | None) -> Decision:
    """Whether the owner may delete the account; `obstacle` is what a feature needs it for (`leaving.obstacle`)."""
    if administrators == {account.id}:
        return refused(
            _l(
                "You are the only administrator. Give the role to somebody else before you delete your account."
            )
        )
    return ALLOWED if obstacle is None else refused(obstacle)


def can_manage(actor: Actor, account: Account) -> Decision:
    """Whether roles and access of this account may be changed."""
    if not may(actor, Action.MANAGE_ACCOUNTS):
        return refused(_l("Only administrators change roles and access."))
    if account.deleted_at is not None:
        return refused(_l("This account was deleted."))
    return ALLOWED


def can_lose_role(account: Account, role: Role, administrators: set[int]) -> Decision:
    """Whether a role may be withdrawn: somebody must be left who can give it back."""
    if role is Role.ADMINISTRATOR and administrators == {account.id}:
        return refused(_l("This is the last administrator. Give the role to somebody else first."))
    return ALLOWED


def can_disable(actor: Actor, account: Account, administrators: set[int]) -> Decision:
    """Whether an account may be blocked from signing in."""
    if actor.id == account.id:
        return refused(_l("You cannot block your own account."))
    if administrators == {account.id}:
        return refused(_l("This is the last administrator. Give the role to somebody else first."))
    return ALLOWED
