"""The application factory and the command's entry point; the only module that knows every feature."""

import sys
from collections.abc import MutableMapping, Sequence
from typing import Any, NoReturn

import click
from flask import Flask
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from psycopg.errors import UndefinedTable
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.routing import IntegerConverter, Map

import consultations
import proposals
import voting
from civic import (
    accounts,
    activity,
    assets,
    audit,
    budget,
    cli,
    content,
    council,
    database,
    deadlines,
    decisions,
    demo,
    embeds,
    errors,
    files,
    fragments,
    health,
    home,
    i18n,
    imports,
    indicators,
    links,
    logs,
    moderation,
    navigation,
    notifications,
    opendata,
    organisations,
    outbox,
    page_cache,
    places,
    policy,
    population,
    purchases,
    reports,
    rounds,
    satisfaction,
    search,
    security,
    server,
    shortcuts,
    sms,
    staff,
    tasks,
    timeline,
    tracker,
    visits,
    volumes,
)
from civic.config import ConfigError, Settings
from civic.extensions import babel, counters_of, csrf, db, htmx, limiter, login
from civic.incoming import CleanRequest
from civic.paths import project_file

#: Rooms of the house with tables of their own; features write to them.
RECORDS = (audit, timeline, links)

#: Every feature, each with a `register(app)`; those below stand on those above.
FEATURES: tuple[Any, ...] = (
    accounts,
    places,
    staff,
    deadlines,
    embeds,
    files,
    content,
    moderation,
    notifications,
    opendata,
    activity,
    organisations,
    rounds,
    imports,
    tracker,
    decisions,
    council,
    budget,
    purchases,
    volumes,
    population,
    indicators,
    reports,
    visits,
    satisfaction,
    proposals,
    voting,
    consultations,
    search,
    home,
    demo,
)


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: a number that a row's id can be, so that a larger one is a missing page."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})


def _as_it_is(function: Any) -> Any:
    """Flask looks at every hook of every request for a coroutine; the house has none."""
    return function


def create_app(settings: Settings) -> Flask:
    """An application for the given settings. Connects to nothing until the first request."""
    logs.configure(settings.log_level)
    app = Flask("civic", static_folder=None, template_folder=str(project_file("templates")))
    app.request_class = CleanRequest
    app.config["SETTINGS"] = settings
    app.url_map.converters["int"] = RowNumber
    app.ensure_sync = _as_it_is  # type: ignore[method-assign, assignment]
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = dict(database.ENGINE_OPTIONS)
    app.config["RATELIMIT_STORAGE_URI"] = counters_of(settings)
    app.config["TESTING"] = settings.env == "test"
    shortcuts.init_app(app)
    security.configure(app, settings)
    # Every template stays compiled: there are more than the library keeps, and looking for the oldest took a tenth of
    # a page's time.
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "cache_size": -1}
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_loader = ChoiceLoader(
        [
            FileSystemLoader(str(project_file("templates"))),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    WTFormsHelpers(app)
    db.init_app(app)
    login.init_app(app, add_context_processor=False)  # pages know `g.actor`
    login.session_protection = None  # it trusts a raw X-Forwarded-For; the session epoch does its work
    login._session_identifier_generator = (
        str  # nothing of the browser in the session, and no digest a request
    )
    htmx.init_app(app)
    i18n.init_app(app, babel)
    assets.init_app(app)
    errors.init_app(app)
    security.init_app(app, settings)
    # After the actor is known, for their refusals are pages too; before the policy's guard.
    csrf.init_app(app)
    limiter.init_app(app)
    # Limits stand on views, which ask by themselves; there is none for all pages to look for before each of them.
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not limiter]
    policy.init_app(app)
    navigation.init_app(app)
    fragments.init_app(app)
    page_cache.init_app(app)
    app.context_processor(lambda: {"city": settings.city, "is_fragment": security.is_fragment})
    with app.app_context():
        tasks.init_app(app)
        outbox.init_app(app)
        sms.init_app(app)
        health.init_app(app)
        for feature in FEATURES:
            feature.register(app)
    return app


def feature_commands() -> list[click.Command]:
    """The commands that features bring."""
    return [command for feature in FEATURES for command in getattr(feature, "commands", list)()]


class Commands(click.Group):
    """The house's commands, and the features' as soon as anybody looks beyond them: what serves needs none of their
    modules, among them the whole demo city.
    """

    def __init__(self) -> None:
        super().__init__("civic", cli.COMMANDS, help="Participatory budgeting and civic consultation.")
        self._complete = False

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name."""
        return super().get_command(ctx, cmd_name) or self._all().get(cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        return sorted(self._all())

    def _all(self) -> MutableMapping[str, click.Command]:
        if not self._complete:
            self._complete = True
            for command in feature_commands():
                self.add_command(command)
        return self.commands


def main(arguments: Sequence[str] | None = None) -> None:
    """The `civic` command, with the command line's arguments or those given.

    A problem with the settings or the database is one sentence and exit code 2.
    """
    try:
        Commands().main(arguments, obj=cli.Context(create_app), standalone_mode=True)
    except ConfigError as error:
        _give_up(error)
    except DBAPIError as error:
        if isinstance(error.orig, UndefinedTable):
            _give_up(ConfigError("The database is not migrated to this version: run `civic db upgrade`."))
        if not isinstance(error, OperationalError):
            raise
        _give_up(server.unreachable(error))


def _give_up(error: ConfigError) -> NoReturn:
    click.echo(f"civic: {error}", err=True)
    sys.exit(2)
