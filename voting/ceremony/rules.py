"""The stages of a close, in which state each is, and who may be the two. Plain values in, plain values out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _

from civic.actor import Actor

#: How long the second person has to confirm.
PROPOSAL_LASTS = timedelta(minutes=30)

#: The step that two people write themselves: what becomes of backups and write-ahead logs of the voting period.
BACKUPS = "backups"


@dataclass(frozen=True)
class Stage:
    """What two people set going together. `number` is how they call it; 2 has a part of its own for the backups."""

    name: str
    number: str
    steps: tuple[str, ...]


STAGES = (
    Stage("close", "1", ("closed", "participation")),
    Stage("unlink", "2", ("copied", "checkpoint", "dropped", "keys_destroyed")),
    Stage(BACKUPS, "2b", (BACKUPS,)),
    Stage("count", "3", ("opened", "counted")),
    Stage("publish", "4", ("published",)),
)
BY_NAME = {stage.name: stage for stage in STAGES}

#: Written with `opened` where holders keep the box's key: whose two keys opened it. Not a step of its own.
BOX_KEY = "box_key"


def minuted(stage: Stage) -> tuple[str, ...]:
    """What the minutes list of a stage."""
    return (BOX_KEY, *stage.steps) if "opened" in stage.steps else stage.steps


#: Every step of a ceremony in its order, as the minutes list them.
MINUTED = tuple(step for stage in STAGES for step in stage.steps)
#: The same with what only some rounds have.
LINES = tuple(line for stage in STAGES for line in minuted(stage))


class State(StrEnum):
    """Where a stage stands."""

    WAITING = "waiting"
    READY = "ready"
    PROPOSED = "proposed"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True)
class Attempt:
    """What is known of the two people's word on a stage."""

    proposed_at: datetime
    confirmed: bool = False
    stopped: bool = False


def is_expired(attempt: Attempt, now: datetime) -> bool:
    """Whether nobody confirmed in time."""
    return not attempt.confirmed and now >= attempt.proposed_at + PROPOSAL_LASTS


def is_done(stage: Stage, recorded: Collection[str]) -> bool:
    """Whether every step of the stage is in the minutes."""
    return all(step in recorded for step in stage.steps)


def before(stage: Stage) -> tuple[Stage, ...]:
    """The stages that come before."""
    return STAGES[: STAGES.index(stage)]


def skipped(stage: Stage, recorded: Collection[str]) -> bool:
    """Whether a later step is done without this stage: an older version, or a program alone, closed so far."""
    later = STAGES[STAGES.index(stage) + 1 :]
    return stage.name == BACKUPS and any(step in recorded for one in later for step in one.steps)


def state_of(stage: Stage, recorded: Collection[str], attempt: Attempt | None, now: datetime) -> State:
    """Where a stage stands, from the steps in the minutes and the word of the two people, if there is one."""
    if is_done(stage, recorded) or skipped(stage, recorded):
        return State.DONE
    if any(not is_done(one, recorded) and not skipped(one, recorded) for one in before(stage)):
        return State.WAITING
    if attempt is None or is_expired(attempt, now):
        return State.READY
    if not attempt.confirmed:
        return State.PROPOSED
    return State.STOPPED if attempt.stopped else State.RUNNING


def same_person(first: Actor, second: Actor) -> bool:
    """Whether two accounts are one, or belong to one human being as far as the city knows."""
    return first.id == second.id or (first.person_id is not None and first.person_id == second.person_id)


def pair_refusal(first: Actor, second: Actor) -> object | None:
    """Why these two cannot do a stage together, or None."""
    if first.id == second.id:
        return _("You began this stage: another person has to confirm it.")
    if same_person(first, second):
        return _("Both accounts belong to the same person: somebody else has to confirm.")
    return None
