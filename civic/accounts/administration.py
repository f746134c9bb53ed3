"""Commands of administrators: roles, suspending and letting back in. They flush, never commit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from civic import audit
from civic.accounts import policy, queries, rules
from civic.accounts.models import Account, RoleGrant
from civic.actor import Actor, Role
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.policy import Decision


def _enforce(decision: Decision) -> None:
    if not decision:
        raise NotAllowed(decision.reason)


def grant_role(actor: Actor, account: Account, role: Role, department_id: int | None, now: datetime) -> None:
    """Entrust an account with a role. Raises NotAllowed, Invalid, Conflict when it has it already."""
    _enforce(policy.can_manage(actor, account))
    _grant(actor, account, role, department_id, now)


def grant_role_unchecked(account: Account, role: Role, department_id: int | None, now: datetime) -> None:
    """The same from the command line, whose user already owns the installation."""
    _grant(Actor(id=None), account, role, department_id, now)


def _grant(actor: Actor, account: Account, role: Role, department_id: int | None, now: datetime) -> None:
    if rules.department_needed(role) and department_id is None:
        raise Invalid(_("Choose the department whose analyses the evaluator writes."))
    if not rules.department_needed(role):
        department_id = None
    if account.email_confirmed_at is None:
        raise Invalid(_("Roles are given only to accounts with a confirmed e-mail address."))
    grant = RoleGrant(
        account_id=account.id,
        role=role,
        department_id=department_id,
        granted_at=now,
        granted_by_id=actor.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(grant)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("The account already has this role.")) from error
    db.session.expire(account, ["grants"])
    details = {"role": str(role), "department_id": department_id}
    audit.record(actor, "account.role_granted", "account", account.id, now, details)


def withdraw_role(actor: Actor, account: Account, grant: RoleGrant, now: datetime) -> None:
    """Take a role back. Raises NotAllowed for the last administrator."""
    _enforce(policy.can_manage(actor, account))
    _withdraw(actor, account, grant, now)


def withdraw_role_unchecked(account: Account, grant: RoleGrant, now: datetime) -> None:
    """The same from the command line; the last administrator stays protected."""
    _withdraw(Actor(id=None), account, grant, now)


def _withdraw(actor: Actor, account: Account, grant: RoleGrant, now: datetime) -> None:
    role = Role(grant.role)
    _enforce(policy.can_lose_role(account, role, queries.lock_active_administrators()))
    details = {"role": grant.role, "department_id": grant.department_id}
    db.session.delete(grant)
    db.session.flush()
    db.session.expire(account, ["grants"])
    audit.record(actor, "account.role_withdrawn", "account", account.id, now, details)


def disable_account(actor: Actor, account: Account, now: datetime) -> None:
    """Block an account: its sessions end and it cannot sign in. Raises NotAllowed."""
    _enforce(policy.can_manage(actor, account))
    _enforce(policy.can_disable(actor, account, queries.lock_active_administrators()))
    if account.disabled_at is None:
        account.disabled_at = now
        account.session_epoch += 1
        audit.record(actor, "account.disabled", "account", account.id, now)


def enable_account(actor: Actor, account: Account, now: datetime) -> None:
    """Let a blocked account sign in again. Raises NotAllowed."""
    _enforce(policy.can_manage(actor, account))
    if account.disabled_at is not None:
        account.disabled_at = None
        audit.record(actor, "account.enabled", "account", account.id, now)
