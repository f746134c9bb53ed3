"""What stops a report from being published: each part of a consultation says it for itself."""

from collections.abc import Callable, Sequence
from datetime import datetime

from consultations.models import Consultation

#: Given a consultation and the moment, the sentences that say what is still open.
Gate = Callable[[Consultation, datetime], Sequence[str]]

_GATES: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Let a part of consultations hold back the report. Called at its registration."""
    if gate not in _GATES:
        _GATES.append(gate)


def reasons(one: Consultation, now: datetime) -> list[str]:
    """Why the report may not be published yet, in sentences; empty when it may."""
    return [sentence for gate in _GATES for sentence in gate(one, now)]
