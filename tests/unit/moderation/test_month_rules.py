"""What a month of moderation comes to, and what of it nobody is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.transparency import rules
from civic.moderation.transparency.rules import LEAST, Raw


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 11, 30), date(2027, 1, 1), ["2026-11", "2026-12", "2027-01"]),
        (date(2026, 11, 5), date(2026, 11, 5), ["2026-11"]),
        (date(2026, 12, 1), date(2026, 11, 30), []),
    ],
)
def test_months_follow_each_other(first: date, last: date, months: list[str]) -> None:
    assert [f"{one:%Y-%m}" for one in rules.months_between(first, last)] == months


def test_a_month_is_told_an_hour_after_it_has_ended() -> None:
    end = datetime(2026, 11, 30, 22, tzinfo=UTC)
    assert not rules.has_ended(end, end + timedelta(minutes=59))
    assert rules.has_ended(end, end + timedelta(hours=1))


def test_the_figures_of_a_month() -> None:
    raw = Raw(
        decisions={
            ("comment", "hide", "spam"): 2,
            ("proposal", "hide", "spam"): 1,
            ("proposal", "publish", ""): 4,
        },
        hours=[1, 2, 9],
        overdue=1,
        reports={"spam": 7, "threat": 6},
        appeals_filed=3,
        appeals={"upheld": 1, "rejected": 2},
        appeal_hours=[10, 20],
        suspensions=1,
        suspensions_proposed=6,
        officials=1,
    )
    told = rules.figures(raw)
    assert told["decisions"] == 7
    assert told["by_reason"] == {"spam": 3}
    assert told["by_kind"] == {"comment": 2, "proposal": 5}
    assert told["by_decision"] == {"hide": 3, "publish": 4}
    assert told["median_hours"] == 2
    assert told["appeals_median_hours"] is None, "two decisions have no middle that is not one of theirs"
    assert (told["appeals_decided"], told["appeals_upheld"]) == (3, 1)
    assert told["suspensions"] is None
    assert told["suspensions_lifted"] == 0
    assert told["suspensions_proposed"] == 6
    assert told["reports_by_reason"] == {"spam": 7, "threat": 6}
    assert rules.share(1, 3) == pytest.approx(1 / 3)
    assert rules.share(0, 0) is None


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40)))
def test_nobody_who_reported_can_be_computed(counts: dict[str, int]) -> None:
    """Of reports that are few the number is not told, nor to be had from the sum and the others."""
    told = rules.line(counts)
    assert all(number is None or number >= LEAST for number in told.values())
    hidden = [counts[name] for name, number in told.items() if number is None]
    assert len(hidden) != 1 or len(told) == 1
    assert all(number == counts[name] for name, number in told.items() if number is not None)


@given(st.integers(0, 40))
def test_a_small_number_is_not_told_and_nothing_is_nothing(number: int) -> None:
    assert rules.few(number) == (None if 0 < number < LEAST else number)
