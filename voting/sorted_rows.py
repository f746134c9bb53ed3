"""Rows sorted on disk: a city's ballots are written out in order without ever standing in memory together."""

import heapq
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import IO, Any

#: How many rows are sorted in memory at a time.
CHUNK = 20_000

Row = list[str]


class SortedRows:
    """Rows of text in the order of `key`, counted. A context manager: the files behind it end with it."""

    def __init__(self, rows: Iterable[Row], key: Callable[[Row], Any] | None = None) -> None:
        self.count = 0
        self._key = key
        self._files: list[IO[str]] = []
        waiting = iter(rows)
        while chunk := sorted(islice(waiting, CHUNK), key=key):
            # Ends with `__exit__`, as all of them do.
            file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
            self._files.append(file)
            file.writelines(json.dumps(row) + "\n" for row in chunk)
            self.count += len(chunk)

    def __iter__(self) -> Iterator[Row]:
        for file in self._files:
            file.seek(0)
        return heapq.merge(*(map(json.loads, file) for file in self._files), key=self._key)

    def __enter__(self) -> "SortedRows":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.close()
