"""What the clock does to remarks: who was new agrees and disagrees like everybody once the account has earned trust."""

from datetime import datetime, timedelta

from sqlalchemy import select

from civic.accounts.models import Account
from civic.extensions import db
from civic.moderation.gate.rules import SETTLES_AFTER
from civic.unit_of_work import unit_of_work
from consultations.drafting import service
from consultations.drafting.models import Stance

#: Accounts made so long ago at most are looked at: the older ones are counted as they speak.
LOOKED_AT = SETTLES_AFTER + timedelta(days=2)
BATCH = 500


def count_waiting(now: datetime) -> int:
    """Count again where accounts made in the last days agreed or disagreed; returns with how many remarks."""
    found = db.session.scalars(
        select(Stance.annotation_id)
        .join(Account, Account.id == Stance.account_id)
        .where(Account.created_at > now - LOOKED_AT)
        .distinct()
        .order_by(Stance.annotation_id)
    ).all()
    db.session.rollback()
    for at in range(0, len(found), BATCH):
        with unit_of_work():
            service.count_sides(found[at : at + BATCH], now)
    return len(found)
