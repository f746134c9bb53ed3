"""Runs the migrations: under a lock, as the owner, with a statement timeout."""

from alembic import context
from sqlalchemy import text

from civic.extensions import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_server_default=False,
    include_object=context.config.attributes.get("include_object"),
    transaction_per_migration=False,
)
with context.begin_transaction():
    connection.execute(text("SELECT pg_advisory_xact_lock(7301002)"))
    connection.execute(text("SET LOCAL lock_timeout = '10s'"))
    connection.execute(text("SET LOCAL statement_timeout = '15min'"))
    context.run_migrations()
