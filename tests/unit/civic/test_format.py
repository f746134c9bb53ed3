"""Money, dates and numbers as Romanians write them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import force_locale

from civic import format as written
from civic.extensions import Babel


@pytest.fixture(autouse=True)
def romanian() -> Iterator[None]:
    app = Flask("written")
    Babel(app, default_locale="ro", default_timezone="Europe/Bucharest")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("1060000.00"), "1.060.000\u00a0lei"),
        (Decimal("1060000.50"), "1.060.000,50\u00a0lei"),
        (0, "0\u00a0lei"),
    ],
)
def test_money(amount: Decimal | int, text: str) -> None:
    assert written.money(amount) == text


def test_foreign_money_keeps_its_code() -> None:
    assert written.money(Decimal("12.5"), "PLN") == "12,50\u00a0PLN"


def test_a_deadline_at_midnight_is_told_as_the_last_minute_before() -> None:
    assert written.deadline(datetime(2027, 3, 12, 22, 0, tzinfo=UTC)).startswith("vineri, 12 martie 2027")


def test_a_beginning_at_midnight_is_told_by_its_day_alone() -> None:
    assert written.opening(datetime(2027, 3, 12, 22, 0, tzinfo=UTC)) == "13 martie 2027"
    assert written.opening(datetime(2027, 3, 12, 8, 30, tzinfo=UTC)).endswith("10:30")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.8649, "86"), (0.9996, "99"), (1, "100"), (0.0001, "1"), (0, "0"), (Decimal("0.5"), "50")],
)
def test_a_share_is_a_whole_percentage_and_nearly_all_is_not_all(share: float | Decimal, text: str) -> None:
    assert written.percent(share) == f"{text}\u00a0%"
    with force_locale("en"):
        assert written.percent(share) == f"{text}%"


def test_a_share_that_was_set_keeps_its_decimals() -> None:
    assert written.exact_percent(Decimal("0.795")) == "79,5\u00a0%"
    with force_locale("en"):
        assert written.exact_percent(Decimal("0.795")) == "79.5%"
        assert written.exact_percent(Decimal("0.5")) == "50%"


@pytest.mark.parametrize(
    ("number", "in_romanian", "in_english"),
    [(999, "999", "999"), (12345, "12.345", "12,345"), (1_000_000, "1.000.000", "1,000,000")],
)
def test_a_plural_sentence_writes_its_count_as_readers_do(
    number: int, in_romanian: str, in_english: str
) -> None:
    lazy = written.lazy_ngettext("%(num)s vote", "%(num)s votes", number)
    assert written.ngettext("%(num)s vote", "%(num)s votes", number) == str(lazy)
    assert str(lazy).split()[0] == in_romanian
    with force_locale("en"):
        assert str(lazy) == f"{in_english} votes"
        assert written.ngettext("%(count)s vote", "%(count)s votes", 1, count="one") == "one vote"


def test_a_day_is_the_citys() -> None:
    assert written.day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "1 iulie 2026"


def test_remaining_says_the_unit_that_matters() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert "3" in written.remaining(now + timedelta(days=3, hours=1), now)
    assert "2" in written.remaining(now + timedelta(hours=2, minutes=1), now)
