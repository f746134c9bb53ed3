"""How a debate of the agora goes from its draft to its archive. Plain values in, plain values out.

A debate is opened by a resident, an organisation or the city hall. While it is open, verified residents may second
it; enough of them oblige the city hall to an official answer. Days are no part of this module: they are deadlines
(`civic.deadlines`), whose moments are stored on the debate when they are given.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

#: What debates are called in links, timelines and the audit record.
KIND = "agora"

SECONDING = "agora.seconding"
ARGUING = "agora.arguing"
ANSWER = "agora.answer"
OBJECTIONS = "agora.objections"
ARCHIVE = "agora.archive"

#: What lists the debates about it on its own page; whatever else shows them among what it led to.
LISTS_ITS_OWN = ("consultation", "round")

#: What an official answer may lead to.
BECOMES = ("consultation", "delivery")

#: In whose name a debate is opened.
ORIGINS = ("resident", "organisation", "city")

MAX_QUESTION = 200
MAX_WHY = 2_000
MAX_ANSWER = 8_000
#: Debates one account may send in a day.
A_DAY = 3


class State(StrEnum):
    """Where a debate stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    OPEN = "open"
    CLOSING = "closing"
    SUMMARISED = "summarised"
    ANSWERED = "answered"
    ARCHIVED = "archived"
    HIDDEN = "hidden"


#: What anyone may read.
PUBLIC = frozenset({State.OPEN, State.CLOSING, State.SUMMARISED, State.ANSWERED, State.ARCHIVED})


class Step(StrEnum):
    """What can happen to a debate."""

    SUBMIT = "submit"
    SEND_BACK = "send_back"
    OPEN = "open"
    OBLIGE = "oblige"
    SET_END = "set_end"
    SUMMARISE = "summarise"
    ANSWER = "answer"
    ARCHIVE = "archive"
    HIDE = "hide"
    RESTORE = "restore"


#: From which states each step is possible.
FROM: dict[Step, frozenset[State]] = {
    Step.SUBMIT: frozenset({State.DRAFT}),
    Step.SEND_BACK: frozenset({State.WAITING}),
    Step.OPEN: frozenset({State.WAITING}),
    Step.OBLIGE: frozenset({State.OPEN}),
    Step.SET_END: frozenset({State.OPEN}),
    Step.SUMMARISE: frozenset({State.CLOSING}),
    Step.ANSWER: frozenset({State.SUMMARISED}),
    Step.ARCHIVE: frozenset({State.CLOSING, State.SUMMARISED, State.ANSWERED}),
    Step.HIDE: frozenset({State.WAITING, State.OPEN, State.CLOSING, State.SUMMARISED, State.ANSWERED}),
    Step.RESTORE: frozenset({State.HIDDEN}),
}


class Moments(Protocol):
    """The moments of a debate that say where it stands; every `AgoraDebate` has them."""

    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def opened_at(self) -> datetime | None: ...
    @property
    def seconds_until(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def obliged_at(self) -> datetime | None: ...
    @property
    def answer_due_at(self) -> datetime | None: ...
    @property
    def summary_at(self) -> datetime | None: ...
    @property
    def objections_until(self) -> datetime | None: ...
    @property
    def answered_at(self) -> datetime | None: ...
    @property
    def archived_at(self) -> datetime | None: ...
    @property
    def hidden_at(self) -> datetime | None: ...


class WrongStep(Exception):
    """The step is not possible where the debate stands."""


def state_of(one: Moments, now: datetime) -> State:
    """Where it stands at a moment. The end belongs to no argument: at `closes_at` it is closed."""
    if one.hidden_at is not None:
        return State.HIDDEN
    if one.archived_at is not None:
        return State.ARCHIVED
    if one.answered_at is not None:
        return State.ANSWERED
    if one.opened_at is None or one.closes_at is None:
        return State.DRAFT if one.submitted_at is None else State.WAITING
    if now < one.closes_at:
        return State.OPEN
    # A summary stands once everybody has had the days to object to it.
    frozen = one.objections_until is not None and now >= one.objections_until
    return State.SUMMARISED if frozen else State.CLOSING


def is_possible(step: Step, one: Moments, now: datetime) -> bool:
    """Whether a step can be taken now."""
    if state_of(one, now) not in FROM[step]:
        return False
    if step == Step.OBLIGE:
        return takes_seconds(one, now) and one.obliged_at is None
    if step == Step.SUMMARISE:
        return one.summary_at is None
    if step == Step.ARCHIVE:
        # An answer that is owed stays in sight until it is given.
        return one.answered_at is not None or one.obliged_at is None
    return True


def takes_seconds(one: Moments, now: datetime) -> bool:
    """Whether residents may second it now."""
    return state_of(one, now) == State.OPEN and one.seconds_until is not None and now < one.seconds_until


def takes_objections(one: Moments, now: datetime) -> bool:
    """Whether people may object to the summary now."""
    published = one.summary_at is not None and one.hidden_at is None and one.archived_at is None
    return published and one.objections_until is not None and now < one.objections_until


def earliest_end(one: Moments, now: datetime) -> datetime:
    """How early its end may be moved: ending it before would take away days in which it can be seconded."""
    return max(now, one.seconds_until or now)


def latest_end(one: Moments) -> datetime | None:
    """How late its end may be moved: not beyond the answer it was promised. None while none is."""
    return one.answer_due_at


def after(
    step: Step, one: Moments, now: datetime, ends: Mapping[str, datetime] | None = None
) -> dict[str, datetime | None]:
    """The moments that a step changes. `ends` are those the deadlines give, by their names.

    Raises WrongStep when the step is not possible where the debate stands, or its end lies where it may not.
    """
    if not is_possible(step, one, now):
        raise WrongStep(step)
    given = ends or {}
    if step == Step.SUBMIT:
        return {"submitted_at": now}
    if step == Step.SEND_BACK:
        return {"submitted_at": None}
    if step == Step.OPEN:
        until = given["seconds_until"]
        return {"opened_at": now, "seconds_until": until, "closes_at": max(given["closes_at"], until)}
    if step == Step.OBLIGE:
        return {"obliged_at": now, "answer_due_at": given["answer_due_at"]}
    if step == Step.SET_END:
        ends_at, latest = given["closes_at"], latest_end(one)
        if ends_at < earliest_end(one, now) or (latest is not None and ends_at > latest):
            raise WrongStep(step)
        return {"closes_at": ends_at}
    if step == Step.SUMMARISE:
        return {"summary_at": now, "objections_until": given["objections_until"]}
    changed: dict[Step, tuple[str, datetime | None]] = {
        Step.ANSWER: ("answered_at", now),
        Step.ARCHIVE: ("archived_at", now),
        Step.HIDE: ("hidden_at", now),
        Step.RESTORE: ("hidden_at", None),
    }
    name, moment = changed[step]
    return {name: moment}


def archive_counts_from(one: Moments) -> datetime | None:
    """From when the days before the archive are counted: the answer, or the end where none is owed."""
    if one.answered_at is not None:
        return one.answered_at
    return None if one.obliged_at is not None else one.objections_until or one.closes_at
