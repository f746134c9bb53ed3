"""Sessions that a cast leaves alone.

The answer to a cast must not carry a new session cookie: nothing may be written beside the ballot, and a
cookie renewed at that moment would say when somebody voted.
"""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer

_MARK = "civic.keep_session_cookie"


def keep_session_cookie() -> None:
    """Let this request's response carry no session cookie."""
    request.environ[_MARK] = True


class QuietSessions(SecureCookieSessionInterface):
    """Flask's own sessions, silent in a request that asked `keep_session_cookie()`; the signer is made once."""

    def __init__(self) -> None:
        self._signer: tuple[object, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        secret, signer = self._signer
        if signer is None or secret != app.secret_key:
            signer = super().get_signing_serializer(app)
            self._signer = (app.secret_key, signer)
        return signer

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether the response carries the session."""
        return not request.environ.get(_MARK) and super().should_set_cookie(app, session)
