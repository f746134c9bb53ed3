"""Work that is due by the clock, and the worker process that does it.

A job is a function of `now` that does all the work due and may be run twice or killed halfway. Jobs
are registered by features; APScheduler calls them in one worker at a time, elected by a PostgreSQL
advisory lock, so any number of workers may be started.
"""

import logging
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy import DateTime, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from civic import clock
from civic.extensions import Base, db

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

logger = logging.getLogger(__name__)

LEADER_LOCK = 7301001
HEARTBEAT_SECONDS = 15
#: A worker silent for this long is reported as down by /readyz.
HEARTBEAT_STALE_SECONDS = 90


@dataclass(frozen=True)
class Job:
    """A name, what to do, and when: every `seconds`, or daily at `hour`:`minute` of the city's clock."""

    name: str
    run: Callable[[datetime], object]
    seconds: int | None = None
    hour: int = 3
    minute: int = 0


class WorkerHeartbeat(Base):
    """When a worker was last alive. One row."""

    __tablename__ = "worker_heartbeat"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


def registry(app: Flask) -> dict[str, Job]:
    """The application's jobs by name."""
    return app.extensions.setdefault("civic_jobs", {})


def register_job(app: Flask, job: Job) -> None:
    """Add a job; two of one name are a mistake."""
    if job.name in registry(app):
        raise ValueError(f"job {job.name!r} is registered twice")
    registry(app)[job.name] = job


def run(app: Flask, name: str, now: datetime) -> None:
    """Run one job to its end. A failure is logged and left for the next time; it stops no other job."""
    with app.app_context():
        try:
            registry(app)[name].run(now)
        except Exception:
            db.session.rollback()
            logger.exception("job %s failed", name)
        finally:
            db.session.remove()


def beat(now: datetime) -> None:
    """Say that a worker is alive."""
    statement = insert(WorkerHeartbeat).values(id=1, at=now)
    db.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"at": now}))
    db.session.commit()


class Worker:
    """Schedules the jobs while it holds the leader's lock; waits for the lock otherwise."""

    def __init__(self, app: Flask, deserted: Callable[[], bool] = lambda: False) -> None:
        """`deserted` says, asked every second, that there is no reason to go on."""
        self.app = app
        self.deserted = deserted
        self.stopping = threading.Event()
        self.scheduler: BackgroundScheduler | None = None

    def run_forever(self) -> None:
        """Until SIGTERM or SIGINT. A lost database is waited for, not died of."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        logger.info("worker started, pid %d", os.getpid())
        while not self.stopping.is_set():
            try:
                with self.app.app_context(), db.engine.connect() as connection:
                    self._lead_while_possible(connection)
            except DBAPIError as error:
                logger.warning("worker lost the database: %s", type(error).__name__)
            finally:
                self._pause()
            self._rest(3)
        logger.info("worker stopped")

    def _lead_while_possible(self, connection: Connection) -> None:
        # The lock lives as long as this connection: a killed worker frees it at once.
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK}).scalar():
            return
        logger.info("this worker schedules the jobs")
        beat(clock.now())
        self._start()
        while not self.stopping.is_set():
            self._rest(HEARTBEAT_SECONDS)
            connection.execute(text("SELECT 1"))
            beat(clock.now())
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LEADER_LOCK})

    def _rest(self, seconds: int) -> None:
        for _ in range(seconds):
            if self.deserted():
                self.stopping.set()
            if self.stopping.wait(1):
                return

    def _start(self) -> None:
        from apscheduler.schedulers.background import BackgroundScheduler
        from apscheduler.triggers.cron import CronTrigger
        from apscheduler.triggers.interval import IntervalTrigger

        self.scheduler = BackgroundScheduler(
            timezone=clock.CITY_ZONE,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for job in registry(self.app).values():
            trigger = (
                IntervalTrigger(seconds=job.seconds)
                if job.seconds
                else CronTrigger(hour=job.hour, minute=job.minute, timezone=clock.CITY_ZONE)
            )
            self.scheduler.add_job(
                lambda name=job.name: run(self.app, name, clock.now()),
                trigger,
                id=job.name,
                next_run_time=clock.now(),
            )
        self.scheduler.start()

    def _pause(self) -> None:
        if self.scheduler is not None:
            self.scheduler.shutdown(wait=True)
            self.scheduler = None

    def _stop(self, _signum: int, _frame: FrameType | None) -> None:
        self.stopping.set()
