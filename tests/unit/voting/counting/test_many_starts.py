"""Real elections counted from many starts at once, against exact money from each of them."""

import random
from fractions import Fraction

import pytest

from tests.unit.voting.counting.effort import SEED, amount, tally
from voting.counting.completion import starting_money
from voting.counting.contest import prepare
from voting.counting.electorate import electorate
from voting.counting.equal_shares import run_equal_shares
from voting.counting.many_starts import run_many
from voting.counting.pabulib import read_pabulib
from voting.counting.rules import Satisfaction, Start
from voting.counting.ties import TieBreak

from .test_shared_data import DATA, index_rows

pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no reference data in {DATA} (set CIVIC_SHARED_DATA)"),
]


def random_starts(rng, contest, count):
    """Starts from half to four times a voter's share, some a whole increment apart, and the share itself."""
    share = starting_money(contest, Start.EXACT)
    found = [share]
    while len(found) < count:
        found.append(share * Fraction(rng.randrange(500, 4000), 1000))
        found.append(found[-1] + contest.scale)
    return rng.sample(found[:count], count)


@pytest.mark.parametrize("row", [pytest.param(r, id=r["file"]) for r in index_rows()])
def test_many_starts_at_once_give_what_exact_money_gives_from_each(row):
    with (DATA / row["file"]).open("rb") as handle:
        file = read_pabulib(handle)
    contest = prepare(file.instance, file.profile, TieBreak())
    ranks = contest.tie_ranks()
    name = f"many_starts:{SEED}:{row['file']}"
    rng, told, tried = random.Random(name), 0, 0
    for satisfaction in Satisfaction:
        if satisfaction is Satisfaction.POINTS and file.profile.points is None:
            continue
        voters = electorate(contest, satisfaction)
        candidates = [project for project in contest.projects if voters.units[project]]
        starts = random_starts(rng, contest, amount(6, 0.02))
        for start, winners in zip(starts, run_many(contest, voters, starts, candidates, ranks), strict=True):
            tried += 1
            if winners is not None:
                told += 1
                exact = run_equal_shares(contest, voters, start, candidates, ranks)
                assert winners == exact.winners, (name, satisfaction, start)
    # A method that always gave up would be right, and of no use.
    assert 2 * told > tried
    tally("many_starts", tried)
