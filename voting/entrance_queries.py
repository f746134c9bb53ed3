"""The open vote that a cast goes to, remembered for seconds so that the cast itself asks little."""

import time
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select

from civic.extensions import db
from civic.rounds.models import Round
from voting import plan as plans
from voting.plan import FrozenRound


@dataclass(frozen=True)
class Entrance:
    """What a cast needs to know of its round before it holds the locks."""

    round_id: int
    name: str
    plan: FrozenRound


def find_entrance(slug: str, now: datetime) -> Entrance | None:
    """The open vote of this name, kept for seconds: a cast asks again, under its locks, whatever may change.

    None when anything stands in the way, or when this process has not read the round's plan yet: the
    ballot's own page finds out what it is.
    """
    kept: dict[str, tuple[float, Entrance]] = current_app.extensions.setdefault("civic_entrances", {})
    read_at, entrance = kept.get(slug, (0.0, None))
    if entrance is None or time.monotonic() - read_at >= current_app.extensions["civic_pages"].seconds:
        entrance = _ask_entrance(slug)
        if entrance is None:
            kept.pop(slug, None)
            return None
        kept[slug] = (time.monotonic(), entrance)
    return entrance if entrance.plan.opens_at <= now < entrance.plan.closes_at else None


def _ask_entrance(slug: str) -> Entrance | None:
    row = db.session.execute(
        select(Round.id, Round.name, Round.fingerprint).where(
            Round.slug == slug,
            Round.published_at.is_not(None),
            Round.closed_at.is_(None),
            Round.kind != "recorded",
        )
    ).one_or_none()
    plan = None if row is None else plans.known(row[0], row[2])
    return None if row is None or plan is None else Entrance(row[0], row[1], plan)
