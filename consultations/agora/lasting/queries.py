"""Every question asked about visits, about who takes part and who does not, and about invitations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, Row, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from civic.accounts.describing.models import SelfDescription
from civic.accounts.describing.queries import count_by_age
from civic.accounts.describing.rules import AGE_BANDS, GroupCount
from civic.accounts.models import Account, Person
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Why
from civic.notifications.models import Follow, MailChoice
from civic.places.models import Neighbourhood
from civic.population import queries as population
from civic.population.rules import ages_in
from consultations.agora import rules as lives
from consultations.agora.arguing import queries as arguing
from consultations.agora.arguing import rules as arguments
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.queries import is_standing
from consultations.agora.arguing.rules import ARGUMENT, ENOUGH, NOTE, POSITION, REPLY
from consultations.agora.lasting.models import AgoraInvitation
from consultations.agora.lasting.rules import Area
from consultations.agora.statements import rules as statements
from consultations.agora.statements.models import AgoraStatement
from consultations.agora.tending.models import AgoraAct

#: What is followed by who wants to hear of an area.
AREA_KIND = "neighbourhood"

# --- what changed ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class News:
    """What came to a debate since a moment, by others than its reader."""

    arguments: int = 0
    positions: int = 0
    answers: int = 0
    #: answers to the reader's own arguments, among them
    to_mine: int = 0
    notes: int = 0
    statements: int = 0
    acts: int = 0


def _came_since(kind: str, model: Any, since: datetime) -> ColumnElement[bool]:
    """Whether something became readable since a moment: written then, or let through by a moderator."""
    let_through = exists().where(
        ModerationCase.subject_kind == kind,
        ModerationCase.subject_id == model.id,
        ModerationCase.why == Why.NEW,
        ModerationCase.decided_at > since,
    )
    return or_(model.created_at > since, let_through)


def news_since(debate_id: int, participant_id: int | None, since: datetime) -> News:
    """What is new in a debate. One query, whatever there is."""
    mine = select(AgoraPost.id).where(AgoraPost.participant_id == participant_id)
    kind, count = AgoraPost.kind, func.count()
    counted = [
        count.filter(kind == ARGUMENT, AgoraPost.side != NOTE),
        count.filter(kind == POSITION),
        count.filter(kind == REPLY),
        count.filter(kind == REPLY, AgoraPost.parent_id.in_(mine)),
        count.filter(AgoraPost.side == NOTE),
    ]
    theirs = AgoraPost.participant_id.is_distinct_from(participant_id)
    posts = (
        select(*counted)
        .where(AgoraPost.debate_id == debate_id, is_standing(), theirs)
        .where(_came_since(arguments.KIND, AgoraPost, since))
        .subquery()
    )
    asked = (
        select(count)
        .where(AgoraStatement.debate_id == debate_id, _came_since(statements.KIND, AgoraStatement, since))
        .where(AgoraStatement.state == "visible")
        .where(AgoraStatement.participant_id.is_distinct_from(participant_id))
        .scalar_subquery()
    )
    acts = (
        select(count)
        .where(AgoraAct.debate_id == debate_id, or_(AgoraAct.at > since, AgoraAct.undone_at > since))
        .scalar_subquery()
    )
    return News(*db.session.execute(select(posts, asked, acts)).one())


# --- who takes part --------------------------------------------------------------------------------------


def _people(debate_id: int, before: datetime) -> ColumnElement[bool]:
    # Officials speak for the city hall, workshops for nobody alone.
    return and_(
        AgoraParticipant.debate_id == debate_id,
        AgoraParticipant.account_id.is_not(None),
        AgoraParticipant.function == "",
        AgoraParticipant.joined_at < before,
    )


def areas_of(debate_id: int, before: datetime) -> tuple[list[Area], int]:
    """How many people of each area take part, with its population, and how many are of no known area.

    The area is the one the city checked, or else the one they say they live in.
    """
    area = func.coalesce(Person.neighbourhood_id, Account.neighbourhood_id)
    took_part = (
        select(area.label("area_id"), func.count().label("people"))
        .select_from(AgoraParticipant)
        .join(Account, Account.id == AgoraParticipant.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(_people(debate_id, before))
        .group_by(area)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Neighbourhood.id, Neighbourhood.name, func.coalesce(took_part.c.people, 0), Neighbourhood.population
        )
        .outerjoin(took_part, took_part.c.area_id == Neighbourhood.id)
        .order_by(Neighbourhood.sort_key)
    )  # fmt: skip
    unknown = db.session.scalar(select(took_part.c.people).where(took_part.c.area_id.is_(None)))
    return [Area(*row) for row in rows], unknown or 0


def ages_of(debate_id: int, before: datetime) -> list[GroupCount]:
    """How many of those who take part said they are of which age; small counts are hidden."""
    return count_by_age(select(AgoraParticipant.account_id).where(_people(debate_id, before)))


def residents_by_age() -> list[int | None]:
    """How many people of each age band live in the city, by its newest figures; None where these do not tell."""
    return population.city_by_ages([ages_in(band) for band in AGE_BANDS])


def count_new_voices(debate_id: int, before: datetime) -> tuple[int, int]:
    """How many people take part in a debate for the first time, and how many did before."""
    earlier = aliased(AgoraParticipant)
    known = exists().where(
        earlier.account_id == AgoraParticipant.account_id, earlier.joined_at < AgoraParticipant.joined_at
    )
    row = db.session.execute(
        select(func.count().filter(~known), func.count().filter(known))
        .select_from(AgoraParticipant)
        .where(_people(debate_id, before))
    ).one()
    return row[0], row[1]


@dataclass(frozen=True)
class Texts:
    """What is written in a debate, in figures that everyone could count."""

    total: int
    last_day: int
    arguments: int
    #: arguments that an official answered
    answered: int
    notes: int


def count_texts(debate_id: int, now: datetime) -> Texts:
    """How much is written and how much of it officials answered. One query."""
    reply = aliased(AgoraPost)
    answered = exists().where(
        reply.parent_id == AgoraPost.id, reply.kind == REPLY, reply.function != "", reply.state == "visible"
    )
    argument = and_(AgoraPost.kind == ARGUMENT, AgoraPost.side != NOTE)
    row = db.session.execute(
        select(
            func.count(),
            func.count().filter(AgoraPost.created_at > now - timedelta(days=1)),
            func.count().filter(argument),
            func.count().filter(argument, answered),
            func.count().filter(AgoraPost.side == NOTE),
        ).where(AgoraPost.debate_id == debate_id, is_standing())
    ).one()
    return Texts(*row)


def average_distance(debate_id: int, camps: Sequence[int]) -> float | None:
    """How far the camps are apart about the arguments each of them has judged often enough; None without any."""
    if len(camps) < 2:
        return None
    columns = [arguing.COUNTS[camp] for camp in camps]
    shares = [cast(yes + 1, Float) / (seen + 2) for yes, seen in columns]
    return db.session.scalar(
        select(func.avg(func.greatest(*shares) - func.least(*shares))).where(
            AgoraPost.debate_id == debate_id, AgoraPost.kind == ARGUMENT, is_standing(),
            *(seen >= ENOUGH for _yes, seen in columns),
        )
    )  # fmt: skip


# --- invitations -----------------------------------------------------------------------------------------


def list_invitations(debate_id: int) -> dict[int, AgoraInvitation]:
    """The invitations to a debate for all of an area, by area."""
    rows = db.session.scalars(
        select(AgoraInvitation).where(
            AgoraInvitation.debate_id == debate_id, AgoraInvitation.age_band.is_(None)
        )
    )
    return {row.neighbourhood_id: row for row in rows if row.neighbourhood_id is not None}


def list_age_invitations(debate_id: int) -> Sequence[Row]:
    """(age band, name of the area or None, when) of the invitations to a debate by age, the latest first."""
    return db.session.execute(
        select(AgoraInvitation.age_band, Neighbourhood.name, AgoraInvitation.at)
        .outerjoin(Neighbourhood, Neighbourhood.id == AgoraInvitation.neighbourhood_id)
        .where(AgoraInvitation.debate_id == debate_id, AgoraInvitation.age_band.is_not(None))
        .order_by(AgoraInvitation.id.desc())
    ).all()


def _followers_of(neighbourhood_id: int | None, age_band: str | None) -> ColumnElement[bool]:
    """Whose follows of areas make a segment: of one area or of any, of who said to be of an age or of all."""
    wanted = Follow.subject_kind == AREA_KIND
    if neighbourhood_id is not None:
        wanted = and_(wanted, Follow.subject_id == neighbourhood_id)
    if age_band is not None:
        said = exists().where(
            SelfDescription.account_id == Follow.account_id, SelfDescription.age_band == age_band
        )
        wanted = and_(wanted, said)
    return wanted


def count_segment(neighbourhood_id: int | None, age_band: str) -> int:
    """How many people a segment has. Shown to nobody: it says whether there are enough of them to be written to."""
    wanted = select(func.count(Follow.account_id.distinct()))
    return db.session.scalar(wanted.where(_followers_of(neighbourhood_id, age_band))) or 0


def list_unfinished() -> Sequence[int]:
    """Numbers of the invitations not yet told to everyone, oldest first."""
    return db.session.scalars(
        select(AgoraInvitation.id).where(AgoraInvitation.finished_at.is_(None)).order_by(AgoraInvitation.id)
    ).all()


def lock_unfinished(invitation_id: int) -> AgoraInvitation | None:
    """The unfinished invitation, locked; None when another worker has it or it is finished."""
    return db.session.scalar(
        select(AgoraInvitation)
        .where(AgoraInvitation.id == invitation_id, AgoraInvitation.finished_at.is_(None))
        .with_for_update(skip_locked=True)
    )


def list_invited(invitation: AgoraInvitation, limit: int) -> Sequence[Row]:
    """The next followers, as (follow id, account id, address, name, language, told, the area they follow).

    `told` is false for whoever cannot or does not want to be written to, takes part already, or follows the debate.
    """
    takes_part = exists().where(
        AgoraParticipant.debate_id == invitation.debate_id, AgoraParticipant.account_id == Account.id
    )
    other = aliased(Follow)
    follows = exists().where(
        other.account_id == Account.id, other.subject_kind == lives.KIND, other.subject_id == invitation.debate_id
    )  # fmt: skip
    told = and_(
        Account.disabled_at.is_(None), Account.email_confirmed_at.is_not(None),
        func.coalesce(MailChoice.wants_mail, True), ~takes_part, ~follows,
    )  # fmt: skip
    return db.session.execute(
        select(
            Follow.id,
            Account.id,
            Account.email,
            Account.display_name,
            Account.locale,
            told.label("told"),
            Follow.subject_id,
        )
        .join(Account, Account.id == Follow.account_id)
        .outerjoin(MailChoice, MailChoice.account_id == Account.id)
        .where(
            _followers_of(invitation.neighbourhood_id, invitation.age_band),
            Follow.id > invitation.cursor,
            Follow.since <= invitation.at,
        )
        .order_by(Follow.id)
        .limit(limit)
    ).all()
