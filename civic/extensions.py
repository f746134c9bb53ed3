"""The Flask extensions, created once and bound to an application by `create_app`."""

from importlib.util import find_spec

from flask_babel import Babel
from flask_htmx import HTMX
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from civic.config import ConfigError, Settings
from civic.network import client_network


class Base(DeclarativeBase):
    """Every model's base. Constraint names are predictable, so a violation can become a sentence."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(metadata=Base.metadata)
login = LoginManager()
csrf = CSRFProtect()
babel = Babel()
htmx = HTMX()
limiter = Limiter(key_func=client_network, headers_enabled=False)


def counters_of(settings: Settings) -> str:
    """Where requests are counted for the rate limits. Raises ConfigError when Redis is named and not installed."""
    if settings.redis_url and find_spec("redis") is None:
        raise ConfigError("REDIS_URL is set, which needs `pip install 'civic[redis]'`.")
    return settings.redis_url or "memory://"
