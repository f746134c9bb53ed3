"""One question to the driver: its connection never goes back to the pool able to commit by itself."""

import psycopg
import pytest
from flask import Flask

from civic.extensions import db
from civic.unit_of_work import ask


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_question_cut_short_leaves_no_connection_that_commits(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException]
) -> None:
    def cut_short(*_given: object) -> None:
        raise failure

    with real_app.app_context():
        assert ask("SELECT 1", {}) == (1,)
        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Connection, "execute", cut_short)
            with pytest.raises(failure):
                ask("SELECT 1", {})
        for _ in range(3):
            pooled = db.engine.raw_connection()
            assert pooled.driver_connection is not None
            assert pooled.driver_connection.autocommit is False
            pooled.close()
