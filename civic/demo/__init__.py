"""The demo city: Sector 2 of Bucharest on a platform called "Sectorul 2 decide".

Everything a first run shows lives here as data: neighbourhoods, departments, four editions of participatory
budgeting (one closed, one at the vote, one in analysis, one taking proposals), their projects, proposals in
every state, organisations, the works of the city, news and pages, and two advisory ballots of questions (one decided on, one open). Nothing in ``data/`` is code and nothing outside this
package reads it.

``data/*.json`` all have the same shape: ``_about`` says where the content comes from and what is invented,
``items`` is the list. Days are whole numbers counted from the day the demo is loaded: ``-30`` is a month
ago, ``5`` is five days ahead, so that the open vote is open whenever the demo is loaded. Money is a decimal
string in lei unless a currency is named. Texts are Romanian; where a file also carries English, the key
ends in ``_en``. Pages are Markdown beside an index in ``data/pages/``.

``derive.py`` makes the two files that follow from public figures, neighbourhoods and works of the city; the
rest is written by hand.
"""

import click
from flask import Flask


def register(app: Flask) -> None:
    """Nothing to bind: the demo city is only data and a command."""


def commands() -> list[click.Command]:
    """The command that loads it."""
    from civic.demo.cli import demo_group

    return [demo_group]
