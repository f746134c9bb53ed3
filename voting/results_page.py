"""What the results say: who won at which step, why not the others, how many took part. Only after publication."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic import format
from civic.accounts.verifying import methods
from civic.errors import NotFound
from civic.format import ngettext
from civic.places.queries import neighbourhood_names
from civic.rounds.models import Round
from voting import result_queries, round_queries, turnout_queries
from voting.models import Project, ProjectOutcome, RoundResult
from voting.plan import FrozenRound
from voting.reasons import Use, reason_of, uses_of
from voting.turnout import LEAST_CELL, Band, ProofCell, merge_bands, proof_cells


@dataclass(frozen=True)
class ResultRow:
    """One line of the table."""

    project: Project
    outcome: ProjectOutcome
    reason: str
    share: int
    uses: Sequence[Use] = ()


@dataclass(frozen=True)
class PotResult:
    """The table of one pot."""

    id: int
    name: str
    amount: Decimal
    spent: Decimal
    voters: int
    rows: Sequence[ResultRow]
    points: bool
    ties: Sequence[Mapping[str, Any]]

    @property
    def parts(self) -> list[tuple[bool, list[ResultRow]]]:
        """The winners, then the others: (whether they won, their rows), without the empty ones."""
        won = [row for row in self.rows if row.outcome.standing == "winner"]
        lost = [row for row in self.rows if row.outcome.standing != "winner"]
        return [(is_won, rows) for is_won, rows in ((True, won), (False, lost)) if rows]

    @property
    def reserve(self) -> list[ResultRow]:
        """The projects that come in if a winner falls out, the next one first."""
        return [row for row in self.rows if row.outcome.standing == "reserve"]


def published(round_: Round) -> tuple[FrozenRound, RoundResult]:
    """The plan and the result of a round whose result is public, or NotFound: before, there is nothing to see."""
    plan = round_queries.plan_of(round_)
    result = result_queries.find_result(round_.id) if round_.results_at is not None else None
    if plan is None or result is None:
        raise NotFound
    return plan, result


def pot_results(round_: Round, plan: FrozenRound, result: RoundResult) -> list[PotResult]:
    """The tables of all pots that had projects."""
    found = result_queries.list_outcomes(round_.id)
    titles = {project.code: project.title for _outcome, project in found}
    tables = []
    for pot in plan.counted_pots.values():
        own = [(outcome, project) for outcome, project in found if outcome.pot_id == pot.id]
        if not own:
            continue
        counted = result.outcome["pots"][str(pot.id)]
        points = counted["record"].get("ballot_type") in ("cumulative", "scoring", "ordinal")
        most = max((outcome.score for outcome, _project in own), default=Decimal(0)) or Decimal(1)
        tables.append(
            PotResult(
                pot.id,
                pot.name,
                pot.amount,
                Decimal(counted["spent"]),
                int(result.outcome["voters"].get(str(pot.id), 0)),
                [
                    ResultRow(
                        project,
                        outcome,
                        reason_of(outcome, titles, plan.currency, points),
                        int(100 * outcome.score / most),
                        uses_of(outcome, titles),
                    )
                    for outcome, project in own
                ],
                points,
                [
                    {**tie, "projects": [titles.get(str(code), str(code)) for code in tie["projects"]]}
                    for tie in counted.get("ties", [])
                ],
            )
        )
    return tables


def areas_of(pots: Sequence[PotResult]) -> list[tuple[int, str, int]]:
    """The neighbourhoods that had projects: (id, name, how many), by name."""
    counts = Counter(row.project.neighbourhood_id for pot in pots for row in pot.rows)
    names = neighbourhood_names()
    return [(area, name, counts[area]) for area, name in names.items() if counts[area]]


def only_area(pots: Sequence[PotResult], area: int | None) -> list[PotResult]:
    """The tables with the projects of one neighbourhood alone; all of them without one."""
    if area is None:
        return list(pots)
    kept = [
        replace(pot, rows=[row for row in pot.rows if row.project.neighbourhood_id == area]) for pot in pots
    ]
    return [pot for pot in kept if pot.rows]


@dataclass(frozen=True)
class TurnoutCells:
    """The cells of the turnout that may be published: areas as (name, people on the roll, ballots), what of them is
    not told apart (None: nothing, or too little), and bands of ages."""

    roll: int
    voted: int
    areas: Sequence[tuple[str, int, int]]
    others: tuple[int, int] | None
    ages: Sequence[Band]
    proofs: Sequence[ProofCell] = ()


def turnout_cells(round_id: int, result: RoundResult) -> TurnoutCells:
    """How many took part: in all, by neighbourhood and by age where a cell has ten people or more.

    Neighbourhoods with fewer voters, or where everybody on the roll voted, are merged; when what is merged
    is still small or unanimous, or could be found by subtraction, it joins the smallest cell shown.
    """
    names = neighbourhood_names()
    cells = [
        (names.get(area or 0, ""), roll, voted)
        for area, roll, voted in turnout_queries.turnout_by_area(round_id)
    ]
    shown, merged = merge_small(cells)
    return TurnoutCells(
        sum(cell[1] for cell in cells),
        sum(cell[2] for cell in cells),
        sorted(shown, key=lambda cell: (-cell[2], cell[0])),
        merged,
        merge_bands(_bands(result)),
        proof_cells(_proofs(result)),
    )


def turnout(round_id: int, result: RoundResult) -> dict[str, Any]:
    """`turnout_cells` in words for the page."""
    cells = turnout_cells(round_id, result)
    return {
        "roll": cells.roll,
        "voted": cells.voted,
        "areas": cells.areas,
        "others": cells.others,
        "ages": [(ages_in_words(band), band[3]) for band in cells.ages],
        "proofs": [
            ("; ".join(str(methods.NAMES.get(one, one)) for one in proofs), roll, voted)
            for proofs, roll, voted in cells.proofs
        ],
    }


def _bands(result: RoundResult) -> list[Band]:
    """The bands as they were counted at the close; later erasures of people do not change them."""
    stored = result.outcome.get("turnout", {}).get("ages", [])
    return [(band[0], band[1], band[2], band[3]) for band in stored]


def _proofs(result: RoundResult) -> list[tuple[str, int, int]]:
    """By way of being verified, as counted at the close; nothing for rounds that older versions counted."""
    stored = result.outcome.get("turnout", {}).get("proofs", [])
    return [(row[0], row[1], row[2]) for row in stored]


def ages_in_words(band: Band) -> str:
    """A band of ages as people say it."""
    youngest, oldest = band[0], band[1]
    if youngest is None and oldest is None:
        return _("All ages")
    if youngest is None:
        return _("Under %(age)s", age=(oldest or 0) + 1)
    if oldest is None:
        return _("%(age)s and over", age=youngest)
    return f"{youngest}–{oldest}"


def merge_small(
    cells: Sequence[tuple[str, int, int]],
) -> tuple[list[tuple[str, int, int]], tuple[int, int] | None]:
    """The cells that may be shown, and the sum of the others (None when there is none to show)."""

    def large(cell: tuple[str, int, int]) -> bool:
        return bool(cell[0]) and cell[2] >= LEAST_CELL and cell[2] < cell[1]

    shown = sorted((cell for cell in cells if large(cell)), key=lambda cell: cell[2])
    hidden = [cell for cell in cells if not large(cell)]

    def sums() -> tuple[int, int]:
        return sum(cell[1] for cell in hidden), sum(cell[2] for cell in hidden)

    # How many are on the roll is public for each area: where all of the rest voted, everybody would know of each.
    while hidden and shown and (sums()[1] < LEAST_CELL or sums()[0] == sums()[1]):
        hidden.append(shown.pop(0))
    if not hidden:
        return shown, None
    roll, voted = sums()
    return shown, (roll, voted) if LEAST_CELL <= voted < roll else None


def rule_words(round_: Round, result: RoundResult) -> list[str]:
    """The counting rule, first what it is called, then every parameter it was counted with, for people."""
    from civic.rounds import rules_registry, words

    registered = rules_registry.find_rule(result.rule)
    return [
        f"{registered.label if registered else result.rule.get('name')}.",
        *words.rule_sentences(result.rule, round_.currency),
        *words.pot_sentences(round_),
        *_tie_words(round_, str(result.rule.get("tie_break", ""))),
    ]


def _tie_words(round_: Round, tie: str) -> list[str]:
    """What decided between projects that were level, as it was frozen."""
    if tie.startswith("seed:"):
        return [
            _(
                "Ties: lower cost first, then more votes, then a lot drawn with the published seed %(seed)s.",
                seed=tie.removeprefix("seed:"),
            )
        ]
    if not tie.startswith("order:"):
        return [_("Ties: lower cost first, then more votes, then the project's code.")]
    sentences = [_("Ties: lower cost first, then more votes, then the order published before voting opened.")]
    order = ", ".join(tie.removeprefix("order:").split(","))
    draw = (round_.frozen or {}).get("draw")
    if draw:
        day = format.day(date.fromisoformat(draw["held_on"]))
        sentences.append(
            _(
                "The public draw that settles ties was held on %(day)s and is recorded in %(minutes)s. The order drawn: %(order)s.",
                day=day,
                minutes=draw["minutes"],
                order=order,
            )
        )
    elif round_.tie_order == "submission":
        sentences.append(
            _("That order is the one in which the proposals were sent in: %(order)s.", order=order)
        )
    return sentences


def tiles(round_: Round, plan: FrozenRound, result: RoundResult) -> list[dict[str, str]]:
    """The figures at the head of the page."""
    summary = result.outcome["summary"]
    named = int(summary["named"]) or 1
    return [
        {
            "value": format.number(summary["ballots"]),
            "label": ngettext("ballot", "ballots", summary["ballots"]),
        },
        {
            "value": format.number(summary["winners"]),
            "label": ngettext("winning project", "winning projects", summary["winners"]),
        },
        {"value": format.money(Decimal(summary["spent"]), plan.currency), "label": _("allocated")},
        {
            "value": format.percent(Decimal(summary["with_winner"]) / named),
            "label": _("of voters have at least one winning project"),
        },
    ]


def next_steps(round_: Round) -> list[dict[str, Any]]:
    """What comes after the provisional results."""
    adopted: datetime | None = round_.adopted_at
    return [
        {"done": True, "when": round_.results_at, "text": _("Provisional results published")},
        {
            "done": adopted is not None,
            "when": adopted,
            "text": _("Adopted by %(decision)s", decision=round_.adopted_by)
            if adopted
            else _("The council adopts the list of winners"),
        },
        {"done": adopted is not None, "when": None, "text": _("Every winner has its page of delivery")},
    ]
