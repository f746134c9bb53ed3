"""The groups.* and rank.* figures: opinion groups against their formulas, at full size, and whom the order serves."""

import resource
import statistics
import time

import numpy as np

from bench.results import Results
from consultations.agora.opinions import AGREE, DISAGREE, PASS, VoteTable, compute, read_votes
from consultations.agora.opinions.consensus import Tally, tally
from consultations.agora.opinions.votes import MISSING
from tests.polis import CONVERSATIONS, read_conversation
from tests.support import SHARED
from tests.unit.consultations.test_opinions import largest_error

PEOPLE, STATEMENTS, VOTES = 20_000, 500, 1_000_000
TOP = 10
HALVES = 10


def large_debate(seed: int) -> VoteTable:
    """A million votes of three camps, as they would be read from the database."""
    chance = np.random.default_rng(seed)
    camp = chance.integers(0, 3, PEOPLE)
    lean = chance.normal(0, 1, (3, STATEMENTS))
    person, statement = np.divmod(chance.choice(PEOPLE * STATEMENTS, VOTES, replace=False), STATEMENTS)
    opinion = lean[camp[person], statement] + chance.normal(0, 0.8, VOTES)
    vote = np.where(opinion > 0.3, AGREE, np.where(opinion < -0.3, DISAGREE, PASS))
    return read_votes(zip(person.tolist(), statement.tolist(), vote.tolist(), strict=True))


def gain_of_default_order(tables: list[VoteTable], halves: int) -> tuple[float, float]:
    """Agreement of the worst-off group with the top ten of the default order and of net votes, mean over tables.

    A random half of the votes makes the groups and both orders, the other half says who agrees.
    """
    ours, net = [], []
    for table in tables:
        pairs = [_held_out(table, seed) for seed in range(halves)]
        ours.append(statistics.fmean(pair[0] for pair in pairs))
        net.append(statistics.fmean(pair[1] for pair in pairs))
    return statistics.fmean(ours), statistics.fmean(net)


def _held_out(table: VoteTable, seed: int) -> tuple[float, float]:
    kept = np.random.default_rng(seed).random(table.values.shape) < 0.5
    seen, unseen = (
        VoteTable(
            table.people, table.statements, np.where(mask, table.values, MISSING).astype(table.values.dtype)
        )
        for mask in (kept, ~kept)
    )
    found = compute(seen)
    judges = tally(unseen.rows(found.counted), found.clusters.labels)
    votes = found.overall.agree[0] - found.overall.disagree[0]
    by_net = np.lexsort((table.statements, -votes)).tolist()
    return _worst_off(judges, found.by_consensus()), _worst_off(judges, by_net)


def _worst_off(judges: Tally, order: list[int]) -> float:
    """The smallest mean agreement of a group with the first ten, over the statements it voted on."""
    top = order[:TOP]
    shares = [
        [agree / seen for agree, seen in zip(row, of, strict=True) if seen]
        for row, of in zip(judges.agree[:, top], judges.seen[:, top], strict=True)
    ]
    return min(statistics.fmean(one) for one in shares if one)


def measure(results: Results) -> None:
    """Take the figures; those on real conversations only where the reference data is."""
    table = large_debate(results.seed)
    started = time.perf_counter()
    compute(table)
    size = f"{PEOPLE} people, {STATEMENTS} statements, {VOTES} votes"
    results.add("groups.big.s", time.perf_counter() - started, "s", size)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    results.add("groups.big.mb", memory, "MB", f"peak of the process, {size}")
    if not SHARED.is_dir():
        for name in ("groups.parity", "rank.worstgroup", "rank.worstgroup.gain"):
            results.add(name, None, "", "the reference data is absent")
        return
    tables = [read_conversation(SHARED, name) for name in CONVERSATIONS]
    results.add(
        "groups.parity", max(largest_error(compute(one)) for one in tables), "", "the formulas, plainly"
    )
    ours, net = gain_of_default_order(tables, HALVES)
    results.add("rank.worstgroup", ours, "", "held-out half of the votes, mean of the conversations", HALVES)
    results.add("rank.worstgroup.gain", ours - net, "", "the same by net votes", HALVES)
