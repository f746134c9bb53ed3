"""One's own account: what is shown, changing it, leaving it; the refusals first."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from civic import clock
from civic.accounts import queries
from civic.accounts.jobs import erase_released, forget_mail, prune_failures
from civic.accounts.models import Account, Person, SignInFailure
from civic.audit import AuditRecord
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Phase, Round
from tests.factories import (
    NOON,
    TEST_PASSWORD,
    make_account,
    make_neighbourhood,
    make_person,
    make_resident,
    save,
)
from tests.pageclient import PageClient

GOOD = "trei cai verzi la munte"


def last_letter(address: str) -> OutboxMessage:
    found = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id.desc())
    ).first()
    assert found is not None
    return found


def link_in(letter: OutboxMessage) -> str:
    return re.search(r"http://localhost(/\S+)", letter.body)[1]  # type: ignore[index]


@pytest.mark.parametrize(
    "endpoint",
    [
        "accounts.show",
        "accounts.profile",
        "accounts.request_email_change",
        "accounts.change_password",
        "accounts.delete",
        "verifying.index",
    ],
)
def test_nobody_else_may_look(client: PageClient, endpoint: str) -> None:
    assert client.get(endpoint, expect=303).headers["Location"].startswith("/sign-in?next=/account")


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("kind", ["newcomer", "resident", "evaluator"])
def test_the_account_shows_what_is_known(client: PageClient, kind: str, language: str) -> None:
    from tests.factories import make_department

    place = make_neighbourhood("Ștefan cel Mare")
    account = {
        "newcomer": lambda: make_account(confirmed=False, display_name="x" * 300),
        "resident": lambda: make_resident(place),
        "evaluator": lambda: make_account("evaluator", department=make_department("Spații verzi")),
    }[kind]()
    client.speak(language)
    client.sign_in(account)
    page = client.get("accounts.show")
    assert account.email in page.main_text
    for endpoint in ("profile", "request_email_change", "change_password", "delete"):
        client.get(f"accounts.{endpoint}")
    client.get("verifying.index")
    if language == "ro":
        expected = {
            "newcomer": "nu este încă confirmată",
            "resident": "Ții de cartierul Ștefan cel Mare",
            "evaluator": "evaluator – Spații verzi",
        }
        assert expected[kind] in page.main_text


def test_the_account_page_costs_the_same_whatever_the_roles(
    client: PageClient, statements: list[str]
) -> None:
    plain, loaded = make_resident(), make_resident()
    from civic.accounts.models import RoleGrant

    for role in ("moderator", "staff", "clerk", "auditor"):
        db.session.add(RoleGrant(account_id=loaded.id, role=role, granted_at=NOON))
    db.session.commit()
    counts = []
    for account in (plain, loaded):
        client.sign_in(account)
        statements.clear()
        client.get("accounts.show")
        counts.append(len(statements))
    assert counts[1] <= counts[0] + 1 <= 25


def test_details_can_be_changed_and_the_language_follows(client: PageClient) -> None:
    account, place = make_account(), make_neighbourhood()
    client.sign_in(account)
    page = client.get("accounts.profile")
    refused = client.submit(page, "profile", {"display_name": "  "}, expect=422)
    assert "Scrie numele" in refused.main_text
    client.submit(page, "profile", {"neighbourhood": "987654321"}, expect=422)
    done = client.submit(
        page, "profile", {"display_name": "Ştefan\u202e", "neighbourhood": str(place.id), "locale": "en"}
    )
    assert "language=en" in done.headers["Set-Cookie"]
    assert (account.display_name, account.neighbourhood_id, account.locale) == ("Ștefan", place.id, "en")


# -- address -------------------------------------------------------------------------------------
def test_changing_the_address_needs_the_password(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    data = {"email": "nou@exemplu.ro", "password": "alta parolă"}
    page = client.post("accounts.request_email_change", data, expect=422)
    assert "nu este parola de acum" in page.main_text
    for _attempt in range(4):
        client.post("accounts.request_email_change", data, expect=422)
    page = client.post("accounts.request_email_change", {**data, "password": TEST_PASSWORD}, expect=422)
    assert "prea multe încercări" in page.main_text


def test_a_taken_address_is_not_betrayed(client: PageClient) -> None:
    account, other = make_account(), make_account()
    client.sign_in(account)
    data = {"email": other.email, "password": TEST_PASSWORD}
    taken = client.post("accounts.request_email_change", data)
    free = client.post("accounts.request_email_change", {**data, "email": "nou@exemplu.ro"})
    assert taken.headers["Location"] == free.headers["Location"]
    assert "deja" in last_letter(other.email).body


def test_the_new_address_is_confirmed_and_the_old_one_told(client: PageClient) -> None:
    account = make_account()
    old = account.email
    client.sign_in(account)
    client.post("accounts.request_email_change", {"email": "Nou@Exemplu.ro", "password": TEST_PASSWORD})
    path = link_in(last_letter("nou@exemplu.ro"))
    page = client.get(path)
    assert account.email == old, "opening the link changes nothing"
    client.submit(page, path)
    assert account.email == "nou@exemplu.ro"
    assert "nu mai scriem" in last_letter(old).body.lower()
    client.get(path, expect=422)


def test_an_address_taken_meanwhile_is_refused_with_a_sentence(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    client.post("accounts.request_email_change", {"email": "nou@exemplu.ro", "password": TEST_PASSWORD})
    path = link_in(last_letter("nou@exemplu.ro"))
    make_account(email="nou@exemplu.ro")
    assert "are un cont" in client.submit(client.get(path), path, expect=409).main_text


def test_a_change_of_password_cancels_a_waiting_change_of_address(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    client.post("accounts.request_email_change", {"email": "nou@exemplu.ro", "password": TEST_PASSWORD})
    client.post("accounts.change_password", {"current": TEST_PASSWORD, "password": GOOD})
    client.get(link_in(last_letter("nou@exemplu.ro")), expect=422)


# -- password and sessions -----------------------------------------------------------------------
def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: PageClient, app: Flask) -> None:
    account, elsewhere = make_account(), PageClient(app)
    client.sign_in(account)
    elsewhere.sign_in(account)
    wrong = client.post("accounts.change_password", {"current": "nu e asta", "password": GOOD}, expect=422)
    assert "nu este parola de acum" in wrong.main_text
    weak = client.post(
        "accounts.change_password", {"current": TEST_PASSWORD, "password": "scurtă"}, expect=422
    )
    assert "cel puțin 10" in weak.main_text
    client.post("accounts.change_password", {"current": TEST_PASSWORD, "password": GOOD})
    client.get("accounts.show")
    elsewhere.get("accounts.show", expect=303)


def test_signing_out_everywhere_ends_every_session(client: PageClient, app: Flask) -> None:
    account, elsewhere = make_account(), PageClient(app)
    client.sign_in(account)
    elsewhere.sign_in(account)
    client.post("accounts.sign_out_everywhere")
    client.get("accounts.show", expect=303)
    elsewhere.get("accounts.show", expect=303)


def test_a_session_costs_one_query_and_the_grants(client: PageClient, statements: list[str]) -> None:
    account = make_account("staff")
    client.sign_in(account)
    db.session.expire_all()
    statements.clear()
    client.get("accounts.reset_sent")
    assert len([one for one in statements if "FROM account" in one]) == 1
    assert len([one for one in statements if "FROM role_grant" in one]) == 1
    assert len(statements) <= 6, "what every page adds is small"


# -- leaving -------------------------------------------------------------------------------------
def test_leaving_needs_the_password_and_the_tick(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    page = client.post("accounts.delete", {"password": TEST_PASSWORD}, expect=422)
    assert "Bifează căsuța" in page.main_text
    client.post("accounts.delete", {"password": "alta parolă", "understood": "y"}, expect=422)
    assert account.deleted_at is None


def test_the_last_administrator_cannot_leave(client: PageClient) -> None:
    account = make_account("administrator")
    client.sign_in(account)
    assert "singurul administrator" in client.get("accounts.delete").main_text
    page = client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"}, expect=403)
    assert "singurul administrator" in page.main_text
    make_account("administrator")
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    assert account.deleted_at is not None


def test_nothing_of_the_one_who_left_remains_in_the_database(client: PageClient) -> None:
    """Pain of others: erased accounts that leave addresses and numbers behind."""
    account = make_account("moderator", email="pleaca@exemplu.ro", display_name="Zenovia Plecată")
    client.post("accounts.request_reset", {"email": "pleaca@exemplu.ro"})
    sent = last_letter("pleaca@exemplu.ro")
    sent.sent_at = NOON
    db.session.commit()
    client.post("accounts.request_reset", {"email": "pleaca@exemplu.ro"})
    client.sign_in(account)
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})
    farewell = last_letter("pleaca@exemplu.ro")
    assert farewell.subject == "Contul tău a fost șters"
    farewell.sent_at = clock.now() - timedelta(days=15)
    db.session.commit()
    forget_mail(clock.now())
    dump = everything()
    for trace in ("pleaca@exemplu.ro", "Zenovia"):
        assert trace not in dump
    assert account.public_name == "cont șters"
    assert account.grants == []
    assert "nu se potrivesc" in client.post(
        "accounts.sign_in", {"email": "pleaca@exemplu.ro", "password": TEST_PASSWORD}, expect=422
    ).main_text  # fmt: skip


def everything() -> str:
    """Every row of every table, as text; a partition's through its parent, as the application may."""
    tables = db.session.scalars(
        text(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p') AND NOT relispartition"
        )
    ).all()
    rows = (db.session.scalars(text(f'SELECT t::text FROM "{name}" t')).all() for name in tables)
    return "\n".join(row for table in rows for row in table)


def running_round(ends_in: timedelta) -> Round:
    now = clock.now()
    one = save(Round(slug=f"editia-{ends_in.days}", name="Ediția", created_at=NOON, published_at=NOON))
    save(Phase(round_id=one.id, kind="voting", starts_at=now - timedelta(days=9), ends_at=now + ends_in))
    return one


def leave(client: PageClient, account: Account) -> None:
    client.sign_in(account)
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"})


def test_the_person_remains_until_no_contest_runs_then_is_erased(client: PageClient) -> None:
    account = make_resident()
    person_id = account.person_id
    round_ = running_round(timedelta(days=3))
    leave(client, account)
    person = db.session.get(Person, person_id)
    assert person is not None
    assert person.released_at is not None
    erase_released(clock.now())
    assert person.identity_hash is not None
    phase = db.session.scalars(select(Phase).where(Phase.round_id == round_.id)).one()
    phase.ends_at = clock.now() - timedelta(hours=1)
    db.session.commit()
    erase_released(clock.now())
    assert (person.identity_hash, person.birth_date, person.neighbourhood_id) == (None, None, None)
    assert person.method == "recorded"


def test_people_with_an_account_are_never_erased(client: PageClient) -> None:
    account = make_resident()
    alone = make_person()
    erase_released(clock.now())
    assert db.session.get(Person, account.person_id).identity_hash is not None
    assert alone.identity_hash is not None, "only those whose account was deleted"


def test_old_failures_are_pruned(app: Flask) -> None:
    now = clock.now()
    save(SignInFailure(key=b"a", at=now - timedelta(days=2)))
    save(SignInFailure(key=b"b", at=now - timedelta(hours=1)))
    prune_failures(now)
    assert [one.key for one in db.session.scalars(select(SignInFailure))] == [b"b"]


def test_the_record_holds_ids_only(client: PageClient) -> None:
    account = make_account(display_name="Zenovia")
    client.sign_in(account)
    client.post("accounts.change_password", {"current": TEST_PASSWORD, "password": GOOD})
    leave_page = {"password": GOOD, "understood": "y"}
    client.post("accounts.delete", leave_page)
    events = db.session.scalars(select(AuditRecord).where(AuditRecord.account_id == account.id)).all()
    assert [one.event for one in events] == ["account.password_changed", "account.deleted"]
    assert all("@" not in str(one.details) and "Zenovia" not in str(one.details) for one in events)


def test_names_are_read_in_one_query(client: PageClient, statements: list[str]) -> None:
    accounts = [make_account() for _number in range(5)]
    accounts[0].deleted_at = accounts[0].disabled_at = NOON
    db.session.commit()
    ids = [account.id for account in accounts]
    db.session.expire_all()
    statements.clear()
    names = queries.names_of(ids)
    assert names[ids[0]] == "cont șters"
    assert len(statements) == 1
