"""Votes over HTTP while what serves them is killed: web processes, the database, the primary of two servers."""

import contextlib
import random
import time
from dataclasses import dataclass, field

import psutil

from soak.casting.audit import Tally, audit
from soak.casting.postgres import Cluster, clusters
from soak.casting.town import Site, serving, workshop
from soak.casting.voting import Crowd

#: Enough that people vote again all the time, and few enough that every one of them is audited often.
VOTERS = 200
#: Receipts between two faults, so that every fault hits a vote that goes on.
BETWEEN = 12


@dataclass
class Run:
    """A campaign that is over: its faults, what the clients saw, what the audit found."""

    faults: int = 0
    tally: Tally = field(default_factory=Tally)
    #: answers that never came, "not confirmed yet" pages
    broken: int = 0
    unconfirmed: int = 0
    #: what only this campaign asks; each must be 0
    more: dict[str, int] = field(default_factory=dict)
    #: what shows that the campaign met what it is about; where one is 0 it proves nothing, and fails
    felt: dict[str, float] = field(default_factory=dict)
    #: figures that tell something and fail nothing
    told: dict[str, float] = field(default_factory=dict)

    def over(self, crowd: Crowd, server: Cluster) -> "Run":
        """The same with what the clients saw and what the audit finds."""
        self.broken, self.unconfirmed = crowd.statuses[0], crowd.statuses[503]
        self.more["wrong_codes"] = crowd.wrong_codes
        self.felt["interrupted"] = self.broken + self.unconfirmed
        with server.admin() as admin:
            self.tally = audit(admin, crowd.town)
        return self

    @property
    def wrong(self) -> dict[str, int]:
        """Everything that must not be and everything that did not happen, by name; empty when all is right."""
        missing = {f"no {name}": not met for name, met in self.felt.items()}
        asked = {**self.tally.wrong, **self.more, **missing}
        return {name: int(count) for name, count in asked.items() if count}

    @property
    def failures(self) -> int:
        """How much is wrong."""
        return sum(self.wrong.values())


def killed_workers(site: Site, kills: int, seed: int, clients: int = 8) -> Run:
    """SIGKILL for one web process after the other, at random moments of a vote that goes on."""
    rng, run, town = random.Random(seed), Run(), site.town(VOTERS)
    crowd = Crowd(town, site.web.port, seed, clients)
    with crowd.voting():
        while run.faults < kills:
            crowd.wait_for(BETWEEN)
            time.sleep(rng.random() * 0.05)
            workers = site.web.workers()
            if not workers:
                continue
            with contextlib.suppress(psutil.NoSuchProcess):
                rng.choice(workers).kill()
                run.faults += 1
    return run.over(crowd, site.servers[0])


def killed_database(site: Site, kills: int, seed: int, clients: int = 8) -> Run:
    """PostgreSQL crashed under the vote: an immediate shutdown, or SIGKILL for its first process or for all."""
    rng, run, town = random.Random(seed), Run(), site.town(VOTERS)
    (server,) = site.servers
    crowd = Crowd(town, site.web.port, seed, clients)
    with crowd.voting():
        while run.faults < kills:
            crowd.wait_for(5 * BETWEEN)
            time.sleep(rng.random() * 0.2)
            how = ("immediate", "first", "all")[run.faults % 3]
            if how == "immediate":
                server.stop("immediate")
            else:
                server.kill(everything=how == "all")
            server.start()
            run.faults += 1
    return run.over(crowd, server)


def failover(times: int, seed: int, clients: int = 8, synchronous: bool = True) -> Run:
    """The primary of two servers killed under the vote, its synchronous standby promoted, the dead one rebuilt as the
    standby of the other; meanwhile nothing may be confirmed.

    Not `synchronous`, as a city should not do it: then the audit must find what was lost.
    """
    rng, run, alone = random.Random(seed), Run(), 0
    names = "*" if synchronous else ""
    with workshop() as folder, clusters(folder, 2) as servers:
        primary, standby = servers
        primary.create(max_wal_senders="10", wal_keep_size="64MB")
        with serving(folder, servers, 2) as site:
            town = site.town(VOTERS)
            with primary.admin() as admin:  # before the copy, which takes the setting along
                admin.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")  # type: ignore[call-overload]
                admin.execute("SELECT pg_reload_conf()")
            standby.follow(primary)
            standby.start()
            primary.until_streamed()
            crowd = Crowd(town, site.web.port, seed, clients)
            with crowd.voting():
                while run.faults < times:
                    crowd.wait_for(5 * BETWEEN)
                    time.sleep(rng.random() * 0.3)
                    primary.kill(everything=rng.random() < 0.5)
                    standby.promote()
                    promoted = time.monotonic()
                    standby, primary = primary, standby
                    time.sleep(rng.random())
                    standby.follow(primary)
                    before = time.monotonic()
                    standby.start()
                    primary.until_streamed()
                    alone += sum(promoted < began and came < before for began, came in crowd.receipts)
                    run.faults += 1
            run.more["confirmed_without_standby"] = alone
            return run.over(crowd, primary)
