"""Roles and access: given and taken by administrators, and never the last administrator's."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from civic.accounts import administration, queries
from civic.accounts.cli import user_group
from civic.accounts.models import Account, RoleGrant
from civic.actor import Role
from civic.audit import AuditRecord
from civic.errors import NotAllowed
from civic.extensions import db
from civic.places.models import Department
from tests.factories import NOON, make_account, make_department
from tests.pageclient import PageClient


@pytest.fixture
def administrator(client: PageClient) -> Account:
    account = make_account("administrator")
    client.sign_in(account)
    return account


def roles_of(account: Account) -> list[str]:
    return sorted(db.session.scalars(select(RoleGrant.role).where(RoleGrant.account_id == account.id)))


@pytest.mark.parametrize("role", ["staff", "clerk", "moderator", "auditor"])
def test_only_administrators_manage_accounts(client: PageClient, role: str) -> None:
    client.sign_in(make_account(role))
    target = make_account()
    client.get("people.index", expect=403)
    client.get("people.show", account_id=target.id, expect=403)
    client.post("people.grant", {"role": "staff"}, account_id=target.id, expect=403)
    client.post("people.disable", account_id=target.id, expect=403)
    with pytest.raises(NotAllowed):
        administration.grant_role(make_account(role).as_actor(), target, Role.STAFF, None, NOON)


def test_an_evaluator_needs_a_department_and_the_others_have_none(
    client: PageClient, administrator: Account
) -> None:
    target, department = make_account(), make_department("Mediu")
    page = client.post("people.grant", {"role": "evaluator"}, account_id=target.id, expect=422)
    assert "Alege direcția" in page.main_text
    client.post("people.grant", {"role": "evaluator", "department": str(department.id)}, account_id=target.id)
    client.post("people.grant", {"role": "staff", "department": str(department.id)}, account_id=target.id)
    twice = client.post("people.grant", {"role": "staff"}, account_id=target.id, expect=422)
    assert "are deja acest rol" in twice.main_text
    assert roles_of(target) == ["evaluator", "staff"]
    page = client.get("people.show", account_id=target.id)
    assert "evaluator – Mediu" in page.main_text
    assert target.as_actor().departments == {department.id}


def test_an_unconfirmed_account_gets_no_role(client: PageClient, administrator: Account) -> None:
    target = make_account(confirmed=False)
    page = client.post("people.grant", {"role": "staff"}, account_id=target.id, expect=422)
    assert "adresa de e-mail confirmată" in page.main_text


def test_the_last_administrator_stays(client: PageClient, administrator: Account) -> None:
    grant = administrator.grants[0]
    page = client.get("people.show", account_id=administrator.id)
    assert "ultimul administrator" in page.main_text
    client.post("people.withdraw", account_id=administrator.id, grant_id=grant.id, expect=403)
    client.post("people.disable", account_id=administrator.id, expect=403)
    make_account("administrator", disabled_at=NOON)
    client.post("people.withdraw", account_id=administrator.id, grant_id=grant.id, expect=403)
    make_account("administrator")
    client.post("people.withdraw", account_id=administrator.id, grant_id=grant.id)
    assert roles_of(administrator) == []


def test_a_grant_of_another_account_is_not_found(client: PageClient, administrator: Account) -> None:
    target, other = make_account("staff"), make_account("clerk")
    client.post("people.withdraw", account_id=target.id, grant_id=other.grants[0].id, expect=404)
    assert roles_of(other) == ["clerk"]


def test_suspending_signs_out_and_can_be_undone(
    client: PageClient, administrator: Account, app: Flask
) -> None:
    target, elsewhere = make_account("staff"), PageClient(app)
    elsewhere.sign_in(target)
    elsewhere.get("accounts.show")
    client.post("people.disable", account_id=target.id)
    elsewhere.get("accounts.show", expect=303)
    assert "Lasă contul să intre din nou" in client.get("people.show", account_id=target.id).main_text
    client.post("people.enable", account_id=target.id)
    events = db.session.scalars(select(AuditRecord.event).where(AuditRecord.subject_id == target.id)).all()
    assert events == ["account.disabled", "account.enabled"]


def test_a_deleted_account_cannot_be_brought_back(client: PageClient, administrator: Account) -> None:
    target = make_account(disabled_at=NOON, deleted_at=NOON)
    assert "a fost șters" in client.get("people.show", account_id=target.id).main_text
    client.post("people.enable", account_id=target.id, expect=403)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_searching_by_address_or_name_without_diacritics(
    client: PageClient, administrator: Account, language: str
) -> None:
    client.speak(language)
    target = make_account(display_name="Țuțea Șerban 100%", email="tutea@exemplu.ro")
    make_account("clerk", display_name="<b>altul</b>" + "x" * 300)
    for query in ("tutea@exemplu.ro", "TUTEA", "ţuţea", "serban 100%"):
        page = client.get("people.index", q=query)
        assert target.display_name in page.main_text, query
        assert "altul" not in page.main_text
    assert target.display_name not in client.get("people.index", q="_").main_text
    assert "altul" in client.get("people.index", role="clerk").main_text
    client.get("people.index", q="nimeni de aici", page=9, role="king")


def test_a_page_of_accounts_costs_the_same_for_few_and_many(
    client: PageClient, administrator: Account, statements: list[str]
) -> None:
    counts = []
    for more in (2, 60):
        for _number in range(more):
            make_account("staff")
        db.session.expire_all()
        statements.clear()
        page = client.get("people.index")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10
    assert "page=2" in page.html


# -- command line --------------------------------------------------------------------------------


def run(app: Flask, *arguments: str, stdin: str = "") -> tuple[int, str]:
    from civic.cli import Context

    context = Context(lambda _settings: app)
    context.__dict__["app"] = app
    result = CliRunner().invoke(user_group, list(arguments), obj=context, input=stdin)
    return result.exit_code, result.output


def test_the_first_administrator_comes_from_the_command_line(real_app: Flask) -> None:
    code, output = run(real_app, "create", "--email", "Sef@Exemplu.ro", "--name", "Șefa", "--role", "administrator",
                       "--password-stdin", stdin="trei cai verzi la munte\n")  # fmt: skip
    assert code == 0, output
    code, output = run(
        real_app,
        "create",
        "--email",
        "sef@exemplu.ro",
        "--name",
        "X",
        "--password-stdin",
        stdin="trei cai verzi\n",
    )
    assert code == 1
    assert "trei cai" not in output
    code, output = run(
        real_app, "create", "--email", "alt@exemplu.ro", "--name", "X", "--password-stdin", stdin="scurtă\n"
    )
    assert code == 1
    with real_app.app_context():
        account = queries.find_account_by_email("sef@exemplu.ro")
        assert account is not None
        assert account.email_confirmed_at is not None
        db.session.add(Department(slug="mediu", name="Mediu", sort_key="mediu"))
        db.session.commit()
    for arguments, expected in (
        (("role", "--email", "sef@exemplu.ro", "evaluator"), 1),
        (("role", "--email", "sef@exemplu.ro", "evaluator", "--department", "alta"), 1),
        (("role", "--email", "sef@exemplu.ro", "evaluator", "--department", "mediu"), 0),
        (("role", "--email", "nimeni@exemplu.ro", "staff"), 1),
        (("role", "--email", "nu e adresă", "staff"), 1),
        (("role", "--email", "sef@exemplu.ro", "administrator", "--withdraw"), 1),
        (("role", "--email", "sef@exemplu.ro", "clerk", "--withdraw"), 1),
        (("role", "--email", "sef@exemplu.ro", "clerk"), 0),
        (("role", "--email", "sef@exemplu.ro", "clerk", "--withdraw"), 0),
    ):
        code, output = run(real_app, *arguments)
        assert code == expected, (arguments, output)
    code, output = run(real_app, "roles")
    assert output == "sef@exemplu.ro\tadministrator, evaluator (mediu)\n"
