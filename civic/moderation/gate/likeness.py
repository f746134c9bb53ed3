"""Which texts say nearly the same, without keeping the texts. Pure.

Of the letters of a text (`letters.letters`) every run of five is hashed, and the smallest hashes are kept: of two
such sketches the share of common ones says how much of two texts is the same (Broder, "On the resemblance and
containment of documents", 1997). For a text as short as a comment it is exact.
"""

from collections.abc import Sequence
from zlib import crc32

from civic.moderation.gate.letters import letters

RUN, KEPT, KEYS = 5, 64, 16
#: Fewer letters say too little to be called a copy: "De acord!" is written by many.
FEWEST_LETTERS = 30
#: From here on two texts say nearly the same, or the same.
NEAR, SAME = 0.6, 0.97


def sketch(text: str) -> tuple[int, ...]:
    """The smallest hashes of a text's runs of letters, sorted; empty for a text too short to compare.

    >>> sketch("De acord!")
    ()
    """
    row = letters(text)
    if len(row) < FEWEST_LETTERS:
        return ()
    hashes = {crc32(row[at : at + RUN].encode()) - 2**31 for at in range(len(row) - RUN + 1)}
    return tuple(sorted(hashes)[:KEPT])


def keys(of: Sequence[int]) -> tuple[int, ...]:
    """The few hashes of a sketch by which copies are looked for: texts that share none are not alike."""
    return tuple(of[:KEYS])


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """How much of two texts is the same, 0 to 1, by their sketches.

    >>> a = sketch("Câștigă bani ușor de acasă, scrie-mi chiar acum!")
    >>> likeness(a, sketch("CASTIGA   bаni ușor, de acasă; scrie-mi chiar acum")), likeness(a, ())
    (1.0, 0.0)
    """
    if not one or not other:
        return 0.0
    first, second = set(one), set(other)
    smallest = sorted(first | second)[:KEPT]
    return sum(each in first and each in second for each in smallest) / len(smallest)
