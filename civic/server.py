"""The web server, and what has to be in order before anything is served."""

import dataclasses
import errno
import shutil
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.errors import HaltServer
from gunicorn.http import wsgi
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import configure_mappers

from civic import database
from civic.config import ConfigError, Settings
from civic.database import APP_ROLE, OWNER_ROLE
from civic.memory import kept

if TYPE_CHECKING:
    from civic.embedded import EmbeddedServer

LEAST_FREE_BYTES = 300_000_000


def with_database(settings: Settings) -> Settings:
    """The settings with a database: the one given, else the embedded server, started or joined."""
    return open_database(settings)[0]


def open_database(settings: Settings) -> tuple[Settings, "EmbeddedServer | None"]:
    """The settings with a database, and the embedded server when it is there."""
    if settings.database_url:
        return settings, None
    from civic.embedded import EmbeddedServer

    check_disk(settings)
    server = EmbeddedServer(settings.data_dir / "postgresql")
    server.ensure_database()
    found = dataclasses.replace(
        settings, database_url=server.url(APP_ROLE), database_owner_url=server.url(OWNER_ROLE)
    )
    return found, server


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


class _Arbiter(Arbiter):
    """Keeps the web processes; ends when it serves nobody any more."""

    def manage_workers(self) -> None:
        """About once a second."""
        if self.app.deserted():
            raise HaltServer("what started it is gone", 0)
        super().manage_workers()


class _Gunicorn(BaseApplication):
    """Gunicorn with our settings instead of a configuration file.

    The application is made once, before the workers fork from it: they share its memory, and start at once. It
    connects to nothing until its first request, so that no connection crosses a fork.
    """

    def __init__(
        self, settings: Settings, make_app: Callable[[], Flask], deserted: Callable[[], bool]
    ) -> None:
        self._settings = settings
        self._make_app = make_app
        self.deserted = deserted
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
        """The application, with what its first request would have to make in every process."""
        wsgi.Response.default_headers = nameless_headers
        app = self._make_app()
        with kept():
            configure_mappers()
        return app

    def run(self) -> None:
        """Until a signal, or until it is deserted."""
        _Arbiter(self).run()


def serve(settings: Settings, make_app: Callable[[], Flask], deserted: Callable[[], bool]) -> None:
    """Serve until SIGTERM, or until `deserted` says that there is no reason to go on."""
    _Gunicorn(settings, make_app, deserted).run()


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
