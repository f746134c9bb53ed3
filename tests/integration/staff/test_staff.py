"""The staff area: where work begins, long work's progress, and the audit record."""

import pytest

from civic import audit, tasks
from civic.actor import Actor
from civic.audit import AuditRecord
from civic.extensions import db
from civic.staff import describe_task
from tests.factories import NOON, make_account
from tests.pageclient import PageClient


def note(count: int, event: str = "test.done", account_id: int | None = None, kind: str = "thing") -> None:
    for number in range(1, count + 1):
        audit.record(Actor(id=account_id), event, kind, number, NOON, {"code": "x" * 200})
    db.session.commit()


def test_residents_have_no_staff_area(client: PageClient) -> None:
    client.get("staff.home", expect=303)
    client.sign_in(make_account())
    client.get("staff.home", expect=403)
    assert "Zona de lucru" not in client.get("accounts.show").html


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("role", ["moderator", "staff", "clerk", "auditor", "administrator"])
def test_every_role_has_a_home(client: PageClient, role: str, language: str) -> None:
    client.speak(language)
    client.sign_in(make_account(role))
    page = client.get("staff.home")
    assert ("/staff/desk" in page.html) == (role == "clerk")
    assert ("/staff/audit" in page.html) == (role in ("auditor", "administrator"))
    assert ("/staff/accounts" in page.html) == (role == "administrator")


def test_work_of_somebody_else_is_not_shown(client: PageClient) -> None:
    owner, other = make_account("staff"), make_account("staff")
    task = tasks.enqueue(owner.as_actor(), "test.work", {}, NOON)
    db.session.commit()
    client.sign_in(other)
    client.get("staff.task", task_id=task.id, expect=403)
    client.get("staff.task", task_id=task.id + 1000, expect=404)
    client.sign_in(make_account("auditor"))
    client.get("staff.task", task_id=task.id)


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("state", ["queued", "running", "done", "failed"])
def test_progress_is_a_page_and_a_part_that_asks_again(client: PageClient, state: str, language: str) -> None:
    owner = make_account("staff")
    client.speak(language)
    describe_task("test.work", "Numărarea", lambda task: ("Rezultatul", "/account"))
    task = tasks.enqueue(owner.as_actor(), "test.work", {}, NOON)
    task.state, task.done, task.total = state, 3, 10
    db.session.commit()
    client.sign_in(owner)
    page = client.get("staff.task", task_id=task.id)
    part = client.get("staff.task", task_id=task.id, hx=True)
    assert "Numărarea" in page.main_text
    root = part.find(f"#task-{task.id}")
    assert root is not None
    asks_again = state in ("queued", "running")
    assert (root.get("hx-get") == f"/staff/tasks/{task.id}") is asks_again
    assert ("Rezultatul" in part.html) == (state == "done")
    assert (f'href="/staff/tasks/{task.id}"' in page.html) is asks_again, "without a script a link reloads"


@pytest.mark.parametrize("role", ["staff", "clerk", "moderator"])
def test_the_record_is_for_auditors(client: PageClient, role: str) -> None:
    client.sign_in(make_account(role))
    client.get("staff.audit", expect=403)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_record_is_read_page_by_page(client: PageClient, language: str, statements: list[str]) -> None:
    client.speak(language)
    auditor = make_account("auditor", display_name="Auditoarea")
    client.sign_in(auditor)
    client.get("staff.audit")
    note(3, "other.done", auditor.id, "debate")
    statements.clear()
    client.get("staff.audit")
    few = len(statements)
    note(120)
    db.session.expire_all()
    statements.clear()
    page = client.get("staff.audit")
    assert len(statements) <= few + 1
    older = next(a.get("href") for a in page.all("a") if "before=" in (a.get("href") or ""))
    second = client.get(older)
    assert "other.done" in second.main_text
    assert "Auditoarea" in second.main_text
    assert client.get("staff.audit", event="other.done").main_text.count("debate") == 3
    assert client.get("staff.audit", subject="debate 2").main_text.count("other.done") == 2
    assert "other.done" in client.get("staff.audit", account=auditor.id).main_text
    client.get("staff.audit", subject="ce?", account="x", before="y")
    client.get("staff.audit", event="nothing.like.this")


def test_kinds_of_event_are_found_by_hopping(client: PageClient) -> None:
    from civic.staff.queries import list_event_kinds

    assert list_event_kinds() == []
    note(3, "b.done")
    note(2, "a.done")
    note(1, "c.done")
    assert list_event_kinds() == ["a.done", "b.done", "c.done"]


def test_the_record_links_to_accounts_for_those_who_manage_them(client: PageClient) -> None:
    account = make_account("administrator")
    note(1, account_id=account.id)
    client.sign_in(account)
    assert f"/staff/accounts/{account.id}" in client.get("staff.audit").html
    client.sign_in(make_account("auditor"))
    assert f"/staff/accounts/{account.id}" not in client.get("staff.audit").html
    assert db.session.query(AuditRecord).count() == 1
