"""Every question asked about statements and the votes on them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, case, exists, func, select
from sqlalchemy.orm import joinedload, raiseload

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from civic.moderation.gate.queries import is_trusted
from civic.moderation.gate.rules import SETTLES_AFTER
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import CONVINCING
from consultations.agora.models import AgoraDebate
from consultations.agora.statements.models import AgoraOpinions, AgoraPlace, AgoraStatement, AgoraVote
from consultations.agora.statements.rules import NOT_BEFORE

#: What is written now may be stored a moment later: so long before the last count it is looked for once more.
LATE = timedelta(minutes=1)


def get_statement(statement_id: int, *, lock: bool = False) -> AgoraStatement:
    """A statement in any state. Raises NotFound."""
    wanted = (
        select(AgoraStatement)
        .where(AgoraStatement.id == statement_id)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(
        wanted.with_for_update() if lock else wanted.options(joinedload(AgoraStatement.participant))
    )
    if found is None:
        raise NotFound
    return found


def count_statements(debate_id: int) -> int:
    """How many statements anyone can vote on."""
    wanted = select(func.count()).where(
        AgoraStatement.debate_id == debate_id, AgoraStatement.state == "visible"
    )
    return db.session.scalar(wanted) or 0


def count_added(debate_id: int, participant_id: int | None) -> tuple[int, int]:
    """How many statements somebody and everybody has added, those that wait or were hidden among them."""
    mine = func.count().filter(AgoraStatement.participant_id == participant_id)
    row = db.session.execute(select(mine, func.count()).where(AgoraStatement.debate_id == debate_id)).one()
    return row[0], row[1]


def count_accepted(account_id: int) -> int:
    """How many statements of an account are public."""
    mine = select(AgoraParticipant.id).where(AgoraParticipant.account_id == account_id)
    wanted = select(func.count()).where(
        AgoraStatement.participant_id.in_(mine), AgoraStatement.state == "visible"
    )
    return db.session.scalar(wanted) or 0


def count_votes(debate_id: int, participant_id: int | None) -> int:
    """On how many visible statements somebody has voted."""
    if participant_id is None:
        return 0
    wanted = (
        select(func.count())
        .select_from(AgoraVote)
        .join(AgoraStatement, AgoraStatement.id == AgoraVote.statement_id)
        .where(AgoraVote.participant_id == participant_id, AgoraVote.debate_id == debate_id)
        .where(AgoraStatement.state == "visible")
    )
    return db.session.scalar(wanted) or 0


def draw_next(debate_id: int, participant_id: int | None) -> AgoraStatement | None:
    """A visible statement somebody has not voted on yet, drawn by the weights; None when there is none left."""
    wanted = select(AgoraStatement).where(
        AgoraStatement.debate_id == debate_id, AgoraStatement.state == "visible"
    )
    if participant_id is not None:
        voted = select(AgoraVote.statement_id).where(
            AgoraVote.participant_id == participant_id, AgoraVote.debate_id == debate_id
        )
        wanted = wanted.where(AgoraStatement.id.not_in(voted))
    # The least of exponentials whose rates are the weights is each with a chance in proportion to its weight.
    race = -func.ln(1.0 - func.random()) / AgoraStatement.weight
    return db.session.scalar(wanted.order_by(race).options(raiseload("*")).limit(1))


def list_texts(debate_id: int) -> dict[int, str]:
    """The visible statements by number."""
    rows = db.session.execute(
        select(AgoraStatement.id, AgoraStatement.text).where(
            AgoraStatement.debate_id == debate_id, AgoraStatement.state == "visible"
        )
    )
    return dict(rows.all())


def list_own_votes(debate_id: int, participant_id: int) -> dict[int, int]:
    """What somebody said to each statement."""
    rows = db.session.execute(
        select(AgoraVote.statement_id, AgoraVote.value).where(
            AgoraVote.participant_id == participant_id, AgoraVote.debate_id == debate_id
        )
    )
    return dict(rows.all())


def find_opinions(debate_id: int) -> AgoraOpinions | None:
    """The last computation of a debate's opinions."""
    return db.session.get(AgoraOpinions, debate_id)


def find_place(participant_id: int | None) -> AgoraPlace | None:
    """Where somebody stands in the drawing."""
    return db.session.get(AgoraPlace, participant_id) if participant_id is not None else None


def count_judgements(debate_id: int, groups: int) -> dict[int, list[list[int]]]:
    """How each shown group judged each argument somebody of them judged: [convinced, judged] by group, in one query."""
    convinced = func.count().filter(AgoraJudgement.value == CONVINCING)
    rows = db.session.execute(
        select(AgoraJudgement.post_id, AgoraPlace.group, convinced, func.count())
        .join(AgoraPlace, AgoraPlace.participant_id == AgoraJudgement.participant_id)
        .where(AgoraPlace.debate_id == debate_id, AgoraPlace.group.is_not(None), AgoraJudgement.counted)
        .group_by(AgoraJudgement.post_id, AgoraPlace.group)
    )
    found: dict[int, list[list[int]]] = {}
    for row in rows:
        found.setdefault(row[0], [[0, 0] for _group in range(groups)])[row[1] or 0] = [row[2], row[3]]
    return found


def list_judged(now: datetime) -> Sequence[int]:
    """Debates with stable groups in which somebody judged arguments since they were last counted by group."""
    late = AgoraOpinions.judged_at - LATE
    judged = (
        exists()
        .where(AgoraJudgement.at >= late, AgoraPost.id == AgoraJudgement.post_id)
        .where(AgoraPost.debate_id == AgoraOpinions.debate_id)
    )
    return db.session.scalars(
        select(AgoraOpinions.debate_id)
        .join(AgoraDebate, AgoraDebate.id == AgoraOpinions.debate_id)
        .where(AgoraOpinions.judged_at.is_not(None), AgoraDebate.archived_at.is_(None))
        .where(AgoraOpinions.judged_at <= now - NOT_BEFORE, judged)
        .order_by(AgoraOpinions.debate_id)
    ).all()


def list_votes(debate_id: int, now: datetime) -> Sequence[Row[int, int, int]]:
    """Who voted what on which visible statement, in the order of the votes; the votes of new accounts wait."""
    return db.session.execute(
        select(AgoraVote.participant_id, AgoraVote.statement_id, AgoraVote.value)
        .join(AgoraStatement, AgoraStatement.id == AgoraVote.statement_id)
        .join(AgoraParticipant, AgoraParticipant.id == AgoraVote.participant_id)
        .join(Account, Account.id == AgoraParticipant.account_id)
        .where(AgoraVote.debate_id == debate_id, AgoraStatement.state == "visible")
        .where(is_trusted(now))
        .order_by(AgoraVote.at, AgoraVote.participant_id, AgoraVote.statement_id)
    ).all()


def list_voted(since: timedelta, now: datetime) -> Sequence[Row[int, datetime | None, datetime | None]]:
    """Debates with statements that run or ended lately: number, when the last vote began to count, last computation.

    The vote of a new account begins to count when the account is a day old, though nobody votes just then.
    """
    settled = Account.created_at + SETTLES_AFTER
    counts_from = case((settled <= now, func.greatest(AgoraVote.at, settled)), else_=AgoraVote.at)
    last = (
        select(func.max(counts_from))
        .select_from(AgoraVote)
        .outerjoin(AgoraParticipant, AgoraParticipant.id == AgoraVote.participant_id)
        .outerjoin(Account, Account.id == AgoraParticipant.account_id)
        .where(AgoraVote.debate_id == AgoraDebate.id)
        .scalar_subquery()
    )
    computed = (
        select(AgoraOpinions.computed_at).where(AgoraOpinions.debate_id == AgoraDebate.id).scalar_subquery()
    )
    return db.session.execute(
        select(AgoraDebate.id, last, computed)
        .where(
            AgoraDebate.with_statements,
            AgoraDebate.archived_at.is_(None),
            AgoraDebate.closes_at > now - since,
        )
        .order_by(AgoraDebate.id)
    ).all()
