"""What other features say about a round on its page and on the home page, without rounds knowing them.

A round's own page knows money and dates; how many proposals came in, how many ballots were cast and where
to vote are known to the features that own them. Each registers a provider once, in its `register(app)`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from civic.actor import Actor
from civic.rounds.models import Round


@dataclass(frozen=True)
class MainAction:
    """The one thing to do in a phase: a button, and the sentence above it on the home page."""

    label: Any
    url: str
    sentence: Any = ""


#: Given the round, the actor and now: the main action of a phase, or None when there is none.
ActionProvider = Callable[[Round, Actor, datetime], MainAction | None]
#: Given the round: what came of a phase, in a few words ("312 submitted"), or None.
FigureProvider = Callable[[Round], Any | None]
#: Given rounds' ids: a formatted value for each round that has one, in one query.
ColumnProvider = Callable[[Iterable[int]], dict[int, Any]]


@dataclass(frozen=True)
class Column:
    """A column of the comparison between editions."""

    name: str
    label: Any
    provider: ColumnProvider
    position: int = 50


def _registry(app: Flask) -> dict[str, Any]:
    return app.extensions.setdefault(
        "civic_round_contributions", {"actions": {}, "figures": {}, "columns": [], "obstacles": []}
    )


def register_action(app: Flask, phase: str, provider: ActionProvider) -> None:
    """Say what a resident can do in a phase, as in `register_action(app, "voting", vote_action)`."""
    _registry(app)["actions"][phase] = provider


def register_figure(app: Flask, phase: str, provider: FigureProvider) -> None:
    """Say what came of a phase, shown in the phase strip once it is over."""
    _registry(app)["figures"][phase] = provider


def register_column(app: Flask, name: str, label: Any, provider: ColumnProvider, position: int = 50) -> None:
    """Add a column to the comparison between editions; it is left out where no edition has a value."""
    columns = _registry(app)["columns"]
    columns.append(Column(name, label, provider, position))
    columns.sort(key=lambda column: column.position)


def register_obstacle(app: Flask, provider: FigureProvider) -> None:
    """Say what stands in the way of adopting a round's results: a sentence, or None."""
    _registry(app)["obstacles"].append(provider)


def adoption_obstacles(round_: Round) -> list[Any]:
    """Everything that must be done before the council's decision can be recorded."""
    said = (provider(round_) for provider in _registry(current_app)["obstacles"])
    return [sentence for sentence in said if sentence is not None]


def find_action(phase: str, round_: Round, actor: Actor, now: datetime) -> MainAction | None:
    """The main action of a phase, or None."""
    provider = _registry(current_app)["actions"].get(phase)
    return provider(round_, actor, now) if provider else None


def find_figure(phase: str, round_: Round) -> Any | None:
    """What came of a phase in a few words, or None."""
    provider = _registry(current_app)["figures"].get(phase)
    return provider(round_) if provider else None


def columns_of(rounds: Iterable[Round]) -> list[tuple[Column, dict[int, Any]]]:
    """The columns in which at least one of the rounds has a value."""
    ids = [round_.id for round_ in rounds]
    filled = ((column, column.provider(ids)) for column in _registry(current_app)["columns"])
    return [(column, values) for column, values in filled if values]
