"""Where the bytes of uploaded files live: a local folder, or an S3-compatible service.

`STORAGE_URL` chooses:

* unset: the folder `files/` of the data directory;
* `file:///var/lib/civic/files`: another folder;
* `s3://KEY:SECRET@ENDPOINT/BUCKET[/PREFIX][?region=eu-central-1&tls=no]`: a bucket of any S3-compatible
  service. KEY and SECRET are percent-encoded; without them the usual AWS environment decides.

A key is made by us (lower-case letters, digits, `/`, `-`), never from what somebody called a file.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol, cast
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Flask, current_app

from civic.config import ConfigError, Settings

CHUNK = 64 * 1024
_KEY = re.compile(r"[a-z0-9]+(?:[/-][a-z0-9]+)*")


class MissingFile(Exception):
    """The storage holds nothing under this key."""


class Storage(Protocol):
    """What a place for bytes can do. Every method raises ValueError for a key that is not one of ours."""

    def put(self, key: str, content: BinaryIO) -> None:
        """Store the stream to its end, replacing what was there; all of it or nothing."""

    def open(self, key: str) -> IO[bytes]:
        """A stream of the bytes; the caller closes it. Raises MissingFile."""

    def exists(self, key: str) -> bool:
        """Whether anything is stored under the key."""

    def delete(self, key: str) -> None:
        """Forget the key. Deleting what is not there is no mistake."""

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """The keys stored before a moment, in no order."""


def check_key(key: str) -> str:
    """The key itself. Raises ValueError unless it is made of our own parts: no dots, no leading slash."""
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise ValueError("not a storage key")
    return key


class LocalStorage:
    """Files in a folder of this machine, written aside and moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        return self.folder / check_key(key)

    def put(self, key: str, content: BinaryIO) -> None:
        """See Storage.put."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with temporary.open("xb") as target:
                while chunk := content.read(CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def open(self, key: str) -> IO[bytes]:
        """See Storage.open."""
        try:
            return self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError) as error:
            raise MissingFile(key) from error

    def exists(self, key: str) -> bool:
        """See Storage.exists."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """See Storage.delete."""
        self._path(key).unlink(missing_ok=True)

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """See Storage.keys_before. Leftovers of an interrupted write are removed on the way."""
        if not self.folder.is_dir():
            return
        for parent, _folders, names in os.walk(self.folder):
            for name in names:
                path = Path(parent, name)
                with suppress(FileNotFoundError):
                    if datetime.fromtimestamp(path.stat().st_mtime, UTC) >= moment:
                        continue
                    if name.startswith("."):
                        path.unlink()
                        continue
                    yield path.relative_to(self.folder).as_posix()


class S3Storage:
    """Objects in a bucket. `client` is a boto3 S3 client."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self.client = client
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def _where(self, key: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": self.prefix + check_key(key)}

    def put(self, key: str, content: BinaryIO) -> None:
        """See Storage.put."""
        self.client.put_object(**self._where(key), Body=content)

    def open(self, key: str) -> IO[bytes]:
        """See Storage.open."""
        try:
            return cast(IO[bytes], self.client.get_object(**self._where(key))["Body"])
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                raise MissingFile(key) from error
            raise

    def exists(self, key: str) -> bool:
        """See Storage.exists."""
        try:
            self.client.head_object(**self._where(key))
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404", "NotFound"):
                return False
            raise
        return True

    def delete(self, key: str) -> None:
        """See Storage.delete."""
        self.client.delete_object(**self._where(key))

    def keys_before(self, moment: datetime) -> Iterator[str]:
        """See Storage.keys_before."""
        asked: dict[str, str] = {"Bucket": self.bucket, "Prefix": self.prefix}
        while True:
            page = self.client.list_objects_v2(**asked)
            for found in page.get("Contents", []):
                if found["LastModified"] < moment:
                    yield found["Key"].removeprefix(self.prefix)
            if not page.get("IsTruncated"):
                return
            asked["ContinuationToken"] = page["NextContinuationToken"]


def make_storage(settings: Settings) -> Storage:
    """The storage the settings ask for. Raises ConfigError with a sentence about `STORAGE_URL`."""
    if not settings.storage_url:
        return LocalStorage(settings.files_folder)
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "file":
        if parts.netloc or not parts.path.strip("/"):
            raise ConfigError("STORAGE_URL for a folder is file:/// and an absolute path.")
        return LocalStorage(Path(unquote(parts.path)))
    bucket, _slash, prefix = unquote(parts.path).strip("/").partition("/")
    if not parts.hostname or not bucket:
        raise ConfigError("STORAGE_URL must look like s3://KEY:SECRET@ENDPOINT/BUCKET.")
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise ConfigError(
            "STORAGE_URL names an S3 service, which needs `pip install 'civic[s3]'`."
        ) from error
    query = parse_qs(parts.query)
    scheme = "http" if query.get("tls", ["yes"])[0] == "no" else "https"
    client = boto3.client(
        "s3",
        endpoint_url=f"{scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}",
        region_name=query.get("region", ["us-east-1"])[0],
        aws_access_key_id=unquote(parts.username) if parts.username else None,
        aws_secret_access_key=unquote(parts.password) if parts.password else None,
        config=Config(connect_timeout=5, read_timeout=20, retries={"max_attempts": 3}),
    )
    return S3Storage(client, bucket, prefix)


def init_app(app: Flask) -> None:
    """Give the application its storage; a wrong `STORAGE_URL` stops the start."""
    app.extensions["civic_storage"] = make_storage(app.config["SETTINGS"])


def get_storage() -> Storage:
    """The current application's storage."""
    return cast(Storage, current_app.extensions["civic_storage"])
