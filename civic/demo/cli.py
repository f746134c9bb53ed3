"""The `civic demo` command."""

import click
from flask import Flask

from civic import clock
from civic.cli import Context, pass_context
from civic.demo import loading


def load(app: Flask, if_empty: bool) -> None:
    """Load the demo city, telling of each step; raises ClickException where there is another city already."""
    with app.app_context():
        now = clock.now()
        try:
            world = loading.begin(now)
        except loading.NotEmpty as error:
            if if_empty:
                return
            raise click.ClickException(str(error.message)) from None
        if world is None:
            if not if_empty:
                click.echo("The demo city is loaded already.")
            return
        counts = loading.load(world, now, lambda step: click.echo(f"demo: {step}", err=True))
        click.echo(f"The demo city is loaded: {loading.sentence(counts)}.")


@click.group("demo")
def demo_group() -> None:
    """The demo city."""


@demo_group.command("load")
@click.option("--if-empty", is_flag=True, help="Say nothing and do nothing when there is a city already.")
@pass_context
def load_command(context: Context, if_empty: bool) -> None:
    """Load the demo city into an empty database, or finish an interrupted loading."""
    if context.settings.production:
        raise click.ClickException("The demo city is never loaded in production: its passwords are public.")
    load(context.app, if_empty)
