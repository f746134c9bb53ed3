"""All ballots in columns: the same ballots, whatever the order and the room they come in."""

from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.voting.counting.effort import tried
from voting.counting import profile as profiles
from voting.counting.ballots import Ballot, BallotType
from voting.counting.profile import Profile, gather

IDS = ["c", "a", "unnamed", "b", "e", "d"]
choices = st.lists(
    st.lists(st.sampled_from([0, 1, 3, 4, 5]), min_size=1, max_size=5, unique=True), max_size=40
)


@pytest.fixture(params=[3, 2**20])
def room(request, monkeypatch):
    """How many entries are worked on at a time."""
    monkeypatch.setattr(profiles, "_AT_ONCE", request.param)


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("kind", [BallotType.APPROVAL, BallotType.ORDINAL])
def test_a_profile_holds_the_ballots_it_is_made_of(kind):
    @given(choices)
    @tried(60)
    def holds(ballots):
        members = array("H", [place for ballot in ballots for place in ballot])
        profile = gather(kind, IDS, [len(ballot) for ballot in ballots], members)
        named = [tuple(IDS[place] for place in ballot) for ballot in ballots]
        expected = Counter(Ballot.of(*one) if kind is BallotType.APPROVAL else Ballot(one) for one in named)
        assert dict(profile.ballots) == expected
        assert profile == Profile.merge(kind, expected)

    holds()


def test_an_array_is_given_up_as_it_is_read():
    members = array("H", [0, 1, 0])
    gather(BallotType.APPROVAL, IDS, [2, 1], members)
    assert not members
