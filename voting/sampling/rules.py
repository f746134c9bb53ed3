"""Drawing a sample, and what it says about all of them. Plain values in, plain values out."""

import hashlib
from collections.abc import Iterable
from math import comb

#: How sure the reading of a sample is meant to be.
CONFIDENCE = 0.95
OUTCOMES = ("confirmed", "not_found", "false")


def drawn(seed: str, people: Iterable[int], size: int) -> list[int]:
    """The sample: the `size` people whose SHA-256 of `seed|person` comes first. The same for the same roll."""

    def place(person: int) -> bytes:
        return hashlib.sha256(f"{seed}|{person}".encode()).digest()

    return sorted(set(people), key=lambda person: (place(person), person))[:size]


def share_at_most(checked: int, wrong: int) -> float:
    """The largest share of wrong declarations among all that is believable, with 95 % confidence, after so many
    checks (Clopper and Pearson's one-sided bound; sampling without replacement only makes it smaller).

    >>> round(share_at_most(99, 0), 3), round(share_at_most(299, 0), 3)
    (0.03, 0.01)
    """
    if not checked or wrong >= checked:
        return 1.0
    low, high = wrong / checked, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, checked, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, checked: int, share: float) -> float:
    """How likely it is to meet no more than so many wrong ones."""
    return sum(comb(checked, n) * share**n * (1 - share) ** (checked - n) for n in range(wrong + 1))
