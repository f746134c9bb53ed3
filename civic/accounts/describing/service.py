"""Saying something about oneself, changing it, taking it back. Flush, never commit."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.accounts.describing.models import SelfDescription
from civic.accounts.models import Account
from civic.actor import Actor
from civic.extensions import db


def describe(actor: Actor, age_band: str | None, gender: str | None, now: datetime) -> None:
    """Keep what the account says of itself, from `now`; saying nothing forgets what was said before.

    The record holds that consent was given or withdrawn, never what was said.
    """
    if actor.id is None:
        raise ValueError("only an account describes itself")
    if age_band is None and gender is None:
        if _forget(actor.id):
            audit.record(actor, "self_description.withdrawn", "account", actor.id, now)
        return
    values = {"age_band": age_band, "gender": gender, "given_at": now}
    # Sent twice at once, the later one stays.
    db.session.execute(
        insert(SelfDescription)
        .values(account_id=actor.id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )
    audit.record(actor, "self_description.given", "account", actor.id, now)


def forget(account: Account, _now: datetime) -> None:
    """Forget it with the account."""
    _forget(account.id)


def _forget(account_id: int) -> bool:
    gone = delete(SelfDescription).where(SelfDescription.account_id == account_id)
    return db.session.scalar(gone.returning(SelfDescription.account_id)) is not None
