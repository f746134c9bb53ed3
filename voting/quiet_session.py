"""Sessions that a cast leaves alone.

The answer to a cast must not carry a new session cookie: nothing may be written beside the ballot, and a
cookie renewed at that moment would say when somebody voted.
"""

from flask import Flask, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class QuietSessions(SecureCookieSessionInterface):
    """Flask's own sessions, silent in a request that set `g.keep_session_cookie`."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether the response carries the session."""
        return not g.get("keep_session_cookie") and super().should_set_cookie(app, session)
