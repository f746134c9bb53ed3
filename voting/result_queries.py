"""What a closed round came to: its count, its outcomes, the steps of the close and the published leaves."""

from collections.abc import Sequence

from sqlalchemy import select

from civic.extensions import db
from voting.models import (
    CeremonyStep,
    OtherCount,
    Project,
    ProjectOutcome,
    RoundResult,
    checkpoint,
    closed_leaf,
)


def find_result(round_id: int) -> RoundResult | None:
    """The count of a round, published or not."""
    return db.session.scalar(select(RoundResult).where(RoundResult.round_id == round_id))


def list_outcomes(round_id: int) -> Sequence[tuple[ProjectOutcome, Project]]:
    """How every project fared, pot by pot, in the order of the table."""
    rows = db.session.execute(
        select(ProjectOutcome, Project)
        .join(Project, Project.id == ProjectOutcome.project_id)
        .where(ProjectOutcome.round_id == round_id)
        .order_by(ProjectOutcome.pot_id, ProjectOutcome.position)
    ).all()
    return [(row[0], row[1]) for row in rows]


def find_outcome(project_id: int) -> ProjectOutcome | None:
    """How one project fared."""
    return db.session.get(ProjectOutcome, project_id)


def list_other_counts(round_id: int) -> Sequence[OtherCount]:
    """What other rules would have chosen, as far as it was counted."""
    return db.session.scalars(select(OtherCount).where(OtherCount.round_id == round_id)).all()


def list_steps(round_id: int) -> Sequence[CeremonyStep]:
    """The steps of the close that are done, in order."""
    return db.session.scalars(
        select(CeremonyStep).where(CeremonyStep.round_id == round_id).order_by(CeremonyStep.at)
    ).all()


def find_checkpoint(round_id: int) -> str | None:
    """The signed note over all leaves of a closed round."""
    return db.session.scalar(
        select(checkpoint.c.signed_note)
        .where(checkpoint.c.round_id == round_id)
        .order_by(checkpoint.c.size.desc())
        .limit(1)
    )


def leaves_like(round_id: int, prefix: bytes) -> Sequence[tuple[bytes, str]]:
    """Published leaves that begin with these bytes, with what became of them."""
    rows = db.session.execute(
        select(closed_leaf.c.leaf, closed_leaf.c.kind).where(
            closed_leaf.c.round_id == round_id,
            closed_leaf.c.leaf >= prefix,
            closed_leaf.c.leaf < prefix + b"\xff" * 21,
            closed_leaf.c.kind.in_(("ballot", "replaced")),
        )
    ).all()
    return [(bytes(row[0]), row[1]) for row in rows]
