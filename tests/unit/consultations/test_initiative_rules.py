"""How many signatures a citizens' draft needs, who has the age of voting, and where it stands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.initiatives.rules import State, Tally, may_vote, required, state_of

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@given(electors=st.integers(1, 20_000_000), cents=st.integers(1, 10_000))
def test_the_signatures_asked_for_are_the_share_and_not_one_more(electors: int, cents: int) -> None:
    percent = Decimal(cents) / 100
    share = Fraction(cents, 10_000) * electors
    asked = required(electors, percent)
    assert asked >= share
    assert asked == 1 or asked - 1 < share


@pytest.mark.parametrize(("electors", "asked"), [(1000, 50), (1001, 51), (1, 1), (312_040, 15_602)])
def test_five_percent(electors: int, asked: int) -> None:
    assert required(electors, Decimal("5.00")) == asked


@pytest.mark.parametrize(
    ("born", "may"), [(date(2008, 5, 12), True), (date(2008, 5, 13), False), (None, False)]
)
def test_one_votes_from_the_eighteenth_birthday(born: date | None, may: bool) -> None:
    assert may_vote(born, date(2026, 5, 12)) is may


def test_what_was_struck_does_not_count() -> None:
    assert Tally(online=10, struck=3, paper=5, paper_struck=9).valid == 12


@dataclass
class One:
    submitted_at: datetime | None = NOON
    returned_at: datetime | None = None
    closes_at: datetime | None = NOON + 10 * DAY
    deposit_until: datetime | None = NOON + 20 * DAY
    deposited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    outcome: str = ""


@pytest.mark.parametrize(
    ("one", "now", "state"),
    [
        (One(None, None, None, None), NOON, State.DRAFT),
        (One(NOON, None, None, None), NOON, State.SUBMITTED),
        (One(None, NOON, None, None), NOON, State.RETURNED),
        (One(), NOON + 10 * DAY - timedelta(microseconds=1), State.COLLECTING),
        (One(), NOON + 10 * DAY, State.ENDED),
        (One(), NOON + 20 * DAY, State.LAPSED),
        (One(deposited_at=NOON + DAY), NOON + 400 * DAY, State.DEPOSITED),
        (One(deposited_at=NOON + DAY, outcome="refused"), NOON + 2 * DAY, State.REFUSED),
        (One(withdrawn_at=NOON + DAY), NOON + 2 * DAY, State.WITHDRAWN),
    ],
)
def test_where_it_stands_is_told_by_its_moments(one: One, now: datetime, state: State) -> None:
    assert state_of(one, now) == state
