"""Which meetings can be tied to a debate, and when their notes are entered. Plain values in, plain values out."""

from datetime import datetime

from consultations.agora.rules import Moments as Debate
from consultations.agora.tending.rules import can_be_tended
from consultations.meetings.rules import Moments as Meeting
from consultations.meetings.rules import State, state_of

#: The kinds of meetings at which residents argue.
KINDS = ("workshop", "assembly")


def can_be_tied(meeting: Meeting, debate: Debate, now: datetime) -> bool:
    """Whether a meeting can be a workshop of a debate: announced and not cancelled, while people argue in it."""
    return state_of(meeting, now) not in (State.DRAFT, State.CANCELLED) and can_be_tended(debate, now)


def takes_notes(meeting: Meeting, debate: Debate, now: datetime) -> bool:
    """Whether what was said at a workshop can be entered: once it has begun, until the debate is summed up."""
    return state_of(meeting, now) in (State.GOING_ON, State.HELD) and can_be_tended(debate, now)
