"""Who a session belongs to."""

from flask import Flask

from civic.accounts.models import Account
from civic.extensions import db, login


def load_account(session_id: str) -> Account | None:
    """The account of a session, unless it was disabled or signed out everywhere since."""
    identifier, _, epoch = session_id.partition(".")
    if not identifier.isdigit() or not epoch.isdigit():
        return None
    account = db.session.get(Account, int(identifier))
    if account is None or not account.is_active or account.session_epoch != int(epoch):
        return None
    return account


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find the account."""
    login.user_loader(load_account)
