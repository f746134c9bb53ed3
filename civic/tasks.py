"""Long work somebody asked for, done by the worker, with a progress anyone waiting can see.

A task is a row; its handler is registered by a feature and must be resumable: it is called again
from the start after a crash and skips what it finds done.
"""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask, current_app
from sqlalchemy import CheckConstraint, DateTime, Index, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic import clock
from civic.actor import Actor
from civic.errors import DomainError, NotFound
from civic.extensions import Base, db
from civic.jobs import Job, register_job

logger = logging.getLogger(__name__)

#: A running task whose worker has not reported for this long is taken over.
ABANDONED_AFTER = timedelta(minutes=5)


class Task(Base):
    """One piece of long work. `result` and `message` hold no personal data."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
        Index("ix_task_waiting", "created_at", postgresql_where="state IN ('queued', 'running')"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(default="queued")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    account_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reported_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def waits(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.state in ("queued", "running")


#: Called with the task's parameters and a `progress(done, total)` callback; returns the result.
Handler = Callable[[dict[str, Any], Callable[[int, int], None]], dict[str, Any]]


def register_handler(kind: str, handler: Handler) -> None:
    """Say what does tasks of a kind, on the application being built."""
    current_app.extensions.setdefault("civic_task_handlers", {})[kind] = handler


def enqueue(actor: Actor, kind: str, params: dict[str, Any], now: datetime) -> Task:
    """Ask for work to be done. Flushed, so that its page can be linked to."""
    task = Task(
        kind=kind,
        params=params,
        state="queued",
        done=0,
        total=0,
        account_id=actor.id,
        created_at=now,
        result={},
    )
    db.session.add(task)
    db.session.flush()
    return task


def get_task(task_id: int) -> Task:
    """The task, or NotFound."""
    task = db.session.get(Task, task_id)
    if task is None:
        raise NotFound
    return task


def find_task(task_id: int | None) -> Task | None:
    """The task, or None when it is gone."""
    return db.session.get(Task, task_id) if task_id is not None else None


def _take(now: datetime) -> Task | None:
    task = db.session.scalar(
        select(Task)
        .where(
            or_(
                Task.state == "queued",
                (Task.state == "running") & (Task.reported_at < now - ABANDONED_AFTER),
            )
        )
        .order_by(Task.created_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if task is not None:
        task.state, task.reported_at = "running", now
    db.session.commit()
    return task


def _report(task_id: int, **values: Any) -> None:
    db.session.execute(update(Task).where(Task.id == task_id).values(reported_at=clock.now(), **values))
    db.session.commit()


def _report_progress(task_id: int, done: int, total: int) -> None:
    _report(task_id, done=done, total=total)


def run_waiting(now: datetime) -> int:
    """Do every task that waits; returns how many were done or failed."""
    count = 0
    while (task := _take(now)) is not None:
        count += 1
        task_id, kind, params = task.id, task.kind, dict(task.params)
        try:
            handler: Handler = current_app.extensions["civic_task_handlers"][kind]
            result = handler(params, partial(_report_progress, task_id))
        except DomainError as error:
            db.session.rollback()
            _report(task_id, state="failed", message=str(error.message), finished_at=clock.now())
        except Exception as error:
            db.session.rollback()
            logger.error("task %d failed: %s", task_id, "".join(traceback.format_tb(error.__traceback__)))
            _report(task_id, state="failed", message=type(error).__name__, finished_at=clock.now())
        else:
            _report(task_id, state="done", result=result, finished_at=clock.now())
    return count


def init_app(app: Flask) -> None:
    """Let the worker look for tasks every two seconds."""
    register_job(app, Job("tasks", run_waiting, seconds=2))
