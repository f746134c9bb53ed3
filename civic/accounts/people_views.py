"""Administration of accounts: finding one, giving and taking roles, suspending."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from civic import clock, numbers
from civic.accounts import administration, policy, queries
from civic.accounts.forms import GrantForm, offer
from civic.accounts.models import Account
from civic.accounts.views import complain, page
from civic.actor import Role
from civic.errors import DomainError, NotFound
from civic.places.queries import list_departments
from civic.policy import ROLE_NAMES, Action, requires
from civic.unit_of_work import writes

blueprint = Blueprint("people", __name__, url_prefix="/staff/accounts")


def _context(account: Account) -> dict[str, Any]:
    """What an account's page shows beside the form."""
    departments: dict[int | None, str] = {department.id: department.name for department in list_departments()}
    roles = [
        (grant, ROLE_NAMES[Role(grant.role)], departments.get(grant.department_id))
        for grant in account.grants
    ]
    administrators = {holder.id for holder in queries.list_accounts_with_role(Role.ADMINISTRATOR)}
    return {
        "account": account,
        "roles": roles,
        "manage": policy.can_manage(g.actor, account),
        "disable": policy.can_disable(g.actor, account, administrators),
        "may_lose": {
            grant.id: policy.can_lose_role(account, Role(grant.role), administrators)
            for grant in account.grants
        },
    }


def _form() -> GrantForm:
    form = GrantForm()
    offer(
        form.department,
        [(department.id, department.name) for department in list_departments()],
        _("None: only for evaluators"),
    )
    return form


@blueprint.get("")
@requires(Action.MANAGE_ACCOUNTS)
def index() -> str:
    """Accounts, by exact address or part of a name, and by role."""
    text = request.args.get("q", "").strip()[:200]
    role = request.args.get("role", "")
    role = role if role in set(Role) else ""
    found = queries.search_accounts(text, role, numbers.page_number())
    return render_template(
        "accounts/people.html", found=found, text=text, role=role, role_names=ROLE_NAMES, Role=Role
    )


@blueprint.get("/<int:account_id>")
@requires(Action.MANAGE_ACCOUNTS)
def show(account_id: int) -> str:
    """One account, its roles and what may be done."""
    account = queries.get_account(account_id)
    return render_template("accounts/person.html", form=_form(), **_context(account))


@blueprint.post("/<int:account_id>/roles")
@requires(Action.MANAGE_ACCOUNTS)
@writes
def grant(account_id: int) -> AnyResponse:
    """Give a role."""
    account, form = queries.get_account(account_id), _form()
    if form.validate_on_submit():
        try:
            administration.grant_role(
                g.actor, account, Role(form.role.data), form.department.data, clock.now()
            )
        except DomainError as error:
            complain(form, "role", error)
        else:
            flash(_("The role is given."), "success")
            return redirect(url_for("people.show", account_id=account_id), code=303)
    return page("accounts/person.html", form, **_context(account))


@blueprint.post("/<int:account_id>/roles/<int:grant_id>/withdraw")
@requires(Action.MANAGE_ACCOUNTS)
@writes
def withdraw(account_id: int, grant_id: int) -> AnyResponse:
    """Take a role back."""
    account = queries.get_account(account_id)
    held = queries.find_grant(account_id, grant_id)
    if held is None:
        raise NotFound
    administration.withdraw_role(g.actor, account, held, clock.now())
    flash(_("The role is withdrawn."), "success")
    own = account_id == g.actor.id and held.role == Role.ADMINISTRATOR
    target = url_for("accounts.show") if own else url_for("people.show", account_id=account_id)
    return redirect(target, code=303)


@blueprint.post("/<int:account_id>/disable")
@requires(Action.MANAGE_ACCOUNTS)
@writes
def disable(account_id: int) -> AnyResponse:
    """Block an account from signing in; its sessions end."""
    administration.disable_account(g.actor, queries.get_account(account_id), clock.now())
    flash(_("The account is blocked and signed out."), "success")
    return redirect(url_for("people.show", account_id=account_id), code=303)


@blueprint.post("/<int:account_id>/enable")
@requires(Action.MANAGE_ACCOUNTS)
@writes
def enable(account_id: int) -> AnyResponse:
    """Let a blocked account sign in again."""
    administration.enable_account(g.actor, queries.get_account(account_id), clock.now())
    flash(_("The account may sign in again."), "success")
    return redirect(url_for("people.show", account_id=account_id), code=303)
