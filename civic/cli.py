"""The `civic` command: what serves the product, keeps it and looks after it.

A command that needs the application takes the context's `app`; in development without DATABASE_URL
that starts, or joins, the embedded PostgreSQL of the data directory.
"""

import dataclasses
import json
from collections.abc import Callable
from functools import cached_property

import click
from flask import Flask

from civic import database, doctor, running, server
from civic.config import Settings, load_settings
from civic.memory import kept


class Context:
    """The settings, and the application when a command first asks for it."""

    def __init__(self, create_app: Callable[[Settings], Flask]) -> None:
        self._create_app = create_app

    @cached_property
    def settings(self) -> Settings:
        """Settings with a database that answers: the given one, or the embedded one."""
        return server.with_database(load_settings())

    @cached_property
    def app(self) -> Flask:
        """The application."""
        return self.make_app(self.settings)

    def make_app(self, settings: Settings) -> Flask:
        """An application for these settings, which lives as long as the process."""
        with kept():
            return self._create_app(settings)


pass_context = click.make_pass_decorator(Context)


@click.command("run")
@pass_context
def run(context: Context) -> None:
    """Serve everything for a first look: database, demo city, web and worker."""
    raise SystemExit(running.run_everything(load_settings(), context.make_app))


@click.command("serve")
@pass_context
def serve(context: Context) -> None:
    """Serve the web application (gunicorn)."""
    server.check_port(context.settings.port)
    server.check_schema(context.settings)
    server.serve(context.settings, lambda: context.app, deserted=lambda: False)


@click.command("worker")
@pass_context
def worker(context: Context) -> None:
    """Do the work that is due by the clock. Any number may run; one schedules."""
    from civic.jobs import Worker

    server.check_schema(context.settings)
    Worker(context.app).run_forever()


@click.group("db")
def db_group() -> None:
    """The schema."""


@db_group.command("upgrade")
@pass_context
def upgrade(context: Context) -> None:
    """Bring the database to this version's schema."""
    engine = database.owner_engine(context.settings)
    _ = context.app
    database.upgrade(engine)
    click.echo(f"The database is at migration {database.script_head()}.")


@db_group.command("revision")
@click.argument("number")
@click.argument("message")
@pass_context
def revision(context: Context, number: str, message: str) -> None:
    """Write a migration from the difference between the models and the database (for developers)."""
    _ = context.app
    with database.owner_engine(context.settings).connect() as connection:
        database.new_revision(connection, message, number)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Machine-readable output.")
@pass_context
def doctor_command(context: Context, as_json: bool) -> None:
    """Check configuration, database, migrations, clock, disk, Redis, file storage, mail, SMS and assets; say what to fix."""
    findings = doctor.examine(context)
    if as_json:
        click.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'FIX'}  {finding.name}: {finding.text}")
    raise SystemExit(0 if all(finding.ok for finding in findings) else 1)


COMMANDS: list[click.Command] = [run, serve, worker, db_group, doctor_command]
