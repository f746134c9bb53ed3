"""Every question asked of the table of questions."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from civic.errors import NotFound
from civic.extensions import db
from civic.rounds.models import Round
from voting.models import Project
from voting.questions.models import Question


def list_questions(round_id: int) -> Sequence[Question]:
    """The questions of a round in the order of the ballot."""
    return db.session.scalars(
        select(Question).where(Question.round_id == round_id).order_by(Question.position, Question.id)
    ).all()


def get_question(round_id: int, question_id: int) -> Question:
    """A question of that round, or NotFound."""
    found = db.session.get(Question, question_id)
    if found is None or found.round_id != round_id:
        raise NotFound
    return found


def is_there(question_id: int) -> bool:
    """Whether a question is in the table now, whatever the session remembers."""
    return db.session.scalar(select(Question.id).where(Question.id == question_id)) is not None


def count_questions(round_id: int) -> int:
    """How many questions a round has."""
    return (
        db.session.scalar(select(func.count()).select_from(Question).where(Question.round_id == round_id))
        or 0
    )


def lock_round(round_id: int) -> Round:
    """The round, locked until the end of the transaction, as it is now: or NotFound."""
    found = db.session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def forget_options(round_id: int) -> None:
    """Take every option of a round off its ballot."""
    db.session.execute(delete(Project).where(Project.round_id == round_id))
