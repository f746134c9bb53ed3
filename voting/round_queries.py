"""Which rounds are voted on, opened, closed or compared, and the frozen plan of one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Phase, Round
from voting import plan as plans
from voting.models import OtherCount, PublicationArchive, ResultContest, RoundResult, checkpoint
from voting.plan import FrozenRound
from voting.questions.rules import LEAST_BALLOTS


def get_public_round(slug: str) -> Round:
    """A published round, or NotFound."""
    found = db.session.scalar(select(Round).where(Round.slug == slug, Round.published_at.is_not(None)))
    if found is None:
        raise NotFound
    return found


def results_are_settled(now: datetime) -> ColumnElement[bool]:
    """The condition that nobody can contest a round's results any more, and no contest waits for a decision."""
    phase_over = exists().where(
        Phase.round_id == Round.id, Phase.kind == "results", Phase.ends_at <= now, Round.results_at <= now
    )
    waiting = select(ResultContest.round_id).where(ResultContest.decided_at.is_(None))
    return and_(
        Round.results_at.is_not(None), or_(Round.adopted_at <= now, phase_over), Round.id.not_in(waiting)
    )


def list_city_rounds(limit: int = 50) -> Sequence[Round]:
    """The city's rounds for staff, the newest first."""
    return db.session.scalars(
        select(Round).where(Round.kind == "city").order_by(Round.id.desc()).limit(limit)
    ).all()


def find_voting_round(now: datetime) -> Round | None:
    """The published city round whose voting runs at `now`, the one that ends first; else the next to open."""
    return db.session.scalar(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.published_at.is_not(None), Round.kind == "city", Phase.kind == "voting", Phase.ends_at > now
        )
        .order_by(Phase.starts_at > now, Phase.ends_at)
        .limit(1)
    )


def list_voting_rounds(now: datetime) -> Sequence[Round]:
    """Published city rounds whose voting runs at `now`, the one that ends first before the others."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.published_at.is_not(None),
            Round.kind == "city",
            Round.closed_at.is_(None),
            Phase.kind == "voting",
            Phase.starts_at <= now,
            Phase.ends_at > now,
        )
        .order_by(Phase.ends_at, Round.id)
    ).all()


def list_rounds_to_open(now: datetime) -> Sequence[int]:
    """Published city rounds whose voting runs and whose plan is not frozen."""
    return db.session.scalars(
        select(Round.id)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.published_at.is_not(None),
            Round.frozen_at.is_(None),
            Phase.kind == "voting",
            Phase.starts_at <= now,
            Phase.ends_at > now,
        )
    ).all()


def list_rounds_taking_late(now: datetime) -> Sequence[Round]:
    """City rounds with an open vote whose roll still takes people verified now."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.frozen_at.is_not(None),
            Round.closed_at.is_(None),
            Round.late_registration.is_(True),
            Phase.kind == "voting",
            Phase.ends_at > now,
        )
    ).all()


def list_rounds_without_checkpoint() -> Sequence[int]:
    """Rounds with public results whose leaves nobody signed: an older version closed them."""
    signed = select(checkpoint.c.round_id)
    return db.session.scalars(
        select(Round.id).where(Round.results_at.is_not(None), Round.id.not_in(signed)).order_by(Round.id)
    ).all()


def list_rounds_to_archive() -> Sequence[int]:
    """Rounds with public results and a checkpoint whose publication is not packed yet. Where too few answered
    questions nothing is packed: see `voting.questions.results.is_withheld`."""
    ballots = RoundResult.outcome["summary"]["ballots"].as_integer()
    return db.session.scalars(
        select(Round.id)
        .join(checkpoint, checkpoint.c.round_id == Round.id)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(Round.results_at.is_not(None), Round.id.not_in(select(PublicationArchive.round_id)))
        .where(or_(Round.content == "projects", ballots >= LEAST_BALLOTS))
        .group_by(Round.id)
        .order_by(Round.id)
    ).all()


def list_rounds_to_compare(now: datetime) -> Sequence[int]:
    """Rounds with public results that were not yet counted under the other rules to the end. Answers to questions
    are counted in one way alone."""
    done = select(OtherCount.round_id).where(OtherCount.method == "official")
    return db.session.scalars(
        select(Round.id)
        .join(RoundResult, RoundResult.round_id == Round.id)
        .where(Round.results_at <= now, Round.content == "projects", Round.id.not_in(done))
        .order_by(Round.id)
    ).all()


def plan_of(round_: Round) -> FrozenRound | None:
    """The frozen plan of a round; None until voting was prepared."""
    known = plans.known(round_.id, round_.fingerprint)
    if known is not None:
        return known
    if round_.fingerprint is None or round_.frozen is None:
        return None
    return plans.remembered(round_.id, round_.frozen, round_.fingerprint)
