"""What came of the closed edition: counted, adopted by the council, and its winners carried out."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from civic.demo import contracts
from civic.demo.ballots import facts_by_code, proposal_of
from civic.demo.rounds import find_round, phase, plan
from civic.demo.world import STAFF, World
from civic.extensions import db
from civic.rounds import service as rounds
from civic.tracker import queries as tracker_queries
from civic.tracker import service as tracker
from civic.tracker.models import Delivery
from civic.tracker.rules import CODES
from civic.unit_of_work import unit_of_work
from voting import admission, closing, other_methods, rule_examples
from voting.models import Project

KEY = "2025"
DECISION = "HCL 41 (demonstrativă)"
#: Days after the results are public.
ADOPTED_AFTER, STARTED_AFTER = 16, 18
#: The stage a work is in once a milestone of this name is reached.
STAGE_AFTER = {
    "Proiect tehnic": "in_procurement",
    "Semnarea contractului": "in_execution",
    "Lucrări terminate": "in_reception",
}


def load_outcome(world: World) -> None:
    """Close and count the vote, publish, adopt, and follow every winner to where it stands today."""
    actor, public_day = world.person(STAFF), phase(KEY, "results")["start_day"]
    round_id = find_round(KEY).id
    counted = world.days.moment(public_day, 10)
    if find_round(KEY).results_at is None:
        closing.close_round(round_id, counted)
    rule_examples.count_example(counted)
    other_methods.compare_due(counted)
    with unit_of_work():
        adopted = public_day + ADOPTED_AFTER
        rounds.adopt_results(
            actor, find_round(KEY), DECISION, world.days.date(adopted), world.days.moment(adopted, 16)
        )
    admission.deliver_due(world.days.moment(public_day + STARTED_AFTER, 9))
    for delivery_id in db.session.scalars(select(Delivery.id).where(Delivery.origin_kind == "project")).all():
        with unit_of_work():
            follow_works(world, delivery_id)


def follow_works(world: World, delivery_id: int) -> None:
    """What happened to one winner since: milestones, stages, money; once."""
    delivery = tracker_queries.get_delivery(delivery_id)
    if delivery.objective:
        return  # told before
    code = db.session.scalars(select(Project.code).where(Project.id == delivery.origin_id)).one()
    Works(world, delivery, facts_by_code(KEY)[code]).tell()


class Works:
    """The works of one winning project, told in the order in which they happened."""

    def __init__(self, world: World, delivery: Delivery, item: dict[str, Any]) -> None:
        self.world, self.item, self.delivery_id = world, item, delivery.id
        self.plan = item["delivery"] or {"status": "în pregătire", "status_text": "", "milestones": []}
        self.actor = world.person(STAFF)
        self.status = delivery.status
        self.begun = phase(KEY, "results")["start_day"] + STARTED_AFTER

    def tell(self) -> None:
        """Everything by day."""
        self.complete(self.world.days.moment(self.begun, 10))
        planned = {
            step["name"]: tracker.set_milestone(
                self.actor,
                self.delivery_id,
                None,
                step["name"],
                self.world.days.date(step["due_day"]),
                self.world.days.moment(self.begun, 11),
            ).id
            for step in self.plan["milestones"]
        }
        last = self.begun
        for day, happen in sorted(self.events(planned), key=lambda one: one[0]):
            happen(self.world.days.moment(day, 14))
            last = max(last, day)
        self.end(last)

    def complete(self, now: datetime) -> None:
        """Who carries it out, where, and until when."""
        delivery = tracker_queries.get_delivery(self.delivery_id)
        ends = [step["due_day"] for step in self.plan["milestones"]]
        values: dict[str, Any] = {
            "department_id": self.world.departments[self.item["department"]],
            "place": self.item["place"],
            "objective": self.item["summary"],
            "funding_source": plan(KEY)["name"],
            **self.point(),
        }
        if ends:
            values["planned_end"] = self.world.days.date(max(ends))
        tracker.edit_details(self.actor, self.delivery_id, delivery.version, values, now)

    def point(self) -> dict[str, float | None]:
        """Where the proposal has its pin."""
        proposal = proposal_of(self.item)
        return {"latitude": proposal.latitude, "longitude": proposal.longitude}

    def events(self, planned: dict[str, int]) -> Iterator[tuple[int, Callable[[datetime], None]]]:
        """(day, what happened) for every milestone reached."""
        for step in self.plan["milestones"]:
            if step["done_day"] is not None:
                yield step["done_day"], partial(self.reach, step, planned[step["name"]])

    def reach(self, step: dict[str, Any], milestone_id: int, now: datetime) -> None:
        """A milestone reached, and the stage it leads to unless the end says another."""
        days = self.world.days
        tracker.set_milestone(
            self.actor,
            self.delivery_id,
            milestone_id,
            step["name"],
            days.date(step["due_day"]),
            now,
            done_on=days.date(step["done_day"]),
        )
        if step["name"] == "Semnarea contractului" and self.plan.get("contract"):
            told = {**self.plan, "signed_day": step["done_day"]}
            contracts.sign_contract(self.world, tracker_queries.get_delivery(self.delivery_id), told, now)
            contracts.follow_money(self.world, self.delivery_id, told)
        if step["name"] == "Lucrări terminate" and self.plan.get("photo"):
            contracts.show_picture(self.world, self.delivery_id, self.plan["photo"], now)
        stage = STAGE_AFTER.get(step["name"])
        if stage is not None and stage != self.status:
            self.status = stage
            tracker.change_status(self.actor, self.delivery_id, stage, "", now)

    def end(self, last: int) -> None:
        """Where it stands today, in the words of its file, and what was paid."""
        status, words = CODES[self.plan["status"]], self.plan["status_text"] or ""
        finished = status in ("received", "completed")
        day = last if finished else min(-2, max(last + 3, -25))
        now = self.world.days.moment(day, 16)
        if status != self.status or words:
            tracker.change_status(self.actor, self.delivery_id, status, words, now)
        if self.plan.get("paid") and Decimal(self.plan["paid"]) > 0:
            tracker.record_spent(self.actor, self.delivery_id, Decimal(self.plan["paid"]), now)
