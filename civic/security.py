"""What every response and every session gets: headers, cookies, a request id, a safe way back."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from civic.actor import ANONYMOUS
from civic.config import Settings
from civic.extensions import htmx

logger = logging.getLogger("civic.access")

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"

_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def content_security_policy(tile_url: str | None) -> str:
    """Everything from ourselves, nothing inline; map tiles only where the city configured a server."""
    tiles = ""
    if tile_url:
        parts = urlsplit(tile_url.replace("{s}", "*"))
        tiles = f" {parts.scheme}://{parts.netloc}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
        f"img-src 'self' data:{tiles}; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


def safe_next(target: str | None, default: str) -> str:
    """`target` if it is a path of this site, else `default`. Refuses //host, back-slashes and control marks.

    >>> safe_next("//evil.example", "/")
    '/'
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return default
    if "\\" in target or any(ord(char) < 33 for char in target):
        return default
    parts = urlsplit(target)
    return default if parts.scheme or parts.netloc else target


def configure(app: Flask, settings: Settings) -> None:
    """Cookies, sizes, hosts and proxies."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        MAX_CONTENT_LENGTH=100_000_000,
        MAX_FORM_MEMORY_SIZE=4_000_000,
        MAX_FORM_PARTS=2_000,
        # A draft may stay open for a day; the token is bound to the session all the same.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=True,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def request_id(given: str) -> str:
    """The name of a request in the log: the one the proxy gave it, or a new one."""
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _before() -> None:
    g.started = time.perf_counter()
    g.request_id = request_id(request.headers.get("X-Request-Id", ""))
    g.actor = ANONYMOUS
    if (
        request.mimetype != "multipart/form-data"
    ):  # only files are large; the parser limits fields in parts alone
        request.max_content_length = request.max_form_memory_size
    # A NUL in an address reaches no row; PostgreSQL would refuse it later and less clearly.
    if "\x00" in request.path:
        raise NotFound
    user = current_user._get_current_object()
    if user.is_authenticated:  # on a missing page too: nobody should think they were signed out
        g.actor = user.as_actor()


def standing_headers(settings: Settings) -> list[tuple[str, str]]:
    """What every response says unless its view said otherwise."""
    headers = [
        ("Content-Security-Policy", content_security_policy(settings.tile_url)),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), interest-cohort=()"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ]
    if settings.production:
        headers.append(("Strict-Transport-Security", STRICT_TRANSPORT))
    return headers


def _after(always: list[tuple[str, str]], response: Response) -> Response:
    headers = response.headers
    # Looked through once: asking the headers themselves for each name is slow.
    given = {name.lower() for name, _value in headers}
    for name, value in always:
        if name.lower() not in given:
            headers.add(name, value)
    headers["X-Request-Id"] = g.get("request_id", "")
    if "cache-control" not in given:
        signed_in = g.get("actor", ANONYMOUS).is_authenticated
        headers.add("Cache-Control", "no-store" if signed_in or response.status_code >= 400 else "no-cache")
    if response.mimetype == "text/html":
        if "vary" in given:
            response.vary.update(["HX-Request", "Cookie"])
        else:
            headers.add("Vary", "HX-Request, Cookie")
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    note_request(g.get("request_id"), request.endpoint, request.method, response.status_code, seconds)
    return response


def note_request(
    request_id: str | None, endpoint: str | None, method: str, status: int, seconds: float
) -> None:
    """The one line that the log has of a request: nothing of who asked, and no address."""
    if logger.isEnabledFor(logging.INFO):
        logger.info(
            "request",
            extra={
                "request_id": request_id,
                "endpoint": endpoint,
                "method": method,
                "status": status,
                "ms": round(seconds * 1000, 1),
            },
        )


#: Asked of every request once the actor is known, before tokens and roles: an answer, or nothing to go on.
Gate = Callable[[], Response | None]


def add_gate(app: Flask, gate: Gate) -> None:
    """Let a feature answer in the place of any page. A gate may also say who is acting (`g.actor`)."""
    app.extensions.setdefault("civic_gates", []).append(gate)


def _pass_gates() -> Response | None:
    for gate in current_app.extensions.get("civic_gates", ()):
        answer: Response | None = gate()
        if answer is not None:
            return answer
    return None


def init_app(app: Flask, settings: Settings) -> None:
    """Install the hooks. The actor is known before the policy's guard asks."""
    always = standing_headers(settings)
    app.before_request(_before)
    app.before_request(_pass_gates)
    app.after_request(lambda response: _after(always, response))


def is_fragment() -> bool:
    """Whether the page wants only the part to swap: htmx asked, and neither boosted nor restoring history."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request
