"""The debates of the demo city's agora, led through the same services as real ones."""

import random
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from civic.accounts import passwords
from civic.accounts.models import Account
from civic.actor import Actor
from civic.demo.debates import organisation_id
from civic.demo.world import MODERATOR, STAFF, World, items
from civic.extensions import db
from civic.moderation import queries as moderation_queries
from civic.moderation import service as moderation
from civic.moderation.rules import Decision
from civic.unit_of_work import unit_of_work
from consultations.agora import rules, service
from consultations.agora.arguing import rules as judging
from consultations.agora.arguing import service as arguing
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import service as statements
from consultations.agora.statements.models import AgoraStatement, AgoraVote
from consultations.agora.summary import service as summaries

CAMPS = {"for": judging.FOR, "undecided": judging.UNDECIDED, "against": judging.AGAINST}


def load_agora(world: World) -> None:
    """Each debate as far as its story goes; one that is there already is left alone."""
    for item in items("agora"):
        if db.session.scalar(select(AgoraDebate.id).where(AgoraDebate.question == item["question"])) is None:
            with unit_of_work():
                _lead(world, item)


def find_debate(key: str) -> AgoraDebate | None:
    """A debate of the demo by the key it has in its file."""
    question = next(item["question"] for item in items("agora") if item["key"] == key)
    return db.session.scalar(select(AgoraDebate).where(AgoraDebate.question == question))


def _lead(world: World, item: dict[str, Any]) -> None:
    author, sent = world.person(item["person"]), world.days.moment(item["sent"], 9)
    speaks_for = organisation_id(item["organisation"])
    area = item["neighbourhood"]
    draft = service.Draft(
        question=item["question"],
        why=item["why"],
        dimension=item["dimension"],
        neighbourhood_id=world.places[area].id if area else None,
        origin="city" if item["city"] else "organisation" if speaks_for else "resident",
        organisation_id=speaks_for,
        stances_first=item.get("stances_first", True),
        with_statements="statements" in item,
    )
    one = service.open_draft(author, draft, sent)
    service.submit(author, one.id, sent)
    if item["published"] is None:
        return
    case = moderation_queries.find_open_case(rules.KIND, one.id)
    if case is not None:
        opened = world.days.moment(item["published"], 11)
        moderation.decide(world.person(MODERATOR), case.id, Decision.PUBLISH, opened)
    if item["needed"] is not None:
        one.seconds_needed = item["needed"]
        db.session.flush()
    for number, key in enumerate(item["seconds"]):
        service.second(world.person(key), one.id, world.days.moment(item["published"], 12, number))
    posts = _argue(world, one.id, item)
    if "summary" in item:
        _sum_up(world, one.id, item["summary"], posts)
    given = item["answer"]
    if given:
        service.answer(
            world.person(STAFF), one.id, given["what"], world.departments[given["department"]],
            world.days.date(given["by"]), world.days.moment(given["day"], 12),
        )  # fmt: skip


def _residents(world: World) -> list[Actor]:
    """Those who say where they stand and judge: verified, and nobody of the city hall."""
    people = [world.person(one["key"]) for one in items("people") if one["role"] == "resident"]
    return [one for one in people if one.is_verified]


def _sum_up(world: World, debate_id: int, told: dict[str, Any], posts: list[AgoraPost]) -> None:
    """The summary with its objections, on its day."""
    staff, at = world.person(STAFF), world.days.moment(told["day"], 10)
    made = [
        summaries.add_sentence(
            staff, debate_id, one["section"], one["text"], [posts[place].id for place in one["cites"]], at
        )
        for one in told["sentences"]
    ]
    summaries.publish(staff, debate_id, at)
    for one in told["objections"]:
        about = made[one["sentence"]].id if one["sentence"] is not None else None
        summaries.object_to(
            world.person(one["person"]), debate_id, about, one["text"], world.days.moment(one["day"], 19)
        )


def _argue(world: World, debate_id: int, item: dict[str, Any]) -> list[AgoraPost]:
    """Stances, positions, arguments with their replies and judgements, statements; returns the arguments."""
    begun = world.days.moment(item["published"], 13)
    camps = [camp for name, camp in CAMPS.items() for _each in range(item["stances"][name])]
    people = list(zip(_residents(world), camps, strict=False))
    for person, camp in people:
        arguing.say_stance(person, debate_id, camp, begun)
    positions = {one["key"]: _write(world, debate_id, one, "position", None).id for one in item["positions"]}
    posts = []
    for said in item["arguments"]:
        post = _write(world, debate_id, said, "argument", positions.get(said["position"]))
        posts.append(post)
        for reply in said["replies"]:
            _write(world, debate_id, reply, "reply", post.id)
        if said["convinces"]:
            _judge(people, post, said["convinces"], world.days.moment(said["day"], 20))
    _vote(world, debate_id, item, people)
    return posts


def _vote(world: World, debate_id: int, item: dict[str, Any], people: list[tuple[Actor, int]]) -> None:
    """Statements with the votes of nearly everybody, and what is computed from them."""
    # The worker's alone otherwise: loading the city needs its arrays once.
    from consultations.agora.statements import computing

    at = world.days.moment(item["published"] + 2, 18)
    for said in item.get("statements", []):
        made = statements.add(world.person(said["person"]), debate_id, said["text"], at)
        chance = random.Random(said["text"])  # noqa: S311 - invented people
        for person, camp in people:
            share = said["agrees"][next(name for name, value in CAMPS.items() if value == camp)]
            value = 1 if chance.random() < share else -1
            statements.vote(person, made.id, 0 if chance.random() < 0.1 else value, at)
    _crowd(world, debate_id, item, at)
    if item.get("statements"):
        votes = [(row[0], row[1], row[2]) for row in statements.queries.list_votes(debate_id, at)]
        statements.keep(debate_id, computing.from_votes(votes), at)


def _crowd(world: World, debate_id: int, item: dict[str, Any], at: datetime) -> None:
    """People who only vote, in groups as their file says: nobody signs in as one of them, and nobody reads of them.

    All at once, for there are hundreds of votes.
    """
    camps = [camp for camp, size in enumerate(item.get("crowd", [])) for _each in range(size)]
    if not camps:
        return
    made, joined = world.days.moment(-400), world.days.moment(item["published"], 14)
    accounts = db.session.scalars(
        insert(Account).returning(Account.id, sort_by_parameter_order=True),
        [
            {
                "email": f"{item['key']}-{number}@civic.example", "password_hash": passwords.UNUSABLE,
                "display_name": f"Participant {number}", "locale": "ro", "created_at": made,
                "email_confirmed_at": made, "session_epoch": 0,
            }
            for number in range(1, len(camps) + 1)
        ],
    ).all()  # fmt: skip
    people = db.session.scalars(
        insert(AgoraParticipant).returning(AgoraParticipant.id, sort_by_parameter_order=True),
        [{"debate_id": debate_id, "account_id": one, "joined_at": joined} for one in accounts],
    ).all()
    found = db.session.execute(
        select(AgoraStatement.text, AgoraStatement.id).where(AgoraStatement.debate_id == debate_id)
    )
    numbers = dict(found.all())
    chance = random.Random(item["key"])  # noqa: S311 - invented people
    votes = [
        {
            "participant_id": person, "statement_id": numbers[said["text"]], "debate_id": debate_id, "at": at,
            "value": 0 if chance.random() < 0.08 else 1 if chance.random() < said["crowd"][camp] else -1,
        }
        for person, camp in zip(people, camps, strict=True)
        for said in item["statements"]
        if chance.random() < 0.9
    ]  # fmt: skip
    db.session.execute(insert(AgoraVote), votes)


def _write(world: World, debate_id: int, said: dict[str, Any], kind: str, parent_id: int | None) -> AgoraPost:
    department = said.get("department")
    speaker = arguing.Speaker(
        said.get("pseudonym", ""),
        said.get("function", ""),
        world.departments[department] if department else None,
    )
    words = arguing.Said(kind, said["text"], said.get("side", ""), said.get("source", ""), parent_id)
    return arguing.write(
        world.person(said["person"]), debate_id, words, speaker, world.days.moment(said["day"], 18)
    )


def _judge(
    people: list[tuple[Actor, int]], post: AgoraPost, convinces: dict[str, float], at: datetime
) -> None:
    """Most of each camp judge, as their file says; the same ones whenever the city is loaded."""
    chance = random.Random(post.body)  # noqa: S311 - invented people
    shares = {CAMPS[name]: share for name, share in convinces.items()}
    for person, camp in people:
        if post.participant_id in _own_places(person, post) or chance.random() > 0.85:
            continue
        value = judging.CONVINCING if chance.random() < shares[camp] else judging.UNCONVINCING
        arguing.judge(person, post.id, judging.UNKNOWN if chance.random() < 0.1 else value, at)


def _own_places(person: Actor, post: AgoraPost) -> set[int]:
    found = arguing.queries.find_participant(post.debate_id, person.id)
    return {found.id} if found else set()
