"""Every question asked of declarations, and of the rounds somebody may be verified for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from civic.accounts.verifying.models import Declaration
from civic.extensions import db
from civic.rounds.models import Phase, Round


def find_waiting(account_id: int, method: str) -> Declaration | None:
    """The declaration of an account that no code has confirmed yet."""
    return db.session.scalar(
        select(Declaration).where(
            Declaration.account_id == account_id,
            Declaration.method == method,
            Declaration.confirmed_at.is_(None),
        )
    )


def lock_waiting(account_id: int, method: str) -> Declaration | None:
    """The same, locked and fresh: two tries at once are two tries."""
    return _lock(account_id, Declaration.method == method)


def lock_declaration(account_id: int, declaration_id: int) -> Declaration | None:
    """One declaration of an account that no code has confirmed yet, locked and fresh."""
    return _lock(account_id, Declaration.id == declaration_id)


def _lock(account_id: int, which: ColumnElement[bool]) -> Declaration | None:
    statement = (
        select(Declaration)
        .where(Declaration.account_id == account_id, which, Declaration.confirmed_at.is_(None))
        .with_for_update()
    )
    return db.session.scalar(statement.execution_options(populate_existing=True))


def count_people_of_phone(phone_mark: bytes, besides: bytes) -> int:
    """How many people a telephone number has confirmed, not counting the one with this identity."""
    from civic.accounts.models import Person

    return (
        db.session.scalar(
            select(func.count(func.distinct(Declaration.person_id)))
            .join(Person, Person.id == Declaration.person_id)
            .where(Declaration.phone_mark == phone_mark, Person.identity_hash != besides)
        )
        or 0
    )


def list_rounds_ahead(now: datetime) -> Sequence[Round]:
    """Published city rounds whose vote is not over, the nearest first."""
    return db.session.scalars(
        select(Round)
        .join(Phase, Phase.round_id == Round.id)
        .where(
            Round.kind == "city",
            Round.published_at.is_not(None),
            Round.closed_at.is_(None),
            Phase.kind == "voting",
            Phase.ends_at > now,
        )
        .order_by(Phase.starts_at, Round.id)
    ).all()


def find_round(round_id: int | None) -> Round | None:
    """The edition somebody was on the way to."""
    return None if round_id is None else db.session.get(Round, round_id)
