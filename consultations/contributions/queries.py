"""Every question asked of the register and of its answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select

from civic.errors import NotFound
from civic.extensions import db
from consultations.contributions.models import Answer, Attachment, Contribution
from consultations.contributions.rules import TAKEN_UP, AnswerState


def answers_of() -> ColumnElement[bool]:
    """The condition under which an answer is this contribution's: its own, its twin's, or its theme's."""
    common = or_(Answer.contribution_id == Contribution.same_as_id, Answer.theme_id == Contribution.theme_id)
    return or_(Answer.contribution_id == Contribution.id, and_(not_(Contribution.apart), common))


def is_answered() -> ColumnElement[bool]:
    """Whether the city has publicly answered it; for a late one, also by the reason why it is not considered."""
    published = exists().where(answers_of(), Answer.state == AnswerState.PUBLISHED)
    return or_(published, Contribution.considered.is_(False))


def unanswered(consultation_id: int) -> int:
    """How many registered contributions still wait for their answer. Withdrawn answers answer nothing."""
    return (
        db.session.scalar(
            select(func.count(Contribution.id)).where(
                Contribution.consultation_id == consultation_id, not_(is_answered())
            )
        )
        or 0
    )


def next_number(consultation_id: int) -> int:
    """The number of the next entry. Only under the consultation's lock."""
    last = select(func.max(Contribution.number)).where(Contribution.consultation_id == consultation_id)
    return (db.session.scalar(last) or 0) + 1


def find_twin(consultation_id: int, folded_sha256: bytes) -> Contribution | None:
    """The first contribution with the same text."""
    return db.session.scalar(
        select(Contribution)
        .where(Contribution.consultation_id == consultation_id, Contribution.folded_sha256 == folded_sha256)
        .order_by(Contribution.number)
        .limit(1)
    )


def find_sent(form_key: str) -> Contribution | None:
    """The contribution already made by a form."""
    return db.session.scalar(select(Contribution).where(Contribution.form_key == form_key))


def get_contribution(contribution_id: int, *, lock: bool = False) -> Contribution:
    """A contribution by its id. Raises NotFound."""
    query = (
        select(Contribution)
        .where(Contribution.id == contribution_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def list_by_ids(ids: Iterable[int]) -> dict[int, Contribution]:
    """Contributions by id, in one query."""
    rows = db.session.scalars(select(Contribution).where(Contribution.id.in_(set(ids))))
    return {row.id: row for row in rows}


def list_attachments(contribution_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """What came with contributions, by their ids, in one query."""
    found: dict[int, list[Attachment]] = {}
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.contribution_id.in_(set(contribution_ids)))
        .order_by(Attachment.id)
    )
    for row in rows:
        found.setdefault(row.contribution_id or 0, []).append(row)
    return found


def _taken_up() -> ColumnElement[bool]:
    return exists().where(
        answers_of(),
        Answer.state == AnswerState.PUBLISHED,
        Answer.outcome.in_([str(one) for one in TAKEN_UP]),
    )


def figures(since: datetime, until: datetime, consultation_id: int | None = None) -> dict[str, int]:
    """What the yearly report counts of contributions received in a period: all, answered, taken up, and the same
    of organisations (Law 52/2003, art. 13)."""
    by_one = Contribution.by_organisation
    taken = _taken_up()
    statement = select(
        func.count(Contribution.id),
        func.count(Contribution.id).filter(is_answered()),
        func.count(Contribution.id).filter(taken),
        func.count(Contribution.id).filter(by_one),
        func.count(Contribution.id).filter(by_one, taken),
        func.count(Contribution.id).filter(Contribution.late),
    ).where(Contribution.received_at >= since, Contribution.received_at < until)
    if consultation_id is not None:
        statement = statement.where(Contribution.consultation_id == consultation_id)
    names = ("received", "answered", "taken_up", "of_organisations", "of_organisations_taken_up", "late")
    return dict(zip(names, db.session.execute(statement).one(), strict=True))
