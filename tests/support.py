"""What fixtures are made of: databases, applications, and where things are."""

import dataclasses
import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
from flask import Flask, Response, g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from civic.app import create_app
from civic.config import Settings, load_settings
from civic.database import APP_ROLE, OWNER_ROLE
from civic.demo import loading
from civic.embedded import EmbeddedServer
from civic.extensions import db, limiter

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CIVIC_SHARED_DATA") or ROOT.parent / "shared" / "data")
#: A file system in memory, where there is one, and what has to be free in it: the files of a database are made in
#: a twentieth of the time.
MEMORY, MEMORY_BYTES = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - a folder of our own is made in it

#: Stands in the folder of a run; its lock is held as long as the run lasts.
OWNER = ".owner"


def fastest_folder() -> Path | None:
    """Where temporary databases are made fastest; None for the usual place."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES
    return MEMORY if roomy else None


@contextmanager
def run_folder(place: Path | None) -> Iterator[Path]:
    """A folder for a whole run, removed with it; what runs that were killed have left behind goes first."""
    place = place or Path(tempfile.gettempdir())
    sweep(place)
    with tempfile.TemporaryDirectory(prefix="civic-", dir=place) as folder, taken(Path(folder)):
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def taken(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: it ends with the process, however that ends. The folder is never seen with it free."""
    made = folder / ".owner.new"
    with made.open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        made.rename(folder / OWNER)
        yield


def sweep(place: Path) -> None:
    """Remove the folders of runs that were killed, and stop the databases these left running. Others are let be."""
    for lock in place.glob(f"civic-*/{OWNER}"):
        try:
            with lock.open() as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _stop_database(lock.parent / "pg")
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:  # somebody's who runs, another user's, or just swept by somebody else
            continue


def _stop_database(folder: Path) -> None:
    try:
        number = int((folder / "postmaster.pid").read_text().split("\n")[0])
        server = psutil.Process(number)
        if Path(server.cwd()) == folder.resolve():
            server.kill()
            server.wait(10)
    except (OSError, ValueError, psutil.Error):
        return


def clone_database(server: EmbeddedServer) -> str:
    """A new database like the template; its name."""
    name = f"civic_{uuid.uuid4().hex[:12]}"
    with server.admin() as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE civic_template OWNER {OWNER_ROLE}")  # type: ignore[call-overload]
    return name


def make_settings(server: EmbeddedServer, data_dir: Path, name: str, **changes: object) -> Settings:
    """Settings for a test application on a database of the test server."""
    settings = load_settings(
        {
            "CIVIC_ENV": "test",
            "CIVIC_DATA_DIR": str(data_dir / "data"),
            "BASE_URL": "http://localhost",
            "LOG_LEVEL": "WARNING",
        }
    )
    return dataclasses.replace(
        settings,
        database_url=server.url(APP_ROLE, name),
        database_owner_url=server.url(OWNER_ROLE, name),
        **changes,  # type: ignore[arg-type]
    )


def make_app(settings: Settings) -> Flask:
    """The application as tests use it: no rate limits, and no request may leave changes uncommitted."""
    app = create_app(settings)
    app.config["RATELIMIT_ENABLED"] = False
    limiter.enabled = False

    @app.after_request
    def committed(response: Response) -> Response:
        assert response.status_code >= 400 or not g.get("uncommitted"), "the request left changes uncommitted"
        return response

    return app


_compile_builder = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def _kept_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """What builds the addresses of a rule, compiled once a process: it was four fifths of making an application."""
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _kept_builder  # type: ignore[method-assign]


@event.listens_for(Session, "after_flush")
def _note_flush(session: Session, _context: object) -> None:
    if has_request_context() and (session.new or session.dirty or session.deleted):
        g.uncommitted = True


@event.listens_for(Session, "after_commit")
def _note_commit(_session: Session) -> None:
    if has_request_context():
        g.uncommitted = False


def close_connections(app: Flask) -> None:
    """Let go of every connection of an application."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@contextmanager
def own_database(server: EmbeddedServer, data_dir: Path, name: str) -> Iterator[Flask]:
    """An application on a database that ends with it."""
    app = make_app(make_settings(server, data_dir, name))
    yield app
    close_connections(app)
    with server.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


@contextmanager
def demo_city(server: EmbeddedServer, data_dir: Path, now: datetime, voters: int) -> Iterator[Flask]:
    """The application over the demo city, smaller but loaded by the same steps, in a database of its own."""
    with own_database(server, data_dir, clone_database(server)) as app:
        with app.app_context():
            world = loading.begin(now)
            assert world is not None
            world.voters = voters
            loading.load(world, now)
        yield app


def chromium_path() -> str | None:
    """Where a real Chromium is, if there is one."""
    candidates = [
        os.environ.get("CHROMIUM", ""),
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ]
    return next((path for path in candidates if path and Path(path).exists()), None)


def git_files(*patterns: str) -> list[Path]:
    """Files of the repository, tracked or about to be; falls back to a walk outside a checkout."""
    root = ROOT
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
            cwd=root, check=True, capture_output=True, text=True,
        ).stdout.splitlines()  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        skipped = {".venv", "node_modules", "dist", "var"}
        return [p for pattern in patterns for p in root.rglob(pattern) if not skipped & set(p.parts)]
    return [root / name for name in listed if (root / name).exists()]
