"""The migrations build exactly the models."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, create_engine, inspect, text

from civic import database
from civic.extensions import Base


def test_migrations_build_the_models(session_app: Flask) -> None:
    engine = create_engine(session_app.config["SETTINGS"].database_owner_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": database.include_object}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_every_check_of_the_models_is_in_the_database(session_app: Flask) -> None:
    engine = create_engine(session_app.config["SETTINGS"].database_owner_url)
    inspector = inspect(engine)
    for table in Base.metadata.tables.values():
        declared = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        present = {c["name"] for c in inspector.get_check_constraints(table.name)}
        assert declared == present, table.name
    engine.dispose()


def test_the_migrations_are_one_line_named_by_their_numbers() -> None:
    line = ScriptDirectory.from_config(database.alembic_config())
    scripts = list(line.walk_revisions())
    assert all(not isinstance(script.down_revision, tuple) for script in scripts)
    assert {script.revision for script in scripts} == database.known_revisions()
    assert line.get_heads() == [database.script_head()]


def test_the_database_is_at_the_head(session_app: Flask) -> None:
    engine = create_engine(session_app.config["SETTINGS"].database_url)
    with engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
        assert at == database.current_revision(connection) == database.script_head()
    engine.dispose()


def test_the_application_may_not_rewrite_the_record(session_app: Flask) -> None:
    engine = create_engine(session_app.config["SETTINGS"].database_url)
    with engine.connect() as connection:
        for table in database.INSERT_ONLY & set(Base.metadata.tables):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                assert not connection.scalar(
                    text("SELECT has_table_privilege(current_user, :t, :r)"), {"t": table, "r": right}
                ), f"civic_app has {right} on {table}"
            changed = {
                column.name
                for column in Base.metadata.tables[table].columns
                if connection.scalar(
                    text("SELECT has_column_privilege(current_user, :t, :c, 'UPDATE')"),
                    {"t": table, "c": column.name},
                )
            }
            assert changed == set(database.COPIES.get(table, ())), f"civic_app changes {changed} of {table}"
    engine.dispose()
