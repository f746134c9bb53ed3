"""The demo city's rounds: plans that the platform accepts, projects that fit them, and votes worth counting."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import civic.demo
from civic.rounds import rules_registry
from civic.rounds.facts import Ages, GroupFacts, PhaseWindow, PlanFacts, PotFacts
from civic.rounds.plan import plan_problems

DATA = Path(civic.demo.__file__).with_name("data")
BUCHAREST = ZoneInfo("Europe/Bucharest")


DELIVERY_STATUSES = {
    "în evaluare", "în clarificare", "în pregătire", "contract semnat", "în proiectare", "în achiziție",
    "în execuție", "în curs de recepție", "recepționat", "sistat", "în așteptarea fondurilor", "finalizat",
    "altul", "anulat",
}  # fmt: skip


def load(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))["items"]


def slugs(name):
    return {item["slug"] for item in load(name)}


ROUNDS = {round_["key"]: round_ for round_ in load("rounds.json")}
CLOSED, OPEN = load("projects_closed.json"), load("projects_open.json")
NEIGHBOURHOODS = {place["slug"] for place in load("neighbourhoods.json")}


def plan_of(round_, today):
    """The plan as the rounds feature reads it; slugs stand for ids."""
    programmes = {p["slug"]: Ages(p["min_age"], p["max_age"]) for p in load("programmes.json")}

    def money(amount):
        return None if amount is None else Decimal(amount)

    def moment(day):
        return datetime.combine(today + timedelta(days=day), datetime.min.time(), BUCHAREST)

    return PlanFacts(
        zone=BUCHAREST,
        name=round_["name"],
        regulation=round_["regulation"]["text"] or "as on the page",
        regulation_decision=round_["regulation"]["decision"],
        regulation_date=today + timedelta(days=round_["regulation"]["day"]),
        ages=Ages(round_["eligibility"]["min_age"], round_["eligibility"]["max_age"]),
        area_basis=round_["eligibility"]["area_basis"],
        min_cost=money(round_["min_cost"]),
        max_cost=money(round_["max_cost"]),
        counting_rule={"version": rules_registry.VERSION, **round_["counting"]},
        publication_mode=round_["publication"],
        windows=tuple(
            PhaseWindow(p["kind"], moment(p["start_day"]), moment(p["end_day"] + 1)) for p in round_["phases"]
        ),
        pots=tuple(
            PotFacts(
                pot["name"],
                Decimal(pot["amount"]),
                programme_id=pot["programme"],
                ages=programmes.get(pot["programme"], Ages()),
            )
            for pot in round_["pots"]
        ),
        groups=tuple(
            GroupFacts(
                group["name"],
                group["ballot_kind"],
                category_id=group["category"],
                max_choices=group["max_choices"],
                max_cost=money(group["max_cost"]),
            )
            for group in round_["groups"]
        ),
    )


@pytest.mark.parametrize("today", [date(2026, 11, 21), date(2028, 2, 29), date(2027, 3, 28)], ids=str)
@pytest.mark.parametrize("round_", ROUNDS.values(), ids=lambda r: r["key"])
def test_the_platform_accepts_every_plan_on_the_day_it_was_published(round_, today):
    plan = plan_of(round_, today)
    published = datetime.combine(today, datetime.min.time(), UTC) + timedelta(days=round_["published_day"])
    assert [(p.field, str(p.sentence)) for p in plan_problems(plan, published)] == []
    assert rules_registry.problem_of(plan.counting_rule) is None
    assert round_["regulation"]["day"] < round_["published_day"] < round_["phases"][0]["start_day"]
    assert bool(round_["regulation"]["text"]) != bool(round_["regulation"]["page"])


def test_one_vote_is_open_one_is_closed_and_one_takes_proposals():
    def days(key, kind):
        return next((p["start_day"], p["end_day"]) for p in ROUNDS[key]["phases"] if p["kind"] == kind)

    assert days("2026", "voting")[0] < 0 < days("2026", "voting")[1]
    assert days("2025", "results")[0] < 0
    assert days("2027", "submission")[0] < 0 < days("2027", "submission")[1]
    assert days("teme-2026", "analysis")[0] < 0 < days("teme-2026", "analysis")[1]
    for round_ in ROUNDS.values():
        starts = [phase["start_day"] for phase in round_["phases"] if phase["kind"] != "appeals"]
        assert starts == sorted(starts)
        assert all(p["start_day"] <= p["end_day"] for p in round_["phases"])


def test_projects_fit_their_pot():
    assert len(OPEN) == 48
    assert Counter(p["pot"] for p in CLOSED) == {"sector": 12, "domenii": 24}
    for key, projects in (("2025", CLOSED), ("2026", OPEN)):
        plan = ROUNDS[key]
        pots = {pot["key"]: pot for pot in plan["pots"]}
        groups = {group["key"]: group for group in plan["groups"]}
        for project in projects:
            assert Decimal(plan["min_cost"]) <= Decimal(project["cost"]) <= Decimal(plan["max_cost"])
            assert project["pot"] in pots
            assert groups[project["group"]]["category"] in {None, project["category"]}
        for pot in pots.values():
            asked = sum(Decimal(p["cost"]) for p in projects if p["pot"] == pot["key"])
            assert asked > Decimal(pot["amount"]) * Decimal("1.5"), "a vote needs a choice"


def test_each_domain_of_the_closed_round_offers_a_choice_and_the_open_one_has_them_all():
    categories = slugs("categories.json")
    assert Counter(p["category"] for p in CLOSED if p["pot"] == "domenii") == dict.fromkeys(categories, 3)
    assert {p["category"] for p in OPEN} == categories
    assert {p["neighbourhood"] for p in OPEN} == {None, *NEIGHBOURHOODS}


def test_weights_make_somebody_miss_by_little():
    """Counted by weight alone, a better placed project of the big pot loses to lack of money, and narrowly."""
    left, funded, missed = Decimal(ROUNDS["2025"]["pots"][0]["amount"]), [], []
    for project in sorted((p for p in CLOSED if p["pot"] == "sector"), key=lambda p: -p["popularity"]):
        if Decimal(project["cost"]) <= left:
            left -= Decimal(project["cost"])
            funded.append(project)
        else:
            missed.append((project, left))
    assert any(m["popularity"] > funded[-1]["popularity"] for m, _ in missed)
    assert any(Decimal(m["cost"]) - had <= 50_000 for m, had in missed)
    assert all(project["delivery"] for project in funded)


def test_what_became_of_winners_adds_up():
    planned = [(p, p["delivery"]) for p in CLOSED if p["delivery"]]
    assert {"recepționat", "în execuție", "în achiziție", "sistat"} <= {d["status"] for _, d in planned}
    for project, delivery in planned:
        assert delivery["status"] in DELIVERY_STATUSES
        contracted = Decimal(delivery["contracted"] or project["cost"])
        assert Decimal(delivery["paid"]) <= contracted <= Decimal(project["cost"])
        done = [m["done_day"] is not None for m in delivery["milestones"]]
        assert done == sorted(done, reverse=True), "nothing is done before what comes before it"
        assert all(m["done_day"] is None or m["done_day"] <= 0 for m in delivery["milestones"])
        if delivery["status"] in {"recepționat", "finalizat"}:
            assert all(done)
        else:
            assert not all(done)
