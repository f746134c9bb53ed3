"""Proposals: every one walks its road through the services, with the people and on the days of its file.

A project of an edition that names no proposal gets one made of its own words, so that everything on a
ballot came from an idea and was analysed.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from civic import links
from civic.demo.rounds import find_round, phase
from civic.demo.world import APPEALS, MODERATOR, STAFF, World, items
from civic.extensions import db
from civic.moderation import queries as moderation_queries
from civic.moderation import service as moderation
from civic.moderation.rules import Decision
from civic.places import shapes
from civic.tracker.queries import import_ids
from civic.unit_of_work import unit_of_work
from proposals import service
from proposals.comments import service as comments
from proposals.comments.models import Comment
from proposals.evaluation import queries as evaluation_queries
from proposals.evaluation import service as evaluation
from proposals.evaluation.service import Answer
from proposals.models import Proposal
from proposals.rules import PUBLIC, Draft, Event, Role

#: Where a proposal for the whole sector has its pin.
CITYWIDE = "obor"
#: What a verdict is about, for the table of aspects beside the text.
ASPECT_OF = {
    "not_competence": "legal",
    "land": "land",
    "private_interest": "legal",
    "over_cap": "cost",
    "running_costs": "running_cost",
    "conflicts_plan": "technical",
    "vague_location": "technical",
    "already_covered": "technical",
    "not_legal": "legal",
    "content": "legal",
}
#: A department has ten working days, so what was handed over on this day is not late.
RECENTLY = -5
#: What a department says where the file quotes none.
PLAIN_REPORT = "Terenul este public, lucrarea se poate face, iar costul a fost verificat."


@dataclass
class Diary:
    """The moments of one proposal: each later than the one before, none after the loading."""

    world: World
    last: datetime | None = None
    written: int = 0

    def at(self, day: int) -> datetime:
        """A moment on the day, in office hours unless something else happened later that day."""
        self.written += 1
        wanted = self.world.days.moment(day, 9 + self.written % 9, self.written * 17 % 60)
        if self.last is not None and wanted <= self.last:
            wanted = min(self.last + (self.world.days.loaded_at - self.last) / 20, self.world.days.loaded_at)
        self.last = wanted
        return wanted


def import_key(item_id: str) -> str:
    """By what a proposal of the demo is found again."""
    return f"demo:{item_id}"


def find_proposal(item_id: str) -> Proposal | None:
    """A proposal of the files, if it is loaded."""
    return db.session.scalar(select(Proposal).where(Proposal.import_key == import_key(item_id)))


def load_reasons(world: World) -> None:
    """The catalogue of reasons for rejection, in both languages."""
    actor = world.person(STAFF)
    for item in items("rejection_reasons"):
        if evaluation_queries.find_reason(item["slug"]) is None:
            evaluation.add_reason(
                actor,
                world.days.moment(-640),
                code=item["slug"],
                name_ro=item["name"],
                name_en=item["name_en"],
                explanation_ro=item["explanation"],
                explanation_en=item["explanation_en"],
            )


def connect_deliveries() -> None:
    """From a proposal to the work of the city that its answer points at."""
    for item in items("proposals"):
        if item["related_delivery"]:
            proposal = find_proposal(item["id"])
            delivery_id = import_ids().get(item["related_delivery"])
            if proposal is not None and delivery_id is not None:
                links.connect("proposal", proposal.id, "delivery", delivery_id)


def load_proposals(world: World) -> None:
    """Every proposal of the file, and one for each project without; a transaction each."""
    listed = sorted(items("proposals"), key=lambda item: item["history"][0]["day"])
    for item in (*projects_as_proposals(world, "2025"), *projects_as_proposals(world, "2026"), *listed):
        if find_proposal(item["id"]) is None:
            with unit_of_work():
                Road(world, item).walk()
    for item in listed:
        if item["merged_into"]:
            merged, into = find_proposal(item["id"]), find_proposal(item["merged_into"])
            if merged is not None and into is not None:
                links.connect("proposal", merged.id, "proposal", into.id)
    connect_deliveries()


def projects_as_proposals(world: World, key: str) -> Iterator[dict[str, Any]]:
    """The projects of an edition that name no proposal, as items like those of the proposals' file."""
    residents = [one["key"] for one in items("people") if one["verification"] and not one["login"]]
    evaluators = {one["department"]: one["key"] for one in items("people") if one["role"] == "evaluator"}
    submission, analysis = phase(key, "submission"), phase(key, "analysis")
    name = "projects_closed" if key == "2025" else "projects_open"
    for project in items(name):
        if project["proposal"]:
            continue
        rng = random.Random(project["id"])  # noqa: S311 - invented data
        problem, _, idea = project["summary"].partition(". ")
        department = project["department"] if project["department"] in evaluators else "urbanism"
        taken = analysis["start_day"] + rng.randrange(3)
        yield {
            **dict.fromkeys(("request", "rejection", "appeal", "related_delivery", "merged_into")),
            **{field: project[field] for field in ("title", "category", "neighbourhood", "place", "cost")},
            "id": f"project-{project['id']}",
            "round": key,
            "problem": f"{problem.rstrip('.')}.",
            "idea": idea or project["summary"],
            "state": "eligible",
            "author": rng.choice(residents),
            "project": project["id"],
            "comments": [],
            "history": [
                {"state": "submitted", "day": rng.randint(submission["start_day"], submission["end_day"])},
                {"state": "in_analysis", "day": taken},
                {"state": "eligible", "day": rng.randint(taken + 20, analysis["end_day"] - 5)},
            ],
            "assessments": [
                {
                    "department": department,
                    "by": evaluators[department],
                    "day": taken + 20,
                    "verdict": "favourable",
                    "text": PLAIN_REPORT,
                }
            ],
        }


class Road:
    """One proposal's way from its first day to where it stands."""

    def __init__(self, world: World, item: dict[str, Any]) -> None:
        self.world, self.item = world, item
        self.diary = Diary(world)
        self.proposal_id = 0
        self.author = world.person(item["author"])
        self.posted: dict[int, Comment] = {}

    def walk(self) -> None:
        """Everything that happened, in the order of days."""
        for day, _order, happen in sorted(self.events(), key=lambda one: one[:2]):
            happen(self.diary.at(day))

    def events(self) -> Iterator[tuple[int, int, Callable[[datetime], None]]]:
        """(day, order within the day, what happens) for all of it."""
        history = self.item["history"]
        fresh = self.item["state"] == "in_analysis" and not self.item["assessments"]
        for place, step in enumerate(history):
            following = history[place + 1]["state"] if place + 1 < len(history) else ""
            before = history[place - 1]["state"] if place else ""
            action = self.action(step, before, following)
            if action is not None:
                # Where no department has answered yet, the analysis has only just begun.
                day = RECENTLY if fresh and step["state"] == "in_analysis" else step["day"]
                yield day, place, action
        settled = next((one["day"] for one in history if one["state"] in ("eligible", "rejected")), None)
        answers = list(self.answers(settled))
        for place, (day, answer) in enumerate(answers):
            yield day, 20 + place, answer
        for place, comment in enumerate(self.item["comments"]):
            number = 100 + 20 * place
            yield comment["day"], number, partial(self.comment, number, None, comment)
            for reply_place, reply in enumerate(comment["replies"], start=1):
                yield (
                    reply["day"],
                    number + reply_place,
                    partial(self.comment, number + reply_place, number, reply),
                )

    def action(self, step: dict[str, Any], before: str, following: str) -> Callable[[datetime], None] | None:
        """What a line of the file's history does here; None where it follows from the departments' answers."""
        state = step["state"]
        if state == "in_analysis" and following == "needs_changes":
            return None  # once in analysis a proposal is no longer sent back: it is sent back before
        if state == "in_analysis" and before == "needs_changes":
            return self.resubmit_and_take
        if before == "appealed":
            return self.decide_appeal
        actions: dict[str, Callable[[datetime], None]] = {
            "draft": self.draft,
            "submitted": self.submit,
            "needs_changes": self.ask_for_changes,
            "in_analysis": self.take,
            "appealed": self.appeal,
            "withdrawn": partial(self.withdraw, step.get("note") or ""),
            "merged": partial(self.merge, step.get("note") or ""),
        }
        return actions.get(state)

    def locked(self) -> Proposal:
        """The proposal with its row locked."""
        from proposals.queries import lock_proposal

        return lock_proposal(self.proposal_id)

    # --- writing and publishing

    def point(self) -> tuple[float, float]:
        """A plausible place in the neighbourhood, the same at every loading: latitude, longitude."""
        place = self.world.places[self.item["neighbourhood"] or CITYWIDE]
        shape = {"type": "Polygon", "coordinates": place.shape}
        rng = random.Random(self.item["id"])  # noqa: S311 - invented data
        longitude, latitude = shapes.scatter(shape, 1, rng)[0]
        return round(latitude, 6), round(longitude, 6)

    def texts(self) -> Draft:
        """The form as its author filled it in."""
        item, (latitude, longitude) = self.item, self.point()
        return Draft(
            title=item["title"],
            problem=item["problem"],
            idea=item["idea"],
            neighbourhood_id=self.world.places[item["neighbourhood"] or CITYWIDE].id,
            category_id=self.world.categories[item["category"]],
            cost_text=(item["cost"] or "").partition(".")[0],
            place=item["place"] or "",
            latitude=latitude,
            longitude=longitude,
        )

    def draft(self, now: datetime) -> None:
        """Begun and not sent."""
        proposal = service.start_draft(self.author, now)
        service.save_draft(self.author, proposal.id, self.texts(), now, seen_version=1, editor="demo")
        proposal.import_key = import_key(self.item["id"])
        db.session.flush()

    def submit(self, now: datetime) -> None:
        """Sent and published, in its edition."""
        texts = self.texts()
        proposal = service.create_for_import(
            title=texts.title,
            problem=texts.problem,
            idea=texts.idea,
            neighbourhood_id=texts.neighbourhood_id or 0,
            category_id=texts.category_id or 0,
            now=now,
            author_id=self.author.id,
            estimated_cost=self.cost,
            place=texts.place,
            latitude=texts.latitude,
            longitude=texts.longitude,
            round_id=find_round(self.item["round"]).id,
            import_key=import_key(self.item["id"]),
        )
        self.proposal_id = proposal.id

    @property
    def cost(self) -> Decimal | None:
        """The author's estimate, which the departments confirm."""
        return Decimal(self.item["cost"]) if self.item["cost"] else None

    def ask_for_changes(self, now: datetime) -> None:
        """Sent back to its author with what is missing."""
        moderator, text = self.world.person(MODERATOR), self.item["request"]["text"]
        service.advance(moderator, self.locked(), Event.REQUEST_CHANGES, Role.MODERATOR, now, reason=text)

    def resubmit_and_take(self, now: datetime) -> None:
        """Sent again as it was, published, and handed to the departments."""
        moderator = self.world.person(MODERATOR)
        service.advance(self.author, self.locked(), Event.SUBMIT, Role.AUTHOR, now)
        service.advance(moderator, self.locked(), Event.PUBLISH, Role.MODERATOR, now)
        self.take(now)

    def withdraw(self, note: str, now: datetime) -> None:
        """Taken back by its author, saying why."""
        service.advance(self.author, self.locked(), Event.WITHDRAW, Role.AUTHOR, now, reason=note)

    def merge(self, note: str, now: datetime) -> None:
        """Joined with another that asks for the same; the links tell which."""
        other = next(one for one in items("proposals") if one["id"] == self.item["merged_into"])
        reason = f"Unită cu propunerea „{other['title']}”. {note}".strip()
        service.advance(self.author, self.locked(), Event.WITHDRAW, Role.AUTHOR, now, reason=reason)

    # --- analysis and appeals

    def departments(self) -> list[str]:
        """The departments that analyse it; one that has not answered while the analysis runs."""
        named = list(dict.fromkeys(one["department"] for one in self.item["assessments"]))
        if self.item["state"] == "in_analysis":
            both = ("adp", "urbanism") if int(self.item["id"][2:]) % 2 else ("urbanism", "adp")
            named += [slug for slug in both if slug not in named][:1]
        elif not named and self.item["rejection"] is None:
            named = ["adp"]
        elif not named:
            named = ["juridic" if "content" in self.item["rejection"]["reasons"] else "urbanism"]
        return named

    def take(self, now: datetime) -> None:
        """Handed to the departments."""
        ids = [self.world.departments[slug] for slug in self.departments_or_none()]
        evaluation.take_into_analysis(self.world.person(STAFF), self.proposal_id, ids, now)

    def departments_or_none(self) -> list[str]:
        """The departments; the planners where a proposal left the analysis before any answered."""
        left = self.item["state"] in ("withdrawn", "merged")
        return ["urbanism"] if left and not self.item["assessments"] else self.departments()

    def answers(self, settled: int | None) -> Iterator[tuple[int, Callable[[datetime], None]]]:
        """The departments' answers by day; the last one comes on the day the result was settled."""
        if self.item["state"] in ("draft", "submitted", "needs_changes", "withdrawn", "merged"):
            return
        firsts: dict[str, dict[str, Any]] = {}
        for one in self.item["assessments"]:
            firsts.setdefault(one["department"], one)
        if not firsts and settled is not None:
            department = self.departments()[0]
            firsts[department] = {
                "department": department,
                "by": next(p["key"] for p in items("people") if p["department"] == department),
                "day": settled,
                "verdict": "unfavourable" if self.item["rejection"] else "favourable",
                "text": "" if self.item["rejection"] else PLAIN_REPORT,
            }
        listed = sorted(firsts.values(), key=lambda one: one["day"])
        for place, one in enumerate(listed, start=1):
            last = settled is not None and place == len(listed)
            day = settled if last and settled is not None else one["day"]
            yield day, partial(self.answer, one)

    def answer(self, assessment: dict[str, Any], now: datetime) -> None:
        """A department's answer by its evaluator."""
        department_id = self.world.departments[assessment["department"]]
        part = next(
            one
            for one in evaluation_queries.list_evaluations(self.proposal_id)
            if one.department_id == department_id
        )
        evaluation.answer(self.world.person(assessment["by"]), part.id, self.answer_of(assessment), now)

    def answer_of(self, assessment: dict[str, Any]) -> Answer:
        """The form of an answer: the text of the report, and of the commission where it rejects."""
        fine = dict.fromkeys(("legal", "technical", "cost", "land", "running_cost"), "ok")
        if assessment["verdict"] != "unfavourable":
            return Answer("eligible", assessment["text"], self.cost, verdicts=fine)
        rejection = self.item["rejection"]
        problems = {ASPECT_OF[reason]: "problem" for reason in rejection["reasons"]}
        return Answer(
            "rejected",
            "\n\n".join(text for text in (assessment["text"], rejection["text"]) if text),
            None,
            tuple(rejection["reasons"]),
            verdicts={**fine, **problems},
        )

    def appeal(self, now: datetime) -> None:
        """Contested by its author."""
        evaluation.file_appeal(self.author, self.proposal_id, self.item["appeal"]["text"], now)

    def decide_appeal(self, now: datetime) -> None:
        """Decided by the board."""
        appeal = evaluation_queries.list_appeals(self.proposal_id)[-1]
        outcome, decision = self.item["appeal"]["outcome"], self.item["appeal"]["decision"]
        evaluation.decide_appeal(
            self.world.person(APPEALS), appeal.id, outcome, decision, now, estimate=self.cost
        )

    # --- conversation

    def comment(self, number: int, parent: int | None, said: dict[str, Any], now: datetime) -> None:
        """Something said; what waited for a moderator, because its author is new, was then published."""
        actor, proposal = self.world.person(said["author"]), self.locked()
        if proposal.state not in PUBLIC:
            return
        written = comments.add_comment(
            actor,
            proposal,
            said["text"],
            now,
            parent_id=self.posted[parent].id if parent is not None else None,
        )
        self.posted[number] = written
        if written.state == "held":
            publish_waiting(self.world, "comment", written.id, now)


def publish_waiting(world: World, kind: str, subject_id: int, now: datetime) -> None:
    """Let a moderator publish what waits."""
    case = moderation_queries.find_open_case(kind, subject_id)
    if case is not None:
        moderation.decide(world.person(MODERATOR), case.id, Decision.PUBLISH, now)
