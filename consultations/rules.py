"""Kinds of consultations, where one stands, and how short it may be. Plain values in, plain values out.

The numbers are no part of this module: a kind names the deadlines it works by (`civic.deadlines`), whose days
and sources are data with a jurist's mark. Law 52/2003, art. 7 and Law 273/2006, art. 39 are where they come from.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

#: What a document of the file is.
DOCUMENT_KINDS = (
    "draft", "justification", "study", "report", "endorsement", "budget", "minutes", "adopted_act", "other",
)  # fmt: skip

#: Where a consultation is announced. Law 52/2003, art. 7(1): site, premises, media, whoever asked for it.
CHANNELS = ("site", "premises", "media", "on_request", "official_gazette")

OUTCOMES = ("adopted", "rejected", "withdrawn")


@dataclass(frozen=True)
class Kind:
    """What a kind of consultation must do. Deadlines by their keys; None where the kind has no such wait."""

    name: str
    #: how long contributions are received at least
    window: str
    #: how long after the announcement the act may be adopted at the earliest
    wait: str | None = None
    #: kinds of documents without which it is not announced
    documents: tuple[str, ...] = ()
    #: whether an organisation's written request obliges a public debate
    debate: bool = False
    #: whether urgency may shorten the wait before adoption (never the window)
    urgency: bool = False
    #: whether it comes from citizens' signatures alone: nobody prepares one from nothing, nobody throws one away
    by_citizens: bool = False


ANSWER = "consultation.answer"

_KINDS = (
    Kind("draft_decision", "consultation.draft.recommendations", "consultation.draft.wait",
         ("draft", "justification"), debate=True, urgency=True),
    # Administrative Code, art. 248(5): once verified, a citizens' draft goes the way of every draft decision.
    Kind("citizens_draft", "consultation.draft.recommendations", "consultation.draft.wait",
         ("draft", "justification"), debate=True, by_citizens=True),
    Kind("budget", "consultation.budget.objections", None, ("budget",), debate=True),
    Kind("plan", "consultation.plan.window", None, ("draft",), debate=True),
    Kind("survey", "consultation.survey.window"),
    Kind("ideas", "consultation.ideas.window"),
)  # fmt: skip

KINDS: dict[str, Kind] = {kind.name: kind for kind in _KINDS}


class State(StrEnum):
    """Where a consultation stands."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    ANSWERING = "answering"
    REPORTED = "reported"
    ADOPTED = "adopted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


#: States in which nothing more is decided.
ENDED = frozenset({State.ADOPTED, State.REJECTED, State.WITHDRAWN})


class Moments(Protocol):
    """The moments of a consultation that say where it stands; every `Consultation` has them."""

    @property
    def announced_at(self) -> datetime | None: ...
    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def report_published_at(self) -> datetime | None: ...
    @property
    def outcome(self) -> str: ...


def state_of(one: Moments, now: datetime) -> State:
    """Where it stands at a moment. The end belongs to no contribution: at `closes_at` it is closed."""
    if one.outcome:
        return State(one.outcome)
    if one.announced_at is None or one.opens_at is None or one.closes_at is None:
        return State.DRAFT
    if one.report_published_at is not None:
        return State.REPORTED
    if now < one.opens_at:
        return State.ANNOUNCED
    return State.OPEN if now < one.closes_at else State.ANSWERING


def outcomes_of(state: State) -> tuple[str, ...]:
    """How what stands there may end now: by any outcome after its report, before that by being withdrawn alone."""
    if state == State.REPORTED:
        return OUTCOMES
    return () if state == State.DRAFT or state in ENDED else ("withdrawn",)
