"""Passwords that are refused, and waits that grow but end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.rules import ACCOUNT_THROTTLE, NETWORK_THROTTLE, Throttle, password_problem, wait_until

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "short"),
        ("123456789", "short"),
        ("x" * 201, "long"),
        ("ana@exemplu.ro", "email"),
        ("ANA@exemplu.RO", "email"),
        ("exemplu.ro", "email"),
        ("1234567890", "common"),
        ("Parola12345", "common"),
        ("parola2026!!", "common"),
        ("Bucuresti2026", "common"),
        ("qwertyuiopas", "common"),
        ("abcabcabcabc", "common"),
        ("zzzzzzzzzzz", "common"),
        ("trei cai verzi la munte", None),
        ("parolaceavedeluni", None),
        ("ăîșțâăîșțâ7", None),
    ],
)
def test_passwords(password: str, problem: str | None) -> None:
    assert password_problem(password, "ana@exemplu.ro") == problem


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, None), (4, None), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (500, 900)],
)
def test_the_wait_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int | None) -> None:
    moments = [NOON - timedelta(minutes=1)] * max(0, failures - 1) + [NOON] * min(1, failures)
    expected = None if seconds is None else NOON + timedelta(seconds=seconds)
    assert wait_until(ACCOUNT_THROTTLE, moments) == expected


@given(st.integers(0, 5000), st.sampled_from([ACCOUNT_THROTTLE, NETWORK_THROTTLE]))
def test_nobody_waits_for_ever(failures: int, throttle: Throttle) -> None:
    until = wait_until(throttle, [NOON] * failures)
    assert (until is None) == (failures < throttle.free)
    assert until is None or NOON + throttle.first <= until <= NOON + throttle.most
