"""When a phase runs: from its beginning until just before its end, on the city's calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.clock import city_moment
from civic.rounds import rules
from civic.rounds.facts import PHASES, PhaseWindow

ZONE = ZoneInfo("Europe/Bucharest")
#: Days on which Bucharest's clocks change, and ordinary ones.
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
days = st.one_of(st.sampled_from(CHANGES), st.dates(date(2020, 1, 2), date(2040, 12, 30)))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


def voting(starts_at: datetime, ends_at: datetime) -> PhaseWindow:
    return PhaseWindow("voting", starts_at, ends_at)


@given(first=days, length=st.integers(1, 60))
def test_a_vote_to_midnight_ends_on_the_day_before(first: date, length: int) -> None:
    end = first + timedelta(days=length)
    window = voting(city_moment(first), city_moment(end))
    assert rules.last_voting_day([window], ZONE) == end - timedelta(days=1)


@given(first=days, hour=st.integers(0, 23), minute=st.integers(1, 59))
def test_an_end_within_a_day_belongs_to_that_day(first: date, hour: int, minute: int) -> None:
    end = city_moment(first, hour, minute)
    assert rules.last_day(end, ZONE) == end.astimezone(ZONE).date()


@given(first=days, length=st.integers(1, 30))
def test_a_calendar_day_is_a_day_even_when_the_clocks_change(first: date, length: int) -> None:
    end = first + timedelta(days=length)
    assert rules.days_between(city_moment(first), city_moment(end), ZONE) == length


@given(start=moments, length=st.timedeltas(timedelta(microseconds=1), timedelta(days=400)), now=moments)
def test_open_is_the_half_open_interval(start: datetime, length: timedelta, now: datetime) -> None:
    window = voting(start, start + length)
    assert rules.is_open([window], "voting", now) is (start <= now < start + length)
    assert rules.is_open([window], "voting", start)
    assert not rules.is_open([window], "voting", start + length)
    assert rules.is_open([window], "voting", start + length - timedelta(microseconds=1))


@pytest.mark.parametrize("day", CHANGES)
def test_the_last_minute_before_midnight_is_open_on_the_day_the_clocks_change(day: date) -> None:
    window = voting(city_moment(day - timedelta(days=7)), city_moment(day + timedelta(days=1)))
    assert rules.is_open([window], "voting", city_moment(day, 23, 59, 59))
    assert not rules.is_open([window], "voting", city_moment(day + timedelta(days=1)))


@given(now=moments, starts=st.lists(moments, min_size=1, max_size=7))
def test_the_next_deadline_is_the_nearest_moment_ahead(now: datetime, starts: list[datetime]) -> None:
    windows = [
        PhaseWindow(kind, start, start + timedelta(days=3))
        for kind, start in zip(PHASES, starts, strict=False)
    ]
    ahead = [m for w in windows for m in (w.starts_at, w.ends_at) if m > now]
    found = rules.next_deadline(windows, now)
    assert (found.at if found else None) == min(ahead, default=None)


def test_states_and_current_phases_overlap() -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    windows = [
        PhaseWindow("appeals", start, start + timedelta(days=9)),
        PhaseWindow("analysis", start - timedelta(days=20), start + timedelta(days=5)),
        PhaseWindow("voting", start + timedelta(days=9), start + timedelta(days=20)),
    ]
    assert rules.current_phases(windows, start) == ("analysis", "appeals")
    assert [rules.state_of(w, start) for w in rules.in_order(windows)] == ["now", "now", "future"]
    assert rules.has_ended(windows, "analysis", start + timedelta(days=5))
    assert not rules.has_ended(windows, "submission", start + timedelta(days=500))
    assert rules.window(windows, "results") is None


def test_at_one_moment_the_end_is_told_before_the_start() -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    turn = start + timedelta(days=9)
    windows = [PhaseWindow("voting", turn, turn + timedelta(days=9)), PhaseWindow("appeals", start, turn)]
    assert rules.next_deadline(windows, start + timedelta(days=1)) == rules.Deadline("appeals", "ends", turn)


def test_a_round_without_phases_has_nothing_ahead() -> None:
    assert rules.next_deadline([], datetime(2027, 1, 1, tzinfo=UTC)) is None
    assert rules.last_voting_day([], ZONE) is None
