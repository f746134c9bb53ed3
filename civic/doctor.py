"""`civic doctor`: looks at everything an installation needs and says what to fix."""

import io
import secrets
import shutil
import smtplib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from civic import database
from civic.config import ConfigError, Settings
from civic.files.storage import MissingFile, S3Storage, Storage, make_storage
from civic.paths import project_file

LEAST_FREE_BYTES = 1_000_000_000
CLOCK_TOLERANCE_SECONDS = 2
REDIS_SECONDS = 5

#: Answers of an S3 service that mean that it does not know the key or its secret.
REFUSED_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed", "401"}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, or what to do about it."""

    name: str
    ok: bool
    text: str


def examine(context: Any) -> list[Finding]:
    """Every finding, in the order in which one would mend them."""
    try:
        settings: Settings = context.settings
        _ = context.app
    except ConfigError as error:
        return [Finding("configuration", False, str(error))]
    findings = [Finding("configuration", True, f"{settings.env}, {settings.city.platform_name}")]
    findings += _database(settings)
    for check in (_disk, _secrets, _redis, _storage, _mail, _sms, _assets):
        findings.append(_guarded(check, settings))
    return findings


def _guarded(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    try:
        return check(settings)
    except OSError as error:
        return Finding(check.__name__.strip("_"), False, f"{type(error).__name__}: {error.strerror or error}")


def _database(settings: Settings) -> list[Finding]:
    engine = create_engine(settings.database_url, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            return [
                Finding("database", True, _version(connection)),
                _migrations(connection),
                _role(connection, settings),
                _statement_logging(connection, settings),
                _clock(connection),
            ]
    except DBAPIError as error:
        name = type(error.orig).__name__
        return [
            Finding(
                "database", False, f"cannot connect ({name}); check DATABASE_URL and that PostgreSQL runs"
            )
        ]
    finally:
        engine.dispose()


def _version(connection: Connection) -> str:
    return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"


def _migrations(connection: Connection) -> Finding:
    revision, head = database.current_revision(connection), database.script_head()
    if revision == head:
        return Finding("migrations", True, f"at {head}")
    try:
        database.check_not_newer(connection)
    except ConfigError as error:
        return Finding("migrations", False, str(error))
    return Finding("migrations", False, f"at {revision}, this program needs {head}: run `civic db upgrade`")


def _role(connection: Connection, settings: Settings) -> Finding:
    superuser = connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    may_change_audit = connection.scalar(
        text(
            "SELECT has_table_privilege(current_user, 'audit_record', 'UPDATE') FROM pg_class WHERE relname='audit_record'"
        )
    )
    if superuser and settings.production:
        return Finding(
            "database role", False, "a superuser; connect as civic_app, and as civic_owner only to migrate"
        )
    if may_change_audit and settings.production:
        return Finding(
            "database role", False, "may change the audit record; connect as civic_app, not as the owner"
        )
    return Finding("database role", True, str(connection.scalar(text("SELECT current_user"))))


def _statement_logging(connection: Connection, settings: Settings) -> Finding:
    logged = connection.scalar(text("SHOW log_statement"))
    duration = connection.scalar(text("SHOW log_min_duration_statement"))
    if settings.production and (logged not in ("none", "ddl") or duration != "-1"):
        return Finding(
            "statement logging", False, "on; ballots would be readable in the log: log_statement=none, "
            "log_min_duration_statement=-1"
        )  # fmt: skip
    return Finding(
        "statement logging", True, f"log_statement={logged}, log_min_duration_statement={duration}"
    )


def _clock(connection: Connection) -> Finding:
    difference = abs(
        (connection.scalar(text("SELECT clock_timestamp()")) - datetime.now(UTC)).total_seconds()
    )
    if difference > CLOCK_TOLERANCE_SECONDS:
        return Finding(
            "clock", False, f"differs from the database's by {difference:.1f} s; synchronise both with NTP"
        )
    return Finding("clock", True, f"within {difference:.2f} s of the database's")


def _disk(settings: Settings) -> Finding:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data_dir).free
    if free < LEAST_FREE_BYTES:
        return Finding("disk", False, f"{free / 1e9:.1f} GB free in the data directory; free at least 1 GB")
    return Finding("disk", True, f"{free / 1e9:.0f} GB free in the data directory")


def _secrets(settings: Settings) -> Finding:
    exposed = [
        path.name
        for folder in (settings.data_dir / "secrets", settings.keys_folder)
        if folder.exists()
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mode & 0o077
    ]
    if exposed:
        return Finding("secrets", False, f"readable by others: {', '.join(exposed)}; run chmod 600 on them")
    return Finding("secrets", True, "readable by the owner alone")


def _redis(settings: Settings) -> Finding:
    """Rate limits that several machines share: the server has to answer a PING."""
    if not settings.redis_url:
        return Finding("redis", True, "not used: each process counts its own requests (no REDIS_URL)")
    # Part of an extra: whoever names no Redis need not install it.
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        client = redis.Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        with client:
            client.ping()
    except redis.AuthenticationError:
        return Finding("redis", False, "the server refuses the name or password in REDIS_URL: correct them")
    except (redis.ConnectionError, redis.TimeoutError) as error:
        text_ = (
            f"the server of REDIS_URL does not answer ({type(error).__name__}): check host and port, start it"
        )
        return Finding("redis", False, text_)
    except (redis.RedisError, ValueError) as error:
        return Finding("redis", False, f"the server of REDIS_URL refuses a PING: {error}")
    return Finding("redis", True, f"{urlsplit(settings.redis_url).hostname} answers")


def _storage(settings: Settings) -> Finding:
    """The place of uploaded files: a probe is written, read back and deleted."""
    storage = make_storage(settings)
    key, content, step = f"probe-{secrets.token_hex(8)}", secrets.token_bytes(32), "write"
    try:
        storage.put(key, io.BytesIO(content))
        step = "read"
        with storage.open(key) as stream:
            found = stream.read()
        step = "delete"
        storage.delete(key)
    except OSError:
        raise
    except MissingFile:
        return Finding(
            "storage", False, f"{_place(storage)}: a probe is gone as soon as written: mend the service"
        )
    except Exception as error:  # what a service says has classes that only its own library knows
        return Finding("storage", False, _storage_trouble(storage, step, error))
    if found != content:
        return Finding(
            "storage", False, "a probe comes back changed: look for a cache between here and STORAGE_URL"
        )
    return Finding("storage", True, f"{_place(storage)}: a probe was written, read and deleted")


def _place(storage: Storage) -> str:
    return f"bucket {storage.bucket}" if isinstance(storage, S3Storage) else "the folder of uploaded files"


def _storage_trouble(storage: Storage, step: str, error: Exception) -> str:
    """What an S3 service's refusal asks for. The secret is in none of these sentences."""
    bucket = getattr(storage, "bucket", "")
    answer = getattr(error, "response", None)
    if answer is None:
        name = type(error).__name__
        if name in ("NoCredentialsError", "PartialCredentialsError"):
            return "STORAGE_URL names no key: write s3://KEY:SECRET@ENDPOINT/BUCKET"
        return f"the service of STORAGE_URL does not answer ({name}): check its host, port and tls=no"
    code = str(answer.get("Error", {}).get("Code", ""))
    if code == "NoSuchBucket":
        return f"there is no bucket {bucket}: make it, or correct STORAGE_URL"
    if code in REFUSED_KEYS:
        return f"the service refuses the key ({code}): check KEY and SECRET of STORAGE_URL, percent-encoded, and region"
    if code in ("AccessDenied", "403"):
        return f"the key of STORAGE_URL may not {step} objects in the bucket {bucket}: allow it to write, read and delete"
    return (
        f"the service of STORAGE_URL did not {step} a probe ({code or type(error).__name__}): look at its log"
    )


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding("mail", True, "written to the data directory (no SMTP_URL)")
    parts = urlsplit(settings.smtp_url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    try:
        with connect(parts.hostname or "", parts.port or 0, timeout=10) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Finding("mail", False, f"the server of SMTP_URL does not answer ({type(error).__name__})")
    return Finding("mail", True, f"{parts.hostname} answers")


def _sms(settings: Settings) -> Finding:
    """Whether text messages can be sent; nothing is sent, because each one costs money."""
    if not settings.sms_url:
        where = "codes go by e-mail and letter" if settings.production else "written to the data directory"
        return Finding("sms", True, f"not configured: {where} (no SMS_URL)")
    parts = urlsplit(settings.sms_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=10):
            pass
    except OSError as error:
        return Finding("sms", False, f"the gateway of SMS_URL does not answer ({type(error).__name__})")
    return Finding("sms", True, f"{parts.hostname} answers")


def _assets(settings: Settings) -> Finding:
    manifest = project_file("static", "dist", "manifest.json")
    if not manifest.exists():
        return Finding("assets", False, "not built: run `make assets`")
    return Finding("assets", True, "built")
