"""The life of an appeal, walked in every order: nobody decides twice, too late, or about themselves."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civic.moderation.appeals import rules
from civic.moderation.appeals.rules import Contest, Refused, State, Why

NOON = datetime(2026, 3, 2, 10, tzinfo=UTC)
AUTHOR, FIRST, SECOND, THIRD = 1, 2, 3, 4
UNTIL = NOON + timedelta(days=14)
CONTEST = Contest(author=AUTHOR, deciders=frozenset({FIRST}), appeal_until=UNTIL)
OPEN = rules.file(CONTEST, AUTHOR, NOON + timedelta(days=7), NOON)


@pytest.mark.parametrize(
    ("contest", "who", "now", "why"),
    [
        (CONTEST, AUTHOR, NOON, None),
        (CONTEST, AUTHOR, UNTIL - timedelta(microseconds=1), None),
        (CONTEST, AUTHOR, UNTIL, Why.LATE),
        (CONTEST, SECOND, NOON, Why.NOT_YOURS),
        (CONTEST, None, NOON, Why.NOT_YOURS),
        (replace(CONTEST, author=None), None, NOON, Why.NOT_YOURS),
        (replace(CONTEST, taken_back=True), AUTHOR, NOON, Why.TAKEN_BACK),
        (OPEN, AUTHOR, NOON, Why.TWICE),
        (rules.withdraw(OPEN, AUTHOR), AUTHOR, NOON, Why.TWICE),
    ],
)
def test_who_may_contest_until_when(
    contest: Contest, who: int | None, now: datetime, why: Why | None
) -> None:
    assert rules.why_not_file(contest, who, now) == why


@pytest.mark.parametrize(
    ("contest", "who", "why"),
    [
        (OPEN, SECOND, None),
        (OPEN, FIRST, Why.OWN_DECISION),
        (OPEN, AUTHOR, Why.OWN_TEXT),
        (OPEN, None, Why.OWN_DECISION),
        (replace(OPEN, deciders=frozenset({FIRST, SECOND})), SECOND, Why.OWN_DECISION),
        (CONTEST, SECOND, Why.DECIDED),
        (rules.decide(OPEN, SECOND, False, "Jignește."), THIRD, Why.DECIDED),
    ],
)
def test_who_may_decide(contest: Contest, who: int | None, why: Why | None) -> None:
    assert rules.why_not_decide(contest, who) == why


def test_an_appeal_is_not_decided_without_reasons() -> None:
    with pytest.raises(Refused) as refused:
        rules.decide(OPEN, SECOND, True, "  ")
    assert refused.value.why == Why.NO_REASON


def test_an_overdue_appeal_is_still_decided() -> None:
    assert OPEN.due_at is not None
    assert not rules.is_late(OPEN, OPEN.due_at - timedelta(seconds=1))
    assert rules.is_late(OPEN, OPEN.due_at)
    assert rules.decide(OPEN, SECOND, True, "Nu jignește.").state == State.UPHELD


class AppealMachine(RuleBasedStateMachine):
    """Everybody tries everything at any time; what the rules allow is carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.contest = NOON, CONTEST
        self.filings = self.decisions = 0

    people = st.sampled_from([None, AUTHOR, FIRST, SECOND, THIRD])

    @rule(days=st.integers(0, 20))
    def wait(self, days: int) -> None:
        """Time passes."""
        self.now += timedelta(days=days)

    @rule(who=people)
    def file(self, who: int | None) -> None:
        """Somebody contests."""
        before = self.contest
        try:
            self.contest = rules.file(before, who, self.now + timedelta(days=7), self.now)
        except Refused:
            return
        self.filings += 1
        assert who == AUTHOR
        assert self.now < UNTIL
        assert not before.taken_back

    @rule(who=people, uphold=st.booleans(), reason=st.sampled_from(["", " ", "Pentru că."]))
    def decide(self, who: int | None, uphold: bool, reason: str) -> None:
        """Somebody decides."""
        try:
            self.contest = rules.decide(self.contest, who, uphold, reason)
        except Refused:
            return
        self.decisions += 1
        assert who in (SECOND, THIRD)
        assert reason.strip()
        assert self.contest.taken_back or not uphold

    @rule(who=people)
    def withdraw(self, who: int | None) -> None:
        """Somebody takes the appeal back."""
        try:
            self.contest = rules.withdraw(self.contest, who)
        except Refused:
            return
        assert who == AUTHOR

    @rule()
    def take_the_decision_back(self) -> None:
        """The moderator sees the mistake without being asked."""
        self.contest = rules.settle(self.contest)

    @invariant()
    def one_appeal_and_one_answer(self) -> None:
        """However they try."""
        assert self.filings <= 1
        assert self.decisions <= 1

    @invariant()
    def the_second_look_is_another_persons(self) -> None:
        """Never the first moderator's, never the author's."""
        assert self.contest.decided_by not in {*self.contest.deciders, self.contest.author}

    @invariant()
    def an_open_appeal_stands_against_a_standing_decision(self) -> None:
        """What was taken back leaves nothing to decide."""
        assert not (self.contest.taken_back and self.contest.state == State.OPEN)
        assert (self.contest.state is None) == (self.contest.filed_at is None)


TestAppealMachine = AppealMachine.TestCase
TestAppealMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
