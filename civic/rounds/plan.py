"""Which plans cannot work, and why: read before a plan is stored, and again before it is published."""

from datetime import datetime
from decimal import Decimal
from itertools import combinations
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.format import money
from civic.rounds.facts import BALLOT_KINDS, PHASES, Ages, GroupFacts, PhaseWindow, PlanFacts, Problem
from civic.rounds.rules import days_between, in_order

#: What the columns can hold.
MOST_MONEY = Decimal("999999999999.99")
MOST_CHOICES = 1000
MOST_POINTS = 10_000

#: Phases that may run at the same time. Information may run beside everything up to the vote.
MAY_OVERLAP = {
    frozenset({"submission", "analysis"}),
    frozenset({"analysis", "appeals"}),
    *(frozenset({"information", kind}) for kind in ("submission", "analysis", "appeals", "voting")),
}
#: Phases in which residents act need at least a day, so that everybody comes home once.
AT_LEAST_A_DAY = ("submission", "appeals", "voting")

PHASE_NAMES = {
    "information": _("Information"),
    "submission": _("Proposals"),
    "analysis": _("Technical analysis"),
    "appeals": _("Appeals"),
    "voting": _("Voting"),
    "validation": _("Validation"),
    "results": _("Results"),
}


def plan_problems(plan: PlanFacts, publishing_at: datetime | None = None) -> list[Problem]:
    """Everything that makes a plan impossible, field by field; empty when it can work.

    With `publishing_at`, also what only a public plan must have: money, ballot, rules, dates still ahead.
    """
    if plan.asks:
        problems = [*_basics(plan), *_ages(plan), *_phases(plan)]
        return problems if publishing_at is None else [*problems, *_unready_questions(plan, publishing_at)]
    problems = [
        *_basics(plan),
        *_costs(plan),
        *_ages(plan),
        *_pots(plan),
        *_groups(plan),
        *_reach(plan),
        *_phases(plan),
        *_counting(plan),
    ]
    if publishing_at is not None and plan.kind == "city":
        problems += _unready(plan, publishing_at)
    return problems


def _money(amount: Decimal, plan: PlanFacts) -> LazyString:
    return LazyString(money, amount, plan.currency)


def _basics(plan: PlanFacts) -> list[Problem]:
    problems = []
    if not plan.name.strip():
        problems.append(Problem("name", _("Write the name.")))
    if len(plan.currency) != 3 or not plan.currency.isascii() or not plan.currency.isupper():
        problems.append(Problem("currency", _("Write the currency as three capital letters, such as RON.")))
    if plan.regulation_date is not None and not plan.regulation_decision:
        problems.append(
            Problem("regulation_decision", _("Write the number of the decision that has this date."))
        )
    return problems


def _costs(plan: PlanFacts) -> list[Problem]:
    problems = []
    for field, amount in (("min_cost", plan.min_cost), ("max_cost", plan.max_cost)):
        if amount is not None and not 0 < amount <= MOST_MONEY:
            problems.append(Problem(field, _("Write an amount over 0, or leave it empty.")))
    if plan.min_cost is not None and plan.max_cost is not None and plan.min_cost > plan.max_cost:
        problems.append(Problem("max_cost", _("The most a project may cost is under the least it may cost.")))
    largest = max((pot.amount for pot in plan.pots), default=None)
    if largest is not None and plan.min_cost is not None and plan.min_cost > largest:
        problems.append(
            Problem("min_cost", _("No project could be paid: even the largest budget is under this amount."))
        )
    if largest is not None and plan.max_cost is not None and plan.max_cost > largest:
        problems.append(
            Problem(
                "max_cost",
                _("A project of this cost could never win: the largest budget has %(amount)s.",
                  amount=_money(largest, plan)),
            )
        )  # fmt: skip
    return problems


def _is_nobody(ages: Ages) -> bool:
    return ages.least is not None and ages.most is not None and ages.least > ages.most


def _ages(plan: PlanFacts) -> list[Problem]:
    problems = []
    for field, age in (("min_age", plan.ages.least), ("max_age", plan.ages.most)):
        if age is not None and not 0 <= age <= 120:
            problems.append(Problem(field, _("Write an age from 0 to 120, or leave it empty.")))
    both = plan.everyones_ages
    if _is_nobody(both):
        if _is_nobody(plan.ages):
            sentence = _("The oldest age is under the youngest: nobody could take part.")
        else:
            sentence = _("Together with the programme's ages, nobody could take part.")
        problems.append(Problem("max_age", sentence))
    return problems


def _pots(plan: PlanFacts) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for index, pot in enumerate(plan.pots):
        if not pot.name.strip():
            problems.append(Problem(f"pots-{index}-name", _("Write the name of this budget.")))
        elif pot.name.casefold() in seen:
            problems.append(Problem(f"pots-{index}-name", _("Another budget already has this name.")))
        seen.add(pot.name.casefold())
        if not 0 < pot.amount <= MOST_MONEY:
            problems.append(Problem(f"pots-{index}-amount", _("Write an amount over 0.")))
        ages = plan.everyones_ages.narrowed(pot.ages)
        if pot.ages != Ages() and _is_nobody(ages):
            problems.append(
                Problem(
                    f"pots-{index}-programme_id",
                    _("This programme's ages and the edition's leave nobody who could vote on this budget."),
                )
            )
    total = sum((pot.amount for pot in plan.pots), Decimal(0))
    if total > MOST_MONEY:
        problems.append(Problem("pots", _("Together the budgets are more than can be recorded.")))
    return problems


def _groups(plan: PlanFacts) -> list[Problem]:
    problems = []
    names: set[str] = set()
    places: set[tuple[int | None, int | None]] = set()
    for index, group in enumerate(plan.groups):
        if not group.name.strip():
            problems.append(Problem(f"groups-{index}-name", _("Write the name of this part of the ballot.")))
        elif group.name.casefold() in names:
            problems.append(
                Problem(f"groups-{index}-name", _("Another part of the ballot already has this name."))
            )
        names.add(group.name.casefold())
        place = (group.category_id, group.neighbourhood_id)
        if place in places:
            problems.append(
                Problem(
                    f"groups-{index}-category_id",
                    _("Another part of the ballot already takes the projects of this domain and area."),
                )
            )
        places.add(place)
        problems += [
            Problem(f"groups-{index}-{field}", text) for field, text in _choice_problems(group, plan)
        ]
    return problems


def _choice_problems(group: GroupFacts, plan: PlanFacts) -> list[tuple[str, Any]]:
    """What is wrong with how a part of the ballot is filled in, as (field, sentence)."""
    kind, least, most = group.ballot_kind, group.min_choices, group.max_choices
    if kind not in BALLOT_KINDS:
        return [("ballot_kind", _("Choose how this part of the ballot is filled in."))]
    found: list[tuple[str, Any]] = []
    if not 0 <= least <= MOST_CHOICES:
        found.append(("min_choices", _("Write a number from 0.")))
    if most is not None and not 1 <= most <= MOST_CHOICES:
        found.append(("max_choices", _("Write a number from 1, or leave it empty for no limit.")))
    elif most is not None and most < least:
        found.append(
            ("max_choices", _("The most choices are fewer than the least: no ballot could be valid."))
        )
    if kind == "choose_one" and most not in (None, 1):
        found.append(("max_choices", _("Who chooses one project cannot choose more than one.")))
    if kind == "choose_one" and most is None and least > 1:
        found.append(("min_choices", _("Who chooses one project cannot choose more than one.")))
    if kind == "ordinal" and most is None:
        found.append(("max_choices", _("Say how many projects are put in order.")))
    return found + _limit_problems(group, plan)


def _limit_problems(group: GroupFacts, plan: PlanFacts) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    total = sum((pot.amount for pot in plan.pots), Decimal(0))
    if group.ballot_kind == "knapsack":
        if group.max_cost is None:
            found.append(("max_cost", _("Say how much money each voter may spend.")))
        elif not 0 < group.max_cost <= MOST_MONEY:
            found.append(("max_cost", _("Write an amount over 0.")))
        elif plan.min_cost is not None and group.max_cost < plan.min_cost:
            found.append(("max_cost", _("Not even one project could be chosen within this amount.")))
        elif plan.pots and group.max_cost > total:
            found.append(("max_cost", _("This is more than all the budgets together.")))
    elif group.max_cost is not None:
        found.append(("max_cost", _("Only a ballot with a budget has an amount to spend.")))
    points, each = group.points_total, group.points_each
    if group.ballot_kind == "points":
        if points is None:
            found.append(("points_total", _("Say how many points each voter may share out.")))
        elif not 1 <= points <= MOST_POINTS:
            found.append(("points_total", _("Write a number from 1 to 10,000.")))
        elif each is not None and not 1 <= each <= points:
            found.append(
                ("points_each", _("A project cannot get more points than a voter has, nor fewer than one."))
            )
        elif each is not None and group.max_choices is not None and each * group.max_choices < points:
            found.append(
                ("points_each", _("So few points a project and so few projects do not use up the points."))
            )
        elif group.min_choices > points:
            found.append(("min_choices", _("There are fewer points than projects that must be chosen.")))
    elif points is not None or each is not None:
        found.append(("points_total", _("Only a ballot with points has points to share out.")))
    return found


def _reach(plan: PlanFacts) -> list[Problem]:
    """Money that no part of the ballot reaches, and parts of the ballot that no money reaches."""
    problems: list[Problem] = []
    if not plan.pots or not plan.groups:
        return problems
    pot_areas = {pot.neighbourhood_id for pot in plan.pots}
    group_areas = {group.neighbourhood_id for group in plan.groups}
    for index, pot in enumerate(plan.pots):
        if None not in group_areas and pot.neighbourhood_id not in group_areas and pot.neighbourhood_id:
            problems.append(
                Problem(
                    f"pots-{index}-neighbourhood_id",
                    _("No part of the ballot takes projects of this neighbourhood."),
                )
            )
    for index, group in enumerate(plan.groups):
        if group.neighbourhood_id and None not in pot_areas and group.neighbourhood_id not in pot_areas:
            problems.append(
                Problem(f"groups-{index}-neighbourhood_id", _("No budget is for this neighbourhood."))
            )
    return problems


def _phases(plan: PlanFacts) -> list[Problem]:
    problems: list[Problem] = []
    known = [one for one in plan.windows if one.kind in PHASES]
    for phase in known:
        field = f"phases-{phase.kind}-ends_at"
        if phase.kind not in plan.phases:
            problems.append(Problem(field, _("A ballot of questions has no such phase.")))
        if phase.ends_at <= phase.starts_at:
            problems.append(Problem(field, _("The end is not after the beginning.")))
        elif phase.kind in AT_LEAST_A_DAY and days_between(phase.starts_at, phase.ends_at, plan.zone) < 1:
            problems.append(Problem(field, _("This phase must last at least one day.")))
    for earlier, later in combinations(in_order(known), 2):
        problem = _order_problem(earlier, later)  # type: ignore[arg-type]
        if problem is not None:
            problems.append(problem)
    return problems


def _order_problem(earlier: PhaseWindow, later: PhaseWindow) -> Problem | None:
    names = {"earlier": PHASE_NAMES[earlier.kind], "later": PHASE_NAMES[later.kind]}
    field = f"phases-{later.kind}-starts_at"
    if later.starts_at < earlier.starts_at:
        return Problem(field, _("“%(later)s” cannot begin before “%(earlier)s”.", **names))
    if frozenset({earlier.kind, later.kind}) not in MAY_OVERLAP and later.starts_at < earlier.ends_at:
        return Problem(field, _("“%(later)s” cannot begin before “%(earlier)s” has ended.", **names))
    return None


def _counting(plan: PlanFacts) -> list[Problem]:
    """A rule that needs what no ballot gives."""
    kinds = {group.ballot_kind for group in plan.groups}
    if plan.counting_rule.get("satisfaction") == "points" and kinds and not kinds & {"points", "ordinal"}:
        sentence = _("The rule counts points, but no part of the ballot gives points.")
        return [Problem("counting_rule", sentence)]
    if plan.counting_rule.get("rank_scores") and kinds and "ordinal" not in kinds:
        sentence = _("The rule gives points by place, but no part of the ballot puts projects in order.")
        return [Problem("counting_rule", sentence)]
    return []


def _unready(plan: PlanFacts, now: datetime) -> list[Problem]:
    """What a plan lacks before residents may see it."""
    problems = []
    if not plan.pots:
        problems.append(Problem("pots", _("There is no money yet: add at least one budget.")))
    if not plan.groups:
        problems.append(Problem("groups", _("There is no ballot yet: add at least one part of it.")))
    if not plan.counting_rule:
        problems.append(Problem("counting_rule", _("Choose how the winners are found.")))
    if not plan.regulation.strip():
        problems.append(Problem("regulation", _("Paste the rules that the council adopted.")))
    if not plan.regulation_decision or plan.regulation_date is None:
        problems.append(
            Problem(
                "regulation_decision", _("Write the number and date of the decision that adopted the rules.")
            )
        )
    return problems + _unready_dates(plan, now)


def _unready_questions(plan: PlanFacts, now: datetime) -> list[Problem]:
    """What a ballot of questions lacks before residents may see it: every question is a pot of its own."""
    problems = []
    if not plan.pots:
        problems.append(Problem("questions", _("There is no question yet: add at least one.")))
    return problems + _unready_dates(plan, now)


def _unready_dates(plan: PlanFacts, now: datetime) -> list[Problem]:
    """What the dates lack before residents may see them."""
    problems = []
    kinds = {one.kind for one in plan.windows}
    if "voting" not in kinds:
        problems.append(Problem("phases-voting-starts_at", _("Say when voting begins and ends.")))
    for phase in in_order(plan.windows):
        if phase.ends_at <= now:
            problems.append(
                Problem(f"phases-{phase.kind}-ends_at", _("This phase would already be over when published."))
            )
        elif phase.kind in ("submission", "voting") and phase.starts_at < now:
            problems.append(
                Problem(
                    f"phases-{phase.kind}-starts_at",
                    _("This phase would already have begun when published: residents need to know before."),
                )
            )
    return problems
