"""Starting as a stranger does: one readable sentence when it cannot work, and a clean stop when it can."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from civic.database import OWNER_ROLE
from civic.embedded import EmbeddedServer
from tests.support import ROOT, clone_database


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


def refusal(result: subprocess.CompletedProcess[str]) -> str:
    """The one sentence of a failed start."""
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    lines = [line for line in result.stderr.splitlines() if line.startswith("civic: ")]
    assert len(lines) == 1, result.stderr
    return lines[0]


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
    environment: dict[str, str], command: tuple[str, ...]
) -> None:
    url = f"postgresql://civic_app:hunter2@127.0.0.1:{free_port()}/civic"
    result = civic(*command, **{**environment, "DATABASE_URL": url, "DATABASE_OWNER_URL": url})
    assert "does not answer" in refusal(result)
    assert "hunter2" not in result.stderr + result.stdout


@pytest.mark.parametrize("command", [("user", "roles"), ("worker",)])
def test_an_empty_database_is_told_what_it_lacks(
    environment: dict[str, str], server: EmbeddedServer, command: tuple[str, ...]
) -> None:
    with server.admin() as connection:
        connection.execute("CREATE DATABASE civic_bare OWNER civic_owner")
    try:
        changed = {
            "DATABASE_URL": server.url("civic_app", "civic_bare"),
            "DATABASE_OWNER_URL": server.url(OWNER_ROLE, "civic_bare"),
        }
        assert "civic db upgrade" in refusal(civic(*command, **{**environment, **changed}))
    finally:
        with server.admin() as connection:
            connection.execute("DROP DATABASE civic_bare WITH (FORCE)")


def test_a_newer_schema_is_refused(environment: dict[str, str]) -> None:
    url = environment["DATABASE_OWNER_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer than this program" in refusal(civic("run", **environment))
    assert "newer than this program" in refusal(civic("serve", **environment))
    assert "newer than this program" in refusal(civic("worker", **environment))


def test_a_data_directory_that_cannot_be_written_is_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    result = civic("run", **{**environment, "CIVIC_DATA_DIR": str(tmp_path / "file" / "var")})
    assert str(tmp_path / "file") in refusal(result)


def test_wrong_settings_are_one_sentence(environment: dict[str, str]) -> None:
    assert "PORT must be" in refusal(civic("run", **{**environment, "PORT": "many"}))


def test_the_doctor_finds_nothing_wrong_and_then_something(environment: dict[str, str]) -> None:
    result = civic("doctor", **environment)
    assert "FIX" not in result.stdout.replace("FIX  assets", "")
    result = civic("doctor", **{**environment, "SMTP_URL": f"smtp://127.0.0.1:{free_port()}"})
    assert result.returncode == 1
    assert "FIX  mail" in result.stdout
    result = civic("doctor", **{**environment, "REDIS_URL": f"redis://:hunter2@127.0.0.1:{free_port()}"})
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
                row = connection.execute(
                    "SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                    "WHERE l.locktype = 'advisory' AND l.objid = 7301001 AND l.granted AND d.datname = current_database()"
                ).fetchone()
                return row[0] if row else None

            def wait_for_leader(unlike: int | None = None) -> int:
                for _ in range(200):
                    found = leader()
                    if found is not None and found != unlike:
                        return found
                    time.sleep(0.1)
                raise AssertionError("no worker leads")

            first = wait_for_leader()
            for _ in range(100):
                if connection.execute("SELECT count(*) FROM worker_heartbeat").fetchone() == (1,):
                    break
                time.sleep(0.1)
            else:
                raise AssertionError("the leading worker shows no sign of life")
            # Whichever process leads: killing one of the two leaves, or makes, a leader.
            workers[0].kill()
            workers[0].wait()
            time.sleep(0.3)
            assert wait_for_leader() is not None
            workers[1].send_signal(signal.SIGTERM)
            assert workers[1].wait(timeout=20) == 0
            assert first is not None
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def test_everything_starts_is_ready_and_stops_on_ctrl_c(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "civic", "run"], env={**environment, "CIVIC_DEMO": "none"}, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = next((line for line in process.stdout if "is ready" in line), "")
        assert f"http://localhost:{environment['PORT']}/" in line
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/readyz") as answer:
            assert answer.status == 200
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=40) == 0
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{environment['PORT']}/healthz", timeout=2)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
