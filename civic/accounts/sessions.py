"""Who a session belongs to, how one begins and ends, and which browsers an account knows."""

import secrets
from datetime import timedelta

from flask import Flask, Response, current_app, request, session
from flask_login import login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import joinedload

from civic.accounts.models import Account
from civic.extensions import db, login

#: The cookie by which an account knows a browser it signed in from; it grants nothing by itself.
BROWSER_COOKIE = "browser"
BROWSER_LIFETIME = timedelta(days=180)


def load_account(session_id: str) -> Account | None:
    """The account of a session, unless it was disabled or signed out everywhere since."""
    identifier, _, epoch = session_id.partition(".")
    if not identifier.isdigit() or not epoch.isdigit():
        return None
    account = db.session.get(Account, int(identifier), options=[joinedload(Account.grants)])
    if account is None or not account.is_active or account.session_epoch != int(epoch):
        return None
    return account


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
    login.user_loader(load_account)
