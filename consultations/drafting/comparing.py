"""What changed between two published editions, worked out once for as many readers as ask.

Published editions never change, so a difference holds for good. PostgreSQL works it out from the sections' numbers;
a web process keeps the numbers of the last ones, never their texts, and reads the texts of one page.
"""

import threading
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from consultations.drafting import queries
from consultations.drafting.models import Edition

#: Differences kept by a process; of the longest texts one is a quarter of a megabyte.
KEPT = 64

_Key = tuple[int, datetime | None, int, datetime | None]


@dataclass(frozen=True)
class Change:
    """A section that is new, gone or worded otherwise: its number, and both wordings."""

    key: int
    old: str
    new: str

    @property
    def kind(self) -> str:
        """`added`, `removed` or `changed`."""
        if not self.old:
            return "added"
        return "changed" if self.new else "removed"


@dataclass(frozen=True)
class Difference:
    """The numbers of the sections that differ, in the order of the newer text, and how many stayed as they were."""

    keys: "array[int]"
    unchanged: int


_kept: OrderedDict[_Key, Difference] = OrderedDict()
# One at a time: a crowd that asks for the same difference makes the database work it out once.
_lock = threading.Lock()


def difference(before: Edition, after: Edition) -> Difference:
    """What differs between two published editions."""
    key = (before.id, before.published_at, after.id, after.published_at)
    with _lock:
        found = _kept.get(key)
        if found is None:
            changed, worded = queries.list_changed(before.id, after.id)
            found = Difference(array("l", changed), queries.count_sections(after.id) - worded)
            _kept[key] = found
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
    return found


def changes(before: Edition, after: Edition, first: int, most: int) -> list[Change]:
    """Some of what differs, from the `first` on, with both wordings."""
    keys = list(difference(before, after).keys[first : first + most])
    old, new = queries.list_texts(before.id, keys), queries.list_texts(after.id, keys)
    return [Change(key, old.get(key, ""), new.get(key, "")) for key in keys]
