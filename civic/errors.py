"""What can go wrong in a way a person should be told, and the pages that tell it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from civic.actor import ANONYMOUS
from civic.extensions import db
from civic.i18n import choose_language

logger = logging.getLogger(__name__)


class DomainError(Exception):
    """A refusal with a sentence for the person. `message` is already in their language (or lazily so)."""

    status = 422

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class Invalid(DomainError):
    """What was asked cannot be done with these values."""


class NotFound(DomainError):
    """There is no such thing, or the actor may not know whether there is."""

    status = 404


class NotAllowed(DomainError):
    """The actor may not do this; the message says why."""

    status = 403


class Hidden(DomainError):
    """What was public and was hidden by a moderator: everybody is told that, and why."""

    status = 410


class Conflict(DomainError):
    """Somebody else changed it first, or it was already done."""

    status = 409


TITLES = {
    400: lazy_gettext("We did not understand this request"),
    401: lazy_gettext("Sign in first"),
    403: lazy_gettext("This is not open to you"),
    404: lazy_gettext("We did not find this page"),
    405: lazy_gettext("This page does not work that way"),
    409: lazy_gettext("This has changed in the meantime"),
    410: lazy_gettext("This is no longer here"),
    413: lazy_gettext("What you sent is too large"),
    422: lazy_gettext("This cannot be done as asked"),
    429: lazy_gettext("Too many attempts"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("We are not ready yet"),
}

EXPLANATIONS = {
    400: lazy_gettext("Go back, reload the page and try again. Nothing was changed."),
    403: lazy_gettext("If you think you should have access, write to the city hall."),
    404: lazy_gettext("The address may be mistyped, or the page may have moved. Start from the home page."),
    405: lazy_gettext("Go back and use the button on the page. Nothing was changed."),
    409: lazy_gettext("Reload the page to see the current state, then try again."),
    410: lazy_gettext("It was withdrawn or deleted. Start from the home page."),
    413: lazy_gettext("Choose a smaller file or shorten the text, then send it again."),
    422: lazy_gettext("Go back, correct the form and send it again."),
    429: lazy_gettext("Wait a few minutes, then try again."),
    500: lazy_gettext("Nothing you sent was lost on purpose: go back and try again in a few minutes."),
    503: lazy_gettext("Please try again in a minute."),
}


def answer_programs(app: Flask, root: str, answer: Callable[[int, str], Response]) -> None:
    """Under these addresses failures are told to programs: `answer` is given the status and the reason, if any."""
    app.extensions.setdefault("civic_programs", {})[root] = answer


def error_page(status: int, reason: object = "", title: object = "") -> Response:
    """The house's error page. When the page around it cannot be made (the database is away), a plainer one.

    Under addresses for programs it is what they can read.
    """
    for root, answer in current_app.extensions.get("civic_programs", {}).items():
        if f"{request.path}/".startswith(f"{root}/"):
            told: Response = answer(status, str(reason))
            return told
    family = 500 if status >= 500 else 400
    content = {
        "status": status,
        "title": title or TITLES.get(status, TITLES[family]),
        "reason": reason or EXPLANATIONS.get(status, EXPLANATIONS[family]),
        "request_id": g.get("request_id"),
    }
    if not g.get("database_away"):
        try:
            return make_response(render_template("errors/error.html", **content), status)
        except Exception as error:
            logger.error("error page failed: %s", type(error).__name__)
            _forget_session()
    return make_response(_plain_page(content), status)


def _plain_page(content: dict[str, Any]) -> str:
    """The same template without what features add to every page, and without knowing who is signed in."""
    g.actor = ANONYMOUS
    template = current_app.jinja_env.get_template("errors/error.html")
    return template.render(
        **content,
        city=current_app.config["SETTINGS"].city,
        locale=choose_language(),
        languages=[],
        nav_links=[],
        footer_links=[],
        account_links=[],
    )


def _unavailable(error: Exception) -> bool:
    """Whether the database is away (restarting, unreachable, out of connections), not refusing our SQL."""
    if isinstance(error, OperationalError | PoolTimeout):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _forget_session() -> None:
    try:
        db.session.rollback()
    except Exception:
        db.session.remove()


def _let_go(_error: BaseException | None) -> None:
    """End the session. The page is made by now: a connection that died since is dropped, and spoils nothing."""
    try:
        db.session.remove()
    except DBAPIError as error:
        logger.warning("database away after the answer: %s", type(error).__name__)
        with suppress(Exception):
            db.session.registry().invalidate()
        db.session.registry.clear()


def init_app(app: Flask) -> None:
    """Register one handler per family of failure. After the database's own teardown, which it precedes."""
    app.teardown_appcontext(_let_go)

    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> Response:
        _forget_session()
        title = _("A moderator hid this") if isinstance(error, Hidden) else ""
        return error_page(error.status, error.message, title)

    @app.errorhandler(CSRFError)
    def csrf_error(error: CSRFError) -> Response:
        return error_page(
            400,
            _("This form was open for too long or in another session. Reload the page and send it again."),
        )

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        response = error_page(error.code or 500)
        retry_after = getattr(error, "retry_after", None)
        if retry_after:
            response.headers["Retry-After"] = str(retry_after)
        if error.code == 405 and getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
        return response

    @app.errorhandler(Exception)
    def crash(error: Exception) -> Response:
        _forget_session()
        g.database_away = _unavailable(error)
        if g.database_away:
            logger.warning("database away: %s", type(error).__name__)
            response = error_page(503)
            response.headers["Retry-After"] = "5"
            return response
        # The traceback carries code, not values: psycopg's messages may quote a row, so they are cut.
        logger.error("unhandled %s on %s", type(error).__name__, request.endpoint, exc_info=error)
        if app.testing and app.config.get("RAISE_CRASHES", True):
            raise error
        return error_page(500)
