"""Nobody gets at what is not theirs: every route with an object in its address, tried by everybody."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from civic.accounts.models import Account
from civic.extensions import Base, db
from tests.factories import make_account
from tests.integration.guard.doors import DOORS, PUBLIC, Door
from tests.integration.guard.private_world import SECRET, VISITORS, World
from tests.pageclient import PageClient, _forget_request

#: A refusal says that there is no such thing, that it is not for this person, or (a spent link) that it cannot be done.
REFUSALS = {403, 404, 409, 410, 422}


def test_every_address_with_an_object_is_on_the_list(session_app: Flask) -> None:
    listed = {(door.method, door.rule) for door in DOORS} | PUBLIC.keys()
    served = {
        (method, rule.rule)
        for rule in session_app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
        if rule.arguments and rule.endpoint != "static" and "<" in rule.rule
    }
    assert sorted(served - listed) == [], "a new route: say in doors.py what is private behind it"
    assert sorted(listed - served) == []


def test_an_auditor_passes_no_door_that_changes_something() -> None:
    assert [door.name for door in DOORS if door.method == "POST" and "auditor" in door.passes] == []


@pytest.fixture
def everything(app: Flask) -> str:
    """One statement that says for every table how many rows it has and what is in them."""
    readable = db.session.scalars(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE relkind = 'r' AND nspname = 'public' AND has_table_privilege(c.oid, 'SELECT')"
        )
    ).all()
    names = sorted(set(readable) & {table.name for table in Base.metadata.sorted_tables})
    return " UNION ALL ".join(
        f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{name}\" t"
        for name in names
    )


@pytest.fixture
def undone(app: Flask) -> Iterator[Any]:
    """A function that begins something to be undone and returns what undoes it."""
    connection = db.engines[None]

    def begin() -> Any:
        db.session.remove()
        point = connection.begin_nested()  # type: ignore[union-attr]

        def undo() -> None:
            db.session.remove()
            point.rollback()

        return undo

    return begin


def written() -> str:
    """How far the server's log of changes reaches: as far as before means that nothing was changed in any table."""
    return str(db.session.scalar(text("SELECT pg_current_wal_insert_lsn()")))


def test_what_is_not_committed_yet_is_written_too(app: Flask) -> None:
    """A read leaves the log where it was, but for what the server writes of itself between two looks."""
    make_account()

    def reads_quietly() -> bool:
        before = written()
        db.session.scalars(text("SELECT id FROM account")).all()
        return written() == before

    assert any(reads_quietly() for _ in range(20))
    before = written()
    db.session.execute(text("UPDATE account SET display_name = 'Altcineva'"))
    assert written() != before


def state(everything: str) -> set[tuple[Any, ...]]:
    found = {tuple(row) for row in db.session.execute(text(everything))}
    db.session.rollback()
    return found


def knock(client: PageClient, door: Door, world: World, token: str) -> TestResponse:
    path = door.rule
    for name, value in door.values(world).items():
        for mark in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
            path = path.replace(mark, str(value))
    assert "<" not in path, path
    data = {}
    if door.method == "POST":
        data = {**door.data(world), "csrf_token": token}
    _forget_request()
    response = client.browser.open(path, method=door.method, data=data)
    _forget_request()
    db.session.rollback()
    return response


def enter(client: PageClient, world: World, visitor: str) -> None:
    if visitor == "stranger":
        client.sign_out()
    else:
        client.sign_in(db.session.get(Account, world.numbers[visitor]))


@pytest.mark.parametrize("visitor", VISITORS)
def test_nobody_passes_a_door_that_is_not_theirs(
    app: Flask, client: PageClient, world: World, everything: str, visitor: str, short_refusals: None
) -> None:
    enter(client, world, visitor)
    token = client.csrf_token()  # nobody's session is changed by a refusal
    before, wrong = state(everything), []
    reached = written()
    for door in DOORS:
        if visitor in door.passes:
            continue
        response = knock(client, door, world, token)
        asked = response.status_code == 303 and "/sign-in" in response.headers["Location"]
        done = response.status_code == 303 and door.quiet
        if response.status_code not in REFUSALS and not (asked and visitor == "stranger") and not done:
            wrong.append(f"{door.name}: {response.status_code} {response.headers.get('Location', '')}")
        if visitor != "owner" and SECRET.encode() in response.get_data():
            wrong.append(f"{door.name}: tells")
        if written() == reached:
            continue
        after = state(everything)
        if after != before:
            wrong.append(f"{door.name}: changed {sorted(str(row[0]) for row in after - before)}")
            before = after
        reached = written()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("visitor", [one for one in VISITORS if one != "stranger"])
def test_those_who_may_pass_do(
    app: Flask, client: PageClient, world: World, undone: Any, visitor: str
) -> None:
    """Each door leads somewhere: without this the refusals above could be of addresses that are merely wrong."""
    enter(client, world, visitor)
    wrong = []
    for door in DOORS:
        if visitor in door.passes:
            undo = undone()
            response = knock(client, door, world, client.csrf_token())
            undo()
            if response.status_code in (401, 403, 404) or response.status_code >= 500:
                wrong.append(f"{door.name}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
