"""In which state a stage of the close is, and who may be the two."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.actor import Actor
from voting.ceremony import second_count
from voting.ceremony.rules import (
    BACKUPS,
    BY_NAME,
    MINUTED,
    PROPOSAL_LASTS,
    STAGES,
    Attempt,
    State,
    is_expired,
    pair_refusal,
    state_of,
)

NOON = datetime(2026, 5, 20, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("stage", "done", "attempt", "state"),
    [
        ("close", 0, None, State.READY),
        ("close", 0, Attempt(NOON), State.PROPOSED),
        ("close", 0, Attempt(NOON - PROPOSAL_LASTS), State.READY),
        ("close", 0, Attempt(NOON - PROPOSAL_LASTS, confirmed=True), State.RUNNING),
        ("close", 1, Attempt(NOON, confirmed=True), State.RUNNING),
        ("close", 1, None, State.READY),
        ("close", 1, Attempt(NOON, confirmed=True, stopped=True), State.STOPPED),
        ("close", 2, Attempt(NOON, confirmed=True), State.DONE),
        ("close", 2, None, State.DONE),
        ("unlink", 1, None, State.WAITING),
        ("unlink", 2, None, State.READY),
        (BACKUPS, 5, None, State.WAITING),
        (BACKUPS, 6, None, State.READY),
        ("count", 6, None, State.WAITING),
        ("count", 7, None, State.READY),
        ("publish", 8, None, State.WAITING),
        ("publish", 9, None, State.READY),
        ("publish", 10, None, State.DONE),
    ],
)
def test_where_a_stage_stands(stage: str, done: int, attempt: Attempt | None, state: State) -> None:
    assert state_of(BY_NAME[stage], MINUTED[:done], attempt, NOON) is state


def test_what_an_older_version_opened_asks_for_no_note_afterwards() -> None:
    steps = [step for step in MINUTED if step != BACKUPS]
    for number in (7, 8, 9):
        states = {stage.name: state_of(stage, steps[:number], None, NOON) for stage in STAGES}
        assert states[BACKUPS] is State.DONE
        assert State.READY in states.values() or number == 9


def test_half_an_hour_to_the_second() -> None:
    assert not is_expired(Attempt(NOON), NOON + PROPOSAL_LASTS - SECOND)
    assert is_expired(Attempt(NOON), NOON + PROPOSAL_LASTS)
    assert not is_expired(Attempt(NOON, confirmed=True), NOON + 10 * PROPOSAL_LASTS)


def test_two_accounts_of_one_person_are_one_person() -> None:
    assert pair_refusal(Actor(1, person_id=7), Actor(1, person_id=7))
    assert pair_refusal(Actor(1, person_id=7), Actor(2, person_id=7))
    assert pair_refusal(Actor(1, person_id=7), Actor(2, person_id=8)) is None
    assert pair_refusal(Actor(1), Actor(2)) is None, "officials whose identity was never checked"


def test_the_second_program_reads_the_text_of_a_ballot_by_itself() -> None:
    text = (
        f"civic-ballot 1\nround {'0' * 64}\ngroup 3 approval\n+ P 1\n+ P2\ngroup 4 points\n2.5 P7\n"
        f"group 9 ordinal\n1 B\n2 A\nnonce {'1' * 64}\n"
    )
    assert second_count.read(text) == {"P 1": "+", "P2": "+", "P7": "2.5", "B": "1", "A": "2"}
    assert second_count.read(f"civic-ballot 1\nround {'0' * 64}\nnonce {'1' * 64}\n") == {}
