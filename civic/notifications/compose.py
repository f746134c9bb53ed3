"""What our messages look like: greeting, news, link, signature, and how to stop them. Plain text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import current_app, has_request_context
from flask.globals import app_ctx
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

#: A sentence known when it is read: ready, lazy, or made by calling.
Words = object | Callable[[], object]

_SALT = "civic.notifications.unsubscribe"


def speak(words: Words, language: str) -> str:
    """The words in a language: a lazy string or a callable is evaluated as that language's reader."""
    with force_locale(language):
        return str(words() if callable(words) else words)


@contextmanager
def addresses() -> Iterator[None]:
    """Let `url_for` work outside a request too, as in a job; there it gives full public addresses."""
    if has_request_context():
        yield
        return
    scheme, _separator, host = current_app.config["SETTINGS"].base_url.partition("://")
    before = app_ctx.url_adapter
    app_ctx.url_adapter = current_app.url_map.bind(host, url_scheme=scheme)
    try:
        yield
    finally:
        app_ctx.url_adapter = before


def full_address(path: str) -> str:
    """A path of this site as an address for a message; a full address stays as it is."""
    return path if "://" in path else current_app.config["SETTINGS"].base_url + path


def address_of(endpoint: str, **values: object) -> str:
    """The full public address of an endpoint, by the configured base, never by a request's Host header."""
    return full_address(current_app.url_map.bind("localhost").build(endpoint, values))


def unsubscribe_token(account_id: int, kind: str, subject_id: int) -> str:
    """What the link at the foot of a message carries: signed, without an end, good for stopping only."""
    serializer = URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=_SALT)
    return str(serializer.dumps([account_id, kind, subject_id]))


def read_unsubscribe_token(raw: str) -> tuple[int, str, int] | None:
    """(account id, subject kind, subject id) of a token, or None when it is not one of ours."""
    serializer = URLSafeSerializer(current_app.config["SETTINGS"].secret_key, salt=_SALT)
    try:
        account_id, kind, subject_id = serializer.loads(raw)
        return int(account_id), str(kind), int(subject_id)
    except (BadSignature, ValueError, TypeError):
        return None


def letter(name: str, *paragraphs: str) -> str:
    """The whole body of a message, in the language being spoken. Without a name the greeting has none."""
    city = current_app.config["SETTINGS"].city
    greeting = _("Hello, %(name)s,", name=name) if name else _("Hello,")
    signature = f"{city.platform_name}\n{city.authority}\n{city.contact_email}"
    return "\n\n".join(part for part in (greeting, *paragraphs, signature) if part)


def follower_letter(name: str, body: str, link: str, stop: str) -> str:
    """News about something followed, with the link that stops it."""
    return letter(
        name,
        body,
        link,
        _("You get this message because you follow this. To stop, open the link and press the button:\n%(link)s",
          link=stop),
    )  # fmt: skip
