"""What is asked of a frozen roll: a person on it, who was struck from it and until when. Never a ballot."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select

from civic.accounts.models import Account
from civic.errors import NotFound
from civic.extensions import db
from voting.models import RollEntry, RollLift, RollStrike, RollVoid
from voting.rules import VoterLine

PER_PAGE = 25


@dataclass(frozen=True)
class OnRoll:
    """A person on the roll, with the account behind them while there is one, and their open strike if any."""

    entry: RollEntry
    account: Account | None
    strike: RollStrike | None


def is_open_strike() -> ColumnElement[bool]:
    """The condition that a strike was not lifted."""
    return ~exists().where(RollLift.strike_id == RollStrike.id)


def find_on_roll(round_id: int, voter_id: int) -> OnRoll | None:
    """The person's line on the roll."""
    row = db.session.execute(
        select(RollEntry, Account, RollStrike)
        .outerjoin(Account, Account.person_id == RollEntry.voter_id)
        .outerjoin(
            RollStrike,
            (RollStrike.round_id == RollEntry.round_id)
            & (RollStrike.voter_id == RollEntry.voter_id)
            & is_open_strike(),
        )
        .where(RollEntry.round_id == round_id, RollEntry.voter_id == voter_id)
    ).one_or_none()
    return None if row is None else OnRoll(row[0], row[1], row[2])


def get_on_roll(round_id: int, voter_id: int) -> OnRoll:
    """The person's line on the roll, or NotFound."""
    found = find_on_roll(round_id, voter_id)
    if found is None:
        raise NotFound
    return found


#: A strike and what ended it, if anything did.
StrikeAndLift = tuple[RollStrike, RollLift | None]


def list_strikes(round_id: int, page: int) -> tuple[Sequence[StrikeAndLift], int]:
    """Who was struck from the roll, the latest first, with the lifts, and how many strikes there are."""
    total = db.session.scalar(select(func.count(RollStrike.id)).where(RollStrike.round_id == round_id)) or 0
    found = db.session.execute(
        select(RollStrike, RollLift)
        .outerjoin(RollLift, RollLift.strike_id == RollStrike.id)
        .where(RollStrike.round_id == round_id)
        .order_by(RollStrike.at.desc(), RollStrike.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return [(row[0], row[1]) for row in found], total


@dataclass(frozen=True)
class StrikeFigures:
    """How many strikes there were in a round, and what became of them. Numbers alone."""

    struck: int
    lifted: int
    #: a person said that a ballot of the struck person does not count, and nobody else said so yet
    void_asked: int
    #: two people decided it
    void_decided: int


def count_strikes(round_id: int) -> StrikeFigures:
    """The strikes of a round in numbers."""
    words = (
        select(RollVoid.strike_id, func.count().label("words"))
        .join(RollStrike, RollStrike.id == RollVoid.strike_id)
        .where(RollStrike.round_id == round_id)
        .group_by(RollVoid.strike_id)
        .subquery()
    )
    row = db.session.execute(
        select(
            func.count(RollStrike.id),
            func.count(RollLift.strike_id),
            func.count().filter(words.c.words == 1),
            func.count().filter(words.c.words >= 2),
        )
        .select_from(RollStrike)
        .outerjoin(RollLift, RollLift.strike_id == RollStrike.id)
        .outerjoin(words, words.c.strike_id == RollStrike.id)
        .where(RollStrike.round_id == round_id)
    ).one()
    return StrikeFigures(*row)


def list_lifted(round_id: int, voter_id: int) -> Sequence[tuple[RollStrike, RollLift]]:
    """The strikes of a person that were lifted, the latest first."""
    found = db.session.execute(
        select(RollStrike, RollLift)
        .join(RollLift, RollLift.strike_id == RollStrike.id)
        .where(RollStrike.round_id == round_id, RollStrike.voter_id == voter_id)
        .order_by(RollStrike.id.desc())
    ).all()
    return [(row[0], row[1]) for row in found]


def list_voids(strike_id: int) -> Sequence[RollVoid]:
    """Who said that a struck person's ballot does not count, in order: with the second it is decided."""
    return db.session.scalars(
        select(RollVoid).where(RollVoid.strike_id == strike_id).order_by(RollVoid.at, RollVoid.account_id)
    ).all()


def find_voter(round_id: int, person_id: int) -> tuple[VoterLine, bool] | None:
    """What the roll says about a person, and whether they are struck; None when they are not on it."""
    row = db.session.execute(
        select(RollEntry.area_id, RollEntry.pots, RollStrike.id)
        .outerjoin(
            RollStrike,
            (RollStrike.round_id == RollEntry.round_id)
            & (RollStrike.voter_id == RollEntry.voter_id)
            & is_open_strike(),
        )
        .where(RollEntry.round_id == round_id, RollEntry.voter_id == person_id)
    ).one_or_none()
    return None if row is None else (VoterLine(row[0], frozenset(row[1])), row[2] is not None)


def count_roll(round_id: int) -> int:
    """How many people are on the roll."""
    return (
        db.session.scalar(select(func.count()).select_from(RollEntry).where(RollEntry.round_id == round_id))
        or 0
    )
