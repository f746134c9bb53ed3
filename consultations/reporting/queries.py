"""What the report counts. Each question groups in the database, whatever the number of contributions."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, not_, select

from civic.accounts.models import Account, Person
from civic.extensions import db
from civic.places.models import Neighbourhood
from consultations.contributions import listing
from consultations.contributions.models import Answer, Contribution
from consultations.contributions.queries import answers_of, is_answered
from consultations.contributions.rules import AnswerState, Outcome
from consultations.reporting.rules import AreaCell


@dataclass(frozen=True)
class Totals:
    """The register in figures."""

    received: int
    answered: int
    late: int
    joined: int
    by_organisations: int
    by_accounts: int


def totals(consultation_id: int) -> Totals:
    """How many contributions there are, of which kinds."""
    count, entry = func.count, Contribution
    row = db.session.execute(
        select(
            count(entry.id),
            count(entry.id).filter(is_answered()),
            count(entry.id).filter(entry.late),
            count(entry.id).filter(entry.same_as_id.is_not(None)),
            count(entry.id).filter(entry.by_organisation),
            count(entry.account_id.distinct()).filter(not_(entry.by_organisation)),
        ).where(entry.consultation_id == consultation_id)
    ).one()
    return Totals(*row)


def by_channel(consultation_id: int) -> dict[str, int]:
    """How many contributions came in which way."""
    rows = db.session.execute(
        select(Contribution.channel, func.count())
        .where(Contribution.consultation_id == consultation_id)
        .group_by(Contribution.channel)
    )
    return dict(rows.all())


def _has(outcome: Outcome) -> ColumnElement[bool]:
    return exists().where(
        answers_of(), Answer.state == AnswerState.PUBLISHED, Answer.outcome == outcome.value
    )


def by_outcome(consultation_id: int) -> dict[str, int]:
    """How many contributions got which answer; "" for those that wait, "not_considered" for late ones put aside.

    An entry with an answer of its own and one of its theme counts by its own.
    """
    own = (
        select(Answer.outcome)
        .where(Answer.contribution_id == Contribution.id, Answer.state == AnswerState.PUBLISHED)
        .limit(1)
        .correlate(Contribution)
        .scalar_subquery()
    )
    common = case(*((_has(outcome), literal(outcome.value)) for outcome in Outcome), else_="")
    said = func.coalesce(
        own, case((and_(Contribution.considered.is_(False)), literal("not_considered")), else_=common)
    ).label("said")
    counted = select(said).where(Contribution.consultation_id == consultation_id).subquery()
    rows = db.session.execute(select(counted.c.said, func.count()).group_by(counted.c.said))
    return dict(rows.all())


def by_area(consultation_id: int) -> list[tuple[str, AreaCell]]:
    """How many verified people of each area took part with their account, with the area's population."""
    took_part = (
        select(Person.neighbourhood_id, func.count(Person.id.distinct()).label("people"))
        .join(Account, Account.person_id == Person.id)
        .join(Contribution, Contribution.account_id == Account.id)
        .where(Contribution.consultation_id == consultation_id, not_(Contribution.by_organisation))
        .group_by(Person.neighbourhood_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Neighbourhood.name,
            Neighbourhood.id,
            func.coalesce(took_part.c.people, 0),
            Neighbourhood.population,
        )
        .outerjoin(took_part, took_part.c.neighbourhood_id == Neighbourhood.id)
        .order_by(Neighbourhood.sort_key)
    )
    return [(name, AreaCell(area_id, people, population)) for name, area_id, people, population in rows]


def matrix(consultation_id: int, limit: int) -> tuple[Sequence[Contribution], listing.Beside]:
    """The first contributions of the register with what stands beside them."""
    rows = db.session.scalars(
        select(Contribution)
        .where(Contribution.consultation_id == consultation_id)
        .order_by(Contribution.number)
        .limit(limit)
    ).all()
    return rows, listing.beside(rows)
