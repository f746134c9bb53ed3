"""Long work is done once, shows its progress, survives its worker, and says when it failed."""

from datetime import timedelta

import pytest
from flask import Flask

from civic import clock, tasks
from civic.actor import SYSTEM
from civic.errors import Invalid, NotFound
from civic.extensions import db


def test_a_task_runs_once_and_keeps_its_result(app: Flask) -> None:
    seen: list[int] = []

    def handler(params: dict, progress: object) -> dict:
        seen.append(params["n"])
        progress(1, 2)  # type: ignore[operator]
        return {"answer": params["n"] * 2}

    tasks.register_handler("double", handler)
    task = tasks.enqueue(SYSTEM, "double", {"n": 21}, clock.now())
    db.session.commit()
    assert tasks.run_waiting(clock.now()) == 1
    assert tasks.run_waiting(clock.now()) == 0
    db.session.expire_all()
    assert (seen, task.state, task.result, task.done, task.total) == ([21], "done", {"answer": 42}, 1, 2)


def test_a_refusal_is_told_and_a_crash_is_named_without_details(app: Flask) -> None:
    def refuse(_params: dict, _progress: object) -> dict:
        raise Invalid("Fișierul are o linie greșită.")

    def crash(_params: dict, _progress: object) -> dict:
        raise RuntimeError("ana@civic.example")

    tasks.register_handler("refuse", refuse)
    tasks.register_handler("crash", crash)
    one = tasks.enqueue(SYSTEM, "refuse", {}, clock.now())
    two = tasks.enqueue(SYSTEM, "crash", {}, clock.now())
    db.session.commit()
    tasks.run_waiting(clock.now())
    db.session.expire_all()
    assert (one.state, one.message) == ("failed", "Fișierul are o linie greșită.")
    assert (two.state, two.message) == ("failed", "RuntimeError")


def test_a_task_whose_worker_died_is_taken_over(app: Flask) -> None:
    tasks.register_handler("slow", lambda _params, _progress: {})
    task = tasks.enqueue(SYSTEM, "slow", {}, clock.now())
    task.state, task.reported_at = "running", clock.now()
    db.session.commit()
    assert tasks.run_waiting(clock.now()) == 0
    assert tasks.run_waiting(clock.now() + tasks.ABANDONED_AFTER + timedelta(seconds=1)) == 1
    db.session.expire_all()
    assert task.state == "done"


def test_an_unknown_task_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        tasks.get_task(987654)
