"""Who may take part: age on the last voting day, the tie to the city, the budgets for one's area."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.clock import city_moment
from civic.rounds import rules
from civic.rounds.facts import (
    ADMITTED_TIES,
    TIES,
    Ages,
    GroupFacts,
    PersonFacts,
    PhaseWindow,
    PlanFacts,
    PotFacts,
)

ZONE = ZoneInfo("Europe/Bucharest")
LAST_DAY = date(2027, 3, 12)
PLAN = PlanFacts(
    zone=ZONE,
    name="Ediția 2027",
    ages=Ages(16),
    windows=(PhaseWindow("voting", city_moment(date(2027, 3, 1)), city_moment(date(2027, 3, 13))),),
    pots=(
        PotFacts("Tot orașul", Decimal(1000), id=1),
        PotFacts("Tei", Decimal(500), neighbourhood_id=7, id=2),
    ),
    groups=(GroupFacts("Tot orașul", id=1), GroupFacts("Tei", neighbourhood_id=7, id=2)),
)
births = st.dates(date(1900, 1, 1), date(2026, 12, 31))


@given(birth=births, day=st.dates(date(2026, 1, 1), date(2060, 1, 1)))
def test_a_year_is_completed_on_each_birthday_and_never_lost(birth: date, day: date) -> None:
    age = rules.age_on(birth, day)
    assert rules.age_on(birth, day + timedelta(days=1)) - age in (0, 1)
    assert abs((day - birth).days / 365.2425 - age - 0.5) < 0.51


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2026, 2, 27), 17), (date(2026, 2, 28), 18), (date(2026, 3, 1), 18),
        (date(2028, 2, 28), 19), (date(2028, 2, 29), 20),
    ],
)  # fmt: skip
def test_who_was_born_on_29_february(day: date, age: int) -> None:
    assert rules.age_on(date(2008, 2, 29), day) == age


@pytest.mark.parametrize(("birth", "allowed"), [(date(2011, 3, 12), True), (date(2011, 3, 13), False)])
def test_age_counts_on_the_last_voting_day(birth: date, allowed: bool) -> None:
    refusal = rules.may_vote(PersonFacts(birth, "domicile"), PLAN)
    assert (refusal is None) is allowed
    if refusal is not None:
        assert "16 years" in str(refusal)


@pytest.mark.parametrize(("birth", "allowed"), [(date(2008, 3, 13), True), (date(2008, 3, 12), False)])
def test_the_oldest_age_is_allowed_until_the_next_birthday(birth: date, allowed: bool) -> None:
    young = replace(PLAN, ages=Ages(None, 18))
    assert (rules.may_vote(PersonFacts(birth, "study"), young) is None) is allowed


def test_who_is_not_verified_is_told_so() -> None:
    assert "check" in str(rules.may_vote(None, PLAN))


def test_without_a_birth_date_an_age_rule_refuses_and_no_age_rule_does_not() -> None:
    person = PersonFacts(None, "domicile")
    assert "date of birth" in str(rules.may_vote(person, PLAN))
    assert rules.may_vote(person, replace(PLAN, ages=Ages())) is None


def test_a_round_without_a_vote_gives_no_ballot() -> None:
    assert rules.may_vote(PersonFacts(date(1980, 1, 1), "domicile"), replace(PLAN, windows=())) is not None


@pytest.mark.parametrize("basis", sorted(ADMITTED_TIES))
@pytest.mark.parametrize("tie", TIES)
def test_ties(basis: str, tie: str) -> None:
    refusal = rules.may_vote(PersonFacts(date(1980, 1, 1), tie), replace(PLAN, area_basis=basis))
    admitted = {
        "domicile": tie == "domicile",
        "residence": tie in ("domicile", "residence"),
        "work": tie in ("domicile", "residence", "work"),
        "study": tie in ("domicile", "residence", "study"),
    }
    assert (refusal is None) is admitted.get(basis, True)


def test_the_programmes_ages_narrow_the_rounds() -> None:
    plan = replace(PLAN, programme_ages=Ages(14, 18))
    assert plan.everyones_ages == Ages(16, 18)
    assert rules.may_vote(PersonFacts(date(1980, 1, 1), "domicile"), plan) is not None


def test_a_persons_budgets_are_the_citys_and_their_neighbourhoods() -> None:
    tei, elsewhere = (
        PersonFacts(date(1980, 1, 1), "domicile", 7),
        PersonFacts(date(1980, 1, 1), "domicile", 8),
    )
    assert [pot.id for pot in rules.pots_open_to(tei, PLAN)] == [1, 2]
    assert [pot.id for pot in rules.pots_open_to(elsewhere, PLAN)] == [1]
    assert [group.id for group in rules.groups_open_to(elsewhere, PLAN)] == [1]
    assert rules.areas_of(PersonFacts(None, "work")) == frozenset()


def test_a_budget_for_the_young_is_for_the_young() -> None:
    pot = PotFacts("Tineri", Decimal(500), ages=Ages(None, 18), id=3)
    plan = replace(PLAN, pots=(*PLAN.pots, pot))
    assert [p.id for p in rules.pots_open_to(PersonFacts(date(2010, 1, 1), "study"), plan)] == [1, 3]
    assert [p.id for p in rules.pots_open_to(PersonFacts(date(1990, 1, 1), "study"), plan)] == [1]


def test_nobody_votes_when_no_budget_is_theirs() -> None:
    plan = replace(PLAN, pots=PLAN.pots[1:])
    assert "neighbourhood" in str(rules.may_vote(PersonFacts(date(1980, 1, 1), "domicile", 8), plan))


def test_proposing_asks_the_same_of_who_is_known_and_nothing_of_who_is_not() -> None:
    today = datetime(2027, 1, 1, tzinfo=UTC).date()
    assert rules.may_propose(None, PLAN, today) is None
    assert rules.may_propose(PersonFacts(date(2011, 3, 13), "domicile"), PLAN, today) is not None
    assert rules.may_propose(PersonFacts(date(2011, 3, 12), "domicile"), PLAN, today) is None


@pytest.mark.parametrize(
    ("cost", "word"),
    [("99.99", "under the least"), ("100", None), ("500", None), ("500.01", "over the most")],
)
def test_costs_have_a_floor_and_a_cap(cost: str, word: str | None) -> None:
    plan = replace(PLAN, min_cost=Decimal(100), max_cost=Decimal(500))
    refusal = rules.cost_refusal(Decimal(cost), plan)
    assert refusal is None if word is None else word in str(refusal)


def test_a_project_finds_its_budget_and_its_part_of_the_ballot() -> None:
    groups = (GroupFacts("Rest"), GroupFacts("Verde", category_id=3), GroupFacts("Tei", neighbourhood_id=7))
    assert [g.name for g in rules.groups_for_project(3, 7, groups)] == ["Tei", "Verde", "Rest"]
    assert [g.name for g in rules.groups_for_project(4, None, groups)] == ["Rest"]
    assert [p.id for p in rules.pots_for_project(7, PLAN)] == [1, 2]
    assert [p.id for p in rules.pots_for_project(None, PLAN)] == [1]
