"""A small closed-loop HTTP load: N connections, each sending its next request when the last was answered."""

import http.client
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass
class Request:
    """One request to make."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Measurement:
    """What a round of load gave: answers a second, and each answer's seconds."""

    rate: float
    seconds: list[float]

    def percentile(self, share: float) -> float:
        """The answer time that `share` of the answers stayed under, in milliseconds."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class UnexpectedStatus(Exception):
    """A request was answered with another status than it should."""


def drive(
    port: int,
    next_request: Callable[[], Request | None],
    *,
    seconds: float,
    concurrency: int = 4,
    expect: int = 200,
    rate: float | None = None,
) -> Measurement:
    """Load the server for `seconds`, at full speed or at `rate` requests a second in all.

    `next_request` is called under a lock; None ends the load early. Raises UnexpectedStatus.
    """
    lock, times, failures = threading.Lock(), [], []
    deadline = time.perf_counter() + seconds

    def worker() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < deadline and not failures:
            with lock:
                wanted = next_request()
            if wanted is None:
                return
            started = time.perf_counter()
            connection.request(wanted.method, wanted.path, wanted.body, wanted.headers)
            answer = connection.getresponse()
            content = answer.read()
            taken = time.perf_counter() - started
            if answer.status != expect:
                failures.append(
                    f"{wanted.method} {wanted.path}: {answer.status}\n{content[:2000].decode(errors='replace')}"
                )
                return
            times.append(taken)
            if rate:
                time.sleep(max(0.0, concurrency / rate - taken))

    started = time.perf_counter()
    threads = [threading.Thread(target=worker) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise UnexpectedStatus(failures[0])
    return Measurement(len(times) / (time.perf_counter() - started), times)


def insert_ratios(
    product: int, bare: int, ready: Iterator[Request], rounds: int, a_round: int, *, seconds: float
) -> tuple[list[float], list[float]]:
    """Rounds of so many requests each against bare inserts for `seconds`: the ratios, and the requests a second.

    Bare, product, bare: each round stands between two of the bare view, so that a machine that slows down meanwhile
    slows both.
    """

    def insert() -> float:
        return drive(bare, lambda: Request("/insert", "POST"), seconds=seconds).rate

    ratios, rates = [], []
    before = insert()
    for _round in range(rounds):
        batch = itertools.islice(ready, a_round)
        rates.append(drive(product, lambda batch=batch: next(batch, None), seconds=120).rate)
        after = insert()
        ratios.append(2 * rates[-1] / (before + after))
        before = after
    return ratios, rates
