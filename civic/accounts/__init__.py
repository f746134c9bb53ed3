"""Who people are: accounts, the persons behind them, roles, sign-in and verification."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from civic.accounts import sessions

    sessions.init_app(app)
