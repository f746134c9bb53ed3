"""The files of a closed round: `.pb` per pot, the outcome as CSV, the list of codes, the frozen plan.

No voter columns, rows in an order that says nothing. In mode `inclusion_only` no code stands beside
choices; in mode `open` each row carries its code.
"""

import csv
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import IO

from sqlalchemy import select

from civic.config import City
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import plain_cell
from voting import result_queries
from voting.ballot_text import parse, tracking_code
from voting.counting.amounts import amount_string
from voting.counting.ballots import BallotType
from voting.counting.pabulib_rule import EXCLUSIVE, GROUP, WITHDRAWN, rule_as_meta
from voting.counting.pabulib_writer import write_sections
from voting.counting.rules import Rule
from voting.instance import instance_of, longest_choice, pot_ballot, pot_type
from voting.models import Project, ProjectOutcome, closed_leaf, opened_ballot
from voting.plan import FrozenRound
from voting.sorted_rows import SortedRows

#: How many rows are read at a time.
AT_ONCE = 2000

#: The column of PROJECTS that says a project's place on the reserve list.
RESERVE = "civic_reserve"


def write_pot(handle: IO[str], round_: Round, plan: FrozenRound, pot_id: int, city: City) -> None:
    """Write the `.pb` file of one pot to a text handle opened with `newline=""`.

    `civic count` finds in it all that the result rests on: the rule with its parameters, the order of ties, the parts
    of the ballot and the sets of which one project may win.
    """
    kind = pot_type(plan, pot_id)
    by_code = plan.publication_mode == "open"
    key = (lambda row: row[-1:] + row) if by_code else None
    with SortedRows(_vote_rows(round_.id, plan, pot_id, kind), key) as rows:
        _write_pot(handle, round_, plan, pot_id, city, kind, rows)


def _write_pot(
    handle: IO[str],
    round_: Round,
    plan: FrozenRound,
    pot_id: int,
    city: City,
    kind: BallotType,
    rows: SortedRows,
) -> None:
    outcomes = [
        (outcome, project)
        for outcome, project in result_queries.list_outcomes(round_.id)
        if outcome.pot_id == pot_id
    ]
    reserve = {project.code: str(place) for place, (_, project) in enumerate(reserve_of(outcomes), start=1)}
    outcomes.sort(key=lambda pair: pair[1].code)
    source = plan.source.get("meta", {})
    pot = plan.counted_pots[pot_id]
    rule = rule_as_meta(Rule.from_json(plan.rule), source.get("rule"))
    meta = {
        "description": source.get("description") or f"{round_.name}: {pot.name}",
        "country": source.get("country") or "Romania",
        "unit": source.get("unit") or city.name,
        **({"subunit": source["subunit"]} if source.get("subunit") else {}),
        "instance": source.get("instance") or round_.slug,
        "num_projects": str(len(outcomes)),
        "num_votes": str(rows.count),
        "budget": amount_string(pot.amount),
        "vote_type": kind.value,
        "rule": rule.pop("rule"),
        "date_begin": f"{plan.opens_at:%d.%m.%Y}",
        "date_end": f"{plan.closes_at:%d.%m.%Y}",
        "currency": plan.currency,
        **_limits(plan, pot_id, kind),
        **rule,
        **_told(round_, plan),
    }
    instance = instance_of(plan, pot_id)
    counted = {project.id: project for project in instance.projects}
    sets = _set_names(plan, counted)
    extra = {
        GROUP: {code: project.group or "" for code, project in counted.items()},
        EXCLUSIVE: {
            code: ",".join(name for name, codes in sets.items() if code in codes) for code in counted
        },
        WITHDRAWN: {code: "1" for code, project in counted.items() if project.withdrawn},
        RESERVE: reserve,
    }
    extra = {column: cells for column, cells in extra.items() if any(cells.values())}
    columns = ["project_id", "cost", "votes", "score", "name", "selected", *extra]
    cells = [
        [
            project.code,
            amount_string(project.cost),
            str(outcome.votes),
            amount_string(Fraction(outcome.score)),
            project.title,
            "1" if outcome.standing == "winner" else "0",
            *(told.get(project.code, "") for told in extra.values()),
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


def reserve_of(outcomes: Iterable[tuple[ProjectOutcome, Project]]) -> list[tuple[ProjectOutcome, Project]]:
    """The projects on the reserve list, the next one first, from the outcomes of one pot in the order of the table."""
    return [pair for pair in outcomes if pair[0].standing == "reserve"]


def _limits(plan: FrozenRound, pot_id: int, kind: BallotType) -> dict[str, str]:
    """How a ballot may be filled in, as far as the format has words for it."""
    limits: dict[str, str] = {}
    length = longest_choice(plan, pot_id)
    if length:
        limits["max_length"] = str(length)
    groups = {project.group for project in plan.counted_projects(pot_id)}
    if len(groups) == 1 and not plan.recorded:
        group = plan.groups[groups.pop()]
        if group.max_cost is not None and kind is BallotType.APPROVAL:
            limits["max_sum_cost"] = amount_string(group.max_cost)
        if kind is BallotType.CUMULATIVE and group.points_each:
            limits["max_points"] = str(group.points_each)
        if kind is BallotType.CUMULATIVE and group.points_total:
            limits["max_sum_points"] = str(group.points_total)
    return limits


def _told(round_: Round, plan: FrozenRound) -> dict[str, str]:
    """Where the order of ties comes from, and which pots were counted as one."""
    told: dict[str, str] = {}
    draw = (round_.frozen or {}).get("draw")
    if draw:
        told |= {"civic_draw_minutes": draw["minutes"], "civic_draw_held_on": draw["held_on"]}
    if len(plan.counted_pots) < len(plan.pots):
        told["civic_pots"] = ", ".join(
            f"{pot.name}: {amount_string(pot.amount)}" for pot in plan.pots.values()
        )
    return told


def _set_names(plan: FrozenRound, codes: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The sets of which one of these projects may win, under names that a list with commas can hold, each its own."""
    found: dict[str, tuple[str, ...]] = {}
    for number, one in enumerate(plan.exclusive_sets, start=1):
        name = " ".join(one.name.replace(",", " ").split()) or str(number)
        while name in found:
            name += f" ({number})"
        if set(one.projects) <= set(codes):
            found[name] = one.projects
    return found


def _vote_rows(round_id: int, plan: FrozenRound, pot_id: int, kind: BallotType) -> Iterator[list[str]]:
    """The ballots that name a project of the pot, to be sorted by code or, where codes are apart, by what they say."""
    for leaf, text in opened_rows(round_id):
        row = vote_cells(plan, pot_id, kind, text)
        if not row:
            continue
        if plan.publication_mode == "open":
            row.append(tracking_code(bytes(leaf)))
        yield row


def vote_cells(plan: FrozenRound, pot_id: int, kind: BallotType, text: str) -> list[str]:
    """What a ballot's row says of one pot: the projects and, where there are any, their points; empty for nothing."""
    ballot = pot_ballot(plan, pot_id, kind, parse(text).choices())
    if not ballot.projects:
        return []
    cells = [",".join(ballot.projects)]
    if kind.has_points:
        cells.append(",".join(amount_string(points) for points in ballot.points))
    return cells


def votes_sha256(plan: FrozenRound, pot_id: int, texts: Iterable[str]) -> str:
    """SHA-256 over the ballots of one pot as its `.pb` file writes them (`projects;points` a line), lines sorted.

    The close records it, so that a file with another ballot in it shows.
    """
    kind = pot_type(plan, pot_id)
    rows = (vote_cells(plan, pot_id, kind, text) for text in texts)
    digest = hashlib.sha256()
    for line in sorted(";".join(row) + "\n" for row in rows if row):
        digest.update(line.encode())
    return digest.hexdigest()


def opened_rows(round_id: int) -> Iterator[tuple[bytes, str]]:
    """The opened ballots with their leaves, in the order of the leaves, read a piece at a time."""
    for leaf, text in db.session.execute(
        select(opened_ballot.c.leaf, opened_ballot.c.text)
        .where(opened_ballot.c.round_id == round_id)
        .order_by(opened_ballot.c.leaf)
        .execution_options(yield_per=AT_ONCE)
    ):
        yield bytes(leaf), text


def leaf_rows(round_id: int) -> Iterator[tuple[bytes, str, bytes | None, int]]:
    """Every leaf by its hash, what became of it, what it voids if it is a void, and its batch; a piece at a time."""
    for leaf, kind, target, batch in db.session.execute(
        select(closed_leaf.c.leaf, closed_leaf.c.kind, closed_leaf.c.target, closed_leaf.c.batch)
        .where(closed_leaf.c.round_id == round_id)
        .order_by(closed_leaf.c.leaf)
        .execution_options(yield_per=AT_ONCE)
    ):
        yield bytes(leaf), kind, bytes(target) if target else None, batch


def outcome_csv(round_: Round, plan: FrozenRound) -> str:
    """The outcome as CSV: one line a project, in the order of the table."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        ["pot", "position", "rank", "code", "title", "cost", "currency", "votes", "score", "standing", "reserve", "step",
         "remaining", "reason", "more_needed"]
    )  # fmt: skip
    found = result_queries.list_outcomes(round_.id)
    reserve: dict[str, int] = {}
    for pot in plan.counted_pots:
        own = reserve_of(pair for pair in found if pair[0].pot_id == pot)
        reserve |= {project.code: place for place, (_, project) in enumerate(own, start=1)}
    for outcome, project in found:
        writer.writerow(
            [plain_cell(plan.counted_pots[outcome.pot_id].name), outcome.position, outcome.rank, plain_cell(project.code),
             plain_cell(project.title),
             amount_string(project.cost), plan.currency, outcome.votes, amount_string(Fraction(outcome.score)),
             outcome.standing, reserve.get(project.code, ""), outcome.step or "",
             "" if outcome.remaining is None else amount_string(Fraction(outcome.remaining)),
             outcome.reason, outcome.data.get("more_needed") or ""]
        )  # fmt: skip
    return buffer.getvalue()


def code_lines(round_id: int) -> Iterator[str]:
    """The published list: every leaf in order, its code, and whether it counts; voids with what they void."""
    yield "# code leaf kind target\n"
    for leaf, kind, target, _batch in leaf_rows(round_id):
        code = "-" if kind == "void" else tracking_code(leaf)
        yield f"{code} {leaf.hex()} {kind} {target.hex() if target else '-'}\n"
