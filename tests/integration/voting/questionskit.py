"""Rounds of questions, for tests that commit for real."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from civic import clock
from civic.actor import Actor, Role
from civic.extensions import db
from civic.places.models import Neighbourhood
from civic.rounds import service as rounds
from civic.rounds.facts import PhaseWindow
from civic.rounds.models import Round
from tests.integration.voting.votingkit import approve, make_voters, opened, vote
from voting import closing
from voting.questions import service
from voting.questions.rules import QuestionText

STAFF = Actor(id=None, display_name="Personal", roles=frozenset({Role.STAFF}))

STREET = QuestionText(
    "Strada Teiul Doamnei pietonală în weekend?",
    "yes_no",
    may_abstain=True,
    explanation="Acum trec **4.000 de mașini** pe zi.",
    arguments_for="Aer mai curat\nCopiii se joacă afară",
    arguments_against="Trafic pe străzile vecine",
)
HOURS = QuestionText("Cât timp pe zi?", "one", ("Dimineața", "După-amiaza", "Toată ziua"))
WISHES = QuestionText(
    "Ce ar trebui pus pe stradă?", "several", ("Băncuțe", "Copaci", "Terase"), max_choices=2, may_abstain=True
)


def make_ballot(
    *questions: QuestionText,
    areas: Sequence[Neighbourhood] = (),
    name: str = "Strada Teiul Doamnei",
    published: bool = True,
    opened_ago: timedelta = timedelta(hours=1),
    closes_in: timedelta = timedelta(hours=70),
    validation: timedelta | None = None,
    now: datetime | None = None,
    **changes: Any,
) -> Round:
    """A ballot of questions planned by staff whose vote is running."""
    now = now or clock.now()
    opens, closes = now - opened_ago, now + closes_in
    windows = [PhaseWindow("voting", opens, closes)]
    if validation:
        windows.append(PhaseWindow("validation", closes, closes + validation))
    before = opens - timedelta(days=2)
    round_ = rounds.create_round(
        STAFF,
        name,
        before,
        content="questions",
        changes={
            "summary": "Întrebăm locuitorii.",
            "phases": windows,
            "areas": [area.id for area in areas],
            **changes,  # type: ignore[typeddict-item]
        },
    )
    for text in questions or (STREET,):
        service.save_question(STAFF, round_, None, text, before)
    if published:
        rounds.publish_round(STAFF, round_, before)
    db.session.commit()
    return round_


def answered(app: Flask, round_: Round, *ballots: Sequence[str], **people: Any) -> Round:
    """The round closed after each of `ballots` (codes) was cast by another voter."""
    return closed(cast_answers(app, round_, *ballots, **people))


def cast_answers(app: Flask, round_: Round, *ballots: Sequence[str], **people: Any) -> Round:
    """The open round after each of `ballots` (codes) was cast by another voter."""
    voters = make_voters(len(ballots), **people)
    frozen = opened(round_)
    for at, (voter, codes) in enumerate(zip(voters, ballots, strict=True)):
        vote(app, frozen, voter, approve(*codes), (at + 1).to_bytes(2, "big") * 8)
    return frozen


def closed(round_: Round) -> Round:
    """The round after its close, three days on."""
    clock.travel(timedelta(days=3))
    closing.close_round(round_.id, clock.now())
    return db.session.get_one(Round, round_.id, populate_existing=True)
