"""A small edition whose vote and validation are over: it waits for two people to close it."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from civic.accounts.models import Person
from civic.demo import rounds
from civic.demo.ballots import cast_listed
from civic.demo.people import list_voters
from civic.demo.rounds import find_round
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from voting import opening, project_queries
from voting.models import Project

#: Of those who may vote.
LEAST_VOTERS = 12


def load_waiting(world: World) -> None:
    """The edition, its projects, its frozen plan and its ballots, as far as not done. Nobody closes it here."""
    for item in items("waiting"):
        with unit_of_work():
            rounds.load_round(world, item)
        with unit_of_work():
            _put_on_ballot(find_round(item["key"]), item["entries"])
        with unit_of_work():
            voting = next(one for one in item["phases"] if one["kind"] == "voting")
            before = world.days.moment(voting["start_day"] - 1, 15)
            opening.open_round(world.person(STAFF), find_round(item["key"]).id, before)
        round_ = find_round(item["key"])
        if round_.closed_at is None:
            cast_listed(world, item["key"], round_, list(_ballots(world, item)))


def _put_on_ballot(round_: Round, entries: list[dict[str, Any]]) -> None:
    """Projects of the park's administration: no proposal stands behind them."""
    if project_queries.list_projects(round_.id):
        return
    for entry in entries:
        db.session.add(
            Project(
                round_id=round_.id,
                pot_id=round_.pots[0].id,
                group_id=round_.groups[0].id,
                code=entry["code"],
                title=entry["title"],
                summary=entry["summary"],
                cost=Decimal(entry["cost"]),
                withdrawn=False,
            )
        )


def _ballots(world: World, item: dict[str, Any]) -> Iterator[tuple[int, int, dict[str, Decimal], str]]:
    """(voter, number of the form, choices, channel) for every ballot."""
    wanted = item["ballots"]
    rng = random.Random(wanted["seed"])  # noqa: S311 - invented votes
    voters: list[Person] = list_voters(world)
    rng.shuffle(voters)
    codes = [entry["code"] for entry in item["entries"]]
    liking = [entry["popularity"] for entry in item["entries"]]
    for number, voter in enumerate(voters[: max(LEAST_VOTERS, int(wanted["count"] * world.share))], start=1):
        chosen = {rng.choices(codes, liking)[0] for _ in range(2)}
        yield voter.id, number, dict.fromkeys(sorted(chosen), Decimal(1)), "online"
