"""Starting as a stranger does: one readable sentence when it cannot work, and a clean stop when it can."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import psutil
import psycopg
import pytest

from civic.app import main
from civic.config import load_settings
from civic.database import OWNER_ROLE
from civic.embedded import EmbeddedServer
from civic.running import RESTARTS, RESTARTS_WITHIN_SECONDS, Everything
from tests.support import ROOT, clone_database

T = TypeVar("T")
#: The session that schedules the jobs.
LEADER = (
    "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE l.locktype = 'advisory' AND l.objid = 7301001 AND l.granted AND d.datname = current_database()"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def environment(server: EmbeddedServer, data_dir: Path) -> Iterator[dict[str, str]]:
    """An environment with a migrated database of its own and a free port."""
    name = clone_database(server)
    yield {
        **{key: value for key, value in os.environ.items() if not key.startswith("CIVIC_")},
        "DATABASE_URL": server.url("civic_app", name),
        "DATABASE_OWNER_URL": server.url(OWNER_ROLE, name),
        "CIVIC_DATA_DIR": str(data_dir / name),
        "PORT": str(free_port()),
        "WEB_WORKERS": "1",
    }
    with server.admin() as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def civic(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "civic", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


@dataclass
class Here:
    """The command in this process, which has imported the program long ago."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        with self.monkeypatch.context() as patch:
            for name in [name for name in os.environ if name not in environment]:
                patch.delenv(name)
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main(arguments)
        code = ended.value.code
        return subprocess.CompletedProcess(
            arguments, code if isinstance(code, int) else 0, *self.capsys.readouterr()
        )


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    return Here(monkeypatch, capsys)


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a failed start."""
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("civic: ")]
    assert len(lines) == 1, result.stderr
    return lines[0]


def until(question: Callable[[], T | None], what: str, seconds: float = 40) -> T:
    """The first answer, asked again and again; the test fails when there is none in time."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if (answer := question()) is not None:
            return answer
        time.sleep(0.05)
    raise AssertionError(what)


def test_a_busy_port_is_named(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port} is in use" in refusal(civic("run", **{**environment, "PORT": port}))


def test_an_unreachable_database_is_said_without_its_password(environment: dict[str, str]) -> None:
    url = f"postgresql://civic_app:hunter2@127.0.0.1:{free_port()}/civic"
    result = civic("run", **{**environment, "DATABASE_URL": url, "DATABASE_OWNER_URL": url})
    assert "does not answer" in refusal(result)
    assert "hunter2" not in result.stderr + result.stdout


@pytest.mark.parametrize(
    "command",
    [("worker",), ("db", "upgrade"), ("demo", "load"), ("user", "roles"), ("export-election", "2026")],
)
def test_every_command_says_that_the_database_is_away(
    environment: dict[str, str], here: Here, command: tuple[str, ...]
) -> None:
    url = f"postgresql://civic_app:hunter2@127.0.0.1:{free_port()}/civic"
    result = here(*command, **{**environment, "DATABASE_URL": url, "DATABASE_OWNER_URL": url})
    assert "does not answer" in refusal(result)
    assert "hunter2" not in result.stderr + result.stdout


@pytest.mark.parametrize("command", [("user", "roles"), ("worker",)])
def test_an_empty_database_is_told_what_it_lacks(
    environment: dict[str, str], server: EmbeddedServer, here: Here, command: tuple[str, ...]
) -> None:
    with server.admin() as connection:
        connection.execute("CREATE DATABASE civic_bare OWNER civic_owner")
    try:
        changed = {
            "DATABASE_URL": server.url("civic_app", "civic_bare"),
            "DATABASE_OWNER_URL": server.url(OWNER_ROLE, "civic_bare"),
        }
        assert "civic db upgrade" in refusal(here(*command, **{**environment, **changed}))
    finally:
        with server.admin() as connection:
            connection.execute("DROP DATABASE civic_bare WITH (FORCE)")


def test_a_newer_schema_is_refused(environment: dict[str, str], here: Here) -> None:
    url = environment["DATABASE_OWNER_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this program" in refusal(civic("run", **environment))
    assert "newer than this program" in refusal(here("serve", **environment))
    assert "newer than this program" in refusal(here("worker", **environment))


def test_a_data_directory_that_cannot_be_written_is_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = civic("run", **{**environment, "CIVIC_DATA_DIR": str(tmp_path / "file" / "var")})
    assert str(tmp_path / "file") in refusal(result)


def test_wrong_settings_are_one_sentence(environment: dict[str, str]) -> None:
    assert "PORT must be" in refusal(civic("run", **{**environment, "PORT": "many"}))


def test_the_doctor_finds_nothing_wrong_and_then_something(environment: dict[str, str], here: Here) -> None:
    result = here("doctor", **environment)
    assert "FIX" not in result.stdout.replace("FIX  assets", "")
    result = here("doctor", **{**environment, "SMTP_URL": f"smtp://127.0.0.1:{free_port()}"})
    assert result.returncode == 1
    assert "FIX  mail" in result.stdout
    result = here("doctor", **{**environment, "REDIS_URL": f"redis://:hunter2@127.0.0.1:{free_port()}"})
    assert result.returncode == 1
    assert "FIX  redis: the server of REDIS_URL does not answer" in result.stdout
    assert "hunter2" not in result.stdout + result.stderr


def test_two_workers_one_schedules_and_the_other_takes_over(environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    command = [sys.executable, "-m", "civic", "worker"]
    workers = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(2)
    ]
    try:
        with psycopg.connect(url, autocommit=True) as connection:

            def leader() -> int | None:
                row = connection.execute(LEADER).fetchone()
                return row[0] if row else None

            def alive() -> bool | None:
                beats = connection.execute("SELECT count(*) FROM worker_heartbeat").fetchone()
                return True if beats == (1,) else None

            until(leader, "no worker leads")
            until(alive, "the leading worker shows no sign of life")
            # Whichever process leads: killing one of the two leaves, or makes, a leader.
            workers[0].kill()
            workers[0].wait()
            until(leader, "no worker takes over")
            workers[1].send_signal(signal.SIGTERM)
            assert workers[1].wait(timeout=20) == 0
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


@contextmanager
def everything(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`civic run` without the demo city, ready; what it started is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "civic", "run"], env={**environment, "CIVIC_DEMO": "none"}, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "is ready" in line), "")
        assert f"http://localhost:{environment['PORT']}/" in line
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answer(environment: dict[str, str], path: str = "/readyz") -> int | None:
    """The status the product answers with; None when nobody listens."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}{path}", timeout=5) as found:
            return int(found.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def test_everything_starts_replaces_what_dies_and_stops_on_ctrl_c(environment: dict[str, str]) -> None:
    url = environment["DATABASE_URL"].replace("postgresql+psycopg", "postgresql")
    with everything(environment) as process, psycopg.connect(url, autocommit=True) as connection:
        assert answer(environment) == 200
        assert "is in use" in refusal(civic("run", **environment))

        def leader() -> int | None:
            row = connection.execute(LEADER).fetchone()
            return row[0] if row else None

        supervisor = psutil.Process(process.pid)
        web, worker = supervisor.children()
        first = until(leader, "no worker leads")
        web.kill()
        worker.kill()

        def replaced() -> bool | None:
            now = supervisor.children()
            return True if len(now) == 2 and not {web.pid, worker.pid} & {one.pid for one in now} else None

        until(replaced, "what died was not started again")
        until(lambda: 1 if answer(environment) == 200 else None, "nobody serves again")
        until(lambda: 1 if leader() not in (None, first) else None, "nobody leads again")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=40) == 0
        assert answer(environment, "/healthz") is None


def test_a_killed_supervisor_leaves_nothing_behind(environment: dict[str, str], data_dir: Path) -> None:
    """With the embedded database of an empty folder, which is filled and then stops with its last user."""
    own = {key: value for key, value in environment.items() if not key.startswith("DATABASE_")}
    with everything(own) as process:
        folder = Path(own["CIVIC_DATA_DIR"]) / "postgresql"
        postgres = int((folder / "postmaster.pid").read_text().splitlines()[0])
        ours = psutil.Process(process.pid).children(recursive=True)
        assert len(ours) == 3
        process.kill()
        process.wait()
        _, left = psutil.wait_procs([*ours, psutil.Process(postgres)], timeout=40)
        assert not left
        assert answer(own, "/healthz") is None
        # Their list is empty: the next one to come is the last one to go.
        assert (folder / ".handle_pids.json").read_text() == "[]"


def test_a_child_that_dies_again_and_again_is_given_up(environment: dict[str, str]) -> None:
    supervisor = Everything(load_settings(environment), None)
    assert all(supervisor.may_restart(float(second)) for second in range(RESTARTS))
    assert not supervisor.may_restart(RESTARTS)
    assert supervisor.may_restart(RESTARTS + RESTARTS_WITHIN_SECONDS)
