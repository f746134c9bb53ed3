"""A suspension takes two people, runs no longer than it says, and is ended by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civic.moderation.suspensions import rules
from civic.moderation.suspensions.rules import Life, State, Why

NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
PERSON, FIRST, SECOND = 1, 2, 3
WAITING = Life(account=PERSON, proposed_by=FIRST, confirm_until=NOON + timedelta(days=2))
RUNNING = replace(WAITING, state=State.CONFIRMED, decided_by=SECOND, ends_at=NOON + timedelta(days=7))


@pytest.mark.parametrize(
    ("life", "who", "now", "why"),
    [
        (WAITING, SECOND, NOON, None),
        (WAITING, FIRST, NOON, Why.OWN_PROPOSAL),
        (WAITING, PERSON, NOON, Why.OWN_ACCOUNT),
        (WAITING, None, NOON, Why.OWN_ACCOUNT),
        (WAITING, SECOND, WAITING.confirm_until, Why.LAPSED),
        (RUNNING, SECOND, NOON, Why.DECIDED),
        (replace(WAITING, state=State.WITHDRAWN), SECOND, NOON, Why.DECIDED),
    ],
)
def test_a_second_person_confirms_in_time(
    life: Life, who: int | None, now: datetime, why: Why | None
) -> None:
    assert rules.why_not_settle(life, who, now) == why


@pytest.mark.parametrize(
    ("life", "now", "runs"),
    [
        (WAITING, NOON, False),
        (RUNNING, NOON, True),
        (RUNNING, NOON + timedelta(days=7) - timedelta(microseconds=1), True),
        (RUNNING, NOON + timedelta(days=7), False),
        (replace(RUNNING, lifted_at=NOON), NOON, False),
    ],
)
def test_it_ends_by_itself(life: Life, now: datetime, runs: bool) -> None:
    assert rules.is_running(life, now) is runs


@pytest.mark.parametrize(
    ("account", "who", "grounded", "waiting", "running", "why"),
    [
        (PERSON, FIRST, True, False, False, None),
        (None, FIRST, True, False, False, Why.NO_GROUND),
        (PERSON, FIRST, False, False, False, Why.NO_GROUND),
        (PERSON, PERSON, True, False, False, Why.OWN_ACCOUNT),
        (PERSON, FIRST, True, True, False, Why.WAITING),
        (PERSON, FIRST, True, False, True, Why.RUNNING),
    ],
)
def test_it_rests_on_a_hidden_text_and_there_is_one_at_a_time(
    account: int | None, who: int, grounded: bool, waiting: bool, running: bool, why: Why | None
) -> None:
    assert rules.why_not_propose(account, who, grounded=grounded, waiting=waiting, running=running) == why


def test_who_proposed_it_takes_it_back_and_anybody_else_ends_it() -> None:
    assert rules.why_not_withdraw(WAITING, FIRST) is None
    assert rules.why_not_withdraw(WAITING, SECOND) == Why.NOT_PROPOSER
    assert rules.why_not_withdraw(RUNNING, FIRST) == Why.DECIDED
    assert rules.why_not_lift(RUNNING, FIRST, NOON) is None
    assert rules.why_not_lift(RUNNING, PERSON, NOON) == Why.OWN_ACCOUNT
    assert rules.why_not_lift(WAITING, FIRST, NOON) == Why.NOT_RUNNING


def test_the_lengths_to_choose_from_are_allowed() -> None:
    assert max(rules.LENGTHS) <= rules.LONGEST
    assert list(rules.LENGTHS) == sorted(set(rules.LENGTHS))
