"""The order that decides ties where a city wants no lot: earlier submission, or a public draw with minutes."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from civic import audit, timeline
from civic.actor import Actor
from civic.clock import city_date
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.rounds.models import Round
from civic.text import clean_line, clean_text
from proposals.models import Proposal
from voting.models import Project, TieDraw

MAX_MINUTES = 300


class DrawRefused(Invalid):
    """A draw that cannot be recorded as it was typed; `field` is the box it is about."""

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(message)
        self.field = field


def find_draw(round_id: int) -> TieDraw | None:
    """The draw recorded for a round."""
    return db.session.get(TieDraw, round_id)


def read_codes(typed: str) -> list[str]:
    """The codes as staff type them: one a line, or with commas between."""
    return [code for part in re.split(r"[,;\s]+", typed) if (code := part.strip())]


def order_problem(codes: Sequence[str], projects: Sequence[Project]) -> Any | None:
    """Why an order drawn cannot be: projects missing, named twice or unknown. None when it can."""
    known = {project.code for project in projects}
    unknown = sorted(set(codes) - known)
    if unknown:
        return _("There is no such project on the ballot: %(codes)s.", codes=", ".join(unknown))
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        return _("Named more than once: %(codes)s.", codes=", ".join(twice))
    missing = sorted(known - set(codes))
    if missing:
        return _("The order leaves out: %(codes)s.", codes=", ".join(missing))
    return None


def record_draw(
    actor: Actor,
    round_: Round,
    codes: Sequence[str],
    minutes: str,
    held_on: date,
    now: datetime,
    reason: str = "",
) -> TieDraw:
    """Record the order drawn and the minutes that say so; again, until the ballot is frozen, replaces it.

    On a public round it is part of the history everyone reads, and replacing it takes a reason.

    Raises Conflict when frozen or when the plan settles ties otherwise, DrawRefused for what cannot be.
    """
    # The freeze takes the same lock: what is recorded before it is in the plan, what comes after is refused.
    db.session.refresh(round_, with_for_update=True)
    if round_.frozen_at is not None:
        raise Conflict(_("The ballot was frozen when voting opened; its projects do not change any more."))
    if round_.tie_order != "draw":
        raise Conflict(_("The plan of this edition does not settle ties by a public draw."))
    minutes = clean_line(minutes)
    if not minutes or len(minutes) > MAX_MINUTES:
        raise DrawRefused(
            "minutes",
            _("Say which minutes record the draw, in at most %(most)s characters.", most=MAX_MINUTES),
        )
    if held_on > city_date(now):
        raise DrawRefused("held_on", _("The draw cannot have a date in the future."))
    problem = order_problem(codes, _projects(round_.id))
    if problem is not None:
        raise DrawRefused("order", problem)
    known, reason = find_draw(round_.id), clean_text(reason)
    if known is not None and round_.published_at is not None and not reason:
        raise DrawRefused("reason", _("Write the reason: residents will read it."))
    draw = known or TieDraw(round_id=round_.id)
    draw.minutes, draw.held_on, draw.codes = minutes, held_on, list(codes)
    db.session.add(draw)
    db.session.flush()
    audit.record(
        actor, "tie_draw.recorded", "round", round_.id, now,
        {"minutes": minutes, "held_on": held_on.isoformat(), "order": list(codes)},
    )  # fmt: skip
    if round_.published_at is not None:
        timeline.add(
            "round", round_.id, "vote.draw_recorded" if known is None else "vote.draw_replaced", now,
            role=timeline.role_of(actor), reason=reason,
            data={"minutes": minutes, "order": ", ".join(codes)},
        )  # fmt: skip
    return draw


def _projects(round_id: int) -> Sequence[Project]:
    return db.session.scalars(select(Project).where(Project.round_id == round_id)).all()


def opening_problems(round_: Round, projects: Sequence[Project], draw: TieDraw | None) -> list[Any]:
    """What keeps the ballot from being frozen where ties are settled by a draw."""
    if round_.tie_order != "draw" or not projects:
        return []
    if draw is None:
        return [_("The public draw that settles ties is not recorded yet.")]
    problem = order_problem(draw.codes, projects)
    return [] if problem is None else [_("The public draw: %(problem)s", problem=problem)]


def order_of(round_: Round, projects: Sequence[Project]) -> list[str] | None:
    """The codes in the order that settles ties; None where a lot does."""
    if round_.tie_order == "draw":
        draw = find_draw(round_.id)
        return list(draw.codes) if draw is not None else None
    if round_.tie_order == "submission":
        rows = db.session.execute(
            select(Proposal.id, Proposal.submitted_at).where(
                Proposal.id.in_([project.proposal_id for project in projects])
            )
        )
        sent = {row[0]: row[1] for row in rows}
        return [project.code for project in sorted(projects, key=lambda one: _turn(one, sent))]
    return None


def _turn(project: Project, sent: dict[int, datetime | None]) -> tuple[bool, float, int]:
    """Where a project stands by submission: what came from no proposal last, in the order it was admitted."""
    moment = sent.get(project.proposal_id) if project.proposal_id is not None else None
    return moment is None, moment.timestamp() if moment else 0.0, project.id


def as_data(round_: Round, draw: TieDraw | None) -> dict[str, Any] | None:
    """The draw as the frozen plan keeps it; None where ties are settled otherwise."""
    if round_.tie_order != "draw" or draw is None:
        return None
    return {"minutes": draw.minutes, "held_on": draw.held_on.isoformat(), "order": list(draw.codes)}
