"""Plans that cannot work are refused, each with a sentence about the field that is wrong."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.clock import city_moment
from civic.rounds.facts import PHASES, Ages, GroupFacts, PhaseWindow, PlanFacts, PotFacts
from civic.rounds.plan import plan_problems

ZONE = ZoneInfo("Europe/Bucharest")


def phase(kind: str, first: date, after: date) -> PhaseWindow:
    return PhaseWindow(kind, city_moment(first), city_moment(after))


WINDOWS = (
    phase("information", date(2027, 1, 4), date(2027, 1, 18)),
    phase("submission", date(2027, 1, 11), date(2027, 2, 8)),
    phase("analysis", date(2027, 2, 1), date(2027, 2, 22)),
    phase("appeals", date(2027, 2, 20), date(2027, 3, 1)),
    phase("voting", date(2027, 3, 1), date(2027, 3, 13)),
    phase("validation", date(2027, 3, 13), date(2027, 3, 20)),
    phase("results", date(2027, 3, 20), date(2027, 3, 25)),
)
GOOD = PlanFacts(
    zone=ZONE,
    name="Ediția 2027",
    regulation="Regulament",
    regulation_decision="HCL 12",
    regulation_date=date(2026, 11, 2),
    ages=Ages(16),
    max_cost=Decimal(400),
    counting_rule={"version": 1, "name": "greedy"},
    windows=WINDOWS,
    pots=(PotFacts("Tot orașul", Decimal(1000)),),
    groups=(GroupFacts("Verde", category_id=1, max_choices=1), GroupFacts("Mobilitate", category_id=2)),
)
BEFORE = city_moment(date(2027, 1, 2))


def fields(plan: PlanFacts, publishing_at: datetime | None = None) -> list[str]:
    problems = plan_problems(plan, publishing_at)
    assert all(str(problem.sentence).strip() for problem in problems)
    return [problem.field for problem in problems]


def with_group(**values: object) -> PlanFacts:
    return replace(GOOD, groups=(GroupFacts("Verde", **values),))  # type: ignore[arg-type]


def test_a_rule_that_counts_points_needs_a_ballot_that_gives_them() -> None:
    shares = {"version": 1, "name": "equal-shares", "satisfaction": "points"}
    assert fields(replace(GOOD, counting_rule=shares)) == ["counting_rule"]
    points = with_group(ballot_kind="points", points_total=10)
    assert fields(replace(points, counting_rule=shares)) == []


def test_points_by_place_need_a_ballot_in_order() -> None:
    rule = {"version": 1, "name": "greedy", "rank_scores": "5,3,1"}
    assert fields(replace(GOOD, counting_rule=rule)) == ["counting_rule"]
    assert fields(replace(with_group(ballot_kind="ordinal", max_choices=3), counting_rule=rule)) == []


def with_phase(new: PhaseWindow) -> PlanFacts:
    return replace(GOOD, windows=tuple(new if one.kind == new.kind else one for one in WINDOWS))


def test_a_good_plan_has_no_problem_even_when_published() -> None:
    assert fields(GOOD, BEFORE) == []


REFUSED = {
    "no name": (replace(GOOD, name="  "), "name"),
    "currency": (replace(GOOD, currency="lei"), "currency"),
    "date without decision": (replace(GOOD, regulation_decision=""), "regulation_decision"),
    "cap under floor": (replace(GOOD, min_cost=Decimal(500)), "max_cost"),
    "cap of nothing": (replace(GOOD, max_cost=Decimal(0)), "max_cost"),
    "floor over every budget": (replace(GOOD, min_cost=Decimal(2000), max_cost=None), "min_cost"),
    "cap over every budget": (replace(GOOD, max_cost=Decimal(2000)), "max_cost"),
    "age range": (replace(GOOD, ages=Ages(30, 18)), "max_age"),
    "age with programme": (replace(GOOD, programme_ages=Ages(None, 14)), "max_age"),
    "age 400": (replace(GOOD, ages=Ages(400)), "min_age"),
    "negative age": (replace(GOOD, ages=Ages(-1)), "min_age"),
    "pot of nothing": (replace(GOOD, pots=(PotFacts("A", Decimal(0)),), max_cost=None), "pots-0-amount"),
    "pot without name": (replace(GOOD, pots=(PotFacts("", Decimal(500)),)), "pots-0-name"),
    "pots of one name": (
        replace(GOOD, pots=(PotFacts("Tei", Decimal(500)), PotFacts("TEI", Decimal(500)))), "pots-1-name"),
    "pots beyond all money": (
        replace(GOOD, pots=tuple(PotFacts(str(i), Decimal("999999999999.99")) for i in range(2))), "pots"),
    "pot of a programme for nobody": (
        replace(GOOD, pots=(PotFacts("Copii", Decimal(500), ages=Ages(None, 12)),)), "pots-0-programme_id"),
    "group without name": (replace(GOOD, groups=(GroupFacts(" "),)), "groups-0-name"),
    "groups of one name": (
        replace(GOOD, groups=(GroupFacts("A", category_id=1), GroupFacts("a", category_id=2))), "groups-1-name"),
    "groups for the same projects": (
        replace(GOOD, groups=(GroupFacts("A", category_id=1), GroupFacts("B", category_id=1))),
        "groups-1-category_id"),
    "unknown kind": (with_group(ballot_kind="guess"), "groups-0-ballot_kind"),
    "most under least": (with_group(min_choices=3, max_choices=2), "groups-0-max_choices"),
    "no choices": (with_group(max_choices=0), "groups-0-max_choices"),
    "negative choices": (with_group(min_choices=-1), "groups-0-min_choices"),
    "choose two of one": (with_group(ballot_kind="choose_one", max_choices=2), "groups-0-max_choices"),
    "at least two of one": (with_group(ballot_kind="choose_one", min_choices=2), "groups-0-min_choices"),
    "knapsack without money": (with_group(ballot_kind="knapsack"), "groups-0-max_cost"),
    "knapsack over the budgets": (
        with_group(ballot_kind="knapsack", max_cost=Decimal(5000)), "groups-0-max_cost"),
    "knapsack under the floor": (
        replace(with_group(ballot_kind="knapsack", max_cost=Decimal(50)), min_cost=Decimal(60)),
        "groups-0-max_cost"),
    "money without knapsack": (with_group(max_cost=Decimal(50)), "groups-0-max_cost"),
    "points without total": (with_group(ballot_kind="points"), "groups-0-points_total"),
    "points each over total": (
        with_group(ballot_kind="points", points_total=5, points_each=6), "groups-0-points_each"),
    "points never used up": (
        with_group(ballot_kind="points", points_total=10, points_each=2, max_choices=3), "groups-0-points_each"),
    "fewer points than choices": (
        with_group(ballot_kind="points", points_total=2, min_choices=3), "groups-0-min_choices"),
    "points without points": (with_group(points_total=5), "groups-0-points_total"),
    "order of how many": (with_group(ballot_kind="ordinal"), "groups-0-max_choices"),
    "budget of an area without ballot": (
        replace(with_group(neighbourhood_id=3), pots=(PotFacts("Tei", Decimal(500), neighbourhood_id=4),)),
        "pots-0-neighbourhood_id"),
    "ballot of an area without budget": (
        replace(with_group(neighbourhood_id=3), pots=(PotFacts("Tei", Decimal(500), neighbourhood_id=4),)),
        "groups-0-neighbourhood_id"),
    "phase ends before it begins": (
        with_phase(phase("results", date(2027, 3, 25), date(2027, 3, 20))), "phases-results-ends_at"),
    "vote shorter than a day": (
        with_phase(PhaseWindow("voting", city_moment(date(2027, 3, 1)), city_moment(date(2027, 3, 1), 23, 59))),
        "phases-voting-ends_at"),
    "vote during analysis": (
        with_phase(phase("voting", date(2027, 2, 21), date(2027, 3, 13))), "phases-voting-starts_at"),
    "validation before voting ends": (
        with_phase(phase("validation", date(2027, 3, 12), date(2027, 3, 20))), "phases-validation-starts_at"),
    "results during validation": (
        with_phase(phase("results", date(2027, 3, 19), date(2027, 3, 25))), "phases-results-starts_at"),
    "analysis before submission": (
        with_phase(phase("analysis", date(2027, 1, 5), date(2027, 2, 22))), "phases-analysis-starts_at"),
    "appeals during submission": (
        with_phase(phase("appeals", date(2027, 2, 3), date(2027, 3, 1))), "phases-appeals-starts_at"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_impossible(name: str) -> None:
    plan, field = REFUSED[name]
    assert field in fields(plan)


UNREADY = {
    "no money": (replace(GOOD, pots=()), "pots"),
    "no ballot": (replace(GOOD, groups=()), "groups"),
    "no rule": (replace(GOOD, counting_rule={}), "counting_rule"),
    "no regulation": (replace(GOOD, regulation=" "), "regulation"),
    "no decision": (replace(GOOD, regulation_decision="", regulation_date=None), "regulation_decision"),
    "no vote": (replace(GOOD, windows=WINDOWS[:4]), "phases-voting-starts_at"),
}


@pytest.mark.parametrize("name", UNREADY)
def test_a_draft_may_lack_what_a_public_plan_may_not(name: str) -> None:
    plan, field = UNREADY[name]
    assert field not in fields(plan)
    assert field in fields(plan, BEFORE)


def test_phases_in_the_past_are_not_published() -> None:
    late = fields(GOOD, city_moment(date(2027, 2, 15)))
    assert "phases-information-ends_at" in late
    assert "phases-submission-ends_at" in late
    assert "phases-voting-starts_at" in fields(GOOD, city_moment(date(2027, 3, 2)))


def test_what_a_recorded_election_lacks_does_not_matter() -> None:
    assert fields(PlanFacts(zone=ZONE, name="Cluj 2018", kind="recorded"), BEFORE) == []


@given(
    first=st.one_of(
        st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]),
        st.dates(date(2026, 1, 1), date(2035, 1, 1)),
    ),
    lengths=st.lists(st.integers(1, 70), min_size=len(PHASES), max_size=len(PHASES)),
)
def test_phases_one_after_the_other_always_work(first: date, lengths: list[int]) -> None:
    windows, day = [], first
    for kind, length in zip(PHASES, lengths, strict=True):
        windows.append(phase(kind, day, day + timedelta(days=length)))
        day += timedelta(days=length)
    plan = replace(GOOD, windows=tuple(windows))
    assert fields(plan, city_moment(first) - timedelta(days=1)) == []


@given(st.permutations(PHASES))
def test_any_other_order_is_refused(order: list[str]) -> None:
    windows = tuple(
        phase(
            kind, date(2027, 1, 1) + timedelta(days=9 * place), date(2027, 1, 10) + timedelta(days=9 * place)
        )
        for place, kind in enumerate(order)
    )
    assert bool(fields(replace(GOOD, windows=windows))) is (tuple(order) != PHASES)
