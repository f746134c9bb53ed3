"""`civic user`: accounts from the command line, for the first administrator and for emergencies."""

import sys

import click

from civic import clock
from civic.accounts import administration, queries, service
from civic.accounts.forms import normalise_email
from civic.accounts.models import Account
from civic.actor import Role
from civic.cli import Context, pass_context
from civic.errors import DomainError
from civic.places.queries import find_department_by_slug, list_departments
from civic.unit_of_work import unit_of_work

ROLES = click.Choice([str(role) for role in Role])


@click.group("user")
def user_group() -> None:
    """Accounts and roles."""


def _address(raw: str) -> str:
    try:
        return normalise_email(raw)
    except ValueError:
        raise click.ClickException("This is not an e-mail address.") from None


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _find(email: str) -> Account:
    account = queries.find_account_by_email(_address(email))
    if account is None:
        raise click.ClickException("No account has this address.")
    return account


def _department(slug: str | None) -> int | None:
    if slug is None:
        return None
    department = find_department_by_slug(slug)
    if department is None:
        raise click.ClickException(f"There is no department {slug!r}.")
    return department.id


@user_group.command("create")
@click.option("--email", prompt="E-mail address", help="The address to sign in with.")
@click.option("--name", prompt="Name shown", help="The name others see.")
@click.option("--role", "roles", type=ROLES, multiple=True, help="May be given several times.")
@click.option("--department", help="The department's short name, for an evaluator.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)
@pass_context
def create(
    context: Context,
    email: str,
    name: str,
    roles: tuple[str, ...],
    department: str | None,
    password_stdin: bool,
) -> None:
    """Make an account whose address counts as confirmed."""
    address, password = _address(email), _password(password_stdin)
    with context.app.app_context():
        try:
            with unit_of_work():
                account = service.create_account(address, password, name, clock.now(), confirmed=True)
                for role in roles:
                    administration.grant_role_unchecked(
                        account, Role(role), _department(department), clock.now()
                    )
        except DomainError as error:
            raise click.ClickException(str(error.message)) from None
        click.echo(f"Account {account.id} made.")


@user_group.command("role")
@click.option("--email", prompt="E-mail address", help="The account's address.")
@click.argument("role", type=ROLES)
@click.option("--department", help="The department's short name, for an evaluator.")
@click.option("--withdraw", is_flag=True, help="Take the role back.")
@pass_context
def role_command(context: Context, email: str, role: str, department: str | None, withdraw: bool) -> None:
    """Give a role to an account, or take it back."""
    with context.app.app_context():
        try:
            with unit_of_work():
                account, department_id = _find(email), _department(department)
                if not withdraw:
                    administration.grant_role_unchecked(account, Role(role), department_id, clock.now())
                else:
                    _withdraw(account, role, department_id)
        except DomainError as error:
            raise click.ClickException(str(error.message)) from None
        click.echo("Done.")


def _withdraw(account: Account, role: str, department_id: int | None) -> None:
    held = [
        grant
        for grant in account.grants
        if grant.role == role and department_id in (None, grant.department_id)
    ]
    if not held:
        raise click.ClickException("The account does not have this role.")
    for grant in held:
        administration.withdraw_role_unchecked(account, grant, clock.now())


@user_group.command("roles")
@pass_context
def roles_command(context: Context) -> None:
    """List every account that holds a role."""
    with context.app.app_context():
        slugs = {department.id: department.slug for department in list_departments()}
        for account in queries.list_accounts_with_roles():
            held = ", ".join(
                grant.role + (f" ({slugs[grant.department_id]})" if grant.department_id else "")
                for grant in account.grants
            )
            click.echo(f"{account.email}\t{held}{chr(9) + 'blocked' if account.disabled_at else ''}")
