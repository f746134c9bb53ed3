"""A debate goes one way, whatever happens in whatever order: from its draft to its archive, and no answer is lost."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from consultations.agora import rules
from consultations.agora.rules import State, Step, WrongStep, after, is_possible, state_of

NOON = datetime(2026, 5, 12, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)

#: How far each state is on the way; hiding covers it and takes nothing back.
FAR = {
    State.DRAFT: 0,
    State.WAITING: 1,
    State.OPEN: 2,
    State.CLOSING: 3,
    State.ANSWERED: 4,
    State.ARCHIVED: 5,
}


@dataclass(frozen=True)
class One:
    submitted_at: datetime | None = None
    opened_at: datetime | None = None
    seconds_until: datetime | None = None
    closes_at: datetime | None = None
    obliged_at: datetime | None = None
    answer_due_at: datetime | None = None
    summary_at: datetime | None = None
    objections_until: datetime | None = None
    answered_at: datetime | None = None
    archived_at: datetime | None = None
    hidden_at: datetime | None = None


OPEN = One(submitted_at=NOON, opened_at=NOON, seconds_until=NOON + 30 * DAY, closes_at=NOON + 30 * DAY)


@pytest.mark.parametrize(
    ("now", "state"), [(NOON + 30 * DAY - INSTANT, State.OPEN), (NOON + 30 * DAY, State.CLOSING)]
)
def test_the_end_belongs_to_no_argument(now: datetime, state: State) -> None:
    assert state_of(OPEN, now) == state


def test_it_stays_open_for_as_long_as_it_can_be_seconded() -> None:
    waiting = One(submitted_at=NOON)
    ends = {"seconds_until": NOON + 30 * DAY, "closes_at": NOON + 10 * DAY}
    assert after(Step.OPEN, waiting, NOON, ends)["closes_at"] == NOON + 30 * DAY


@pytest.mark.parametrize("days", [1, 29])
def test_an_end_that_takes_days_of_seconding_away_is_refused(days: int) -> None:
    with pytest.raises(WrongStep):
        after(Step.SET_END, OPEN, NOON + DAY, {"closes_at": NOON + days * DAY})


def test_an_end_beyond_the_promised_answer_is_refused() -> None:
    obliged = replace(OPEN, obliged_at=NOON + DAY, answer_due_at=NOON + 61 * DAY)
    assert after(Step.SET_END, obliged, NOON + 2 * DAY, {"closes_at": NOON + 61 * DAY})
    with pytest.raises(WrongStep):
        after(Step.SET_END, obliged, NOON + 2 * DAY, {"closes_at": NOON + 61 * DAY + INSTANT})


def test_the_last_moment_of_seconding_is_before_its_end() -> None:
    longer = replace(OPEN, closes_at=NOON + 90 * DAY)
    assert rules.takes_seconds(longer, NOON + 30 * DAY - INSTANT)
    assert not rules.takes_seconds(longer, NOON + 30 * DAY)
    assert not is_possible(Step.OBLIGE, longer, NOON + 30 * DAY)


def test_an_owed_answer_is_never_archived_away() -> None:
    owed = replace(OPEN, obliged_at=NOON, answer_due_at=NOON + 60 * DAY)
    assert not is_possible(Step.ARCHIVE, owed, NOON + 900 * DAY)
    assert rules.archive_counts_from(owed) is None
    assert is_possible(Step.ARCHIVE, OPEN, NOON + 31 * DAY)


def test_a_summary_stands_once_everybody_could_object_and_then_comes_the_answer() -> None:
    end = NOON + 30 * DAY
    with pytest.raises(WrongStep):
        after(Step.SUMMARISE, OPEN, end - INSTANT, {"objections_until": end + 7 * DAY})
    published = replace(OPEN, **after(Step.SUMMARISE, OPEN, end, {"objections_until": end + 7 * DAY}))
    last = end + 7 * DAY - INSTANT
    assert (state_of(published, last), rules.takes_objections(published, last)) == (State.CLOSING, True)
    assert not is_possible(Step.ANSWER, published, last)
    assert not is_possible(Step.SUMMARISE, published, last)
    assert (state_of(published, end + 7 * DAY), rules.takes_objections(published, end + 7 * DAY)) == (
        State.SUMMARISED,
        False,
    )
    assert is_possible(Step.ANSWER, published, end + 7 * DAY)
    assert rules.archive_counts_from(published) == end + 7 * DAY


class Life(RuleBasedStateMachine):
    """Steps in any order, with time passing between them."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.now, self.far, self.obliged = One(), NOON, 0, False

    @rule(hours=st.integers(0, 24 * 40))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(step=st.sampled_from(list(Step)), first=st.integers(1, 90), second=st.integers(1, 90))
    def step(self, step: Step, first: int, second: int) -> None:
        ends = {
            "seconds_until": self.now + first * DAY, "closes_at": self.now + second * DAY,
            "objections_until": self.now + second * DAY,
            "answer_due_at": max(self.now + first * DAY, self.one.closes_at or self.now),
        }  # fmt: skip
        state = state_of(self.one, self.now)
        try:
            changed = after(step, self.one, self.now, ends)
        except WrongStep:
            assert step == Step.SET_END or not is_possible(step, self.one, self.now)
            return
        assert state in rules.FROM[step]
        self.one = replace(self.one, **changed)
        if step == Step.SEND_BACK:
            self.far = 0
        self.obliged = self.obliged or step == Step.OBLIGE

    @precondition(lambda self: self.one.opened_at is not None)
    @rule()
    def a_debate_that_was_opened_is_no_draft_again(self) -> None:
        assert state_of(replace(self.one, hidden_at=None), self.now) not in (State.DRAFT, State.WAITING)

    @invariant()
    def it_goes_one_way(self) -> None:
        far = FAR[state_of(replace(self.one, hidden_at=None), self.now)]
        assert far >= self.far
        self.far = far

    @invariant()
    def a_promise_stays(self) -> None:
        assert (self.one.obliged_at is not None) == self.obliged
        assert (self.one.obliged_at is None) == (self.one.answer_due_at is None)
        if self.obliged and self.one.archived_at is not None:
            assert self.one.answered_at is not None

    @invariant()
    def moments_are_in_order(self) -> None:
        one = self.one
        if one.opened_at is not None and one.seconds_until is not None and one.closes_at is not None:
            assert one.submitted_at is not None
            assert one.submitted_at <= one.opened_at < one.seconds_until <= one.closes_at
            assert one.answer_due_at is None or one.closes_at <= one.answer_due_at
            assert one.summary_at is None or one.summary_at >= one.closes_at
            if one.answered_at is not None:
                assert one.objections_until is not None
                assert one.answered_at >= one.objections_until


Life.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase
