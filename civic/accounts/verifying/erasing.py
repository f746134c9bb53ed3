"""Forgetting what was declared: with the account, with the person, and when no sample can need it any more."""

from datetime import datetime

from sqlalchemy import delete, exists, literal, or_, select, update
from sqlalchemy.sql import ColumnElement

from civic.accounts.verifying.models import Declaration
from civic.accounts.verifying.rules import LETTER_LIFE, WAITING_KEPT
from civic.extensions import db
from civic.rounds.models import Phase, Round


def forget_account(account_id: int) -> None:
    """Forget what an account declared. Its person remains as long as any other, and with it, as a keyed hash, which
    telephone number vouched for them: or one number would serve ever new people by accounts that are deleted."""
    own = Declaration.account_id == account_id
    vouched = Declaration.confirmed_at.is_not(None) & Declaration.phone_mark.is_not(None)
    db.session.execute(delete(Declaration).where(own, ~vouched))
    db.session.execute(update(Declaration).where(own).values(sealed=None, sms_id=None))


def forget_person(person_id: int) -> None:
    """Delete what was declared about a person whose identity is erased."""
    db.session.execute(delete(Declaration).where(Declaration.person_id == person_id))


def forget_unconfirmed(now: datetime) -> int:
    """Delete declarations nobody confirmed: those with a short code after a day, those by letter when the code of
    the letter is over, or when nobody printed it in a month and no vote takes letters. Returns how many."""
    letter = Declaration.method == "letter"
    over = ~letter & (Declaration.made_at < now - WAITING_KEPT)
    unused = letter & (Declaration.code_until < now - WAITING_KEPT)
    wanted = bool(db.session.scalar(select(_vote_that_takes(["letter"], _vote_ahead(now)))))
    unprinted = letter & Declaration.code_until.is_(None) & (Declaration.made_at < now - LETTER_LIFE)
    gone = delete(Declaration).where(
        Declaration.confirmed_at.is_(None), or_(over, unused, unprinted & ~literal(wanted))
    )
    return len(db.session.scalars(gone.returning(Declaration.id)).all())


def _vote_ahead(now: datetime) -> ColumnElement[bool]:
    return exists().where(Phase.round_id == Round.id, Phase.kind == "voting", Phase.ends_at > now)


def _vote_that_takes(ways: list[str], stands: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether any public vote for which `stands` holds takes one of these ways."""
    takes = Round.remote_verification.overlap(ways)
    return exists().where(Round.kind == "city", Round.published_at.is_not(None), takes, stands)


def _sample_ahead(now: datetime) -> ColumnElement[bool]:
    """Whether any vote that takes declarations is not closed: until then a sample may be drawn and acted on."""
    unclosed = Round.frozen_at.is_not(None) & Round.closed_at.is_(None)
    return _vote_that_takes(["declaration_sms", "declaration_email"], _vote_ahead(now) | unclosed)


def erase_contacts(now: datetime) -> int:
    """Erase the name, address and number of confirmed declarations once no sample can need them.

    What came by letter has proved its address, so nothing of it is kept at all. Returns how many were erased.
    """
    needed = bool(db.session.scalar(select(_sample_ahead(now))))
    done = (Declaration.confirmed_at.is_not(None), Declaration.sealed.is_not(None))
    statement = update(Declaration).where(*done).values(sealed=None)
    if needed:
        statement = statement.where(Declaration.method == "letter")
    return len(db.session.scalars(statement.returning(Declaration.id)).all())
