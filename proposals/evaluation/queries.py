"""Every question asked of the analysis and the appeals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from civic.accounts.models import RoleGrant
from civic.actor import Actor
from civic.errors import NotFound
from civic.extensions import db
from civic.places.models import Department
from proposals.evaluation.models import Appeal, Evaluation, RejectionReason
from proposals.models import Proposal
from proposals.rules import ANALYSED, State

PER_PAGE = 25


def list_evaluations(proposal_id: int) -> Sequence[Evaluation]:
    """The departments' parts in the analysis of a proposal, answered or not."""
    return db.session.scalars(
        select(Evaluation)
        .where(Evaluation.proposal_id == proposal_id)
        .options(raiseload(Evaluation.proposal))
        .order_by(Evaluation.id)
    ).all()


def list_published(proposal: Proposal) -> Sequence[Evaluation]:
    """The answers anyone may read: all of them, once the analysis has its result."""
    return list_evaluations(proposal.id) if proposal.state in ANALYSED else []


def get_evaluation(evaluation_id: int) -> Evaluation:
    """One department's part with its proposal, or NotFound."""
    evaluation = db.session.scalar(
        select(Evaluation)
        .where(Evaluation.id == evaluation_id)
        .options(
            joinedload(Evaluation.proposal).options(selectinload(Proposal.files), raiseload("*")),
            joinedload(Evaluation.deadline),
        )
        .execution_options(populate_existing=True)
    )
    if evaluation is None:
        raise NotFound
    return evaluation


def list_queue(actor: Actor, everything: bool, answered: bool, page: int) -> tuple[Sequence[Evaluation], int]:
    """The analyses of the actor's departments (of all, for who oversees), the most pressing first."""
    query: Select[Any] = select(Evaluation).join(Proposal, Proposal.id == Evaluation.proposal_id)
    count = select(func.count(Evaluation.id)).join(Proposal, Proposal.id == Evaluation.proposal_id)
    conditions: list[ColumnElement[bool]] = [
        Evaluation.answered_at.is_not(None) if answered else Evaluation.answered_at.is_(None),
    ]
    if not answered:
        conditions.append(Proposal.state == State.IN_ANALYSIS)
    if not everything:
        conditions.append(Evaluation.department_id.in_(list(actor.departments)))
    rows = db.session.scalars(
        query.where(*conditions)
        .options(joinedload(Evaluation.proposal).options(joinedload(Proposal.neighbourhood), raiseload("*")))
        .order_by(Evaluation.answered_at.desc() if answered else Evaluation.due_at, Evaluation.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, db.session.scalar(count.where(*conditions)) or 0


def count_waiting(departments: frozenset[int] | None, now: datetime) -> tuple[int, int]:
    """How many analyses wait, and how many of them are late; of all departments when None."""
    query = (
        select(func.count(Evaluation.id), func.count(Evaluation.id).filter(Evaluation.due_at < now))
        .join(Proposal, Proposal.id == Evaluation.proposal_id)
        .where(Evaluation.answered_at.is_(None), Proposal.state == State.IN_ANALYSIS)
    )
    if departments is not None:
        query = query.where(Evaluation.department_id.in_(list(departments)))
    row = db.session.execute(query).one()
    return row[0], row[1]


def list_to_take(round_id: int | None, page: int) -> tuple[Sequence[Row[tuple[Proposal, int]]], int]:
    """Published proposals of a round (of none, when None) that the departments may take in hand."""
    where = (
        Proposal.state == State.PUBLISHED,
        Proposal.round_id == round_id if round_id else Proposal.round_id.is_(None),
    )
    total = db.session.scalar(select(func.count(Proposal.id)).where(*where)) or 0
    rows = db.session.execute(
        select(Proposal, func.coalesce(Proposal.estimated_cost, 0))
        .where(*where)
        .options(joinedload(Proposal.neighbourhood), joinedload(Proposal.category), raiseload("*"))
        .order_by(Proposal.published_at, Proposal.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return rows, total  # type: ignore[return-value]


def find_round_that_waits() -> int | None:
    """The round with most published proposals that no department has; None when there is no such round."""
    return db.session.scalar(
        select(Proposal.round_id)
        .where(Proposal.state == State.PUBLISHED, Proposal.round_id.is_not(None))
        .group_by(Proposal.round_id)
        .order_by(func.count(Proposal.id).desc(), Proposal.round_id)
        .limit(1)
    )


def list_departments() -> Sequence[Department]:
    """Every department in alphabetical order."""
    return db.session.scalars(select(Department).order_by(Department.sort_key)).all()


def departments_with_evaluators() -> frozenset[int]:
    """The departments in which somebody can answer."""
    return frozenset(
        one
        for one in db.session.scalars(
            select(RoleGrant.department_id).where(RoleGrant.role == "evaluator").distinct()
        )
        if one is not None
    )


def list_reasons(*, active_only: bool = True) -> Sequence[RejectionReason]:
    """The catalogue of reasons for rejection, in its order."""
    query = select(RejectionReason).order_by(RejectionReason.position, RejectionReason.id)
    return db.session.scalars(query.where(RejectionReason.active) if active_only else query).all()


def find_reason(code: str) -> RejectionReason | None:
    """A reason by code."""
    return db.session.scalar(select(RejectionReason).where(RejectionReason.code == code))


def list_appeals(proposal_id: int) -> Sequence[Appeal]:
    """The appeals of a proposal, oldest first."""
    return db.session.scalars(
        select(Appeal)
        .where(Appeal.proposal_id == proposal_id)
        .options(joinedload(Appeal.deadline), raiseload("*"))
        .order_by(Appeal.id)
    ).all()


def count_appeals(proposal_id: int) -> int:
    """How many appeals a proposal has had."""
    return db.session.scalar(select(func.count(Appeal.id)).where(Appeal.proposal_id == proposal_id)) or 0


@dataclass(frozen=True)
class AppealRow:
    """An appeal in the queue, and whether the reader took part in the analysis it contests."""

    appeal: Appeal
    evaluated_by_reader: bool


def _evaluated_by(actor_id: int | None) -> Any:
    return exists().where(Evaluation.proposal_id == Appeal.proposal_id, Evaluation.evaluator_id == actor_id)


def list_appeal_queue(actor: Actor, decided: bool, page: int) -> tuple[Sequence[AppealRow], int]:
    """Appeals that wait for a decision, the oldest first; or the decided ones, the latest first."""
    where = Appeal.decided_at.is_not(None) if decided else Appeal.decided_at.is_(None)
    total = db.session.scalar(select(func.count(Appeal.id)).where(where)) or 0
    rows = db.session.execute(
        select(Appeal, _evaluated_by(actor.id))
        .where(where)
        .options(joinedload(Appeal.proposal).options(raiseload("*")), joinedload(Appeal.filed_by))
        .order_by(Appeal.decided_at.desc() if decided else Appeal.due_at, Appeal.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return [AppealRow(row[0], row[1]) for row in rows], total


def get_appeal(appeal_id: int, *, lock: bool = False) -> Appeal:
    """An appeal with its proposal, or NotFound."""
    query = (
        select(Appeal)
        .where(Appeal.id == appeal_id)
        .options(
            joinedload(Appeal.proposal).options(selectinload(Proposal.files), raiseload("*")),
            joinedload(Appeal.filed_by),
            joinedload(Appeal.deadline),
        )
        .execution_options(populate_existing=True)
    )
    appeal = db.session.scalar(query.with_for_update(of=Appeal) if lock else query)
    if appeal is None:
        raise NotFound
    return appeal


def has_evaluated(actor: Actor, proposal_id: int) -> bool:
    """Whether the actor wrote a department's answer about the proposal."""
    return bool(
        db.session.scalar(
            select(Evaluation.id)
            .where(Evaluation.proposal_id == proposal_id, Evaluation.evaluator_id == actor.id)
            .limit(1)
        )
    )


def count_open_appeals(now: datetime) -> tuple[int, int]:
    """How many appeals wait, and how many of them are late."""
    row = db.session.execute(
        select(func.count(Appeal.id), func.count(Appeal.id).filter(Appeal.due_at < now)).where(
            Appeal.decided_at.is_(None)
        )
    ).one()
    return row[0], row[1]
