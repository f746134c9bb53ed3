"""Every question asked about recounts."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from civic.errors import NotFound
from civic.extensions import db
from civic.tasks import Task
from voting.models import ResultContest
from voting.recounts.models import ContestRecount


def get_contest(round_id: int, contest_id: int) -> ResultContest:
    """A contest of a round, or NotFound."""
    found = db.session.scalar(
        select(ResultContest).where(ResultContest.id == contest_id, ResultContest.round_id == round_id)
    )
    if found is None:
        raise NotFound
    return found


def find_running(contest_id: int) -> ContestRecount | None:
    """The recount of a contest that is not finished."""
    return db.session.scalar(
        select(ContestRecount).where(
            ContestRecount.contest_id == contest_id, ContestRecount.finished_at.is_(None)
        )
    )


def latest_by_contest(round_id: int) -> dict[int, ContestRecount]:
    """The latest recount of each contest of a round that has one, finished or not."""
    statement = (
        select(ContestRecount)
        .ext(distinct_on(ContestRecount.contest_id))
        .join(ResultContest, ResultContest.id == ContestRecount.contest_id)
        .where(ResultContest.round_id == round_id)
        .order_by(ContestRecount.contest_id, ContestRecount.id.desc())
    )
    return {one.contest_id: one for one in db.session.scalars(statement)}


def answers_by_contest(round_id: int) -> dict[int, list[ContestRecount]]:
    """The latest answer of each outcome, the latest first: what once differed is told beside what is now the same."""
    statement = (
        select(ContestRecount)
        .ext(distinct_on(ContestRecount.contest_id, ContestRecount.outcome))
        .join(ResultContest, ResultContest.id == ContestRecount.contest_id)
        .where(ResultContest.round_id == round_id, ContestRecount.outcome.in_(("same", "differs")))
        .order_by(ContestRecount.contest_id, ContestRecount.outcome, ContestRecount.id.desc())
    )
    found: dict[int, list[ContestRecount]] = {}
    for one in db.session.scalars(statement):
        found.setdefault(one.contest_id, []).append(one)
    return {contest: sorted(answers, key=lambda one: -one.id) for contest, answers in found.items()}


def find_task(recount: ContestRecount) -> Task | None:
    """The work behind a recount."""
    return db.session.get(Task, recount.task_id) if recount.task_id else None
