"""The demo city for tests: loaded once a run, by whichever process needs it first, and copied by the others."""

import fcntl
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from civic.demo import loading
from civic.embedded import EmbeddedServer
from civic.extensions import db
from tests.support import clone_database, close_connections, make_app, make_settings, own_database

#: How many people of the demo city have voted in tests.
DEMO_VOTERS = 240

#: What the loaded city is left as.
DUMP = "city.dump"


def same_for_all(shared: Path, now: datetime) -> datetime:
    """The moment at which the city is loaded: what the first process of the run says."""
    with _alone(shared):
        kept = shared / "loaded-at"
        if not kept.exists():
            kept.write_text(now.isoformat())
        return datetime.fromisoformat(kept.read_text())


@contextmanager
def demo_city(server: EmbeddedServer, data_dir: Path, now: datetime, shared: Path) -> Iterator[Flask]:
    """The application over the demo city, smaller but loaded by the same steps, in a database of its own.

    What the first process of a run loads is left in ``shared`` for the others.
    """
    with _alone(shared):
        kept = (shared / DUMP).exists()
        name = clone_database(server, template="template0" if kept else "civic_template")
        if kept:
            shutil.copytree(shared / "files", data_dir / "data")
            _tool(server, "pg_restore", name, str(shared / DUMP))
        else:
            _leave(server, data_dir, name, now, shared)
    with own_database(server, data_dir, name) as app:
        yield app


def _leave(server: EmbeddedServer, data_dir: Path, name: str, now: datetime, shared: Path) -> None:
    """Load the city and leave it for the others: its database as a dump, and its files."""
    app = make_app(make_settings(server, data_dir, name))
    with app.app_context():
        world = loading.begin(now)
        assert world is not None
        world.voters = DEMO_VOTERS
        loading.load(world, now)
    close_connections(app)
    shutil.copytree(data_dir / "data", shared / "files")
    _tool(server, "pg_dump", name, "--format=custom", "--compress=0", f"--file={shared / DUMP}.new")
    (shared / f"{DUMP}.new").rename(shared / DUMP)


def _tool(server: EmbeddedServer, name: str, database: str, *arguments: str) -> None:
    """Run a tool of PostgreSQL on one of the server's databases."""
    with server.admin(database) as connection:
        place = [f"--host={connection.info.host}", "--username=postgres", f"--dbname={database}"]
    program = server._server.bin_path / name
    subprocess.run([program, *place, *arguments], check=True, capture_output=True, text=True)


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    """Only one process of a run at a time."""
    with (shared / "city.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def demo_copy(server: EmbeddedServer, city: Flask, folder: Path) -> Iterator[Flask]:
    """The application over a copy of the loaded city that may be changed, its files in a folder that may be theirs."""
    with city.app_context():
        source = str(db.engine.url.database)
    close_connections(city)
    files: Path = city.config["SETTINGS"].data_dir
    if not files.is_relative_to(folder):
        shutil.copytree(files, folder / files.name)
    name = clone_database(server, f"civic_{uuid.uuid4().hex[:12]}", source)
    with own_database(server, folder, name) as app:
        yield app
