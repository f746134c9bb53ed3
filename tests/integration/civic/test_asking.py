"""One question to libpq: its connection never goes back to the pool in the middle of something."""

import time
from typing import Any

import pytest
from flask import Flask
from psycopg import pq
from sqlalchemy.exc import OperationalError

from civic import unit_of_work
from civic.extensions import db
from civic.unit_of_work import ask
from civic.wire import Statement, Wire

ONE = Statement("SELECT 1, 'ă', NULL::int WHERE %(some)s::bigint > 0 AND %(name)s::text = 'ș'")
VALUES = {"some": 10**12, "name": "ș", "more": 1}


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("step", ["put", "answers", "_wait", "row"])
def test_a_question_cut_short_leaves_no_connection_in_use(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch, failure: type[BaseException], step: str
) -> None:
    def cut_short(*_given: object) -> None:
        raise failure

    with real_app.app_context():
        assert ask(ONE, VALUES) == (1, "ă", None)
        with monkeypatch.context() as patch:
            patch.setattr(Wire, step, cut_short)
            with pytest.raises(failure):
                ask(ONE, VALUES)
        for _ in range(3):
            pooled = db.engine.raw_connection()
            driver: Any = pooled.driver_connection
            assert driver.autocommit is False
            assert driver.pgconn.transaction_status == pq.TransactionStatus.IDLE
            assert driver.pgconn.pipeline_status == pq.PipelineStatus.OFF
            pooled.close()
        assert ask(ONE, VALUES | {"some": 0}) is None


def test_a_question_is_put_again_when_the_driver_threw_its_statement_away(real_app: Flask) -> None:
    with real_app.app_context():
        assert ask(ONE, VALUES)
        pooled = db.engine.raw_connection()
        pooled.cursor().execute("DEALLOCATE ALL")
        pooled.close()
        assert ask(ONE, VALUES)


def test_a_question_waits_only_so_long(real_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_of_work, "ANSWER_SECONDS", 0.3)
    began = time.monotonic()
    with real_app.app_context():
        with pytest.raises(OperationalError):
            ask(Statement("SELECT pg_sleep(20)"), {})
        assert time.monotonic() - began < 5
        assert ask(Statement("SELECT 2"), {}) == (2,)


def test_a_refused_question_spoils_nothing(real_app: Flask) -> None:
    with real_app.app_context():
        with pytest.raises(OperationalError):
            ask(Statement("SELECT 1 / %(some)s::int"), {"some": 0})
        with pytest.raises(TypeError):
            ask(ONE, {"some": 1.5, "name": "ș"})
        assert ask(ONE, VALUES)


def test_what_is_larger_than_the_line_takes_at_once_arrives_whole(real_app: Flask) -> None:
    with real_app.app_context():
        large = bytes(range(256)) * 40_000
        assert ask(Statement("SELECT %(large)s::bytea"), {"large": large}) == (large,)
