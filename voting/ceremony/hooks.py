"""How other features take part in a close without the ceremony knowing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from civic.actor import Actor
    from civic.navigation import Panel
    from civic.rounds.models import Round

#: Given a round's id and the time: why its close may not begin, as a sentence for staff, or None.
Obstacle = Callable[[int, datetime], Any]

PROPOSE, CONFIRM = "propose", "confirm"


@dataclass(frozen=True)
class Given:
    """What one of the two presented: with the proposal of a stage, then with its confirmation.

    `form` and `files` are what the page sent; both are empty on the command line.
    """

    round_id: int
    stage: str
    moment: str
    actor: Actor
    now: datetime
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Any] = field(default_factory=dict)


#: Given the round, the moment (PROPOSE or CONFIRM), the actor who looks and the time: what the stage's form shows
#: besides, or None. Asked too while the stage is under way, where it shows what the work waits for. On the same screen the actor is the first person, and the form is filled in by the second.
RenderPanel = Callable[["Round", str, "Actor", datetime], "Panel | None"]
#: Looks at what was presented and keeps what it needs, within the caller's unit of work. Raises DomainError to refuse.
CheckGiven = Callable[[Given], None]


@dataclass(frozen=True)
class StagePanel:
    """More of a stage's form."""

    render: RenderPanel
    check: CheckGiven


def register_obstacle(app: Flask, obstacle: Obstacle) -> None:
    """Name something that keeps a close from beginning: asked when stage 1 is proposed, confirmed and begun."""
    app.extensions.setdefault("civic_ceremony_obstacles", []).append(obstacle)


def register_stage_panel(app: Flask, stage: str, render: RenderPanel, check: CheckGiven) -> None:
    """Add to the form with which a stage is proposed and confirmed. Names of stages: `rules.STAGES`."""
    panels = app.extensions.setdefault("civic_ceremony_panels", {})
    panels.setdefault(stage, []).append(StagePanel(render, check))


def register_stop(app: Flask, code: str, sentence: object) -> None:
    """Say in plain words what staff do after a step raised `closing.Stopped` with this code."""
    app.extensions.setdefault("civic_ceremony_stops", {})[code] = sentence


def obstacles(app: Flask, round_id: int, now: datetime) -> list[Any]:
    """Every reason why the close may not begin at `now`."""
    found = (
        one(round_id, now)
        for one in app.extensions.get("civic_ceremony_obstacles", ())  # in the order registered
    )
    return [reason for reason in found if reason]


def stage_panels(app: Flask, stage: str) -> list[StagePanel]:
    """What features add to a stage."""
    panels: dict[str, list[StagePanel]] = app.extensions.get("civic_ceremony_panels", {})
    return panels.get(stage, [])


def stop_sentence(app: Flask, code: str) -> object | None:
    """What a feature says of its own reason to stop."""
    sentence: object | None = app.extensions.get("civic_ceremony_stops", {}).get(code)
    return sentence
