"""Engines, roles and the schema: how the application meets PostgreSQL.

Two roles: the owner migrates and closes rounds; the application's role serves, and may neither change
nor delete what is insert-only.
"""

import re
import select
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import pq
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import PoolResetState

from civic.config import ConfigError, Settings
from civic.paths import project_file

if TYPE_CHECKING:
    from alembic.config import Config

APP_ROLE = "civic_app"
OWNER_ROLE = "civic_owner"

#: Tables the application may insert into and read, never change: the promise is in the grants.
INSERT_ONLY = {
    "audit_record",
    "cast_log",
    "ceremony_step",
    "council_correction",
    "custody_presentation",
    "moderation_month",
    "purchase_edition",
    "report_edition",
    "report_edition_file",
    "report_line",
    "roll_entry",
    "roll_lift",
    "roll_strike",
    "roll_void",
    "timeline_event",
}
#: Of those, the columns that hold no record but a copy kept beside it: what an event is about moves with its subject.
COPIES = {"timeline_event": ("area_id", "dimension", "department_id", "placed")}
#: Tables whose rows the application replaces but never removes.
NO_DELETE = {"ballot_box", "identity_complaint"}
#: Tables that the nights of a vote and its close write as the owner and the application only reads.
READ_ONLY = {
    "alembic_version",
    "checkpoint",
    "closed_leaf",
    "leaf_batch",
    "opened_ballot",
    "participation",
    "vote_night",
}

#: A connection that rested longer than this is asked whether it still answers.
PING_AFTER_SECONDS = 30.0


def _check_connection(connection: Any, record: Any, _fairy: Any) -> None:
    """Before a request gets a pooled connection: replace those that the server has left.

    A server that stops or ends a session says so on the socket, so that looking costs no round trip; one
    that vanished without a word is found by asking, after a rest.
    """
    now = time.monotonic()
    rested = now - record.info.get("civic_taken", now)
    record.info["civic_taken"] = now
    try:
        ear = select.poll()
        ear.register(connection.fileno(), select.POLLIN | select.POLLHUP)
        spoken = bool(ear.poll(0))
        if spoken or rested > PING_AFTER_SECONDS:
            connection.autocommit = True
            connection.execute("")
            connection.autocommit = False
    except (psycopg.Error, OSError, ValueError) as error:
        raise InvalidatePoolError from error


def _leave_nothing_open(connection: Any, _record: Any, state: PoolResetState) -> None:
    """When a connection goes back to the pool: roll back what is open. Mostly nothing is, which libpq knows."""
    if not state.terminate_only and connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
        connection.rollback()


#: For the application's connections: a lost server is noticed, a runaway query ends.
ENGINE_OPTIONS: dict[str, Any] = {
    "pool_events": [(_check_connection, "checkout"), (_leave_nothing_open, "reset")],
    "pool_reset_on_return": None,
    "pool_size": 5,
    "max_overflow": 5,
    "pool_timeout": 5,
    "pool_recycle": 1800,
    "connect_args": {
        "connect_timeout": 5,
        "application_name": "civic",
        "options": "-c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000",
    },
}


class SchemaTooNew(ConfigError):
    """The database was migrated by a newer version of the program."""


def owner_engine(settings: Settings) -> Engine:
    """An engine for migrations and for closing a round."""
    return create_engine(
        settings.database_owner_url, connect_args={"connect_timeout": 5, "application_name": "civic-owner"}
    )


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, wherever the program is installed."""
    # For those who migrate: with what it brings it takes 14 MB, and what serves only asks where the schema stands.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(project_file("migrations")))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    config.attributes["include_object"] = include_object
    return config


@cache
def known_revisions() -> frozenset[str]:
    """The migrations this program knows: one line of files, each named by its number."""
    known = frozenset(path.name.split("_")[0] for path in migrations_folder().glob("[0-9]*_*.py"))
    if not known:
        raise ConfigError("The program was installed without its migrations.")
    return known


def script_head() -> str:
    """The newest migration this program knows."""
    return max(known_revisions())


def current_revision(connection: Connection) -> str | None:
    """The migration the database is at; None when it is empty."""
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def check_not_newer(connection: Connection) -> None:
    """Raise SchemaTooNew when the database has a migration this program does not know."""
    revision = current_revision(connection)
    if revision is not None and revision not in known_revisions():
        raise SchemaTooNew(
            f"The database is at migration {revision}, which is newer than this program: "
            "start the version that made it, or restore a backup."
        )


def upgrade(engine: Engine) -> None:
    """Bring the schema to this program's head, and the grants with it. Safe to run from two processes."""
    with engine.connect() as connection:
        if current_revision(connection) != script_head():
            check_not_newer(connection)
            connection.rollback()
            from alembic import command

            command.upgrade(alembic_config(connection), "head")
        connection.commit()
        grant(connection)
        connection.commit()


def grant(connection: Connection) -> None:
    """Give the application's role what it needs and no more. Does nothing where there is no such role."""
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}):
        return
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}"))
    tables = connection.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user")
    ).all()
    by_rights: dict[str, list[str]] = {}
    for table in tables:
        if rights := _rights(table):
            by_rights.setdefault(rights, []).append(table)
    connection.execute(text(f"REVOKE ALL ON {_listed(tables)} FROM {APP_ROLE}"))
    for rights, names in by_rights.items():
        connection.execute(text(f"GRANT {rights} ON {_listed(names)} TO {APP_ROLE}"))
    for table, columns in ((table, COPIES[table]) for table in tables if table in COPIES):
        connection.execute(text(f'GRANT UPDATE ({", ".join(columns)}) ON "{table}" TO {APP_ROLE}'))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}"))
    # What removes a paper mark from the box, and can remove nothing else.
    connection.execute(text(f"GRANT EXECUTE ON FUNCTION lift_paper_mark(integer, bytea) TO {APP_ROLE}"))


def _rights(table: str) -> str:
    """What the application may do with a table; a round's partition is reached through its parent alone."""
    if re.search(r"_round_\d+$", table):
        return ""
    if table in READ_ONLY:
        return "SELECT"
    if table in NO_DELETE:
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT" if table in INSERT_ONLY else "SELECT, INSERT, UPDATE, DELETE"


def _listed(tables: Sequence[str]) -> str:
    return ", ".join(f'"{table}"' for table in tables)


def include_object(_thing: Any, name: str | None, kind: str, _reflected: bool, _compared: Any) -> bool:
    """What migrations are compared with: not the partitions that opening a round makes."""
    return not (kind == "table" and name is not None and re.search(r"_round_\d+", name))


def new_revision(connection: Connection, message: str, number: str) -> None:
    """Write a migration from the difference between the models and the database (for developers)."""
    from alembic import command

    command.revision(alembic_config(connection), message=message, autogenerate=True, rev_id=number)


def migrations_folder() -> Path:
    """Where the migrations are."""
    return project_file("migrations", "versions")
