"""The roll: who may vote in a round, and on which money. Written at opening and by verification, never by casting."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import scoped_session

from civic.accounts.models import Person
from civic.extensions import db
from civic.rounds.facts import PlanFacts
from civic.rounds.models import Round
from civic.rounds.queries import person_facts, plan_facts
from civic.rounds.rules import may_vote, pots_open_to
from voting.models import RollEntry

BATCH = 2000


def entries_for(round_id: int, people: Sequence[Person], plan: PlanFacts) -> list[dict[str, Any]]:
    """The roll entries of those among `people` whom the round's rules admit."""
    entries = []
    for person in people:
        facts = person_facts(person)
        if facts is None or person.method == "recorded" or may_vote(facts, plan) is not None:
            continue
        pots = sorted(pot.id for pot in pots_open_to(facts, plan) if pot.id is not None)
        entries.append(
            {
                "round_id": round_id,
                "voter_id": person.id,
                "area_id": person.neighbourhood_id,
                "pots": pots,
            }
        )
    return entries


def _people_missing(round_id: int) -> Iterator[tuple[Person, ...]]:
    """Verified people who are not on the roll, in batches by id."""
    last = 0
    while True:
        people = db.session.scalars(
            select(Person)
            .outerjoin(RollEntry, (RollEntry.voter_id == Person.id) & (RollEntry.round_id == round_id))
            .where(Person.id > last, Person.method != "recorded", RollEntry.voter_id.is_(None))
            .order_by(Person.id)
            .limit(BATCH)
        ).all()
        if not people:
            return
        last = people[-1].id
        yield tuple(people)
        for person in people:
            db.session.expunge(person)


def complete_roll(round_: Round) -> int:
    """Add everyone verified who satisfies the round's rules and is not on its roll. Returns how many.

    Safe to run twice and beside itself: an entry exists once.
    """
    plan, added = plan_facts(round_), 0
    for people in _people_missing(round_.id):
        entries = entries_for(round_.id, people, plan)
        for start in range(0, len(entries), 500):
            batch = entries[start : start + 500]
            result = db.session.execute(insert(RollEntry).values(batch).on_conflict_do_nothing())
            added += result.rowcount  # type: ignore[attr-defined]
    return added


@dataclass(frozen=True)
class RollFacts:
    """A roll without its people: the fingerprint, how many there are, and how many in each area (0: in none)."""

    fingerprint: str
    people: int
    areas: Mapping[int, int]

    def as_json(self) -> dict[str, Any]:
        """For the frozen plan and the minutes of the close."""
        areas = {str(area): people for area, people in sorted(self.areas.items())}
        return {"fingerprint": self.fingerprint, "people": self.people, "areas": areas}


def roll_facts(reader: scoped_session[Any] | Connection, round_id: int) -> RollFacts:
    """What is published of a roll at opening and at close.

    The fingerprint is SHA-256 over the roll in the order of voters, `voter|area|pots` a line.
    """
    digest = hashlib.sha256()
    areas: Counter[int] = Counter()
    rows = reader.execute(
        select(RollEntry.voter_id, RollEntry.area_id, RollEntry.pots)
        .where(RollEntry.round_id == round_id)
        .order_by(RollEntry.voter_id)
        .execution_options(yield_per=5000)
    )
    for voter_id, area_id, pots in rows:
        digest.update(f"{voter_id}|{area_id or ''}|{','.join(map(str, pots))}\n".encode())
        areas[area_id or 0] += 1
    return RollFacts(digest.hexdigest(), areas.total(), areas)
