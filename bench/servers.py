"""The servers a run measures: PostgreSQL, the product and the bare application, each in processes of its own."""

import contextlib
import dataclasses
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

import psutil
from sqlalchemy import create_engine

from civic import database
from civic.config import Settings, load_settings
from civic.database import APP_ROLE, OWNER_ROLE
from civic.embedded import EmbeddedServer

ROOT = Path(__file__).resolve().parents[1]
#: Threads of a web process. Both sides have as many processes: the ratio is of code, not of cores.
THREADS = 4
#: A machine that does other work beside takes long.
START_WITHIN_SECONDS = 180


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bench_settings(folder: Path) -> tuple[EmbeddedServer, Settings]:
    """A PostgreSQL of its own with the schema, and the settings for it."""
    server = EmbeddedServer(folder / "pg")
    server.ensure_database()
    settings = load_settings(
        {"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(folder / "data"), "LOG_LEVEL": "WARNING"}
    )
    settings = dataclasses.replace(
        settings, database_url=server.url(APP_ROLE), database_owner_url=server.url(OWNER_ROLE), web_workers=1
    )
    engine = create_engine(settings.database_owner_url)
    database.upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE bare_insert (nym bytea PRIMARY KEY, leaf bytea, sealed bytea)"
        )
        connection.exec_driver_sql(f"GRANT SELECT, INSERT ON bare_insert TO {APP_ROLE}")
    engine.dispose()
    return server, settings


class WebServer:
    """A gunicorn running one application until the end of the block."""

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        port: int,
        ready: str,
        log: Path | None = None,
    ) -> None:
        self.port = port
        self.ready = ready
        self._command, self._environment, self._log = command, environment, log

    @classmethod
    def product(
        cls,
        settings: Settings,
        workers: int = 1,
        log: Path | None = None,
        level: str = "WARNING",
        proxies: int = 0,
    ) -> "WebServer":
        """The product as `civic serve` runs it behind so many proxies; what it says goes to `log` if there is one."""
        port = free_port()
        environment = {
            "CIVIC_ENV": "development",
            "CIVIC_DATA_DIR": str(settings.data_dir),
            "DATABASE_URL": settings.database_url,
            "DATABASE_OWNER_URL": settings.database_owner_url,
            "PORT": str(port),
            "WEB_WORKERS": str(workers),
            "LOG_LEVEL": level,
            "TRUSTED_PROXIES": str(proxies),
        }
        return cls([sys.executable, "-m", "civic", "serve"], environment, port, "/healthz", log)

    @classmethod
    def bare(cls, settings: Settings, workers: int = 1) -> "WebServer":
        """The bare application under the same server."""
        port = free_port()
        url = settings.database_url.replace("postgresql+psycopg", "postgresql")
        command = [
            sys.executable, "-m", "gunicorn", "bench.bare:create_app()", "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
            "--worker-class", "gthread", "--threads", str(THREADS), "--keep-alive", "15", "--log-level", "warning",
        ]  # fmt: skip
        return cls(command, {"BENCH_DATABASE_URL": url}, port, "/page?bytes=100")

    def __enter__(self) -> "WebServer":
        said = self._log.open("ab") if self._log else None
        self.process = subprocess.Popen(
            self._command, env={**os.environ, **self._environment}, cwd=ROOT, stdout=said, stderr=said
        )
        if said is not None:
            said.close()
        give_up = time.monotonic() + START_WITHIN_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{self.ready}", timeout=5).close()
                return self
            except (urllib.error.URLError, OSError) as error:
                code = self.process.poll()
                if time.monotonic() > give_up or code is not None:
                    self._end()
                    last = self._log.read_text(errors="replace")[-2000:] if self._log else ""
                    raise RuntimeError(f"the web server is not ready (exit code {code}): {last}") from error
                time.sleep(0.1)
            except BaseException:
                self._end()
                raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self._end()

    def _end(self) -> None:
        """At once, with the web processes."""
        for process in [*self.workers(), self.process]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(30)

    def workers(self) -> list[psutil.Process]:
        """The web processes that run now."""
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def worker_megabytes(self) -> float:
        """Resident memory of the largest web process, in MB."""
        return max(worker.memory_info().rss for worker in self.workers()) / 1e6
