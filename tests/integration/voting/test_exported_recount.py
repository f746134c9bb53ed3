"""A published result counted again from nothing but its exported file."""

import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from flask import Flask

from civic import clock
from civic.actor import SYSTEM
from civic.extensions import db
from civic.rounds.models import BallotGroup, Pot, Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, closed, make_round
from voting import (
    draws,
    exclusive,
    importing,
    project_queries,
    publication,
    result_queries,
    round_queries,
)
from voting.counting.cli import commands
from voting.counting.pabulib import read_pabulib, write_pabulib
from voting.models import Project

COUNT = click.Group(commands={command.name: command for command in commands if command.name})


def exported(app: Flask, round_: Round, pot: int) -> str:
    plan = round_queries.plan_of(round_)
    assert plan is not None
    buffer = io.StringIO(newline="")
    publication.write_pot(buffer, round_, plan, pot, app.config["SETTINGS"].city)
    return buffer.getvalue()


def recounted(app: Flask, round_: Round, folder: Path) -> dict[str, Any]:
    """Every pot of the round counted from its file, without options: the same to the last figure."""
    result, plan = result_queries.find_result(round_.id), round_queries.plan_of(round_)
    assert result is not None
    assert plan is not None
    found = {}
    for pot, published in result.outcome["pots"].items():
        text = exported(app, round_, int(pot))
        path = folder / f"{pot}.pb"
        path.write_text(text, encoding="utf-8", newline="")
        run = CliRunner().invoke(COUNT, ["count", str(path), "--json"])
        assert (run.exit_code, run.stderr) == (0, ""), run.stderr
        counted = json.loads(run.stdout)
        assert counted["selected"] == published["selected"]
        assert counted["record"] == published["record"]
        assert counted["fingerprint"] == published["fingerprint"]
        file = read_pabulib(io.StringIO(text), keep_rows=True)
        out = io.StringIO(newline="")
        write_pabulib(file, out)
        assert read_pabulib(io.StringIO(out.getvalue()), keep_rows=True) == file
        found[pot] = counted
    assert found
    return found


def only(found: dict[str, Any]) -> list[str]:
    (counted,) = found.values()
    return list(counted["selected"])


def named_set(round_: Round, name: str, *codes: str) -> None:
    projects = {project.code: project for project in project_queries.list_projects(round_.id)}
    with unit_of_work():
        exclusive.save_set(
            make_account("staff").as_actor(),
            round_,
            name,
            [projects[code] for code in codes],
            None,
            clock.now(),
        )


def test_exclusive_sets(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(100, 100, 100), amount=600, rule={"version": 1, "name": "greedy-exclusive"})
    named_set(round_, "Piața, partea de nord", "P1", "P2")
    named_set(round_, "Piața; partea de nord", "P2", "P3")
    round_ = closed(context, round_, approve("P1", "P2"), approve("P1", "P2"), approve("P1", "P3"))
    assert only(recounted(context, round_, tmp_path)) == ["P1", "P3"]
    assert "P2;100;2;2;Proiectul 2;0;Toate;" in exported(context, round_, round_.pots[0].id)


def test_a_public_draw(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(400, 400, 400), amount=500, tie_order="draw")
    staff = make_account("staff").as_actor()
    held_on = clock.city_date(clock.now())
    with unit_of_work():
        draws.record_draw(staff, round_, ["P3", "P1", "P2"], "PV 7; filele 1-2", held_on, clock.now())
    round_ = closed(context, round_, approve("P1", "P2"), approve("P3", "P1"), approve("P2", "P3"))
    assert only(recounted(context, round_, tmp_path)) == ["P3"]
    text = exported(context, round_, round_.pots[0].id)
    assert 'civic_draw_minutes;"PV 7; filele 1-2"\n' in text
    assert f"civic_draw_held_on;{held_on.isoformat()}\n" in text


def test_a_lot(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(400, 400, 400), amount=500)
    round_ = closed(context, round_, approve("P1", "P2"), approve("P3", "P1"), approve("P2", "P3"))
    assert len(only(recounted(context, round_, tmp_path))) == 1
    assert f"civic_tie_break;seed:{round_.tie_seed}\n" in exported(context, round_, round_.pots[0].id)


@pytest.mark.parametrize(
    ("rule", "winners"),
    [
        ({"name": "greedy-custom", "top_up_limit": "50"}, ["P1", "P2"]),
        ({"name": "greedy", "top_up_share": "0.8"}, ["P1", "P2"]),
        ({"name": "greedy-threshold", "min_score": "2"}, ["P1"]),
        ({"name": "greedy", "min_score": "2", "max_winners": 1}, ["P1"]),
        ({"name": "phragmen", "min_score": "2"}, ["P2"]),
        ({"name": "equal-shares", "completion": "add1u", "increment": "2.5", "start": "floor"}, ["P1", "P3"]),
        ({"name": "equal-shares", "completion": "comparison", "stop_when_exhaustive": True}, ["P1", "P3"]),
        ({"name": "equal-shares", "min_score": "2", "satisfaction": "cardinality"}, ["P2"]),
    ],
)
def test_the_parameters_of_a_rule(
    context: Flask, tmp_path: Path, rule: dict[str, Any], winners: list[str]
) -> None:
    round_ = make_round(costs=(400, 250, 100), amount=600, rule={"version": 1, **rule})
    ballots = (approve("P1", "P2"), approve("P1", "P2"), approve("P1", "P3"))
    assert only(recounted(context, closed(context, round_, *ballots), tmp_path)) == winners


def test_the_best_of_each_group_first(context: Flask, tmp_path: Path) -> None:
    groups = [
        {"name": name, "ballot_kind": "approval", "max_choices": 2} for name in ("Verde; sport", "Drumuri")
    ]
    rule = {"version": 1, "name": "greedy", "group_winners_first": True}
    round_ = make_round(costs=(300, 300, 300, 100), amount=600, rule=rule, groups=groups)
    ballots = [approve("P1", "P3"), approve("P1", "P3"), approve("P1"), approve("P2")]
    assert only(recounted(context, closed(context, round_, *ballots), tmp_path)) == ["P1", "P2"]


def test_pots_counted_together(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(500, 300, 100), amount=400, pot_counting="combined")
    round_.pots.append(Pot(name="Cartier", amount=Decimal(400), position=1))
    db.session.flush()
    next(p for p in project_queries.list_projects(round_.id) if p.code == "P3").pot_id = round_.pots[1].id
    db.session.commit()
    round_ = closed(context, round_, approve("P1"), approve("P1", "P2"), approve("P3"))
    assert only(recounted(context, round_, tmp_path)) == ["P1", "P3"]
    assert "civic_pots;Oraș: 400, Cartier: 400\n" in exported(context, round_, round_.pots[0].id)


@pytest.mark.parametrize("kind", ["points", "ordinal", "choose_one", "knapsack"])
def test_every_kind_of_ballot(context: Flask, tmp_path: Path, kind: str) -> None:
    group: dict[str, Any] = {
        "name": "Toate",
        "ballot_kind": kind,
        "max_choices": 1 if kind == "choose_one" else 3,
    }
    group |= {"points": {"points_total": 6, "points_each": 4}, "knapsack": {"max_cost": Decimal(600)}}.get(
        kind, {}
    )
    rule: dict[str, Any] = {"version": 1, "name": "greedy"}
    if kind == "ordinal":
        rule["rank_scores"] = "5,1"
    round_ = make_round(rule=rule, groups=[group])
    of = {
        "points": [{"P1": Decimal(2), "P2": Decimal(4)}, {"P3": Decimal(3), "P1": Decimal(1)}],
        "ordinal": [
            {"P3": Decimal(1), "P1": Decimal(2)},
            {"P2": Decimal(1), "P3": Decimal(2), "P4": Decimal(3)},
        ],
    }
    ballots = of.get(kind, [approve("P2"), approve("P4"), approve("P2")])
    assert only(recounted(context, closed(context, round_, *ballots), tmp_path))


def test_withdrawn_projects_and_separate_pots(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(400, 300, 200, 100))
    round_.pots.append(Pot(name="Cartier", amount=Decimal(250), position=1))
    round_.groups.append(
        BallotGroup(name="A doua", ballot_kind="approval", max_choices=1, min_choices=0, position=1)
    )
    db.session.flush()
    for project in project_queries.list_projects(round_.id):
        if project.code in ("P3", "P4"):
            project.pot_id, project.group_id = round_.pots[1].id, round_.groups[1].id
        project.withdrawn = project.code == "P2"
    db.session.commit()
    round_ = closed(context, round_, approve("P1", "P3"), approve("P1"), approve("P4"))
    found = recounted(context, round_, tmp_path)
    assert [one["selected"] for one in found.values()] == [["P1"], ["P4"]]
    first = found[str(round_.pots[0].id)]
    assert [(one["id"], one["reason"]) for one in first["rejected"]] == [("P2", "withdrawn")]


def test_the_reserve_list_is_in_the_files(context: Flask, tmp_path: Path) -> None:
    round_ = make_round(costs=(400, 300, 250, 100), amount=450)
    ballots = [
        approve("P1", "P3"),
        approve("P1", "P3"),
        approve("P2", "P1"),
        approve("P2", "P3"),
        approve("P3"),
    ]
    round_ = closed(context, round_, *ballots)
    recounted(context, round_, tmp_path)
    file = read_pabulib(io.StringIO(exported(context, round_, round_.pots[0].id)))
    reserve = {code: place for code, place in file.column_of("civic_reserve").items() if place}
    plan = round_queries.plan_of(round_)
    assert plan is not None
    rows = [line.split(",") for line in publication.outcome_csv(round_, plan).splitlines()]
    at, code = rows[0].index("reserve"), rows[0].index("code")
    assert {row[code]: row[at] for row in rows[1:] if row[at]} == reserve == {"P1": "1", "P2": "2"}


def test_an_exported_election_comes_in_again(context: Flask, tmp_path: Path) -> None:
    groups = [{"name": name, "ballot_kind": "approval", "max_choices": 2} for name in ("Verde", "Drumuri")]
    rule = {"version": 1, "name": "greedy", "group_winners_first": True, "top_up_limit": "150"}
    round_ = make_round(costs=(300, 300, 300, 100, 200), amount=650, rule=rule, groups=groups)
    named_set(round_, "Piața", "P1", "P5")
    ballots = [approve("P1", "P3"), approve("P1", "P3", "P5"), approve("P1", "P3", "P5"), approve("P2")]
    round_ = closed(context, round_, *ballots[:1], approve("P1", "P3"), *ballots[3:], approve("P5", "P3"))
    winners = only(recounted(context, round_, tmp_path))
    assert len(winners) == 3
    path = tmp_path / f"{round_.pots[0].id}.pb"
    imported = importing.import_election(
        SYSTEM, path, clock.now(), lambda _done, _total: None, slug="din-nou"
    )
    assert list(imported.winners) == winners
    again = db.session.get_one(Round, imported.round_id)
    assert only(recounted(context, again, tmp_path)) == winners
    assert db.session.query(Project).filter_by(round_id=again.id).count() == 5


def test_a_rule_stated_at_the_import_is_the_one_of_the_file(context: Flask, tmp_path: Path) -> None:
    path = tmp_path / "old.pb"
    path.write_text(
        "META\nkey;value\ninstance;2020\nunit;Oraș\nbudget;100\nvote_type;approval\nrule;unknown\ncurrency;RON\n"
        "max_length;2\nPROJECTS\nproject_id;cost\n1;60\n2;50\nVOTES\nvoter_id;vote\na;1,2\nb;1\n"
    )
    imported = importing.import_election(
        SYSTEM, path, clock.now(), lambda _done, _total: None, rule="greedy-no-skip"
    )
    assert only(recounted(context, db.session.get_one(Round, imported.round_id), tmp_path)) == ["1"]
