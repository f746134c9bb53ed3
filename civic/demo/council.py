"""An invented council of the demo city, its meetings and its votes, through the same services as a real one's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from civic.clock import city_date
from civic.council import queries, service
from civic.council.models import CouncilMember, CouncilSitting
from civic.decisions import service as decisions
from civic.demo.world import STAFF, World, items
from civic.extensions import db
from consultations.meetings.models import Meeting
from consultations.meetings.service import open_records

NOTE = "Date demonstrative: persoană inventată."


def load_council(world: World) -> None:
    """The members, their decisions, meetings, votes and questions; a council that is there already is left alone."""
    if db.session.scalar(select(CouncilMember.id).limit(1)) is not None:
        return
    for item in items("council"):
        members = _members(world, item)
        acts = {one["key"]: _decide(world, one) for one in item["decisions"]}
        for held in item["meetings"]:
            _hold(world, held, members, acts)
        for name, kind, asked_on, asked, answered_on, answer in item["questions"]:
            day = world.days.date(answered_on) if answered_on is not None else None
            service.save_question(
                world.person(STAFF), members[name], None,
                service.Asked(kind, world.days.date(asked_on), asked, day, answer), world.days.loaded_at,
            )  # fmt: skip


def _members(world: World, item: dict[str, Any]) -> dict[str, int]:
    begins, found = world.days.date(-700), {}
    for name, party, commission in item["members"]:
        found[name] = _member(world, service.Mandate(name, begins, None, party, not party, commission))
    name, party, commission = item["past"]
    _member(
        world, service.Mandate(name, world.days.date(-2100), world.days.date(-701), party, False, commission)
    )
    return found


def _member(world: World, mandate: service.Mandate) -> int:
    one = service.save_member(world.person(STAFF), None, mandate, world.days.loaded_at)
    one.note = NOTE
    return one.id


def _decide(world: World, one: dict[str, Any]) -> tuple[str, int]:
    staff, day, now = world.person(STAFF), world.days.date(one["on"]), world.days.moment(one["on"] + 3)
    facts = decisions.Facts(
        "council", one["number"], one["title"], day, None, "Consiliul local demonstrativ", one["dimension"],
        one["body"], one["register"], city_date(now), note="Date demonstrative: hotărâre inventată.",
    )  # fmt: skip
    made = decisions.create(staff, facts, now)
    decisions.move(staff, made.id, "published", "", now)
    if one.get("amends"):
        year = world.days.date(-80).year
        decisions.relate(staff, made.id, "amends", ("council", one["amends"], year), now)
    return made.number, made.year


def _sitting(world: World, held: dict[str, Any]) -> CouncilSitting:
    staff, now = world.person(STAFF), world.days.moment(held["on"] + 1)
    facts = service.Held(held["kind"], world.days.date(held["on"]), "Sala de consiliu", held["convening"])
    announced = db.session.scalar(select(Meeting).where(Meeting.title == held.get("meeting", "")))
    if announced is None:
        return service.save_sitting(staff, None, facts, now)
    one = open_records(staff, announced.id, now)
    return service.save_sitting(staff, one.id, replace(facts, place=one.place, recording=one.recording), now)


def _hold(
    world: World, held: dict[str, Any], members: dict[str, int], acts: dict[str, tuple[str, int]]
) -> None:
    staff, now = world.person(STAFF), world.days.moment(held["on"] + 1, 12)
    one = _sitting(world, held)
    one.note = "Date demonstrative: ședință inventată."
    away = dict.fromkeys(held["absent"], "absent") | dict.fromkeys(held["excused"], "excused")
    there = {number: away.get(name, "present") for name, number in members.items()}
    service.record_attendance(staff, one.id, there, now)
    announced = {point.title: point.id for point in queries.list_votes_of(one.id)}
    for told in held["points"]:
        vote = service.save_point(
            staff, one.id, announced.get(told["title"]),
            service.Point(
                told["title"], None, told.get("reports", ""), acts.get(told.get("decision", "")),
                told.get("dimension", ""), told.get("secret", False), told.get("majority", "simple"),
                tuple(members[name] for name in told.get("signed", [])),
            ),
            now,
        )  # fmt: skip
        written = [(told["votes"], "")]
        if "corrected" in told:
            written = [(told["corrected"]["from"], ""), (told["votes"], told["corrected"]["reason"])]
        for days, (votes, reason) in enumerate(written):
            choices = {
                number: "absent" if name in away else votes.get(name, "for")
                for name, number in members.items()
            }
            roll = service.Roll({} if vote.secret else choices, told.get("stated", {}), reason)
            service.record_votes(staff, vote.id, roll, now + timedelta(days=days))
