"""Who a session belongs to, how one begins and ends, and which browsers an account knows."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response, current_app, request, session
from flask_login import login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from civic import clock
from civic.accounts.models import Account
from civic.actor import Actor, Role
from civic.extensions import login
from civic.unit_of_work import ask
from civic.wire import Statement

#: The cookie by which an account knows a browser it signed in from; it grants nothing by itself.
BROWSER_COOKIE = "browser"
BROWSER_LIFETIME = timedelta(days=180)

_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class SignedIn:
    """Who a session belongs to, for Flask-Login: an actor, and not the account's row."""

    session_id: str
    actor: Actor
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """What the session remembers."""
        return self.session_id

    def as_actor(self) -> Actor:
        """The plain value handed to policies and services."""
        return self.actor


_WHO = Statement(
    "SELECT a.id, a.display_name, a.person_id, a.email_confirmed_at IS NOT NULL, a.neighbourhood_id, a.suspended_until,"
    " array(SELECT role FROM role_grant WHERE account_id = a.id),"
    " array(SELECT department_id FROM role_grant WHERE account_id = a.id AND department_id IS NOT NULL)"
    " FROM account a WHERE a.id = %(id)s::bigint AND a.session_epoch = %(epoch)s::bigint AND a.disabled_at IS NULL"
)


def account_of(session_id: str) -> tuple[int, int] | None:
    """The account's number and the epoch that a session was begun in."""
    identifier, _, epoch = session_id.partition(".")
    if not _NUMBER.fullmatch(identifier) or not _NUMBER.fullmatch(epoch):
        return None
    return int(identifier), int(epoch)


def find_signed_in(session_id: str) -> SignedIn | None:
    """Who a session belongs to, unless the account was disabled or signed out everywhere since."""
    account = account_of(session_id)
    row = None if account is None else ask(_WHO, {"id": account[0], "epoch": account[1]})
    if row is None:
        return None
    number, name, person, confirmed, home, suspended, roles, departments = row
    if suspended is not None and suspended <= clock.now():
        suspended = None
    granted = frozenset(Role(role) for role in roles)
    actor = Actor(
        number, name, person, confirmed, granted, frozenset(departments), home, suspended_until=suspended
    )
    return SignedIn(session_id, actor)


def start_session(account: Account, *, stay: bool) -> None:
    """Begin a session of its own for the account: nothing of the earlier one is carried over."""
    session.clear()
    session.permanent = stay
    # A session made before signing in must not be the one after it, whatever somebody planted there.
    session["id"] = secrets.token_hex(16)
    login_user(account, remember=False)


def renew_session(account: Account) -> None:
    """After the epoch was raised from this very session: keep it, rotated, and let the others end."""
    start_session(account, stay=session.permanent)


def end_session() -> None:
    """Sign out here."""
    logout_user()
    session.clear()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].secret_key, salt="civic.accounts.browser")


def known_browser(account_id: int | None) -> str | None:
    """The mark of this browser if the account has signed in from it before, else None."""
    raw = request.cookies.get(BROWSER_COOKIE)
    if not raw or account_id is None:
        return None
    try:
        owner, mark = _signer().loads(raw, max_age=int(BROWSER_LIFETIME.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(mark) if owner == account_id else None


def remember_browser(response: Response, account: Account) -> None:
    """Let the account know this browser next time."""
    mark = known_browser(account.id) or secrets.token_hex(16)
    settings = current_app.config["SETTINGS"]
    response.set_cookie(
        BROWSER_COOKIE,
        _signer().dumps([account.id, mark]),
        max_age=BROWSER_LIFETIME,
        path="/",
        secure=settings.production,
        httponly=True,
        samesite="Lax",
    )


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find the account."""
    login.user_loader(find_signed_in)
