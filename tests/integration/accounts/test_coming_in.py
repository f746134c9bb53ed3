"""Registering, confirming, signing in and choosing a new password: the refusals first, then the road."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock
from civic.accounts import passwords, queries, tokens
from civic.accounts.models import Account, SignInFailure
from civic.extensions import db, limiter
from civic.outbox import OutboxMessage
from tests.factories import TEST_PASSWORD, make_account, make_neighbourhood
from tests.pageclient import Page, PageClient

GOOD = "trei cai verzi la munte"


def letters(address: str) -> list[OutboxMessage]:
    """What was written to an address, oldest first."""
    return list(
        db.session.scalars(
            select(OutboxMessage).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
        )
    )


def link_in(letter: OutboxMessage, part: str) -> str:
    """The path of the link whose address contains the text."""
    found = re.search(rf"http://localhost(/{part}[^\s]*)", letter.body)
    assert found, letter.body
    return found[1]


def register(client: PageClient, email: str, password: str = GOOD, expect: int = 303, **more: str) -> Page:
    data = {"display_name": "Ana", "email": email, "password": password, **more}
    return client.post("accounts.register", data, expect=expect)


def sign_in(
    client: PageClient, email: str, password: str = TEST_PASSWORD, expect: int = 303, **more: str
) -> Page:
    return client.post("accounts.sign_in", {"email": email, "password": password, **more}, expect=expect)


@pytest.fixture
def travel() -> object:
    """Moves the clock; put back after the test."""
    yield lambda **span: clock.travel(timedelta(**span))
    clock.travel(timedelta(0))


# -- registering ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("scurtă", "Folosește cel puțin 10 caractere"),
        ("parola1234", "printre primele"),
        ("aaaaaaaaaaaa", "printre primele"),
        ("ana.maria.pop@exemplu.ro", "nu este adresa ta"),
    ],
)
def test_a_weak_password_is_refused_and_the_rest_kept(
    client: PageClient, password: str, sentence: str
) -> None:
    page = register(client, "ana.maria.pop@exemplu.ro", password, expect=422)
    assert sentence in page.main_text
    assert page.form("register")["email"] == "ana.maria.pop@exemplu.ro"
    assert password not in page.html or password == "ana.maria.pop@exemplu.ro"
    assert queries.find_account_by_email("ana.maria.pop@exemplu.ro") is None


def test_an_address_that_is_none_is_refused(client: PageClient) -> None:
    page = register(client, "ana la exemplu", expect=422)
    assert "Scrie o adresă de e-mail" in page.main_text


def test_a_taken_address_gets_the_same_answer_and_only_its_owner_is_told(client: PageClient) -> None:
    account = make_account(email="luat@exemplu.ro")
    free, taken = register(client, "liber@exemplu.ro"), register(client, "Luat@Exemplu.ro ")
    assert free.headers["Location"] == taken.headers["Location"]
    assert free.html == taken.html
    assert "tried" in letters(account.email)[0].body or "a încercat" in letters(account.email)[0].body
    assert db.session.scalar(select(func.count()).where(Account.email == "luat@exemplu.ro")) == 1


def test_registering_costs_one_hash_either_way(client: PageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    make_account(email="luat@exemplu.ro")
    calls: list[str] = []
    real = passwords.hash_password
    monkeypatch.setattr(passwords, "hash_password", lambda text: calls.append("hash") or real(text))
    register(client, "luat@exemplu.ro")
    assert calls == ["hash"]
    register(client, "liber@exemplu.ro")
    assert calls == ["hash", "hash"]


def test_the_road_from_wanting_to_vote_to_being_signed_in(client: PageClient) -> None:
    place = make_neighbourhood()
    back = "/neighbourhoods?zona=1"
    page = client.get("accounts.register", next=back)
    sent = client.submit(
        page,
        "register",
        {"display_name": "Ana", "email": "Ana@Exemplu.ro", "password": GOOD, "neighbourhood": str(place.id)},
    )
    assert "Verifică-ți e-mailul" in client.follow(sent).main_text
    letter = letters("ana@exemplu.ro")[0]
    account = queries.find_account_by_email("ana@exemplu.ro")
    assert account is not None
    assert account.neighbourhood_id == place.id
    assert account.email_confirmed_at is None
    path = link_in(letter, "confirm/")
    page = client.get(path)
    assert account.email_confirmed_at is None, "opening the link confirms nothing"
    assert (
        "nu se potrivesc" in client.submit(page, "confirm", {"password": "alta parolă"}, expect=422).main_text
    )
    done = client.submit(client.get(path), "confirm", {"password": GOOD})
    assert done.headers["Location"] == back
    assert account.email_confirmed_at is not None
    assert "Contul meu" in client.get("accounts.show").main_text
    # used once: it now only leads to signing in
    client.sign_out()
    assert "/sign-in" in client.get(path, expect=303).headers["Location"]


def test_somebody_else_who_registered_an_address_first_gains_nothing(client: PageClient) -> None:
    register(client, "ana@exemplu.ro", "parola intrusului 99")
    register(client, "ana@exemplu.ro", GOOD)
    second = letters("ana@exemplu.ro")[1]
    page = client.get(link_in(second, "confirm/"))
    client.submit(page, "confirm", {"password": GOOD}, expect=422)
    page = client.get(link_in(second, "reset-password/"))
    client.submit(page, "reset-password", {"password": GOOD})
    account = queries.find_account_by_email("ana@exemplu.ro")
    assert account is not None
    assert account.email_confirmed_at is not None
    sign_in(client, "ana@exemplu.ro", "parola intrusului 99", expect=422)


def test_mail_is_in_the_language_of_the_one_who_registers(client: PageClient) -> None:
    client.speak("en")
    register(client, "john@exemplu.ro")
    assert letters("john@exemplu.ro")[0].subject == "Confirm your e-mail address"
    client.speak("ro")
    client.browser.delete_cookie("language")
    client.post("accounts.request_reset", {"email": "john@exemplu.ro"})
    assert letters("john@exemplu.ro")[1].subject == "Choose a new password"


# -- signing in ----------------------------------------------------------------------------------
def test_a_wrong_password_and_an_unknown_address_look_alike(client: PageClient) -> None:
    account = make_account()
    wrong = sign_in(client, account.email, "greșită greșită", expect=422)
    unknown = sign_in(client, "nimeni@exemplu.ro", "greșită greșită", expect=422)
    assert "nu se potrivesc" in wrong.main_text
    assert wrong.main_text == unknown.main_text
    assert wrong.form("sign-in")["email"] == account.email


def test_an_unknown_address_costs_a_verification_too(
    client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account()
    seen: list[object] = []
    real = passwords.verify_password
    monkeypatch.setattr(
        passwords, "verify_password", lambda stored, text: seen.append(stored is None) or real(stored, text)
    )
    sign_in(client, account.email, "greșită greșită", expect=422)
    sign_in(client, "nimeni@exemplu.ro", "greșită greșită", expect=422)
    assert seen == [False, True, True] or seen == [False, True, False]


def test_guessing_slows_down_and_the_way_out_works_at_once(client: PageClient, travel) -> None:
    account = make_account()
    for _attempt in range(5):
        assert "nu se potrivesc" in sign_in(client, account.email, "ghicit ghicit", expect=422).main_text
    page = sign_in(client, account.email, expect=422)
    assert "prea multe încercări" in page.main_text
    assert "/reset-password" in page.html
    counted = db.session.scalar(select(func.count()).select_from(SignInFailure))
    sign_in(client, account.email, expect=422)
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == counted, (
        "waiting adds nothing"
    )
    # a new password by mail lets the owner in without waiting
    client.post("accounts.request_reset", {"email": account.email})
    path = link_in(letters(account.email)[0], "reset-password/")
    client.submit(client.get(path), "reset-password", {"password": GOOD})
    sign_in(client, account.email, GOOD)


def test_the_wait_ends_and_success_forgets_the_failures(client: PageClient, travel) -> None:
    account = make_account()
    for _attempt in range(5):
        sign_in(client, account.email, "ghicit ghicit", expect=422)
    sign_in(client, account.email, expect=422)
    travel(seconds=31)
    sign_in(client, account.email)
    client.sign_out()
    for _attempt in range(5):
        assert "nu se potrivesc" in sign_in(client, account.email, "ghicit ghicit", expect=422).main_text


def test_a_stranger_who_keeps_guessing_does_not_lock_the_owner_out(client: PageClient, app: Flask) -> None:
    account = make_account()
    sign_in(client, account.email)
    client.post("accounts.sign_out")
    stranger = PageClient(app)
    for _attempt in range(7):
        sign_in(stranger, account.email, "ghicit ghicit", expect=422)
    assert "prea multe încercări" in sign_in(stranger, account.email, expect=422).main_text
    sign_in(client, account.email)


def test_a_browser_known_to_one_account_is_a_stranger_to_another(client: PageClient) -> None:
    own, other = make_account(), make_account()
    sign_in(client, own.email)
    client.post("accounts.sign_out")
    for _attempt in range(5):
        sign_in(client, other.email, "ghicit ghicit", expect=422)
    assert "prea multe încercări" in sign_in(client, other.email, expect=422).main_text


def test_a_blocked_account_is_told_so_only_with_the_right_password(client: PageClient) -> None:
    account = make_account(disabled_at=clock.now())
    assert "suspendat" not in sign_in(client, account.email, "greșită greșită", expect=422).main_text
    assert "a blocat intrarea" in sign_in(client, account.email, expect=422).main_text


def test_the_session_is_a_new_one_after_signing_in(client: PageClient) -> None:
    account = make_account()
    with client.browser.session_transaction() as session:
        session["planted"] = "by somebody else"
    client.get("accounts.sign_in")
    sign_in(client, account.email)
    with client.browser.session_transaction() as session:
        assert "planted" not in session
        first = session["id"]
        assert session["_user_id"] == f"{account.id}.0"
        assert not session.permanent
    client.post("accounts.sign_out")
    sign_in(client, account.email, stay="y")
    with client.browser.session_transaction() as session:
        assert session["id"] != first
        assert session.permanent


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_one_is_never_sent_to_another_site(client: PageClient, target: str) -> None:
    account = make_account()
    assert sign_in(client, account.email, next=target).headers["Location"] == "/"
    assert client.get("accounts.language", expect=303, code="en", next=target).headers["Location"] == "/"


def test_where_one_came_from_is_where_one_goes(client: PageClient) -> None:
    account = make_account()
    refused = client.get("accounts.show", expect=303)
    page = client.follow(refused)
    assert "te întorci la pagina" in page.main_text
    done = client.submit(page, "sign-in", {"email": account.email, "password": TEST_PASSWORD})
    assert done.headers["Location"] == "/account"


def test_an_expired_login_moves_the_whole_page(client: PageClient) -> None:
    account = make_account()
    client.sign_in(account)
    client.get("accounts.show")
    account.session_epoch += 1
    db.session.commit()
    swap = client.get("accounts.show", hx=True, expect=401)
    assert swap.headers["HX-Redirect"].startswith("/sign-in")


def test_an_old_hash_is_made_anew_at_sign_in(client: PageClient) -> None:
    from argon2 import PasswordHasher

    account = make_account()
    account.password_hash = old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(
        TEST_PASSWORD
    )
    db.session.commit()
    sign_in(client, account.email)
    assert account.password_hash != old
    client.sign_out()
    sign_in(client, account.email)


# -- a new password ------------------------------------------------------------------------------
def test_asking_for_a_password_says_the_same_for_every_address(client: PageClient) -> None:
    account = make_account()
    known = client.post("accounts.request_reset", {"email": account.email})
    unknown = client.post("accounts.request_reset", {"email": "nimeni@exemplu.ro"})
    assert (known.headers["Location"], known.html) == (unknown.headers["Location"], unknown.html)
    assert "Verifică-ți e-mailul" in client.follow(known).main_text
    assert "niciun cont nu o folosește" in letters("nimeni@exemplu.ro")[0].body


def test_a_reset_link_works_once_and_ends_every_session(client: PageClient, app: Flask) -> None:
    account = make_account(confirmed=False)
    elsewhere = PageClient(app)
    elsewhere.sign_in(account)
    client.post("accounts.request_reset", {"email": account.email})
    path = link_in(letters(account.email)[0], "reset-password/")
    page = client.get(path)
    assert (
        "cel puțin 10" in client.submit(page, "reset-password", {"password": "scurtă"}, expect=422).main_text
    )
    client.submit(client.get(path), "reset-password", {"password": GOOD})
    assert account.email_confirmed_at is not None
    client.get(path, expect=422)
    assert "/sign-in" in elsewhere.get("accounts.show", expect=303).headers["Location"]
    sign_in(client, account.email, expect=422)
    sign_in(client, account.email, GOOD)
    assert letters(account.email)[-1].subject == "Parola ta s-a schimbat"


def test_an_old_or_forged_link_is_refused(client: PageClient, travel) -> None:
    account = make_account()
    good = tokens.make_token(tokens.RESET, account)
    wrong_purpose = tokens.make_token(tokens.CONFIRM, account)
    for token in (good[:-2], wrong_purpose, "x", good.replace(".", "", 1)):
        assert "nu mai funcționează" in client.get("accounts.reset", token=token, expect=422).main_text
    travel(hours=3)
    # itsdangerous reads the system's clock, which tests do not move
    import time

    import itsdangerous.timed as timed

    real = timed.time.time
    try:
        timed.time.time = lambda: real() + 3 * 3600  # type: ignore[assignment]
        client.get("accounts.reset", token=good, expect=422)
    finally:
        timed.time.time = real  # type: ignore[assignment]
    assert time.time() < real() + 60


# -- limits and language -------------------------------------------------------------------------
def test_mail_to_one_address_is_limited(client: PageClient) -> None:
    limiter.enabled = True
    try:
        for _attempt in range(4):
            client.post("accounts.request_reset", {"email": "des@exemplu.ro"})
        client.post("accounts.request_reset", {"email": "Des@exemplu.ro"}, expect=429)
        client.post("accounts.request_reset", {"email": "altul@exemplu.ro"})
    finally:
        limiter.reset()
        limiter.enabled = False
    assert len(letters("des@exemplu.ro")) == 4


@pytest.mark.parametrize("endpoint", ["accounts.register", "accounts.request_reset"])
def test_mistyped_addresses_count_against_the_network_alone(client: PageClient, endpoint: str) -> None:
    limiter.enabled = True
    try:
        for attempt in range(30):
            client.post(endpoint, {"email": f"fara arond {attempt % 2}"}, expect=422)
        client.post(endpoint, {"email": "fara arond"}, expect=429)
    finally:
        limiter.reset()
        limiter.enabled = False


def test_the_language_is_a_cookie_and_nothing_else(client: PageClient, statements: list[str]) -> None:
    client.get("accounts.language", expect=404, code="xx")
    statements.clear()
    switched = client.get("accounts.language", expect=303, code="en", next="/sign-in?next=/account")
    assert switched.headers["Location"] == "/sign-in?next=/account"
    cookie = switched.headers["Set-Cookie"]
    assert "language=en" in cookie
    assert "HttpOnly" in cookie
    assert "Max-Age=31536000" in cookie
    assert not [one for one in statements if not one.startswith("SELECT")]
    client.language = "en"
    assert "Sign in" in client.get("/sign-in").title


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize(
    "endpoint",
    [
        "accounts.register",
        "accounts.registered",
        "accounts.sign_in",
        "accounts.request_reset",
        "accounts.reset_sent",
    ],
)
def test_pages_speak_both_languages(client: PageClient, endpoint: str, language: str) -> None:
    client.speak(language)
    client.get(endpoint)


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize("endpoint", ["accounts.register", "accounts.sign_in", "accounts.request_reset"])
def test_mistakes_are_told_in_both_languages(client: PageClient, endpoint: str, language: str) -> None:
    client.speak(language)
    client.post(endpoint, {"neighbourhood": "999999"}, expect=422)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_pages_behind_links_speak_both_languages_and_stay_out_of_caches(
    client: PageClient, language: str
) -> None:
    client.speak(language)
    account = make_account(confirmed=False, locale=language)
    for purpose, endpoint, field in (
        (tokens.CONFIRM, "accounts.confirm", "password"),
        (tokens.RESET, "accounts.reset", "password"),
        (tokens.CHANGE_EMAIL, "accounts.change_email", None),
    ):
        page = client.get(endpoint, token=tokens.make_token(purpose, account, "nou@exemplu.ro"))
        assert page.headers["Cache-Control"] == "no-store"
        assert (field is None) or field in page.form(page.all("form")[-1].get("action", ""))
        client.get(endpoint, token="spent", expect=422)
    client.sign_in(account)
    client.get("accounts.confirm", token=tokens.make_token(tokens.CONFIRM, account))
    client.post("accounts.resend_confirmation")
    expected = "Confirmă adresa de e-mail" if language == "ro" else "Confirm your e-mail address"
    assert letters(account.email)[-1].subject == expected


def test_a_way_back_to_another_site_is_dropped_on_the_road(client: PageClient) -> None:
    register(client, "ana@exemplu.ro", next="https://evil.example/")
    path = link_in(letters("ana@exemplu.ro")[0], "confirm/")
    assert client.submit(client.get(path), "confirm", {"password": GOOD}).headers["Location"] == "/"
