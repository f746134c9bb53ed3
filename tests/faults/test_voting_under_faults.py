"""The fault campaigns of casting in small: the same code as `make soak`, on one installation with real web processes."""

from collections.abc import Iterator

import pytest

from soak.casting import ending, faults, forms
from soak.casting.faults import Run
from soak.casting.town import Site, site


@pytest.fixture(scope="module")
def town_hall() -> Iterator[Site]:
    """One installation for all of these; each campaign has a round of its own."""
    with site(workers=2) as made:
        yield made


def clean(run: Run) -> None:
    """Nothing happened that must not, and something happened at all."""
    assert run.wrong == {}, run
    assert run.faults, run
    assert run.tally.acknowledged, run


def test_a_form_sent_several_times_at_once_is_one_ballot(town_hall: Site) -> None:
    run = forms.double_submit(town_hall, 60, seed=1)
    clean(run)
    assert run.faults >= 120


def test_every_wrong_form_is_refused_with_a_sentence(town_hall: Site) -> None:
    run = forms.stale_forms(town_hall, 48, seed=1)
    clean(run)
    assert not run.told, run


def test_what_arrives_while_a_round_is_closed_is_counted_or_refused(town_hall: Site) -> None:
    clean(ending.close_under_load(town_hall, 2, seed=1))


def test_web_processes_killed_lose_no_ballot(town_hall: Site) -> None:
    run = faults.killed_workers(town_hall, 4, seed=1)
    clean(run)
    assert run.broken, "the kills were noticed"


def test_a_database_killed_loses_no_ballot(town_hall: Site) -> None:
    run = faults.killed_database(town_hall, 3, seed=1)
    clean(run)
    assert run.unconfirmed, "the crashes were noticed"
