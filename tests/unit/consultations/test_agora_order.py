"""An argument stands high when it convinces every camp; too few judgements never make a place; copies are found."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.agora.arguing.rules import (
    AGAINST,
    ALIKE,
    FOR,
    UNDECIDED,
    Camp,
    Tally,
    active_camps,
    consensus,
    divisiveness,
    is_known,
    likeness,
    place_of,
    priority,
    speaks_for_an_office,
    stems,
)

camps = st.builds(lambda yes, no: Camp(yes, yes + no), st.integers(0, 60), st.integers(0, 60))
BOTH = (FOR, AGAINST)


def tally(pro: Camp, contra: Camp, unknown: int = 0) -> Tally:
    return Tally({FOR: pro, UNDECIDED: Camp(), AGAINST: contra}, unknown)


def test_one_large_camp_does_not_lift_an_argument_over_one_that_convinces_both() -> None:
    large = tally(Camp(400, 400), Camp(0, 20))
    both = tally(Camp(12, 20), Camp(12, 20))
    assert consensus(both, BOTH) > consensus(large, BOTH)
    assert divisiveness(large, BOTH) > divisiveness(both, BOTH)


@given(pro=camps, contra=camps)
def test_an_argument_that_all_reject_never_stands_over_one_that_some_of_each_accept(
    pro: Camp, contra: Camp
) -> None:
    rejected = tally(Camp(0, max(1, pro.seen)), Camp(0, max(1, contra.seen)))
    accepted = tally(Camp(max(1, pro.yes), max(1, pro.seen)), Camp(max(1, contra.yes), max(1, contra.seen)))
    assert consensus(rejected, BOTH) < consensus(accepted, BOTH)
    assert 0 < consensus(accepted, BOTH) <= 1


@pytest.mark.parametrize(("seen", "known"), [(4, False), (5, True)])
def test_a_place_by_consensus_needs_five_judgements_of_every_camp(seen: int, known: bool) -> None:
    assert is_known(tally(Camp(5, 50), Camp(1, seen)), BOTH) is known


def test_without_a_camp_that_counts_nothing_is_known() -> None:
    assert active_camps({FOR: 4, AGAINST: 5}) == (AGAINST,)
    assert not is_known(tally(Camp(50, 50), Camp(50, 50)), ())
    assert divisiveness(tally(Camp(50, 50), Camp(0, 50)), ()) == 0


def test_what_nobody_has_judged_wants_it_most() -> None:
    fresh, seen = priority(tally(Camp(), Camp())), priority(tally(Camp(20, 20), Camp(20, 20)))
    assert fresh > seen
    assert priority(tally(Camp(5, 10), Camp(), unknown=5)) < priority(tally(Camp(5, 10), Camp(), unknown=0))


@given(st.integers(1, 200), st.integers(1, 200))
def test_every_place_is_given_once(known: int, young: int) -> None:
    places = [place_of(True, rank) for rank in range(1, known + 1)]
    places += [place_of(False, rank) for rank in range(1, young + 1)]
    assert len(set(places)) == len(places)


SAID = "Copiii nu au unde să se plimbe cu bicicleta în cartierul nostru."


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ("Copiii din cartier n-au unde se plimba cu bicicletele!", True),
        ("COPIII NU AU UNDE SA SE PLIMBE CU BICICLETA", True),
        ("Magazinele pierd clienții dacă nu se poate parca duminica.", False),
        ("Copiii trebuie să învețe.", False),
        ("", False),
    ],
)
def test_copies_are_found_whatever_their_endings_and_marks(other: str, alike: bool) -> None:
    assert (likeness(stems(SAID), stems(other)) >= ALIKE) is alike


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert likeness(stems(one), stems(other)) == likeness(stems(other), stems(one))
    assert all(stem.isalnum() for stem in stems(one))


@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("Primăria", True), ("dna. consilier Pop", True), ("ADMIN", True), ("Vice-primar", True),
        ("Vecina de la trei", False), ("Biciclist", False), ("Un om", False),
    ],
)  # fmt: skip
def test_nobody_speaks_for_an_office_under_a_pseudonym(name: str, official: bool) -> None:
    assert speaks_for_an_office(name) is official


def test_the_share_of_nobody_is_a_half() -> None:
    assert consensus(tally(Camp(), Camp()), BOTH) == Fraction(1, 4)
