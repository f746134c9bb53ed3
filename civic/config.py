"""Settings from the environment, validated at start-up with an error that says what to change.

`docs/operations.md` lists every variable. Secrets that are not given are generated once into the
data directory (mode 600) in development, and demanded explicitly in production.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from civic.theme import find_problem

ENVIRONMENTS = ("development", "test", "production")
#: What a logo may be; all of them scale or are drawn at twice the size.
LOGO_TYPES = (".svg", ".png", ".webp")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SECRET_NAMES = ("SECRET_KEY", "IDENTITY_KEY", "MASTER_KEY", "LOG_KEY")


class ConfigError(Exception):
    """The settings cannot work; the text is one sentence for the person who starts the server."""


@dataclass(frozen=True)
class City:
    """What makes this installation this city's: name, contact, languages. Read from a TOML file."""

    name: str
    platform_name: str
    short_name: str
    authority: str
    contact_email: str
    contact_phone: str
    address: str
    website: str
    population: int
    centre: tuple[float, float]
    languages: tuple[str, ...]
    #: own colours, by the names of `civic.theme.SETTABLE`
    colours: Mapping[str, str] = field(default_factory=dict)
    #: a picture beside the city's file
    logo: Path | None = None


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. Secrets do not show in its repr."""

    env: str
    data_dir: Path
    database_url: str
    database_owner_url: str
    base_url: str
    port: int
    web_workers: int
    mail_from: str
    city: City
    smtp_url: str | None = field(default=None, repr=False)
    #: where text messages are handed over, and the token that says who hands them
    sms_url: str | None = field(default=None, repr=False)
    sms_token: str = field(default="", repr=False)
    #: the mailbox that receives contributions to consultations, and the address people write to
    mailbox_url: str | None = field(default=None, repr=False)
    mailbox_address: str = ""
    #: how many people one telephone number may serve
    people_per_phone: int = 3
    #: how many verified residents oblige the city hall to answer a debate of the agora
    agora_seconds: int = 50
    redis_url: str | None = field(default=None, repr=False)
    storage_url: str | None = field(default=None, repr=False)
    trusted_proxies: int = 0
    tile_url: str | None = None
    demo: bool = False
    log_level: str = "INFO"
    secret_key: str = field(default="", repr=False)
    identity_key: bytes = field(default=b"", repr=False)
    master_key: bytes = field(default=b"", repr=False)
    #: what the key that signs checkpoints is made of
    log_key: bytes = field(default=b"", repr=False)

    @property
    def production(self) -> bool:
        """Whether real people depend on this installation."""
        return self.env == "production"

    @property
    def mail_folder(self) -> Path:
        """Where mail goes when there is no SMTP server."""
        return self.data_dir / "mail"

    @property
    def sms_folder(self) -> Path:
        """Where text messages go when there is no gateway."""
        return self.data_dir / "sms"

    @property
    def sms_available(self) -> bool:
        """Whether a text message can be sent: never in production without a gateway."""
        return bool(self.sms_url) or not self.production

    @property
    def keys_folder(self) -> Path:
        """Keys that must be neither in the database nor in its backups."""
        return self.data_dir / "keys"

    @property
    def files_folder(self) -> Path:
        """Uploaded files, when they are stored locally."""
        return self.data_dir / "files"


def _integer(environ: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    raw = environ.get(name) or str(default)
    if not (raw.isascii() and raw.isdecimal()) or len(raw) > 9 or not least <= int(raw) <= most:
        raise ConfigError(f"{name} must be a whole number from {least} to {most}, not {raw!r}.")
    return int(raw)


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    raw = environ.get(name)
    if not raw:
        return None
    try:
        parts = urlsplit(raw)
        scheme, host, _port = parts.scheme, parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{name} is not an address: its host or port cannot be read.") from error
    if scheme not in schemes:
        raise ConfigError(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    if not host and scheme in ("http", "https", "smtp", "smtps", "redis", "rediss"):
        raise ConfigError(f"{name} names no host: it must look like {scheme}://host.example.")
    return raw


def _sms_url(environ: Mapping[str, str], env: str) -> str | None:
    """The gateway; real numbers and codes travel only through TLS, or to this machine."""
    url = _url(environ, "SMS_URL", ("http", "https"))
    if url and env == "production":
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigError("SMS_URL must start with https:// when CIVIC_ENV=production.")
        if not environ.get("SMS_TOKEN"):
            raise ConfigError("SMS_TOKEN is required with SMS_URL: the gateway has to know who sends.")
    return url


def _mailbox_url(environ: Mapping[str, str]) -> str | None:
    """The mailbox, whose password travels only through TLS."""
    url = _url(environ, "MAILBOX_URL", ("imaps",))
    if url:
        parts = urlsplit(url)
        if not parts.hostname or not parts.username or not parts.password:
            raise ConfigError("MAILBOX_URL must look like imaps://USER:PASSWORD@mail.host.example/INBOX.")
        if not environ.get("MAILBOX_ADDRESS"):
            raise ConfigError("MAILBOX_ADDRESS is required with MAILBOX_URL: people write to it.")
    return url


def _mailbox_address(environ: Mapping[str, str]) -> str:
    """The bare address of the mailbox, to which a consultation's tag is added: `name+c7@city.example`."""
    address = (environ.get("MAILBOX_ADDRESS") or "").strip().lower()
    if address and ("@" not in address or parseaddr(address)[1] != address or "+" in address):
        raise ConfigError(f"MAILBOX_ADDRESS must be an e-mail address without a tag, not {address!r}.")
    return address


def _log_level(environ: Mapping[str, str]) -> str:
    level = (environ.get("LOG_LEVEL") or "INFO").upper()
    if level not in LOG_LEVELS:
        raise ConfigError(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}, not {level!r}.")
    return level


def _mail_from(environ: Mapping[str, str], city: City) -> str:
    """An address, alone or after a name: `Name <address@city.example>`."""
    sender = environ.get("MAIL_FROM") or city.contact_email
    if "@" not in parseaddr(sender)[1]:
        raise ConfigError(f"MAIL_FROM must be an e-mail address, not {sender!r}.")
    return sender


def _secret(environ: Mapping[str, str], name: str, env: str, folder: Path) -> str:
    """From the environment; in development from a file made at the first start."""
    value = environ.get(name)
    if value:
        if len(value) < 32:
            raise ConfigError(
                f"{name} must have at least 32 characters; make one with `openssl rand -hex 32`."
            )
        return value
    if env == "production":
        raise ConfigError(
            f"{name} is required when CIVIC_ENV=production; make one with `openssl rand -hex 32`."
        )
    path = folder / name.lower()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as handle:
            handle.write(value := secrets.token_hex(32))
    except OSError as error:
        raise ConfigError(f"The secret in {path} cannot be written or read: {error.strerror}.") from error
    return value


def load_city(path: Path) -> City:
    """Read the city's file. Raises ConfigError naming the missing or wrong entry."""
    try:
        with path.open("rb") as handle:
            raw = tomllib.load(handle)
        city = City(
            **{
                **{name: raw[name] for name in City.__annotations__ if name not in ("colours", "logo")},
                "centre": tuple(raw["centre"]),
                "languages": tuple(raw["languages"]),
                "colours": raw.get("colours", {}),
                "logo": path.parent / raw["logo"] if "logo" in raw else None,
            }
        )
    except FileNotFoundError as error:
        raise ConfigError(f"The city's file {path} does not exist (CIVIC_CITY_FILE).") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The city's file {path} is not valid TOML: {error}.") from error
    except KeyError as error:
        raise ConfigError(f"The city's file {path} lacks the entry {error.args[0]!r}.") from error
    except (OSError, TypeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The city's file {path} cannot be read (CIVIC_CITY_FILE): {error}.") from error
    problem = find_problem(city.colours)
    if problem:
        raise ConfigError(f"The city's file {path}: {problem}")
    if city.logo and (city.logo.suffix not in LOGO_TYPES or not city.logo.is_file()):
        raise ConfigError(
            f"The city's file {path}: the logo must be a file ending in {' or '.join(LOGO_TYPES)}."
        )
    return city


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and validate the environment. Raises ConfigError with one readable sentence."""
    environ = os.environ if environ is None else environ
    env = environ.get("CIVIC_ENV") or "development"
    if env not in ENVIRONMENTS:
        raise ConfigError(f"CIVIC_ENV must be one of {', '.join(ENVIRONMENTS)}, not {env!r}.")
    data_dir = Path(environ.get("CIVIC_DATA_DIR") or "var").expanduser().resolve()
    database_url = _url(environ, "DATABASE_URL", ("postgresql", "postgresql+psycopg", "postgres"))
    if env == "production" and not database_url:
        raise ConfigError("DATABASE_URL is required when CIVIC_ENV=production.")
    owner_url = _url(environ, "DATABASE_OWNER_URL", ("postgresql", "postgresql+psycopg", "postgres"))
    port = _integer(environ, "PORT", 8000, 1, 65535)
    base_url = _url(environ, "BASE_URL", ("http", "https")) or f"http://localhost:{port}"
    if env == "production" and not environ.get("BASE_URL"):
        raise ConfigError(
            "BASE_URL (the public address, as in https://decide.city.example) is required in production."
        )
    smtp_url = _url(environ, "SMTP_URL", ("smtp", "smtps"))
    if env == "production" and not smtp_url:
        raise ConfigError(
            "SMTP_URL is required when CIVIC_ENV=production: residents confirm their address by mail."
        )
    city = load_city(Path(environ.get("CIVIC_CITY_FILE") or Path(__file__).with_name("city.toml")))
    secret_values = {name: _secret(environ, name, env, data_dir / "secrets") for name in SECRET_NAMES}
    return Settings(
        env=env,
        data_dir=data_dir,
        database_url=_psycopg(database_url or ""),
        database_owner_url=_psycopg(owner_url or database_url or ""),
        base_url=base_url.rstrip("/"),
        port=port,
        web_workers=_integer(environ, "WEB_WORKERS", 2, 1, 64),
        mail_from=_mail_from(environ, city),
        city=city,
        smtp_url=smtp_url,
        sms_url=_sms_url(environ, env),
        sms_token=environ.get("SMS_TOKEN") or "",
        mailbox_url=_mailbox_url(environ),
        mailbox_address=_mailbox_address(environ),
        people_per_phone=_integer(environ, "PEOPLE_PER_PHONE", 3, 1, 100),
        agora_seconds=_integer(environ, "AGORA_SECONDS", 50, 1, 1_000_000),
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss")),
        storage_url=_url(environ, "STORAGE_URL", ("s3", "file")),
        trusted_proxies=_integer(environ, "TRUSTED_PROXIES", 0, 0, 10),
        tile_url=environ.get("TILE_URL") or None,
        demo=env != "production" and environ.get("CIVIC_DEMO", "load") != "none",
        log_level=_log_level(environ),
        secret_key=secret_values["SECRET_KEY"],
        identity_key=secret_values["IDENTITY_KEY"].encode(),
        master_key=secret_values["MASTER_KEY"].encode(),
        log_key=secret_values["LOG_KEY"].encode(),
    )


def _psycopg(url: str) -> str:
    """SQLAlchemy's name for PostgreSQL through psycopg 3."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme != "postgresql+psycopg" else url
