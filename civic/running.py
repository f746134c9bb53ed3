"""Everything at once for a first look, `make run`: database, demo city, web server and worker.

One process imports the program and makes the application; the web server and the worker are forked from it, so that
it is done once and its memory is shared. Nothing may be open before a fork that two processes cannot share: no
connection to the database, no thread.
"""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from civic import database
from civic.config import ConfigError, Settings
from civic.demo.marks import is_loaded
from civic.jobs import Worker
from civic.memory import kept
from civic.server import check_port, open_database, serve, unreachable

if TYPE_CHECKING:
    from civic.embedded import EmbeddedServer

READY_WITHIN_SECONDS = 60
#: So many times within so many seconds children are started again; then they would only end again.
RESTARTS, RESTARTS_WITHIN_SECONDS = 5, 60
#: For a child to end by itself before it is killed.
STOP_WITHIN_SECONDS = 25
STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass
class Child:
    """A process of ours, and what it does."""

    name: str
    work: Callable[[], object]
    pid: int = 0
    code: int | None = None

    def ended(self) -> int | None:
        """The exit code; None while it runs."""
        if self.code is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code


class InChild(BaseException):
    """Takes a forked process out of the supervisor's loops. Caught in one place."""

    def __init__(self, child: Child) -> None:
        self.child = child


class Everything:
    """The supervisor: migrates, loads the demo, starts web and worker, starts again what dies, stops all."""

    def __init__(self, settings: Settings, server: "EmbeddedServer | None") -> None:
        self.settings = settings
        self.server = server
        self.pid = os.getpid()
        self.children: list[Child] = []
        self.restarts: list[float] = []
        self.stopping = False

    def deserted(self) -> bool:
        """Asked in a child: whether the supervisor was killed, so that nobody would ever stop it."""
        return os.getppid() != self.pid

    def prepare(self) -> bool:
        """Migrations; returns whether the demo city has still to be loaded. Raises ConfigError."""
        engine = database.owner_engine(self.settings)
        try:
            database.upgrade(engine)
            with engine.connect() as connection:
                return self.settings.demo and not is_loaded(connection)
        except DBAPIError as error:
            raise unreachable(error) from error
        finally:
            engine.dispose()

    def load_demo(self, app: Flask) -> None:
        """In a process of its own: loading leaves connections and much memory behind. Raises ConfigError."""
        # The demo city's modules are for those who load it.
        from civic.demo.cli import load

        child = self.fork(Child("demo", partial(load, app, if_empty=True)))
        while child.ended() is None and not self.stopping:
            time.sleep(0.1)
        if child.ended() and not self.stopping:
            raise ConfigError("The demo city could not be loaded; the messages above say why.")

    def start(self, app: Flask) -> None:
        """Start the web server and the worker."""
        if not self.stopping:
            self.fork(Child("web server", partial(serve, self.settings, lambda: app, self.deserted)))
            self.fork(Child("worker", lambda: Worker(app, self.deserted).run_forever()))

    def fork(self, child: Child) -> Child:
        """A process for the child. Signals wait until it is clear whose they are."""
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            child.pid = os.fork()
            if not child.pid:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                raise InChild(child)
            self.children.append(child)
            return child
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)

    def wait_ready(self) -> None:
        """Until /readyz says so. Raises ConfigError when a child dies or time runs out."""
        url = f"http://127.0.0.1:{self.settings.port}/readyz"
        give_up = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < give_up and not self.stopping:
            if any(child.ended() is not None for child in self.running()):
                raise ConfigError("The server stopped while starting; the messages above say why.")
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        if not self.stopping:
            raise ConfigError(f"The server was not ready within {READY_WITHIN_SECONDS} seconds.")

    def running(self) -> list[Child]:
        """The children that stay."""
        return [child for child in self.children if child.name != "demo"]

    def watch(self) -> int:
        """Until somebody stops it. A child that dies is started again; if that does not help, the rest is stopped."""
        while not self.stopping:
            for child in self.running():
                if child.ended() is None:
                    continue
                if not self.may_restart(time.monotonic()):
                    click.echo(
                        f"civic: the {child.name} ends again and again; stopping the others.", err=True
                    )
                    return 1
                click.echo(f"civic: the {child.name} ended unexpectedly; it is started again.", err=True)
                self.children.remove(child)
                self.fork(Child(child.name, child.work))
            time.sleep(0.3)
        return 0

    def may_restart(self, moment: float) -> bool:
        """Whether there were few restarts lately; this one is counted."""
        self.restarts = [one for one in self.restarts if moment - one < RESTARTS_WITHIN_SECONDS]
        self.restarts.append(moment)
        return len(self.restarts) <= RESTARTS

    def stop(self) -> None:
        """End the children, politely first."""
        for child in self.children:
            if child.ended() is None:
                os.kill(child.pid, signal.SIGTERM)
        give_up = time.monotonic() + STOP_WITHIN_SECONDS
        while any(child.ended() is None for child in self.children) and time.monotonic() < give_up:
            time.sleep(0.05)
        for child in self.children:
            if child.ended() is None:
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)

    def on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        """Ctrl-C, or the machine going down."""
        self.stopping = True


def run_everything(settings: Settings, make_app: Callable[[Settings], Flask]) -> int:
    """`make run`: returns the exit code. Raises ConfigError with one sentence when it cannot start."""
    check_port(settings.port)
    settings, server = open_database(settings)
    everything = Everything(settings, server)
    for one in STOPS:
        signal.signal(one, everything.on_signal)
    try:
        return _supervise(everything, make_app)
    except InChild as here:
        child = here.child
    # Only a child comes here, outside of what its supervisor does when it ends.
    return _be(child, server)


def _supervise(everything: Everything, make_app: Callable[[Settings], Flask]) -> int:
    try:
        empty = everything.prepare()
        app = make_app(everything.settings)
        with kept():
            configure_mappers()
        if empty:
            everything.load_demo(app)
        everything.start(app)
        everything.wait_ready()
        if not everything.stopping:
            click.echo(
                f"Civic is ready: open http://localhost:{everything.settings.port}/ "
                "(demo accounts: README.md, Demo accounts). Ctrl-C stops it."
            )
        return everything.watch()
    finally:
        if os.getpid() == everything.pid:
            everything.stop()
            if everything.server:
                everything.server.stop()


def _be(child: Child, server: "EmbeddedServer | None") -> int:
    """What a child does, from its beginning to its end. The embedded server outlives its last user's work."""
    if server:
        server.hold()
    me = os.getpid()
    try:
        child.work()
    finally:
        if server and os.getpid() == me:  # the web server's processes leave through here as well
            server.stop()
    return 0
