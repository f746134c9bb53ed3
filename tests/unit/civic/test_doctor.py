"""`civic doctor` tries Redis and the storage of files, and says what to mend."""

import dataclasses
import io
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from civic import doctor, extensions
from civic.config import ConfigError, Settings, load_settings
from civic.files.storage import S3Storage, make_storage


def settings_with(tmp_path: Path, **changed: str) -> Settings:
    settings = load_settings({"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(tmp_path)})
    return dataclasses.replace(settings, **changed)  # type: ignore[arg-type]


def dead_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- Redis -------------------------------------------------------------------------------------------------


@contextmanager
def redis_server(answers: dict[str, bytes]) -> Iterator[int]:
    """A server that speaks enough of the Redis protocol for a PING. `answers`: what to say to a command."""
    known = {"HELLO": b"%1\r\n$5\r\nproto\r\n:3\r\n", "CLIENT": b"+OK\r\n", "PING": b"+PONG\r\n"} | answers

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as wire:
                while head := wire.readline():
                    words = []
                    for _word in range(int(head[1:])):
                        wire.readline()
                        words.append(wire.readline().strip().decode().upper())
                    wire.write(known.get(words[0], b"-ERR unknown command\r\n"))
                    wire.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def redis_finding(tmp_path: Path, port: int) -> doctor.Finding:
    pytest.importorskip("redis")
    return doctor._redis(settings_with(tmp_path, redis_url=f"redis://:hunter2@127.0.0.1:{port}/0"))


def test_redis_is_asked_with_a_ping(tmp_path: Path) -> None:
    with redis_server({"AUTH": b"+OK\r\n"}) as port:
        finding = redis_finding(tmp_path, port)
    assert finding.ok, finding.text
    assert finding.text == "127.0.0.1 answers"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            dict.fromkeys(("HELLO", "AUTH"), b"-WRONGPASS invalid username-password pair\r\n"),
            "refuses the name or password in REDIS_URL",
        ),
        (
            {"AUTH": b"+OK\r\n", "PING": b"-LOADING loading the dataset\r\n"},
            "does not answer (BusyLoadingError)",
        ),
        ({"AUTH": b"+OK\r\n", "PING": b"-ERR not today\r\n"}, "refuses a PING: not today"),
    ],
)
def test_a_redis_that_refuses_is_told_apart(tmp_path: Path, answers: dict[str, bytes], sentence: str) -> None:
    with redis_server(answers) as port:
        finding = redis_finding(tmp_path, port)
    assert not finding.ok
    assert sentence in finding.text
    assert "hunter2" not in finding.text


def test_a_redis_that_is_away_is_said_without_its_password(tmp_path: Path) -> None:
    finding = redis_finding(tmp_path, dead_port())
    assert not finding.ok
    assert "the server of REDIS_URL does not answer" in finding.text
    assert "hunter2" not in finding.text


def test_without_redis_nothing_is_wrong(tmp_path: Path) -> None:
    finding = doctor._redis(settings_with(tmp_path))
    assert finding.ok
    assert "no REDIS_URL" in finding.text


def test_redis_named_and_not_installed_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_with(tmp_path, redis_url="redis://127.0.0.1")
    assert extensions.counters_of(settings) == "redis://127.0.0.1"
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(ConfigError, match=r"civic\[redis\]"):
        extensions.counters_of(settings)
    assert extensions.counters_of(settings_with(tmp_path)) == "memory://"


# --- files -------------------------------------------------------------------------------------------------


def test_a_folder_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    finding = doctor._storage(settings_with(tmp_path))
    assert finding.ok, finding.text
    assert list((tmp_path / "files").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "full").write_text("")
    settings = settings_with(tmp_path, storage_url=f"file://{tmp_path}/full")
    finding = doctor._guarded(doctor._storage, settings)
    assert not finding.ok
    assert finding.name == "storage"


class Bucket:
    """The client of a service that keeps one object, or refuses a step with a code."""

    def __init__(self, refuses: str = "", code: str = "", loses: bool = False, changes: bool = False) -> None:
        from botocore.exceptions import ClientError

        self.exceptions = type("Exceptions", (), {"ClientError": ClientError})
        self.objects: dict[str, bytes] = {}
        self.refuses, self.code, self.loses, self.changes = refuses, code, loses, changes

    def _step(self, step: str, code: str = "") -> None:
        if step == self.refuses or code:
            raise self.exceptions.ClientError({"Error": {"Code": code or self.code}}, step)

    def put_object(self, Bucket: str, Key: str, Body: Any) -> None:  # noqa: N803
        """Keep it."""
        self._step("put")
        if not self.loses:
            self.objects[Key] = Body.read() + (b"x" if self.changes else b"")

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """Give it back."""
        self._step("get", "" if Key in self.objects else "NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Key])}

    def delete_object(self, Bucket: str, Key: str) -> None:  # noqa: N803
        """Forget it."""
        self._step("delete")
        self.objects.pop(Key, None)


URL = "s3://KEY:hunter2@127.0.0.1:{port}/files/civic?tls=no"


def s3_finding(tmp_path: Path, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> doctor.Finding:
    monkeypatch.setattr(doctor, "make_storage", lambda _settings: S3Storage(bucket, "files", "civic"))
    return doctor._storage(settings_with(tmp_path, storage_url=URL.format(port=9)))


def test_a_bucket_is_written_read_and_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("boto3")
    bucket = Bucket()
    finding = s3_finding(tmp_path, bucket, monkeypatch)
    assert finding.ok, finding.text
    assert "bucket files" in finding.text
    assert bucket.objects == {}


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ({"refuses": "put", "code": "NoSuchBucket"}, "there is no bucket files: make it"),
        ({"refuses": "put", "code": "InvalidAccessKeyId"}, "check KEY and SECRET of STORAGE_URL"),
        ({"refuses": "put", "code": "AccessDenied"}, "may not write objects in the bucket files"),
        ({"refuses": "get", "code": "AccessDenied"}, "may not read objects in the bucket files"),
        ({"refuses": "delete", "code": "AccessDenied"}, "may not delete objects in the bucket files"),
        ({"refuses": "put", "code": "SlowDown"}, "did not write a probe (SlowDown)"),
        ({"loses": True}, "gone as soon as written"),
        ({"changes": True}, "comes back changed"),
    ],
)
def test_a_bucket_that_refuses_says_what_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: dict[str, Any], sentence: str
) -> None:
    pytest.importorskip("boto3")
    finding = s3_finding(tmp_path, Bucket(**refusal), monkeypatch)
    assert not finding.ok
    assert sentence in finding.text


def test_a_service_that_is_away_is_said_without_its_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("boto3")
    from botocore.config import Config

    settings = settings_with(tmp_path, storage_url=URL.format(port=dead_port()))
    patient = make_storage(settings)
    assert isinstance(patient, S3Storage)
    assert patient.client.meta.config.retries["total_max_attempts"] > 1
    monkeypatch.setattr(
        "botocore.config.Config", lambda **given: Config(**given | {"retries": {"max_attempts": 0}})
    )
    finding = doctor._storage(settings)
    assert not finding.ok
    assert "the service of STORAGE_URL does not answer (EndpointConnectionError)" in finding.text
    assert "hunter2" not in finding.text


# --- the SMS gateway ---------------------------------------------------------------------------------------


def test_without_a_gateway_the_doctor_says_how_codes_travel(tmp_path: Path) -> None:
    found = doctor._sms(settings_with(tmp_path))
    assert found.ok
    assert "written to the data directory" in found.text
    found = doctor._sms(settings_with(tmp_path, env="production"))
    assert found.ok
    assert "by e-mail and letter" in found.text


def test_a_gateway_that_answers_is_fine_and_is_sent_nothing(tmp_path: Path) -> None:
    heard: list[bytes] = []

    def listen(listener: socket.socket) -> None:
        connection, _address = listener.accept()
        with connection:
            heard.append(connection.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=listen, args=(listener,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/send"
        found = doctor._sms(settings_with(tmp_path, sms_url=url, sms_token="secret-token"))
        thread.join(5)
    assert (found.ok, found.text) == (True, "127.0.0.1 answers")
    assert heard == [b""], "each message costs money"


def test_a_gateway_that_does_not_answer_is_found_and_no_secret_is_told(tmp_path: Path) -> None:
    url = f"http://user:hush@127.0.0.1:{dead_port()}/send?key=hush"
    found = doctor._sms(settings_with(tmp_path, sms_url=url, sms_token="hush"))
    assert not found.ok
    assert "does not answer (ConnectionRefusedError)" in found.text
    assert "hush" not in found.text


@pytest.mark.parametrize(("scheme", "port"), [("https", 443), ("http", 80)])
def test_the_gateways_port_follows_its_scheme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, port: int
) -> None:
    asked: list[Any] = []

    def refuse(address: Any, **_keywords: Any) -> socket.socket:
        asked.append(address)
        raise TimeoutError

    monkeypatch.setattr(doctor.socket, "create_connection", refuse)
    assert not doctor._sms(settings_with(tmp_path, sms_url=f"{scheme}://gateway.example/send")).ok
    assert asked == [("gateway.example", port)]


def test_how_many_people_a_number_serves_is_read_and_checked(tmp_path: Path) -> None:
    def people(value: str | None) -> int:
        environ = {"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(tmp_path)}
        return load_settings(
            environ | ({"PEOPLE_PER_PHONE": value} if value is not None else {})
        ).people_per_phone

    assert [people(None), people("1"), people("100")] == [3, 1, 100]
    for wrong in ("0", "101", "many", "-1"):
        with pytest.raises(ConfigError, match="PEOPLE_PER_PHONE"):
            people(wrong)
