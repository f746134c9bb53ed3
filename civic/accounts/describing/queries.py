"""Every question asked of what people say about themselves. Of many, counts of ten or more only."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from civic.accounts.describing.models import SelfDescription
from civic.accounts.describing.rules import AGE_BANDS, GENDERS, GroupCount, hide_small
from civic.accounts.models import Account
from civic.extensions import db

#: The accounts counted: their ids, or a question that gives them.
Accounts = Collection[int] | Select[Any]


def find_description(account_id: int) -> SelfDescription | None:
    """What an account says of itself, or None."""
    return db.session.get(SelfDescription, account_id)


def count_by_age(accounts: Accounts) -> list[GroupCount]:
    """How many of the accounts are of each age band, then how many did not say; hidden below ten.

    Small sets asked for one after another differ by a person: publish those of fixed sets only.
    """
    return hide_small(AGE_BANDS, _count(SelfDescription.age_band, accounts))


def count_by_gender(accounts: Accounts) -> list[GroupCount]:
    """The same by gender."""
    return hide_small(GENDERS, _count(SelfDescription.gender, accounts))


def _count(column: InstrumentedAttribute[str | None], accounts: Accounts) -> dict[str | None, int]:
    wanted: Any = accounts if isinstance(accounts, Select) else list(accounts)
    rows = db.session.execute(
        select(column, func.count())
        .select_from(Account)
        .outerjoin(SelfDescription, SelfDescription.account_id == Account.id)
        .where(Account.id.in_(wanted), Account.deleted_at.is_(None))
        .group_by(column)
    )
    return dict(rows.all())
