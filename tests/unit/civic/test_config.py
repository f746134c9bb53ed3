"""Settings that cannot work are refused at start with one sentence."""

import stat
from pathlib import Path

import pytest

from civic.config import ConfigError, load_settings

SECRETS = dict.fromkeys(("SECRET_KEY", "IDENTITY_KEY", "MASTER_KEY", "LOG_KEY"), "x" * 32)
PRODUCTION = {
    "CIVIC_ENV": "production", "DATABASE_URL": "postgresql://civic_app@db/civic", "BASE_URL": "https://decide.example",
    "SMTP_URL": "smtp://mail.example", **SECRETS,
}  # fmt: skip


def test_development_makes_its_own_secrets_once_and_keeps_them_private(tmp_path: Path) -> None:
    first = load_settings({"CIVIC_DATA_DIR": str(tmp_path)})
    second = load_settings({"CIVIC_DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len({first.secret_key.encode(), first.identity_key, first.master_key, first.log_key}) == 4
    for path in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("missing", ["DATABASE_URL", "BASE_URL", "SMTP_URL", *SECRETS])
def test_production_demands(missing: str, tmp_path: Path) -> None:
    environ = {**PRODUCTION, "CIVIC_DATA_DIR": str(tmp_path)}
    del environ[missing]
    with pytest.raises(ConfigError, match=missing):
        load_settings(environ)


def test_production_with_everything_starts(tmp_path: Path) -> None:
    assert load_settings({**PRODUCTION, "CIVIC_DATA_DIR": str(tmp_path)}).production


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIVIC_ENV", "prod"), ("PORT", "80800"), ("PORT", "http"), ("DATABASE_URL", "mysql://x"), ("SECRET_KEY", "short"),
        ("REDIS_URL", "http://x"), ("SMTP_URL", "mail.example"), ("WEB_WORKERS", "0"), ("TRUSTED_PROXIES", "-1"),
        ("CIVIC_CITY_FILE", "/nowhere/city.toml"), ("CIVIC_CITY_FILE", "/"), ("PORT", "²"), ("PORT", "9" * 5000),
        ("DATABASE_URL", "postgresql://host:port/civic"), ("DATABASE_URL", "postgresql://[::1/civic"),
        ("SMTP_URL", "smtp://"), ("SMTP_URL", "smtp://mail:99999"), ("BASE_URL", "https://"), ("LOG_LEVEL", "loud"),
        ("MAIL_FROM", "nobody"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=name):
        load_settings({"CIVIC_DATA_DIR": str(tmp_path), name: value})


def test_secrets_do_not_show_in_the_repr(tmp_path: Path) -> None:
    settings = load_settings(
        {**PRODUCTION, "CIVIC_DATA_DIR": str(tmp_path), "SMTP_URL": "smtp://u:hunter2@m.example"}
    )
    assert "x" * 32 not in repr(settings)
    assert "hunter2" not in repr(settings)
