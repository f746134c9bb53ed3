"""The files of a closed round: `.pb` per pot, the outcome as CSV, the list of codes, the frozen plan.

No voter columns, rows in an order that says nothing. In mode `inclusion_only` no code stands beside
choices; in mode `open` each row carries its code.
"""

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from typing import IO

from sqlalchemy import select

from civic.config import City
from civic.extensions import db
from civic.rounds.models import Round
from voting import queries
from voting.ballot_text import parse, tracking_code
from voting.counting.amounts import amount_string
from voting.counting.ballots import BallotType
from voting.counting.pabulib_writer import write_sections
from voting.counting.rules import EQUAL_SHARES, Rule
from voting.instance import pot_ballot, pot_type, ranking_length
from voting.models import closed_leaf, opened_ballot
from voting.plan import FrozenRound


def pabulib_rule(rule: Rule) -> str:
    """The rule's name as `.pb` files write it."""
    if rule.name != EQUAL_SHARES:
        return rule.name
    completion = "add1-comparison" if rule.completion == "comparison" else rule.completion
    return "equalshares" if completion == "none" else f"equalshares/{completion}"


def write_pot(handle: IO[str], round_: Round, plan: FrozenRound, pot_id: int, city: City) -> None:
    """Write the `.pb` file of one pot to a text handle opened with `newline=""`."""
    kind = pot_type(plan, pot_id)
    rows = list(_vote_rows(round_.id, plan, pot_id, kind))
    rule = Rule.from_json(plan.rule)
    outcomes = [
        (outcome, project)
        for outcome, project in queries.list_outcomes(round_.id)
        if outcome.pot_id == pot_id
    ]
    outcomes.sort(key=lambda pair: pair[1].code)
    source = plan.source.get("meta", {})
    pot = plan.counted_pots[pot_id]
    meta = {
        "description": source.get("description") or f"{round_.name}: {pot.name}",
        "country": source.get("country") or "Romania",
        "unit": source.get("unit") or city.name,
        **({"subunit": source["subunit"]} if source.get("subunit") else {}),
        "instance": source.get("instance") or round_.slug,
        "num_projects": str(len(outcomes)),
        "num_votes": str(len(rows)),
        "budget": amount_string(pot.amount),
        "vote_type": kind.value,
        "rule": source.get("rule") or pabulib_rule(rule),
        "date_begin": f"{plan.opens_at:%d.%m.%Y}",
        "date_end": f"{plan.closes_at:%d.%m.%Y}",
        "currency": plan.currency,
        **_limits(plan, pot_id, kind, rule, source.get("rule")),
    }
    columns = ["project_id", "cost", "votes", "score", "name", "selected"]
    cells = [
        [
            project.code,
            amount_string(project.cost),
            str(outcome.votes),
            amount_string(Fraction(outcome.score)),
            project.title,
            "1" if outcome.standing == "winner" else "0",
        ]
        for outcome, project in outcomes
    ]
    vote_columns = ["voter_id", "vote"]
    if kind.has_points:
        vote_columns.append("points")
    if plan.publication_mode == "open":
        vote_columns.append("tracking_code")
    write_sections(
        handle, meta, columns, cells, vote_columns, ([str(at), *row] for at, row in enumerate(rows, start=1))
    )


def _limits(
    plan: FrozenRound, pot_id: int, kind: BallotType, rule: Rule, source_rule: str | None
) -> dict[str, str]:
    limits: dict[str, str] = {}
    length = ranking_length(plan, pot_id)
    if length and kind is BallotType.ORDINAL:
        limits["max_length"] = str(length)
    if rule.min_score is not None and rule.name.startswith("greedy"):
        limits["min_project_score_threshold"] = amount_string(rule.min_score)
    return limits


def _vote_rows(round_id: int, plan: FrozenRound, pot_id: int, kind: BallotType) -> Iterator[list[str]]:
    """The ballots that name a project of the pot, sorted by code or, where codes are apart, by what they say."""
    rows = []
    for leaf, text in db.session.execute(
        select(opened_ballot.c.leaf, opened_ballot.c.text).where(opened_ballot.c.round_id == round_id)
    ):
        ballot = pot_ballot(plan, pot_id, kind, parse(text).choices())
        if not ballot.projects:
            continue
        row = [",".join(ballot.projects)]
        if kind.has_points:
            row.append(",".join(amount_string(points) for points in ballot.points))
        if plan.publication_mode == "open":
            row.append(tracking_code(bytes(leaf)))
        rows.append(row)
    rows.sort(key=lambda row: row[-1:] + row if plan.publication_mode == "open" else row)
    yield from rows


def outcome_csv(round_: Round, plan: FrozenRound) -> str:
    """The outcome as CSV: one line a project, in the order of the table."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        ["pot", "position", "rank", "code", "title", "cost", "currency", "votes", "score", "standing", "step",
         "remaining", "reason", "more_needed"]
    )  # fmt: skip
    for outcome, project in queries.list_outcomes(round_.id):
        writer.writerow(
            [plan.counted_pots[outcome.pot_id].name, outcome.position, outcome.rank, project.code, _safe(project.title),
             amount_string(project.cost), plan.currency, outcome.votes, amount_string(Fraction(outcome.score)),
             outcome.standing, outcome.step or "",
             "" if outcome.remaining is None else amount_string(Fraction(outcome.remaining)),
             outcome.reason, outcome.data.get("more_needed") or ""]
        )  # fmt: skip
    return buffer.getvalue()


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def code_lines(round_id: int) -> Iterator[str]:
    """The published list: every leaf in order, its code, and whether it counts; voids with what they void."""
    yield "# code leaf kind target\n"
    rows = db.session.execute(
        select(closed_leaf.c.leaf, closed_leaf.c.kind, closed_leaf.c.target)
        .where(closed_leaf.c.round_id == round_id)
        .order_by(closed_leaf.c.leaf)
    )
    for leaf, kind, target in rows:
        code = "-" if kind == "void" else tracking_code(bytes(leaf))
        yield f"{code} {bytes(leaf).hex()} {kind} {bytes(target).hex() if target else '-'}\n"
