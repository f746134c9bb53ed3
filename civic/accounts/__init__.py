"""Who people are: accounts, the persons behind them, roles, sign-in and verification."""

from typing import Any

import click
from flask import Flask, g, request, url_for


def _account_links() -> dict[str, Any]:
    """The links at the right of the header: come in, or one's account and the way out."""
    from flask_babel import gettext as _

    from civic.fragments import address
    from civic.policy import Action, may

    endpoint = request.endpoint or ""
    actor = g.get("actor")
    if actor is None or not actor.is_authenticated:
        back = (
            request.full_path.rstrip("?") if request.method == "GET" and "accounts." not in endpoint else None
        )
        back = None if back == "/" else back
        links = [
            {"label": _("Sign in"), "url": url_for("accounts.sign_in", next=back), "current": endpoint == "accounts.sign_in"},
            {"label": _("Make an account"), "url": url_for("accounts.register", next=back), "current": endpoint == "accounts.register"},
        ]  # fmt: skip
        return {"account_links": links}
    links = []
    if may(actor, Action.VIEW_STAFF_AREA):
        current = request.path.startswith("/staff")
        links.append({"label": _("Staff area"), "url": address("staff.home"), "current": current})
    links.append(
        {"label": _("My account"), "url": address("accounts.show"), "current": request.path == "/account"}
    )
    links.append({"label": _("Sign out"), "url": address("accounts.sign_out"), "post": True})
    return {"account_links": links}


def register(app: Flask) -> None:
    """Bind the feature to the application."""
    from flask_babel import lazy_gettext as _l

    from civic.accounts import (
        account_views,
        describing,
        desk_views,
        dev_mail,
        jobs,
        people_views,
        sessions,
        verifying,
    )
    from civic.navigation import NavLink, add_link
    from civic.policy import Action

    sessions.init_app(app)
    jobs.register(app)
    app.register_blueprint(account_views.blueprint)
    app.register_blueprint(desk_views.blueprint)
    app.register_blueprint(people_views.blueprint)
    verifying.register(app)
    describing.register(app)
    if not app.config["SETTINGS"].production:
        app.register_blueprint(dev_mail.blueprint)
    app.context_processor(_account_links)
    add_link(app, "staff", NavLink(_l("Desk: verify residents"), "desk.find", 60, Action.VERIFY_RESIDENTS))
    add_link(app, "staff", NavLink(_l("Accounts and roles"), "people.index", 80, Action.MANAGE_ACCOUNTS))


def commands() -> list[click.Command]:
    """The feature's commands."""
    from civic.accounts.cli import user_group

    return [user_group]
