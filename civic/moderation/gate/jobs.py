"""What the gate forgets by the clock."""

from datetime import datetime

from sqlalchemy import delete, or_, update

from civic.accounts.models import Account
from civic.extensions import db
from civic.moderation.gate.models import GateText
from civic.moderation.gate.rules import MARKS_KEPT, REMEMBERED
from civic.unit_of_work import unit_of_work


def forget(now: datetime) -> int:
    """Delete the marks of devices and networks after two days, and what is remembered of a text after thirty."""
    with unit_of_work():
        marked = or_(GateText.device.is_not(None), GateText.network.is_not(None))
        db.session.execute(
            update(GateText).where(GateText.at <= now - MARKS_KEPT, marked).values(device=None, network=None)
        )
        gone = delete(GateText).where(GateText.at <= now - REMEMBERED).returning(GateText.id)
        return len(db.session.scalars(gone).all())


def forget_account(account: Account, _now: datetime) -> None:
    """When an account is deleted: forget what the gate remembers of it."""
    db.session.execute(delete(GateText).where(GateText.account_id == account.id))
