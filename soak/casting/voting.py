"""People voting at the same time over HTTP: each sends a form until it is answered, or walks away unanswered."""

import contextlib
import http.client
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.load import Request
from soak.casting.town import Sent, Town, Voter
from voting.ballot_text import tracking_code

CODE = re.compile(r'class="tracking-code"><strong>([^<]+)<')
#: How often somebody who was not answered leaves, and comes back another time with other choices.
WALKS_AWAY = 0.1
PAUSE_SECONDS = 0.2


class Browser:
    """One browser's connection, opened again when it broke."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def send(self, wanted: Request) -> tuple[int, str]:
        """The status and the page; 0 when there was no answer, or half of one."""
        try:
            self._connection.request(wanted.method, wanted.path, wanted.body, wanted.headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return 0, ""

    def close(self) -> None:
        """Let go."""
        self._connection.close()


@dataclass
class Crowd:
    """Clients that vote until they are told to stop; what they saw."""

    town: Town
    port: int
    seed: int
    clients: int = 8
    #: statuses that tell a client that the vote is over for it
    over: tuple[int, ...] = ()
    statuses: Counter[int] = field(default_factory=Counter)
    wrong_codes: int = 0
    #: when each receipt's form was first sent, and when the receipt came (monotonic)
    receipts: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.errors: list[BaseException] = []

    @property
    def acknowledged(self) -> int:
        """Receipts so far."""
        return len(self.receipts)

    @contextlib.contextmanager
    def voting(self) -> Iterator["Crowd"]:
        """The clients vote during the block; afterwards everybody still waiting is answered first."""
        threads = [threading.Thread(target=self._client, args=(at,)) for at in range(self.clients)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self.errors:
            raise self.errors[0]

    def wait_for(self, more: int, seconds: float = 60.0) -> None:
        """Until so many more receipts were given."""
        wanted, give_up = self.acknowledged + more, time.monotonic() + seconds
        while self.acknowledged < wanted:
            if self.errors or time.monotonic() > give_up:
                raise RuntimeError(f"the vote does not go on: {dict(self.statuses)} {self.errors[:1]}")
            time.sleep(0.005)

    def _client(self, at: int) -> None:
        rng = random.Random(self.seed * 1000 + at)
        browser = Browser(self.port)
        try:
            mine = self.town.voters[at :: self.clients]
            while not self._stop.is_set() and self._vote(browser, rng, rng.choice(mine)):
                pass
        except BaseException as error:
            self.errors.append(error)
        finally:
            browser.close()

    def _vote(self, browser: Browser, rng: random.Random, voter: Voter) -> bool:
        """One form, sent until it is answered; False when the vote is over."""
        leaf, request = self.town.form(voter, self.town.choices(rng))
        sent, began = Sent(leaf, time.time()), time.monotonic()
        voter.sent.append(sent)
        give_up = began + 120
        while True:
            status, page = browser.send(request)
            with self._lock:
                self.statuses[status] += 1
            if status == 200:
                found = CODE.search(page)
                sent.acknowledged = True
                with self._lock:
                    self.wrong_codes += found is None or found[1] != tracking_code(leaf)
                    self.receipts.append((began, time.monotonic()))
                return True
            if status in self.over:
                return False
            if status not in (0, 503):
                raise RuntimeError(f"a cast was answered {status}: {page[:1500]}")
            if rng.random() < WALKS_AWAY and not self._stop.is_set():
                return True
            if time.monotonic() > give_up:
                raise RuntimeError("a form was not answered for two minutes")
            time.sleep(PAUSE_SECONDS * rng.random())
