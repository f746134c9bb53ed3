"""The table of transitions walked by a machine, and the arithmetic of the form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from proposals import labels, rules
from proposals.rules import BY_EVENT, TRANSITIONS, Event, Refused, Role, State, next_state

PHASES = st.frozensets(st.sampled_from(["information", "submission", "analysis", "appeals", "voting"]))


@given(
    st.sampled_from(State),
    st.sampled_from(Event),
    st.sampled_from(Role),
    st.booleans(),
    PHASES,
    st.sampled_from(["", "  ", "pentru că"]),
)
def test_a_step_is_allowed_exactly_when_its_row_says_so(
    state: State, event: Event, role: Role, in_round: bool, phases: frozenset[str], reason: str
) -> None:
    row = BY_EVENT[event]
    allowed = (
        state in row.sources
        and role in row.roles
        and (not in_round or row.phases is None or bool(row.phases & phases))
        and (not row.reason_required or bool(reason.strip()))
    )
    if allowed:
        assert next_state(state, event, role, in_round=in_round, phases=phases, reason=reason) == row.target
    else:
        with pytest.raises(Refused):
            next_state(state, event, role, in_round=in_round, phases=phases, reason=reason)


class Life(RuleBasedStateMachine):
    """A proposal pushed around by everyone at once."""

    def __init__(self) -> None:
        super().__init__()
        self.state = State.DRAFT
        self.past = [State.DRAFT]

    @rule(
        event=st.sampled_from(Event),
        role=st.sampled_from(Role),
        phases=PHASES,
        in_round=st.booleans(),
        reason=st.sampled_from(["", "motiv"]),
    )
    def push(self, event: Event, role: Role, phases: frozenset[str], in_round: bool, reason: str) -> None:
        try:
            self.state = next_state(self.state, event, role, in_round=in_round, phases=phases, reason=reason)
        except Refused:
            return
        self.past.append(self.state)

    @invariant()
    def a_draft_is_never_returned_to(self) -> None:
        assert State.DRAFT not in self.past[1:]

    @invariant()
    def what_is_final_is_last(self) -> None:
        assert not set(self.past[:-1]) & rules.FINAL

    @invariant()
    def nothing_is_voted_that_was_not_found_eligible(self) -> None:
        if State.ADMITTED in self.past:
            assert self.past[self.past.index(State.ADMITTED) - 1] == State.ELIGIBLE

    @invariant()
    def nothing_is_eligible_without_analysis(self) -> None:
        if State.ELIGIBLE in self.past:
            assert State.IN_ANALYSIS in self.past

    @invariant()
    def nothing_is_public_that_was_not_submitted(self) -> None:
        if self.state in rules.PUBLIC:
            assert State.SUBMITTED in self.past


TestLife = Life.TestCase


def test_every_refusal_and_every_moderator_gives_a_reason() -> None:
    reasoned = {row.event for row in TRANSITIONS if row.reason_required}
    assert {
        Event.REJECT,
        Event.HIDE,
        Event.REQUEST_CHANGES,
        Event.REDIRECT,
        Event.DISMISS_APPEAL,
        Event.UPHOLD_APPEAL,
    } <= reasoned


def test_every_state_is_reached_and_every_word_is_there() -> None:
    assert {row.target for row in TRANSITIONS} | {State.DRAFT} == set(State)
    assert set(labels.STATES) == set(labels.TONES) == set(State)
    assert set(labels.RECORDED) == set(Event)
    assert set(labels.RECORDED.values()) <= set(labels.SENTENCES)
    assert rules.ANALYSED < rules.PUBLIC
    assert len(rules.LISTED) == len(rules.PUBLIC)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([], None),
        (["eligible", None], None),
        (["rejected", None], None),
        (["eligible", "eligible"], "eligible"),
        (["eligible", "rejected"], "rejected"),
    ],
)
def test_the_analysis_ends_with_the_last_answer(answers: list[str | None], result: str | None) -> None:
    assert rules.analysis_result(answers) == result


@pytest.mark.parametrize(
    ("stored", "seen", "same_window", "refused"),
    [(3, 3, False, False), (3, 2, False, True), (3, 2, True, False), (3, 3, True, False)],
)
def test_only_another_windows_unseen_save_is_protected(
    stored: int, seen: int, same_window: bool, refused: bool
) -> None:
    assert rules.overwrites_unseen(stored, "a", seen, "a" if same_window else "b") is refused


@pytest.mark.parametrize(
    ("proven", "done", "left"), [(False, 0, 2), (False, 2, 0), (False, 5, 0), (True, 2, 8), (True, 10, 0)]
)
def test_submissions_left_today(proven: bool, done: int, left: int) -> None:
    assert rules.submissions_left(proven, done) == left
