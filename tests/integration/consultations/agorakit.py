"""Debates of the agora as tests need them, in any state."""

from datetime import datetime, timedelta
from typing import Any

from civic import clock
from civic.accounts.models import Account
from civic.deadlines import queries as deadlines
from civic.extensions import db
from civic.text import fold
from consultations.agora import rules
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import stems
from consultations.agora.models import AgoraDebate, AgoraSecond
from consultations.agora.statements.models import AgoraStatement, AgoraVote
from consultations.agora.summary.models import AgoraCitation, AgoraObjection, AgoraSentence
from tests.factories import make_account, make_department, make_person, save

QUESTION = "Închidem duminica strada Paleologu pentru mașini?"


def make_debate(state: str = "open", author: Account | None = None, **values: Any) -> AgoraDebate:
    """A debate in a state now: open since a day, closing since a day, its summary contested for five days more,
    or standing since a week, answered today."""
    now = clock.now()
    days = {"open": 1, "closing": 31, "contested": 33}.get(state, 45)
    opened_at = now - timedelta(days=days)
    moments: dict[str, datetime | None] = {}
    if state != "draft":
        moments["submitted_at"] = opened_at
    if state not in ("draft", "waiting"):
        until = opened_at + timedelta(days=30)
        moments |= {"opened_at": opened_at, "seconds_until": until, "closes_at": until}
        values.setdefault("seconds_needed", 2)
    if state in ("contested", "summarised", "answered", "archived"):
        published = opened_at + timedelta(days=31)
        moments |= {"summary_at": published, "objections_until": published + timedelta(days=7)}
    if state in ("answered", "archived"):
        moments["answered_at"] = now - timedelta(hours=1)
        values.setdefault("answer_what", "Închidem strada în fiecare duminică.")
        values.setdefault("answer_department_id", make_department().id)
    if state == "archived":
        moments["archived_at"] = now
    if state == "hidden":
        moments["hidden_at"] = now
        values.setdefault("hidden_reason", "Jignitoare.")
    defaults = {
        "question": QUESTION,
        "why": "Copiii nu au unde să se plimbe cu bicicleta.",
        "dimension": "services",
        "origin": "resident",
        "account_id": (author or make_account()).id,
        "created_at": opened_at,
        "search_text": "inchidem duminica strada paleologu pentru masini?",
    }
    return save(AgoraDebate(**{**defaults, **moments, **values}))


def oblige(debate: AgoraDebate, due_at: datetime | None = None) -> AgoraDebate:
    """Let the city hall owe its answer."""
    version = deadlines.get_current(rules.ANSWER)
    assert debate.opened_at is not None
    assert debate.closes_at is not None
    if due_at is not None and due_at < debate.closes_at:
        earlier = debate.closes_at - due_at + timedelta(days=1)
        for name in (
            "submitted_at",
            "opened_at",
            "seconds_until",
            "closes_at",
            "summary_at",
            "objections_until",
        ):
            moment = getattr(debate, name)
            setattr(debate, name, moment and moment - earlier)
    debate.obliged_at = debate.opened_at + timedelta(hours=1)
    debate.answer_due_at = due_at or debate.opened_at + timedelta(days=60)
    debate.answer_version_id = version.id
    db.session.commit()
    return debate


def make_seconds(debate: AgoraDebate, number: int) -> None:
    """So many verified people who ask for the answer."""
    for _each in range(number):
        save(AgoraSecond(debate_id=debate.id, person_id=make_person().id, at=clock.now()))


def make_participant(debate: AgoraDebate, account: Account | None = None, **values: Any) -> AgoraParticipant:
    """Somebody in a debate."""
    account = account or make_account()
    return save(AgoraParticipant(debate_id=debate.id, account_id=account.id, joined_at=clock.now(), **values))


def make_post(debate: AgoraDebate, kind: str = "argument", **values: Any) -> AgoraPost:
    """An argument for, unless asked otherwise, by somebody new."""
    body = values.pop("body", "Copiii nu au unde să se plimbe cu bicicleta.")
    participant = values.pop("participant", None) or make_participant(debate)
    defaults = {
        "participant_id": participant.id, "body": body, "stems": " ".join(stems(body)), "created_at": clock.now(),
        "side": "for" if kind == "argument" else "",
        "hidden_reason": "Jignitor." if values.get("state") == "hidden" else "",
    }  # fmt: skip
    return save(AgoraPost(debate_id=debate.id, kind=kind, **{**defaults, **values}))


def make_judges(debate: AgoraDebate, stance: int, number: int, post: AgoraPost, value: int = 1) -> None:
    """So many people of a stance who judged an argument, counted as the service counts them."""
    yes, seen = {
        1: ("for_yes", "for_seen"),
        0: ("other_yes", "other_seen"),
        -1: ("against_yes", "against_seen"),
    }[stance]
    for _each in range(number):
        one = make_participant(debate, stance=stance)
        save(AgoraJudgement(
            post_id=post.id, participant_id=one.id, value=value, stance=stance, counted=True, at=clock.now()
        ))  # fmt: skip
    setattr(post, seen, getattr(post, seen) + number)
    if value == 1:
        setattr(post, yes, getattr(post, yes) + number)
    db.session.commit()


def make_statement(debate: AgoraDebate, text: str, **values: Any) -> AgoraStatement:
    """A statement by somebody new."""
    participant = values.pop("participant", None) or make_participant(debate)
    why = "Jignire." if values.get("state") == "hidden" else ""
    defaults = {
        "participant_id": participant.id, "folded": fold(text), "created_at": clock.now(), "hidden_reason": why,
    }  # fmt: skip
    return save(AgoraStatement(debate_id=debate.id, text=text, **{**defaults, **values}))


def make_votes(debate: AgoraDebate, statements: list[AgoraStatement], people: int) -> list[int]:
    """Two camps of people: half agree with every second statement, half with the others.

    With the last statement all agree. The numbers of the participants, by turns of one camp and the other.
    """
    numbers = []
    for person in range(people):
        one = make_participant(debate)
        numbers.append(one.id)
        for place, statement in enumerate(statements):
            last = place == len(statements) - 1
            db.session.add(AgoraVote(
                participant_id=one.id, statement_id=statement.id, debate_id=debate.id, at=clock.now(),
                value=1 if last or place % 2 == person % 2 else -1,
            ))  # fmt: skip
    db.session.commit()
    return numbers


def make_sentence(debate: AgoraDebate, *cited: AgoraPost, **values: Any) -> AgoraSentence:
    """A sentence of a summary that cites arguments."""
    defaults = {"section": "agreed", "text": "Copiii au nevoie de un loc sigur."}
    made: AgoraSentence = save(AgoraSentence(debate_id=debate.id, **{**defaults, **values}))
    for post in cited:
        save(AgoraCitation(sentence_id=made.id, post_id=post.id, debate_id=debate.id))
    return made


def make_objection(debate: AgoraDebate, **values: Any) -> AgoraObjection:
    """An objection by somebody new."""
    participant = values.pop("participant", None) or make_participant(debate)
    why = "Jignitoare." if values.get("state") == "hidden" else ""
    defaults = {
        "participant_id": participant.id, "text": "Lipsesc magazinele.", "created_at": clock.now(), "hidden_reason": why,
    }  # fmt: skip
    return save(AgoraObjection(debate_id=debate.id, **{**defaults, **values}))
