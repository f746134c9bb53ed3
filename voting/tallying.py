"""Counting a closed round: pot by pot under the frozen rule, every figure kept with its reason."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sqlalchemy import select

from civic.clock import CITY_ZONE
from civic.extensions import db
from civic.rounds.rules import last_day
from voting.ballot_text import parse
from voting.counting.count import COUNTING_VERSION, count
from voting.counting.explanation import Explanation, explain, summarise
from voting.counting.missing_votes import missing_votes
from voting.counting.outcome import Outcome, Reason
from voting.counting.rules import Rule
from voting.counting.scores import votes as project_votes
from voting.instance import PotCount, count_inputs
from voting.models import ProjectOutcome, RoundResult, opened_ballot
from voting.plan import FrozenRound
from voting.project_queries import list_projects
from voting.publication import votes_sha256
from voting.turnout import Band, age_cells
from voting.turnout_queries import turnout_by_birth, turnout_by_proof
from voting.voter_figures import VoterFigures

#: Losers that come next, should a winner fall away.
RESERVE_REASONS = {Reason.DID_NOT_FIT, Reason.STOPPED_BEFORE, Reason.MAX_WINNERS, Reason.RAN_OUT}


def code_version() -> str:
    """Which program counted."""
    try:
        release = version("civic")
    except PackageNotFoundError:
        release = "checkout"
    return f"civic {release}, counting {COUNTING_VERSION}"


def opened_texts(round_id: int) -> list[str]:
    """The opened ballots in the order of their leaves."""
    return list(
        db.session.scalars(
            select(opened_ballot.c.text)
            .where(opened_ballot.c.round_id == round_id)
            .order_by(opened_ballot.c.leaf)
        )
    )


def count_round(round_id: int, plan: FrozenRound, now: datetime) -> dict[str, Any]:
    """Count the opened ballots and store the result. Flushes. Returns what the record of the step says."""
    texts = opened_texts(round_id)
    rule = Rule.from_json(plan.rule)
    counts = count_inputs(plan, texts)
    outcomes = {one.pot: count(one.instance, one.profile, rule) for one in counts}
    result = RoundResult(
        round_id=round_id,
        outcome={
            "pots": {str(pot): outcome.as_json() for pot, outcome in outcomes.items()},
            "voters": {str(one.pot): one.profile.voters for one in counts},
            "summary": _summary(plan, texts, counts, outcomes),
            "turnout": {}
            if plan.recorded
            else {
                "ages": _ages(round_id, plan),
                "proofs": turnout_by_proof(round_id),
            },
        },
        rule=rule.as_json(),
        input_hash=input_hash(outcomes),
        code_version=code_version(),
        counted_at=now,
    )
    db.session.add(result)
    projects = {project.code: project.id for project in list_projects(round_id)}
    for one in counts:
        explanations = explain(one.instance, one.profile, outcomes[one.pot])
        # Where the rule lets nothing win, nothing comes in for a winner and no votes are missing.
        wins = rule.max_winners != 0
        missing = missing_votes(one.instance, one.profile, rule, outcomes[one.pot]) if wins else {}
        db.session.add_all(_outcomes(round_id, one, outcomes[one.pot], explanations, missing, projects, wins))
    db.session.flush()
    return {
        "ballots": len(texts),
        "input": result.input_hash,
        "votes": {str(one.pot): votes_sha256(plan, one.pot, texts) for one in counts},
        "outcomes": {str(pot): outcome.fingerprint for pot, outcome in outcomes.items()},
    }


def _ages(round_id: int, plan: FrozenRound) -> list[Band]:
    """Participation by age band, from the roll; unpublished as it is: the page merges what is small."""
    return age_cells(turnout_by_birth(round_id), last_day(plan.closes_at, CITY_ZONE))


def input_hash(outcomes: Mapping[int, Outcome]) -> str:
    """SHA-256 over the fingerprints of what was counted in each pot."""
    lines = [f"{pot} {outcomes[pot].record['input_sha256']}\n" for pot in sorted(outcomes)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _summary(
    plan: FrozenRound, texts: Iterable[str], counts: list[PotCount], outcomes: Mapping[int, Outcome]
) -> dict[str, Any]:
    """Figures over all pots: ballots, winners, money, and how many voters have a winner."""
    chosen = {
        code: int(votes) for one in counts for code, votes in project_votes(one.instance, one.profile).items()
    }
    figures = VoterFigures(
        {code: plan.projects[code].cost for outcome in outcomes.values() for code in outcome.selected},
        chosen,
    )
    for text in texts:
        figures.add(parse(text).choices())
    spent = sum((Decimal(outcome.spent) for outcome in outcomes.values()), Decimal(0))
    budget = sum((pot.amount for pot in plan.pots.values()), Decimal(0))
    return {
        "ballots": figures.ballots,
        "named": figures.named,
        "with_winner": figures.named - figures.winners[0],
        "winners": len(figures.prices),
        "spent": str(spent),
        "budget": str(budget),
        "pots": {str(one.pot): summarise(one.profile, outcomes[one.pot]).as_json() for one in counts},
        **figures.as_json(),
    }


def _outcomes(
    round_id: int,
    counted: PotCount,
    outcome: Outcome,
    explanations: Mapping[str, Explanation],
    missing: Mapping[str, Mapping[str, Any]],
    projects: Mapping[str, int],
    wins: bool,
) -> list[ProjectOutcome]:
    """A row for each project: winners in the order won, then the others by score."""
    ordered = [*outcome.selected, *(rejection.project for rejection in outcome.rejected)]
    rows = []
    for position, code in enumerate(ordered, start=1):
        one = explanations[code]
        rows.append(
            ProjectOutcome(
                project_id=projects[code],
                round_id=round_id,
                pot_id=counted.pot,
                position=position,
                rank=one.rank,
                votes=one.votes,
                score=Decimal(one.score),
                standing=standing_of(one, wins),
                step=one.step,
                phase=one.phase.value if one.phase else "",
                remaining=None if one.remaining is None else Decimal(one.remaining),
                paid_at_most=one.paid_at_most,
                reason=one.reason.value if wins and one.reason else "",
                data=_figures(one, missing.get(code)) if wins else {},
            )
        )
    return rows


def standing_of(one: Explanation, wins: bool) -> str:
    """What became of a project, as pages call it. `wins`: whether the rule lets anything win, and so come in later."""
    if one.funded:
        return "winner"
    return "reserve" if wins and one.reason in RESERVE_REASONS else "not_selected"


def _figures(one: Explanation, missing: Mapping[str, Any] | None) -> dict[str, Any]:
    """The figures behind a result. Where votes were recounted, an answer of the greedy part alone would mislead."""
    data = dict(one.data)
    if missing is not None:
        data.pop("more_needed", None)
        data["missing"] = dict(missing)
    return data
