"""Which voter ids are new: against a plain set, in few bytes, whatever the digests do."""

import random

import pytest

from voting.counting import voter_ids
from voting.counting.voter_ids import VoterIds


def against_a_set(batches):
    found, known = VoterIds(), set()
    for ids in batches:
        new = "" not in ids and len(set(ids)) == len(ids) and known.isdisjoint(ids)
        assert found.add_new(list(ids)) is new, ids[:3]
        known |= set(ids) if new else set()
        assert len(found) == len(known)
    return found


def test_any_ids_in_any_batches_are_told_apart_as_a_set_does():
    rng = random.Random(5)
    for _ in range(60):
        kinds = [
            lambda: str(rng.randrange(3000)),
            lambda: f"{rng.randrange(3000):04d}",
            lambda: rng.choice("abß☃") * rng.randrange(4),
        ]
        rising = iter(range(10_000))
        against_a_set(
            [str(next(rising)) for _ in range(rng.randrange(1, 40))]
            if at < 10
            else [rng.choice(kinds)() for _ in range(rng.randrange(1, 9))]
            for at in range(40)
        )


@pytest.mark.parametrize("first", ["a", "7", "007"])
def test_a_repeated_id_is_found_beside_many_others(first):
    batches = [
        [first],
        *([f"voter {at}-{n}" for n in range(500)] for at in range(60)),
        [first],
        ["voter 59-499"],
    ]
    assert len(against_a_set(batches)) == 30_001


def test_ids_whose_digests_begin_alike_are_not_taken_for_one_another(monkeypatch):
    real = voter_ids._digest

    def crowded(ids):
        words = real(ids)
        words[:, 0] &= 3
        return words

    # Everything wants one of four places, and half of every digest is the same as many others'.
    monkeypatch.setattr(voter_ids, "_digest", crowded)
    against_a_set([[f"{at}-{n}" for n in range(50)] for at in range(30)] + [["1-1"], ["x", "29-49"], ["x"]])


def test_many_ids_of_any_length_take_little_room():
    import tracemalloc

    tracemalloc.start()
    try:
        found = VoterIds()
        for at in range(100):
            assert found.add_new([f"{at:05d}-{n:06d}" + "x" * 100 for n in range(2000)])
        assert tracemalloc.get_traced_memory()[0] < 200_000 * 50
    finally:
        tracemalloc.stop()
