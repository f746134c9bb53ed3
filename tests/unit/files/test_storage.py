"""The two places where bytes may live behave the same, and no key leads out of them."""

import dataclasses
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from civic.config import ConfigError, load_settings
from civic.files.storage import LocalStorage, MissingFile, S3Storage, check_key, make_storage

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/.b", "a.b", "A", "a\x00b", "a\\b", "a/", "a" * 201],
)
def test_a_key_that_is_not_ours_is_refused(key: str, tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    with pytest.raises(ValueError):
        check_key(key)
    for use in (storage.open, storage.exists, storage.delete):
        with pytest.raises(ValueError):
            use(key)
    with pytest.raises(ValueError):
        storage.put(key, io.BytesIO(b"x"))


def test_what_is_put_is_there_until_deleted(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path / "files")
    assert list(storage.keys_before(LATER)) == []
    assert not storage.exists("image/ab/cd")
    with pytest.raises(MissingFile):
        storage.open("image/ab/cd")
    storage.put("image/ab/cd", io.BytesIO(b"one"))
    storage.put("image/ab/cd", io.BytesIO(b"two"))
    with storage.open("image/ab/cd") as stream:
        assert stream.read() == b"two"
    assert list(storage.keys_before(LATER)) == ["image/ab/cd"]
    assert list(storage.keys_before(datetime(2000, 1, 1, tzinfo=UTC))) == []
    with pytest.raises(MissingFile):
        storage.open("image/ab")  # a folder is no file
    storage.delete("image/ab/cd")
    storage.delete("image/ab/cd")
    assert not storage.exists("image/ab/cd")


def test_a_write_that_breaks_halfway_leaves_what_was_there(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise OSError("the connection broke")
            return super().read(4)

    storage = LocalStorage(tmp_path)
    storage.put("document/x", io.BytesIO(b"whole"))
    with pytest.raises(OSError, match="broke"):
        storage.put("document/x", Broken(b"half and more"))
    with storage.open("document/x") as stream:
        assert stream.read() == b"whole"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["x"]


def test_leftovers_of_a_killed_write_are_swept(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.put("document/x", io.BytesIO(b"whole"))
    left = tmp_path / "document" / ".y.1234"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert list(storage.keys_before(datetime.now(UTC) + timedelta(minutes=1))) == ["document/x"]
    assert not left.exists()


def test_settings_choose_the_place(tmp_path: Path) -> None:
    settings = load_settings({"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(tmp_path)})
    local = make_storage(settings)
    assert isinstance(local, LocalStorage)
    assert local.folder == tmp_path / "files"
    other = make_storage(dataclasses.replace(settings, storage_url=f"file://{tmp_path}/else%20where"))
    assert isinstance(other, LocalStorage)
    assert other.folder == tmp_path / "else where"
    for wrong in ("s3://", "s3://host", "s3://KEY:SECRET@host/", "file://host/x", "file:///"):
        with pytest.raises(ConfigError):
            make_storage(dataclasses.replace(settings, storage_url=wrong))


def s3_settings(tmp_path: Path):  # noqa: ANN201
    pytest.importorskip("boto3")
    settings = load_settings({"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(tmp_path)})
    url = "s3://KEY:se%2Fcret@store.example:9000/bucket/civic?tls=no&region=eu-central-1"
    return dataclasses.replace(settings, storage_url=url)


def test_s3_address_is_understood(tmp_path: Path) -> None:
    storage = make_storage(s3_settings(tmp_path))
    assert isinstance(storage, S3Storage)
    assert (storage.bucket, storage.prefix) == ("bucket", "civic/")
    assert storage.client.meta.endpoint_url == "http://store.example:9000"
    assert storage.client.meta.region_name == "eu-central-1"
    assert storage.client._request_signer._credentials.secret_key == "se/cret"


def test_s3_does_what_the_folder_does(tmp_path: Path) -> None:
    settings = s3_settings(tmp_path)
    from botocore.stub import ANY, Stubber

    storage = make_storage(settings)
    assert isinstance(storage, S3Storage)
    where = {"Bucket": "bucket", "Key": "civic/image/ab"}
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    with Stubber(storage.client) as stub:
        stub.add_response("put_object", {}, {**where, "Body": ANY})
        storage.put("image/ab", io.BytesIO(b"one"))
        stub.add_response("get_object", {"Body": io.BytesIO(b"one")}, where)
        assert storage.open("image/ab").read() == b"one"
        stub.add_client_error("get_object", "NoSuchKey", expected_params=where, http_status_code=404)
        with pytest.raises(MissingFile):
            storage.open("image/ab")
        stub.add_client_error("get_object", "AccessDenied", http_status_code=403)
        with pytest.raises(storage.client.exceptions.ClientError):
            storage.open("image/ab")
        stub.add_response("head_object", {}, where)
        assert storage.exists("image/ab")
        stub.add_client_error("head_object", "404", http_status_code=404)
        assert not storage.exists("image/ab")
        stub.add_response("delete_object", {}, where)
        storage.delete("image/ab")
        entry = {"Key": "civic/image/ab", "LastModified": moment}
        fresh = {"Key": "civic/image/cd", "LastModified": moment + timedelta(days=9)}
        listing = {"Bucket": "bucket", "Prefix": "civic/"}
        first = {"Contents": [entry], "IsTruncated": True, "NextContinuationToken": "t"}
        stub.add_response("list_objects_v2", first, listing)
        stub.add_response("list_objects_v2", {"Contents": [fresh]}, {**listing, "ContinuationToken": "t"})
        assert list(storage.keys_before(moment + timedelta(days=1))) == ["image/ab"]
        with pytest.raises(ValueError):
            storage.open("../other")
        stub.assert_no_pending_responses()
