"""The outcome of every rule beside each other, for information: which projects, what it costs, how many voters."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from voting.counting.amounts import amount_string
from voting.counting.count import count
from voting.counting.explanation import summarise
from voting.counting.instance import Instance
from voting.counting.outcome import Json, Outcome
from voting.counting.profile import Profile
from voting.counting.rules import Completion, Rule, rank_points
from voting.counting.scores import scores, votes

#: Every rule that gives an outcome of its own without further data, with its short name.
COMPARED = {
    "greedy": ("greedy", {}),
    "no-skip": ("greedy-no-skip", {}),
    **{
        f"shares/{completion}": ("equal-shares", {"completion": completion.value})
        for completion in Completion
    },
    "phragmen": ("phragmen", {}),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One rule's outcome beside the first one's: what it funds that the first does not, and the reverse."""

    name: str
    outcome: Outcome
    voters_with_winner: int
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def as_json(self) -> dict[str, Json]:
        """The column as an object; amounts are decimal strings."""
        return {
            "name": self.name,
            "rule": self.outcome.rule,
            "parameters": dict(self.outcome.parameters),
            "selected": list(self.outcome.selected),
            "funded": len(self.outcome.selected),
            "spent": self.outcome.spent,
            "voters_with_winner": self.voters_with_winner,
            "added": list(self.added),
            "removed": list(self.removed),
            "fingerprint": self.outcome.fingerprint,
        }


@dataclass(frozen=True, slots=True)
class SideBySide:
    """All columns, the first being what the others are compared with, and the projects by score."""

    instance: Instance
    voters: int
    columns: tuple[Column, ...]
    projects: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Json]:
        """Everything as one object; `steps` say as which number a rule funded a project."""
        return {
            "budget": amount_string(self.instance.budget_limit),
            "currency": self.instance.currency,
            "voters": self.voters,
            "compared_with": self.columns[0].name,
            "rules": [column.as_json() for column in self.columns],
            "projects": list(self.projects),
        }


def compare_rules(
    instance: Instance,
    profile: Profile,
    first: tuple[str, Rule] | None = None,
    *,
    threshold: Decimal | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> SideBySide:
    """Count by every rule of `COMPARED`, after `first` (a name and a rule), if there is one.

    Each rule takes those of `parameters` that belong to it; `threshold` is a minimum score for rules by score that
    have none. Raises ValueError for a value no rule takes.
    """
    wanted = [] if first is None else [first]
    for name, (base, own) in COMPARED.items():
        rule = Rule.named(base).with_own({**(parameters or {}), **own}).with_threshold_of(threshold)
        if first is None or rule != first[1]:
            wanted.append((name, rule))
    table = rank_points(wanted[0][1].rank_scores)
    outcomes = [(name, count(instance, profile, rule, explain=False)) for name, rule in wanted]
    reference = outcomes[0][1].selected
    columns = tuple(
        Column(
            name,
            outcome,
            summarise(profile, outcome).voters_with_winner,
            tuple(project for project in outcome.selected if project not in reference),
            tuple(project for project in reference if project not in outcome.selected),
        )
        for name, outcome in outcomes
    )
    return SideBySide(instance, profile.voters, columns, tuple(_rows(instance, profile, columns, table)))


def _rows(
    instance: Instance, profile: Profile, columns: tuple[Column, ...], rank_scores: tuple[int, ...]
) -> list[dict[str, Any]]:
    """One object a project, the best score first: its figures and its step under each rule that funds it."""
    project_votes, project_scores = votes(instance, profile), scores(instance, profile, rank_scores)
    steps = {
        column.name: {project: step for step, project in enumerate(column.outcome.selected, start=1)}
        for column in columns
    }
    return [
        {
            "id": project.id,
            "name": project.name,
            "cost": amount_string(project.cost),
            "votes": project_votes[project.id],
            "score": amount_string(project_scores[project.id]),
            "steps": {name: own[project.id] for name, own in steps.items() if project.id in own},
        }
        for project in sorted(
            instance.projects, key=lambda p: (-project_scores[p.id], p.cost, -project_votes[p.id], p.id)
        )
    ]
