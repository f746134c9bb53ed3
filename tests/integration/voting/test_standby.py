"""A real wait for a synchronous standby that never comes: nothing is confirmed until it is over."""

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.integration.voting.votingkit import at_review, make_round, until
from voting import casting
from voting.models import ballot_box, cast_log


def rows(table: object) -> list[object]:
    with db.engine.connect() as connection:
        return list(connection.execute(table.select()))  # type: ignore[attr-defined]


class Standby:
    """The server's only synchronous standby, which does not exist."""

    def __init__(self, server: EmbeddedServer, admin: psycopg.Connection) -> None:
        self.server, self.admin = server, admin

    def require(self) -> None:
        """From now on commits wait for it. Returns when one does: the server notices in its own time."""
        self._set("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        enough = threading.Event()

        def probe() -> None:
            with self.server.admin() as connection:
                while not enough.is_set():
                    connection.execute("SELECT pg_logical_emit_message(true, 'probe', '')")

        prober = threading.Thread(target=probe)
        prober.start()
        try:
            until(lambda: self.waiting() > 0)
        finally:
            enough.set()
            until(lambda: self._let_go() and not prober.is_alive())

    def waiting(self) -> int:
        """How many wait for it."""
        found = self.admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        ).fetchone()
        assert found is not None
        return int(found[0])

    def forget(self) -> None:
        """Nobody waits for it any more."""
        self._set("ALTER SYSTEM RESET synchronous_standby_names")
        until(lambda: self.waiting() == 0)

    def _let_go(self) -> bool:
        self.admin.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        return True

    def _set(self, command: str) -> None:
        self.admin.execute(command)  # type: ignore[call-overload]
        self.admin.execute("SELECT pg_reload_conf()")


@pytest.fixture
def standby(server: EmbeddedServer) -> Iterator[Standby]:
    """The server as it was before, whatever the test did."""
    with server.admin() as admin:
        missing = Standby(server, admin)
        yield missing
        missing.forget()


@pytest.mark.parametrize("replacing", [False, True])
def test_nothing_is_confirmed_until_the_standby_has_it(
    real_app: Flask, standby: Standby, monkeypatch: pytest.MonkeyPatch, replacing: bool
) -> None:
    monkeypatch.setattr(casting, "CAST_SECONDS", 1.0)
    with real_app.app_context():
        round_ = make_round()
        voter, browser, review = at_review(real_app, round_)
        if replacing:
            browser.submit(review, "/vote/cast", expect=200)
            browser.post("voting.choose", {"add": "P2"}, slug=round_.slug)
        review = browser.get("voting.review", slug=round_.slug)
        before = len(rows(cast_log))
        standby.require()
        began = time.monotonic()
        late = browser.submit(review, "/vote/cast", expect=503)
        assert 1.0 <= time.monotonic() - began < 4.0
        assert "nu este încă confirmat" in late.main_text
        until(lambda: standby.waiting() == 0)  # the server was told to stop waiting, and kept it on its own
        kept = rows(cast_log)
        assert len(kept) > before
        # Neither pressing again nor going back confirms what only this server has.
        browser.submit(late, "/vote/cast", expect=503)
        browser.submit(review, "/vote/cast", expect=503)
        standby.forget()
        receipt = browser.submit(late, "/vote/cast", expect=200)
        assert "Buletinul tău este depus" in receipt.main_text
        again = browser.submit(review, "/vote/cast", expect=200)
        assert again.text_of(".tracking-code") == receipt.text_of(".tracking-code")
        assert rows(cast_log) == kept
        assert len(rows(ballot_box)) == 1
