"""Starting and stopping: the web server, and everything at once for a first look."""

import dataclasses
import errno
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from types import FrameType
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.http import wsgi
from sqlalchemy.exc import DBAPIError

from civic import database
from civic.config import ConfigError, Settings
from civic.database import APP_ROLE, OWNER_ROLE
from civic.demo.marks import is_loaded

READY_WITHIN_SECONDS = 60
LEAST_FREE_BYTES = 300_000_000
#: New objects after which a worker looks for unreachable cycles.
COLLECT_AFTER = 10_000


def with_database(settings: Settings) -> Settings:
    """The settings with a database: the one given, else the embedded server, started or joined."""
    if settings.database_url:
        return settings
    from civic.embedded import EmbeddedServer

    check_disk(settings)
    server = EmbeddedServer(settings.data_dir / "postgresql")
    server.ensure_database()
    return dataclasses.replace(
        settings, database_url=server.url(APP_ROLE), database_owner_url=server.url(OWNER_ROLE)
    )


def check_disk(settings: Settings) -> None:
    """Raise ConfigError when the data directory cannot be written or is nearly full."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".probe"
        probe.write_bytes(b"x")
        probe.unlink()
        free = shutil.disk_usage(settings.data_dir).free
    except OSError as error:
        raise ConfigError(
            f"The data directory {settings.data_dir} cannot be written: {error.strerror}."
        ) from error
    if free < LEAST_FREE_BYTES:
        raise ConfigError(
            f"The disk of {settings.data_dir} is nearly full ({free // 1_000_000} MB free): free at least "
            f"{LEAST_FREE_BYTES // 1_000_000} MB or set CIVIC_DATA_DIR to another disk."
        )


def check_port(port: int) -> None:
    """Raise ConfigError when something else listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - the same address the server will bind
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ConfigError(
                    f"Port {port} is in use: stop what uses it or choose another with PORT=…"
                ) from error
            raise ConfigError(f"Port {port} cannot be opened: {error.strerror}.") from error


_standing_headers = wsgi.Response.default_headers


def nameless_headers(response: wsgi.Response) -> list[str]:
    """The server's own headers without the one that tells a stranger what it is."""
    return [line for line in _standing_headers(response) if not line.startswith("Server:")]


class _Gunicorn(BaseApplication):
    """Gunicorn with our settings instead of a configuration file.

    The application is made once, before the workers fork from it: they share its memory, and start at once. It
    connects to nothing until its first request, so that no connection crosses a fork.
    """

    def __init__(self, settings: Settings, create_app: Callable[[Settings], Flask]) -> None:
        self._settings = settings
        self._create_app = create_app
        super().__init__()

    def load_config(self) -> None:
        """Threads share a worker's memory, and workers what was there before they forked."""
        options: dict[str, Any] = {
            "bind": f"0.0.0.0:{self._settings.port}",
            "workers": self._settings.web_workers,
            "worker_class": "gthread",
            "preload_app": True,
            "threads": 4,
            "timeout": 60,
            "graceful_timeout": 20,
            "keepalive": 15,
            "max_requests": 20_000,
            "max_requests_jitter": 2_000,
            "loglevel": "warning",
            "proc_name": "civic-web",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application. What it is made of lives as long as the workers: the collector does not look through it
        again and again while requests are answered, which would also copy what they share.
        """
        wsgi.Response.default_headers = nameless_headers
        app = self._create_app(self._settings)
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, 20, 20)
        return app


def serve(settings: Settings, create_app: Callable[[Settings], Flask]) -> None:
    """Serve until SIGTERM. Refuses a schema that is not this program's."""
    check_port(settings.port)
    check_schema(settings)
    _Gunicorn(settings, create_app).run()


def check_schema(settings: Settings) -> None:
    """Raise ConfigError when the database is unreachable, newer, or not yet migrated."""
    engine = database.owner_engine(settings)
    try:
        with engine.connect() as connection:
            if database.current_revision(connection) != database.script_head():
                database.check_not_newer(connection)
                raise ConfigError("The database is not migrated to this version: run `civic db upgrade`.")
    except DBAPIError as error:
        raise unreachable(error) from error
    finally:
        engine.dispose()


def unreachable(error: DBAPIError) -> ConfigError:
    """One sentence for a database that does not answer, without its address or password."""
    first_line = str(error.orig).strip().splitlines()[0] if error.orig else type(error).__name__
    reason = first_line.split("failed: ")[-1]
    return ConfigError(f"The database of DATABASE_URL does not answer: {reason}.")


class Everything:
    """The supervisor behind `make run`: migrates, loads the demo, starts web and worker, stops all."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.children: list[subprocess.Popen[bytes]] = []
        self.stopping = False

    def environment(self) -> dict[str, str]:
        """What the children inherit: this database, these secrets' folder, this port."""
        return {
            **os.environ,
            "DATABASE_URL": self.settings.database_url,
            "DATABASE_OWNER_URL": self.settings.database_owner_url,
            "CIVIC_DATA_DIR": str(self.settings.data_dir),
        }

    def civic(self, *arguments: str) -> list[str]:
        """The command line of a `civic` command under this interpreter."""
        return [sys.executable, "-m", "civic", *arguments]

    def prepare(self) -> None:
        """Migrations, and the demo city when the database is empty. Raises ConfigError."""
        engine = database.owner_engine(self.settings)
        try:
            database.upgrade(engine)
            with engine.connect() as connection:
                loaded = is_loaded(connection)
        except DBAPIError as error:
            raise unreachable(error) from error
        finally:
            engine.dispose()
        if self.settings.demo and not loaded:
            loading = subprocess.run(  # noqa: S603 - our own command
                self.civic("demo", "load", "--if-empty"), env=self.environment(), check=False
            )
            if loading.returncode:
                raise ConfigError("The demo city could not be loaded; the messages above say why.")

    def start(self) -> None:
        """Start the worker and the web server."""
        for name in ("worker", "serve"):
            self.children.append(subprocess.Popen(self.civic(name), env=self.environment()))  # noqa: S603

    def wait_ready(self) -> None:
        """Until /readyz says so. Raises ConfigError when a child dies or time runs out."""
        url = f"http://127.0.0.1:{self.settings.port}/readyz"
        give_up = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < give_up and not self.stopping:
            if any(child.poll() is not None for child in self.children):
                raise ConfigError("The server stopped while starting; the messages above say why.")
            try:
                with urllib.request.urlopen(url, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        if not self.stopping:
            raise ConfigError(f"The server was not ready within {READY_WITHIN_SECONDS} seconds.")

    def watch(self) -> int:
        """Until somebody stops it, or a child dies: then the rest is stopped too."""
        while not self.stopping:
            for child in self.children:
                if (code := child.poll()) is not None:
                    click.echo("civic: a process ended unexpectedly; stopping the others.", err=True)
                    return code or 1
            time.sleep(0.3)
        return 0

    def stop(self) -> None:
        """End the children, politely first."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        for child in self.children:
            try:
                child.wait(timeout=25)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def on_signal(self, _signum: int, _frame: FrameType | None) -> None:
        """Ctrl-C, or the machine going down."""
        self.stopping = True


def run_everything(settings: Settings) -> int:
    """`make run`: returns the exit code. Raises ConfigError with one sentence when it cannot start."""
    check_port(settings.port)
    settings = with_database(settings)
    everything = Everything(settings)
    signal.signal(signal.SIGINT, everything.on_signal)
    signal.signal(signal.SIGTERM, everything.on_signal)
    try:
        everything.prepare()
        everything.start()
        everything.wait_ready()
        if not everything.stopping:
            click.echo(
                f"Civic is ready: open http://localhost:{settings.port}/ (demo accounts: README.md, Demo accounts). "
                "Ctrl-C stops it."
            )
        return everything.watch()
    finally:
        everything.stop()
