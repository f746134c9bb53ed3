"""The attack after the close: somebody with every right on the database server, who also watched people come and go,
looks for the order in which ballots arrived, and with it for who cast which."""

import random
import re
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from civic import clock, database
from soak.casting.audit import audit
from soak.casting.ending import audit_closed
from soak.casting.faults import Run
from soak.casting.postgres import Cluster
from soak.casting.town import Sent, Site, Town
from soak.casting.traces import (
    LEAST,
    compare,
    end_sessions,
    fingerprints,
    in_bytes,
    in_dump,
    in_files,
    in_tables,
    in_text,
    written,
)  # fmt: skip
from soak.casting.voting import Browser
from voting import closing
from voting.ballot_text import tracking_code

#: One in so many changes their mind.
AGAIN = 20
#: A random order puts one at its real place, on average; ten are as good as impossible.
BY_CHANCE = 9
#: How the write-ahead log of the voting period is destroyed, once the box was dropped (docs/ballots.md).
DESTROY_LOG = Path(__file__).parents[2] / "docs" / "destroy-log.sql"


def linkage(site: Site, voters: int, seed: int, clients: int = 8) -> Run:
    """Everybody votes once in a random order, some twice; the round is closed; then every trace is read."""
    rng, (server,) = random.Random(seed), site.servers
    town = site.town(voters)
    run = Run(faults=voters, more=Counter(secrets_in_logs=0))
    order = rng.sample(range(voters), voters)
    order += rng.sample(order[: voters // 2], voters // AGAIN)
    # A vacuum at such a moment takes away marks of locks that are over: rows would differ that nobody wrote.
    _commands(server, "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
    with server.admin() as admin:
        end_sessions(admin)
        before, counted = fingerprints(admin), written(admin)
        forms = cast_in_order(site, town, order, rng, clients)
        after = fingerprints(admin)
        end_sessions(admin)
        own = {f"{table}_round_{town.round_id}" for table in ("ballot_box", "cast_log")}
        # How often each part of the site was opened on a day: a count for all, written every few seconds.
        counts = {"visit_count"}
        changed = {name for name in after if after[name] != before.get(name)} - counts
        run.felt["box_and_log_written"] = own <= changed
        run.more |= {f"written: {name}": 1 for name in changed - own}
        now = written(admin)
        run.more |= {
            f"rows counted: {name}": now[name] - counted.get(name, 0) for name in now.keys() - own - counts
        }
        run.tally = audit(admin, town)

    arrival = {voter.sent[-1].leaf: voter.sent[-1].began for voter in town.voters}
    real = {leaf: place for place, leaf in enumerate(sorted(arrival, key=arrival.__getitem__))}
    people = {voter.person_id: real[voter.sent[-1].leaf] for voter in town.voters}
    nyms = {voter.nym: people[voter.person_id] for voter in town.voters}
    run.told["heap_before_close"] = _heap(server, town, real)

    engine = database.owner_engine(site.app.config["SETTINGS"])
    try:
        with site.app.app_context():
            closing.close_round(town.round_id, clock.now() + timedelta(days=2), engine=engine)
    finally:
        engine.dispose()
    run.tally.add(audit_closed(site, town, time.time()))
    with server.admin() as admin:
        admin.execute("CHECKPOINT")
    kept = in_files(server.folder / "pg_wal", real)
    run.told["log_kept"] = abs(compare(kept.get("write-ahead log", []), real).rho)
    run.felt["attack_finds_the_order"] = run.told["heap_before_close"] > 0.5 and run.told["log_kept"] > 0.8
    run.told["log_recycled"] = _recycled(server, real)
    _commands(server, *re.split(r";\n(?=\S)", DESTROY_LOG.read_text().strip()))

    for name, found, truth in _sources(site, server, real, people, nyms):
        match = compare(found, truth)
        run.told["sources"] = run.told.get("sources", 0) + (len(found) >= LEAST)
        run.told["largest_correlation"] = max(run.told.get("largest_correlation", 0), abs(match.rho))
        run.told["most_relinked"] = max(run.told.get("most_relinked", 0), match.placed)
        run.told["advantage"] = max(run.told.get("advantage", 0), match.advantage)
        if abs(match.rho) > match.bound or match.placed > BY_CHANCE:
            run.more[f"linked by {name}"] = 1
    run.told["chance_goes_to"] = compare(list(real), real).bound
    run.told["pseudonyms_left"] = len(
        {one for order_ in in_files(server.folder, nyms).values() for one in order_}
    )
    with server.admin() as admin:
        lengths = admin.execute("SELECT count(DISTINCT length(sealed)) FROM closed_leaf").fetchone()
    run.more["other_ciphertext_lengths"] = (lengths[0] if lengths else 0) - 1
    run.more["secrets_in_logs"] = _secrets_in_logs(site, server, town, forms)
    return run


def cast_in_order(site: Site, town: Town, order: list[int], rng: random.Random, clients: int) -> list[bytes]:
    """Cast a ballot of each voter in turn, by some connections at once; the bodies that were sent. When a voter's
    receipt came is kept as the time of their ballot."""
    queue = [(at, town.choices(rng)) for at in reversed(order)]
    lock, bodies, errors = threading.Lock(), [], []
    busy: set[int] = set()

    def client() -> None:
        browser = Browser(site.web.port)
        try:
            while not errors:
                with lock:
                    if not queue:
                        return
                    at, choices = queue.pop()
                while True:  # their first ballot may still be on its way
                    with lock:
                        if at not in busy:
                            busy.add(at)
                            break
                    time.sleep(0.01)
                leaf, request = town.form(town.voters[at], choices)
                status = 503
                while status in (0, 503):
                    status, page = browser.send(request)
                if status != 200:
                    raise RuntimeError(f"a cast was answered {status}: {page[:500]}")
                with lock:
                    town.voters[at].sent.append(Sent(leaf, time.time(), True))
                    busy.discard(at)
                    bodies.append(request.body or b"")
        except BaseException as error:
            errors.append(error)
        finally:
            browser.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if errors:
        raise errors[0]
    return bodies


def _heap(server: Cluster, town: Town, real: dict[bytes, int]) -> float:
    """That the attack works: before the close the log's own order is the order of arrival. Its transactions always
    tell; the rows' places not where several sessions each fill a page of their own."""
    with server.admin() as admin:
        found = in_tables(admin, real, "bytea")
    log = f"cast_log_round_{town.round_id}.leaf"
    return max(abs(compare(found[f"{log} by {how}"], real).rho) for how in ("place", "transaction"))


def _recycled(server: Cluster, real: dict[bytes, int]) -> float:
    """What the log still tells when nothing is done but to let it go: old segments wait under new names."""
    _commands(
        server,
        "ALTER SYSTEM SET wal_keep_size = 0",
        "SELECT pg_reload_conf()",
        "SELECT pg_switch_wal()",
        "CHECKPOINT",
    )
    time.sleep(0.5)
    _commands(server, "CHECKPOINT")
    return abs(compare(in_files(server.folder / "pg_wal", real).get("write-ahead log", []), real).rho)


def _commands(server: Cluster, *commands: str) -> None:
    with server.admin() as admin:
        for command in commands:
            admin.execute(command)  # type: ignore[call-overload]


def _sources(
    site: Site, server: Cluster, leaves: dict[bytes, int], people: dict[int, int], nyms: dict[bytes, int]
) -> list[tuple[str, list[Any], dict[Any, int]]]:
    """Every place where an order can be read after the close: of leaves, of people, of pseudonyms."""
    found: list[tuple[str, list[Any], dict[Any, int]]] = []
    with server.admin() as admin:
        found += [(name, order, leaves) for name, order in in_tables(admin, leaves, "bytea").items()]
        found += [
            (name, order, people)
            for name, order in in_tables(admin, people, "integer", "^(voter|person)_id$").items()
        ]
    found.append(("dump", in_dump(server, leaves), leaves))
    for wanted in (leaves, nyms):
        found += [(name, order, wanted) for name, order in in_files(server.folder, wanted).items()]
        found += [
            (name, order, wanted) for name, order in in_files(site.folder / "data", wanted, "data/").items()
        ]
    said = site.log.read_bytes()
    found.append(("application's log", in_text(said, leaves), leaves))
    found.append(("application's log", in_bytes(said, leaves), leaves))
    return found


def _secrets_in_logs(site: Site, server: Cluster, town: Town, bodies: list[bytes]) -> int:
    """Codes, pseudonyms, form ids, sessions and choices in what PostgreSQL and the web processes said."""
    said = set(re.findall(rb"[\w.%-]{2,}", site.log.read_bytes() + server.log.read_bytes()))
    secrets = [code.encode() for code in town.plan.projects]
    for voter in town.voters:
        secrets += [voter.nym.hex().encode(), voter.cookie.encode()]
        for sent in voter.sent:
            secrets += [sent.leaf.hex().encode(), tracking_code(sent.leaf).encode()]
    for body in bodies:
        fields = (part.partition(b"=") for part in body.split(b"&"))
        secrets += [value for name, _equals, value in fields if name in (b"form_id", b"ballot", b"signature")]
    return sum(secret in said for secret in secrets)
