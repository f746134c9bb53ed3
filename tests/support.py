"""What fixtures are made of: databases, applications, and where things are."""

import copy
import dataclasses
import fcntl
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from flask import Flask, Response, g, has_request_context
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from civic.app import create_app
from civic.config import Settings, load_settings
from civic.database import APP_ROLE, OWNER_ROLE
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


def clone_database(server: EmbeddedServer, name: str = "", template: str = "civic_template") -> str:
    """A new database like the template; its name. Its files are copied, which is cheaper here than logging them."""
    name = name or f"civic_{uuid.uuid4().hex[:12]}"
    made = f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER_ROLE} STRATEGY FILE_COPY"
    with server.admin() as connection:
        connection.execute(made)  # type: ignore[call-overload]
    return name


def drop_database(server: EmbeddedServer, name: str) -> None:
    """Remove a database, whoever is still connected to it."""
    with server.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


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


class _Compiled(BytecodeCache):
    """Templates compiled once a process, whichever application shows them."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


class Reader(FlaskClient):
    """Reads every answer to its end, as a browser does: one half read holds its request open, and fails later."""

    def open(self, *args: Any, buffered: bool = True, **asked: Any) -> TestResponse:
        """Ask for a path."""
        return super().open(*args, buffered=buffered, **asked)


def make_app(settings: Settings) -> Flask:
    """The application as tests use it: no rate limits, and no request may leave changes uncommitted."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _compiled
    app.test_client_class = Reader
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
    drop_database(server, name)


@contextmanager
def rolled_back(app: Flask) -> Iterator[None]:
    """A context in which the application speaks inside one transaction, undone at the end: commits are savepoints."""
    with app.app_context():
        engine = db.engine
        connection = engine.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[index]
        options = db.session.session_factory.kw
        options["join_transaction_mode"] = "create_savepoint"
        try:
            yield
        finally:
            db.session.remove()
            options.pop("join_transaction_mode", None)
            transaction.rollback()
            connection.close()
            db.engines[None] = engine  # type: ignore[index]
            g.pop("_login_user", None)


class KeptApp:
    """An application made once, for tests that each get a database of their own: it has the same name each time.

    Making the application, compiling its templates and its SQL cost more than most tests. What a test changes in it
    is set back: its settings, what its rooms keep, and who listens to its engine.
    """

    def __init__(self, server: EmbeddedServer, data_dir: Path) -> None:
        self._server = server
        self._name = f"civic_{uuid.uuid4().hex[:12]}"
        self.app = make_app(make_settings(server, data_dir, self._name))
        with self.app.app_context():
            self._engine = db.engine
        self._config, self._extensions = _apart(self.app.config), _apart(self.app.extensions)
        rooms = [one for name, one in self.app.extensions.items() if name.startswith("civic_")]
        self._rooms = [(room, _apart(vars(room))) for room in rooms if hasattr(room, "__dict__")]

    @contextmanager
    def with_new_database(self) -> Iterator[Flask]:
        """The application on a database that ends with the block."""
        clone_database(self._server, self._name)
        with self.app.app_context():
            # It shares the pool and the compiled statements, and has listeners of its own.
            db.engines[None] = self._engine.execution_options()
        try:
            yield self.app
        finally:
            close_connections(self.app)
            drop_database(self._server, self._name)
            self._set_back()

    def _set_back(self) -> None:
        for table, before in ((self.app.config, self._config), (self.app.extensions, self._extensions)):
            table.clear()
            table.update(_apart(before))
        for room, before in self._rooms:
            vars(room).update(_apart(before))


def _apart(values: dict[str, Any]) -> dict[str, Any]:
    """The values, held apart from what is put into them and taken out later."""
    return {
        name: copy.copy(one) if isinstance(one, dict | list | set) else one for name, one in values.items()
    }


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


def for_each(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Make one test of a check of many files, which names each that fails: a test a file cost more than its checks."""

    def of_all(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            wrong = []
            for path in paths:
                try:
                    check(path)
                except AssertionError as error:
                    wrong.append(f"{path.relative_to(ROOT)}: {error}")
            assert not wrong, "\n".join(wrong)

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        return test

    return of_all
