"""The whole story of one project in one outcome: who paid for it, or what it was missing and where that went.

The outcome says most of it; this adds what is too long to find for every project of every count: how many more
votes would have been enough, recounted, and whose money or votes the winners shared.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from voting.counting.amounts import amount_string
from voting.counting.contest import Contest, prepare
from voting.counting.explanation import Explanation, explain
from voting.counting.instance import Instance
from voting.counting.outcome import Json, Outcome, Phase, Reason
from voting.counting.profile import Ints, Profile
from voting.counting.rules import EQUAL_SHARES, PHRAGMEN, Rule
from voting.counting.ties import TieBreak
from voting.counting.what_if import votes_needed


@dataclass(frozen=True, slots=True)
class Loads:
    """What the supporters of a winner by Phragmén took on, in currency, exact: all carry `load` afterwards, and
    each paid the difference to what they carried, from `least` to `most`."""

    supporters: int
    load: Fraction
    least: Fraction
    most: Fraction

    def as_json(self) -> dict[str, Json]:
        """Amounts as decimal strings, what is no whole hundredth rounded down."""
        return {
            "supporters": self.supporters,
            "load": amount_string(self.load),
            "paid_at_least": amount_string(self.least),
            "paid_at_most": amount_string(self.most),
        }


@dataclass(frozen=True, slots=True)
class Story:
    """One project explained in full: the explanation, and beside it what was found for this project alone.

    For a winner by equal shares `rest_paid` is what those who gave their last paid together (None when supporters
    pay by points). For a winner by Phragmén `loads`. For a loser under those two rules `votes_needed`: how many
    more voters naming only it would have been enough, None when not even `most_tried` were. `used_by` is what
    winners used of its supporters' money (equal shares) or loaded on them (Phragmén), in currency; `shared` how
    many of its supporters also voted for each winner (rules by score).
    """

    explanation: Explanation
    rest_paid: str | None = None
    loads: Loads | None = None
    recounted: bool = False
    votes_needed: int | None = None
    most_tried: int | None = None
    used_by: tuple[tuple[str, str], ...] = ()
    shared: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> dict[str, Json]:
        """The explanation as one object; what does not apply is left out."""
        data = dict(self.explanation.as_json())
        if self.rest_paid is not None:
            data["gave_all_together"] = self.rest_paid
        if self.loads is not None:
            data |= self.loads.as_json()
        if self.recounted:
            data |= {"votes_needed": self.votes_needed, "most_tried": self.most_tried}
        if self.used_by:
            data["used_by"] = dict(self.used_by)
        if self.shared:
            data["supporters_by_winner"] = dict(self.shared)
        return data


def tell(
    instance: Instance,
    profile: Profile,
    rule: Rule,
    outcome: Outcome,
    project_id: str,
    most: int | None = None,
) -> Story:
    """The story of `project_id` in `outcome`, which must be `count(instance, profile, rule)`.

    Under equal shares and Phragmén a loser's missing votes are found by counting again for every number tried
    (about twice the binary logarithm of the answer), up to `most`, by default as many as have voted; under rules
    by score the outcome itself says `more_needed`. Raises KeyError for a project the instance does not have.
    """
    explanation = explain(instance, profile, outcome)[project_id]
    contest = prepare(instance, profile, TieBreak.parse(rule.tie_break))
    project = contest.ids.index(project_id)
    if explanation.funded:
        if explanation.phase is Phase.EQUAL_SHARES:
            return Story(explanation, rest_paid=_rest_paid(contest, rule, outcome, explanation, project))
        if explanation.phase is Phase.PHRAGMEN:
            return Story(explanation, loads=_loads(contest, outcome, explanation, project))
        return Story(explanation)
    if rule.name not in (EQUAL_SHARES, PHRAGMEN):
        return Story(explanation, shared=_shared(contest, outcome.selected, project))
    given = explanation.data.get("used_by")
    used_by = (
        tuple((winner, str(amount)) for winner, amount in given.items()) if isinstance(given, dict) else ()
    )
    if rule.name == PHRAGMEN:
        used_by = _loaded_by(contest, outcome, project)
    if explanation.reason is Reason.WITHDRAWN:
        return Story(explanation, used_by=used_by)
    most = profile.voters if most is None else most
    needed = votes_needed(instance, profile, rule, project_id, most)
    return Story(explanation, recounted=True, votes_needed=needed, most_tried=most, used_by=used_by)


def _rest_paid(
    contest: Contest, rule: Rule, outcome: Outcome, explanation: Explanation, project: int
) -> str | None:
    """What is left of the cost when those who paid in full have paid."""
    step = outcome.steps[(explanation.step or 1) - 1]
    if rule.satisfaction == "points" or step.paid_at_most is None or step.supporters is None:
        return None
    in_full = step.supporters - (step.gave_all or 0) - (step.had_nothing or 0)
    return amount_string(Fraction(contest.costs[project], contest.scale) - in_full * step.paid_at_most)


def _steps(
    contest: Contest, outcome: Outcome, own: Ints
) -> Iterator[tuple[int, Fraction, Ints, list[Fraction]]]:
    """For each winner by Phragmén: its number, its load, and before it the number of the load that each of `own`
    ballots carries, with the loads by number."""
    load_of = np.zeros(len(contest.ballots.weights), dtype=np.int64)
    loads = [Fraction(0)]
    for step in outcome.steps:
        winner, load = contest.ids.index(step.project), step.load or Fraction(0)
        yield winner, load, load_of[own], loads
        loads = [*loads, load]
        load_of[contest.ballots.supporters[winner]] = len(loads) - 1


def _loads(contest: Contest, outcome: Outcome, explanation: Explanation, project: int) -> Loads:
    """What the supporters of a winner took on, each up to the same load."""
    own = contest.ballots.supporters[project]
    paid: list[Fraction] = []
    reached = Fraction(0)
    for winner, load, carried, loads in _steps(contest, outcome, own):
        if winner == project:
            reached, paid = load, [load - loads[number] for number in np.unique(carried).tolist()]
            break
    return Loads(explanation.votes, reached, min(paid), max(paid))


def _loaded_by(contest: Contest, outcome: Outcome, project: int) -> tuple[tuple[str, str], ...]:
    """What each winner by Phragmén loaded on the supporters of a project, in currency, the most first."""
    own = contest.ballots.supporters[project]
    weights = contest.ballots.weights[own]
    found: list[tuple[Fraction, str]] = []
    for winner, load, carried, loads in _steps(contest, outcome, own):
        both = np.isin(own, contest.ballots.supporters[winner])
        taken = Fraction(0)
        for number in np.unique(carried[both]).tolist():
            taken += int(weights[both & (carried == number)].sum()) * (load - loads[number])
        if taken:
            found.append((taken, contest.ids[winner]))
    found.sort(key=lambda entry: (-entry[0], entry[1]))
    return tuple((winner, amount_string(taken)) for taken, winner in found)


def _shared(contest: Contest, winners: Iterable[str], project: int) -> tuple[tuple[str, int], ...]:
    """How many supporters of a project also voted for each winner, the most first."""
    own = contest.ballots.supporters[project]
    weights = contest.ballots.weights[own]
    found = []
    for winner in winners:
        both = np.isin(own, contest.ballots.supporters[contest.ids.index(winner)])
        if both.any():
            found.append((winner, int(weights[both].sum())))
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))
