"""When complaints are taken, what they lead to, and what a recount compares."""

from datetime import UTC, datetime, timedelta

import pytest

from voting.complaints.rules import UPHELD, Kind, Outcome, Window, outcomes, takes_complaints, window
from voting.recounts.rules import What, differences, outcome_of

OPENS = datetime(2027, 3, 1, 6, tzinfo=UTC)
CLOSES, ENDS = OPENS + timedelta(days=12), OPENS + timedelta(days=19)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - SECOND, Window.BEFORE),
        (OPENS, Window.VOTING),
        (CLOSES - SECOND, Window.VOTING),
        (CLOSES, Window.VALIDATION),
        (ENDS - SECOND, Window.VALIDATION),
        (ENDS, Window.OVERDUE),
    ],
)
def test_complaints_are_taken_from_the_opening_to_the_end_of_validation(
    now: datetime, expected: Window
) -> None:
    where = window(OPENS, CLOSES, ENDS, False, now)
    assert where is expected
    assert takes_complaints(where) == (expected in (Window.VOTING, Window.VALIDATION))
    assert window(OPENS, CLOSES, ENDS, True, now) is Window.CLOSED


def test_without_validation_the_vote_is_followed_by_the_close() -> None:
    assert window(OPENS, CLOSES, CLOSES, False, CLOSES) is Window.OVERDUE


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("where", list(Window))
@pytest.mark.parametrize("on_roll", [True, False])
@pytest.mark.parametrize("known", [True, False])
def test_a_complaint_can_always_be_dismissed_and_never_upheld_in_the_dark(
    kind: Kind, where: Window, on_roll: bool, known: bool
) -> None:
    found = outcomes(kind, where, on_roll=on_roll, person_known=known)
    assert found[-1] is Outcome.DISMISSED
    assert len(set(found)) == len(found)
    if not known:
        assert not set(found) & set(UPHELD)
    # A ballot is replaced while ballots are taken and voided afterwards, never both.
    assert (Outcome.VOTE_AGAIN in found) == (known and on_roll and where is Window.VOTING)
    assert (Outcome.VOID in found) == (known and on_roll and where in (Window.VALIDATION, Window.OVERDUE))


def test_an_identity_is_given_back_also_where_nobody_could_vote_with_it() -> None:
    found = outcomes(Kind.IDENTITY_USED, Window.VOTING, on_roll=False, person_known=True)
    assert found == (Outcome.RESTORED, Outcome.DISMISSED)
    assert Outcome.RESTORED not in outcomes(Kind.OTHER, Window.VALIDATION, on_roll=True, person_known=True)


def test_what_differs_is_told_winners_first_and_lacking_facts_too() -> None:
    published = {(What.MINUTES, "copied"): "a", (What.WINNERS, "Oraș"): "P1", (What.SPENT, "Oraș"): "400"}
    found = {(What.MINUTES, "copied"): "b", (What.WINNERS, "Oraș"): "P2", (What.SPENT, "Oraș"): "400"}
    assert [one.as_row() for one in differences(published, found)] == [
        ["winners", "Oraș", "P1", "P2"],
        ["minutes", "copied", "a", "b"],
    ]
    assert differences(published, published) == []
    [lacking] = differences({}, {(What.PROJECT, "P9"): "1"})
    assert (lacking.published, lacking.found) == ("", "1")
    assert lacking.as_row(figures=False) == ["project", "P9", "", ""], "what was withheld stays withheld"


@pytest.mark.parametrize(
    ("apart", "wrong", "expected"),
    [
        (False, None, "same"),
        (False, 0, "same"),
        (False, 1, "differs"),
        (True, 0, "differs"),
        (True, None, "differs"),
    ],
)
def test_either_count_alone_is_enough_to_differ(apart: bool, wrong: int | None, expected: str) -> None:
    found = differences({(What.PLAN, ""): "a"} if apart else {}, {})
    assert outcome_of(found, wrong) == expected
