"""Projects, ballots, counting and results."""

import click
from flask import Flask

from voting.counting import cli


def register(app: Flask) -> None:
    """Bind the feature to the application."""


def commands() -> list[click.Command]:
    """The feature's part of the `civic` command."""
    return cli.commands
