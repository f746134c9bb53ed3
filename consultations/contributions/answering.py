"""Answers from the first draft to publication, and what may happen after. Commands flush, never commit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civic import audit, tasks
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.policy import enforce
from civic.text import clean_line, clean_text
from consultations.contributions import policy, queries, rules
from consultations.contributions.models import Answer, Contribution, Theme
from consultations.contributions.rules import AnswerState, Outcome

#: The work of writing to everybody whom an answer concerns.
TELL = "contributions.tell"

#: Given an answer's number, the state it is told in and the moment, writes to those whom a feature knows.
Teller = Callable[[int, str, datetime], int]

_TELLERS: list[Teller] = []


def also_tell(teller: Teller) -> None:
    """Let a feature write to those whom answers to its own texts concern. Called at its registration."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def tell_others(answer_id: int, state: str, now: datetime) -> int:
    """Write to those whom other features know; how many."""
    return sum(teller(answer_id, state, now) for teller in _TELLERS)


@dataclass(frozen=True)
class Words:
    """What an official writes."""

    outcome: str
    reason: str = ""
    place: str = ""
    link: str = ""
    author_function: str = ""


class Overtaken(Conflict):
    """Somebody else saved other words first; both are shown to choose from."""


def _checked(words: Words) -> Words:
    cleaned = Words(
        words.outcome, clean_text(words.reason), clean_line(words.place), clean_line(words.link),
        clean_line(words.author_function),
    )  # fmt: skip
    if cleaned.outcome not in list(Outcome):
        raise Invalid(_("Choose one of the options."))
    if len(cleaned.reason) > rules.MAX_REASON or len(cleaned.place) > 300 or len(cleaned.link) > 500:
        raise Invalid(_("This text is too long."))
    if cleaned.link and not cleaned.link.lower().startswith(("https://", "http://")):
        raise Invalid(_("A link begins with https://"))
    if not cleaned.author_function:
        raise Invalid(_("Write the function of who answers: people read it."))
    return cleaned


def save(
    actor: Actor,
    target: Contribution | Theme,
    words: Words,
    seen: int,
    now: datetime,
) -> Answer:
    """Write the answer to a contribution or to a theme, or change it before it is signed.

    `seen` is the version its writer was looking at, 0 for none. Raises Overtaken when somebody saved meanwhile:
    what was typed is the caller's to keep. Whoever saves is the author of the words: another person signs.
    """
    written = _checked(words)
    enforce(policy.can_answer(actor, queries.consultation_of(target)))
    queries.lock_target(target)
    # Who signs locks the answer alone: its words do not change under the signature.
    answer = queries.find_living(target, lock=True)
    if (answer.version if answer else 0) != seen:
        raise Overtaken(
            _("Somebody else saved this answer meanwhile. Compare, then save yours or leave theirs.")
        )
    if answer is None:
        answer = Answer(
            consultation_id=target.consultation_id,
            contribution_id=target.id if isinstance(target, Contribution) else None,
            theme_id=target.id if isinstance(target, Theme) else None,
            version=0,
        )
        db.session.add(answer)
    elif answer.state == AnswerState.PUBLISHED:
        raise Conflict(_("This answer is published. Withdraw it with a reason, then write another."))
    answer.outcome, answer.reason = written.outcome, written.reason
    answer.place, answer.link, answer.author_function = written.place, written.link, written.author_function
    answer.state, answer.returned_note = AnswerState.DRAFT.value, ""
    assert actor.id is not None
    answer.drafted_by_id = actor.id
    _changed(answer, now)
    audit.record(actor, "contribution.answer_drafted", "contribution_answer", answer.id, now, _about(answer))
    return answer


def _changed(answer: Answer, now: datetime) -> None:
    answer.changed_at = now
    answer.version += 1
    db.session.flush()


def _about(answer: Answer) -> dict[str, object]:
    return {
        "consultation": answer.consultation_id,
        "contribution": answer.contribution_id,
        "theme": answer.theme_id,
        "outcome": answer.outcome,
        "version": answer.version,
    }


def _taken(answer_id: int, seen: int) -> Answer:
    answer = queries.get_answer(answer_id, lock=True)
    if answer.version != seen:
        raise Conflict(_("Somebody else changed this answer meanwhile. Read it again before you go on."))
    return answer


def submit(actor: Actor, answer_id: int, seen: int, now: datetime) -> Answer:
    """Hand the words to the person who signs. A refusal without a real reason goes no further."""
    answer = _taken(answer_id, seen)
    enforce(policy.can_answer(actor, queries.get_consultation(answer.consultation_id)))
    if answer.state != AnswerState.DRAFT:
        raise Conflict(_("It has been sent to the signature already."))
    if rules.reason_too_short(answer.outcome, answer.reason):
        raise Invalid(_("Give the reason: the law asks for a written one, and everyone reads it."))
    answer.state = AnswerState.SUBMITTED.value
    _changed(answer, now)
    audit.record(
        actor, "contribution.answer_submitted", "contribution_answer", answer.id, now, _about(answer)
    )
    return answer


def send_back(actor: Actor, answer_id: int, seen: int, note: str, now: datetime) -> Answer:
    """Ask for other words instead of signing."""
    answer, wanted = _taken(answer_id, seen), clean_text(note)
    enforce(policy.can_manage(actor))
    if answer.state != AnswerState.SUBMITTED:
        raise Conflict(_("It has not been sent to the signature."))
    if not wanted:
        raise Invalid(_("Say what should be written otherwise."))
    answer.state, answer.returned_note = AnswerState.DRAFT.value, wanted[: rules.MAX_REASON]
    _changed(answer, now)
    audit.record(actor, "contribution.answer_returned", "contribution_answer", answer.id, now, _about(answer))
    return answer


def sign(actor: Actor, answer_id: int, seen: int, now: datetime) -> Answer:
    """Publish the words another person wrote; everybody whom they answer is told."""
    answer = _taken(answer_id, seen)
    enforce(policy.can_sign(actor, answer))
    answer.state, answer.signed_by_id, answer.published_at = AnswerState.PUBLISHED.value, actor.id, now
    _changed(answer, now)
    audit.record(
        actor, "contribution.answer_published", "contribution_answer", answer.id, now, _about(answer)
    )
    tell(actor, answer, now)
    return answer


def withdraw(actor: Actor, answer_id: int, seen: int, reason: str, now: datetime) -> Answer:
    """Take back a published answer: it stays readable, struck through, with the reason. Everybody told is told."""
    answer, why = _taken(answer_id, seen), clean_text(reason)[: rules.MAX_REASON]
    enforce(policy.can_manage(actor))
    if answer.state != AnswerState.PUBLISHED:
        raise Conflict(_("Only a published answer can be withdrawn."))
    if not why:
        raise Invalid(_("Write why: everyone reads it."))
    take_back(actor, answer, why, now)
    tell(actor, answer, now)
    return answer


def take_back(actor: Actor, answer: Answer, why: str, now: datetime) -> None:
    """Mark an answer as withdrawn, for a reason already checked."""
    answer.state, answer.withdrawn_at, answer.withdrawn_reason = AnswerState.WITHDRAWN.value, now, why
    _changed(answer, now)
    audit.record(
        actor, "contribution.answer_withdrawn", "contribution_answer", answer.id, now, _about(answer)
    )


def tell(actor: Actor, answer: Answer, now: datetime) -> None:
    """Ask the worker to write to everybody whom an answer concerns, as it stands."""
    tasks.enqueue(actor, TELL, {"answer": answer.id, "state": answer.state}, now)
