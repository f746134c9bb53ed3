"""The voter ids met while a file is read: which of them are new, in a few bytes each."""

from array import array
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

_FIRST_SIZE = 2**12
#: The fullest a table gets: beyond, looking for a free place takes long.
_LOAD = 0.7
_CHUNK = 2**16

Digests = npt.NDArray[np.uint64]


class VoterIds:
    """Plain numbers that only rise, as most files have them, take 8 bytes each; any other id a place in a table of
    digests. Ids are told apart by 128 bits of BLAKE2b: nobody finds two with the same."""

    def __init__(self) -> None:
        self._rising = array("q")
        self._digests: _Digests | None = None

    def __len__(self) -> int:
        return len(self._rising) if self._digests is None else self._digests.count

    def add_new(self, ids: list[str]) -> bool:
        """Add `ids` if all of them are new and none is empty; else False, and nothing is added."""
        if self._digests is None:
            if self._add_rising(ids):
                return True
            self._digests = _Digests()
            for at in range(0, len(self._rising), _CHUNK):
                self._digests.add_new(_digest([str(number) for number in self._rising[at : at + _CHUNK]]))
            self._rising = array("q")
        if "" in ids or len(set(ids)) != len(ids):
            return False
        return self._digests.add_new(_digest(ids))

    def _add_rising(self, ids: list[str]) -> bool:
        if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in ids):
            return False
        numbers = [int(text) for text in ids]
        # "007" is another id than "7", whatever a number says.
        if [str(number) for number in numbers] != ids:
            return False
        last = self._rising[-1] if self._rising else -1
        if any(later <= earlier for earlier, later in pairwise([last, *numbers])):
            return False
        self._rising.extend(numbers)
        return True


def _digest(ids: list[str]) -> Digests:
    """Two words for each id; the second is never 0."""
    raw = b"".join([blake2b(text.encode(), digest_size=16).digest() for text in ids])
    words = np.frombuffer(raw, dtype="<u8").reshape(-1, 2).copy()
    words[:, 1] |= np.uint64(1)
    return words


class _Digests:
    """A set of digests: a table of two columns with open addressing, a free place having 0 in the second."""

    def __init__(self) -> None:
        self.count = 0
        self._table: Digests = np.zeros((_FIRST_SIZE, 2), dtype=np.uint64)

    def add_new(self, words: Digests) -> bool:
        """Add digests, which differ from one another, if none of them is there; else False, and none is added."""
        if self.count + len(words) > _LOAD * len(self._table):
            self._grow(self.count + len(words))
        places = self._free_places(words)
        if places is None:
            return False
        self._put(words, places)
        self.count += len(words)
        return True

    def _free_places(self, words: Digests) -> npt.NDArray[np.intp] | None:
        """The first free place of each on its way, or None when one of them is there."""
        last = len(self._table) - 1
        places: Any = (words[:, 0] & np.uint64(last)).astype(np.intp)
        going = np.arange(len(words))
        while len(going):
            found = self._table[places[going]]
            if (found == words[going]).all(axis=1).any():
                return None
            going = going[found[:, 1] != 0]
            places[going] = (places[going] + 1) & last
        return places

    def _put(self, words: Digests, places: npt.NDArray[np.intp]) -> None:
        """Write digests to their places; of those that come to the same one the others go on."""
        last = len(self._table) - 1
        waiting = np.arange(len(words))
        while len(waiting):
            free = waiting[self._table[places[waiting], 1] == 0]
            self._table[places[free]] = words[free]
            waiting = waiting[(self._table[places[waiting]] != words[waiting]).any(axis=1)]
            places[waiting] = (places[waiting] + 1) & last

    def _grow(self, wanted: int) -> None:
        size = len(self._table)
        while wanted > _LOAD * size:
            size *= 2
        old, self._table = self._table, np.zeros((size, 2), dtype=np.uint64)
        for at in range(0, len(old), _CHUNK):
            words = old[at : at + _CHUNK]
            words = words[words[:, 1] != 0]
            self._put(words, (words[:, 0] & np.uint64(size - 1)).astype(np.intp))
