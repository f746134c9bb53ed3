"""A fault at every message a cast exchanges with PostgreSQL: the line cut before it or after it, its answer lost, the
session ended by the server; once, or for as long as the voter waits. Then the voter presses again."""

import contextlib
import dataclasses
import random
import time
from collections import Counter
from collections.abc import Iterator

import psycopg
from flask import Flask

from bench.load import Request
from civic.app import create_app
from civic.extensions import limiter
from soak.casting.audit import audit
from soak.casting.faults import Run
from soak.casting.postgres import Cluster, clusters
from soak.casting.proxy import CUT_AFTER, CUT_BEFORE, PASS, SWALLOW, Proxy
from soak.casting.town import Sent, Town, Voter, let_go, make_residents, open_town, settings_for, workshop
from soak.casting.voting import CODE
from voting.ballot_text import tracking_code

ENDED = "ended by the server"
KINDS = (CUT_BEFORE, CUT_AFTER, SWALLOW, ENDED)
#: What a cast may meet: nothing of the voter's, an older ballot, this very ballot, a newer one.
SCENES = ("first", "replacing", "repeated", "superseded")


@dataclasses.dataclass
class Stage:
    """An application that reaches its server through a line that can be cut."""

    app: Flask
    server: Cluster
    line: Proxy
    town: Town


@contextlib.contextmanager
def stage(voters: int) -> Iterator[Stage]:
    """A round under vote, and the line."""
    with workshop() as folder, clusters(folder) as (server,):
        server.create(fsync="off")
        line = Proxy(server.port)
        settings = settings_for(folder, server)
        address = settings.database_url.replace(str(server.port), str(line.port))
        app = create_app(dataclasses.replace(settings, database_url=address))
        limiter.enabled = False
        app.extensions[
            "civic_straight_cast"
        ].seconds = 3600.0  # as it is served: else tests never take the short way
        try:
            yield Stage(app, server, line, open_town(app, make_residents(app, voters)))
        finally:
            line.refusing = True
            line.cut()
            let_go(app)
            line.close()


def press(where: Stage, request: Request) -> tuple[int, str]:
    """Send the form; the status and the page."""
    answer = where.app.test_client(use_cookies=False).open(
        request.path, method="POST", data=request.body, headers=request.headers
    )
    return answer.status_code, answer.get_data(as_text=True)


def every_statement(rounds: int | None, seed: int) -> Run:
    """Every scene, every message, every kind of fault, passing and lasting; `rounds` of them at most, spread evenly."""
    rng = random.Random(seed)
    run = Run(more=Counter(untruthful=0, other_answers=0, twice=0, not_healed=0))
    with stage(voters=40) as where:
        for voter in where.town.voters[:3]:  # the process learns the round, its connections their statements
            for _ in range(2):
                _cast(where, voter, rng)
        points = []
        for scene in SCENES:
            _prepare(where, scene, where.town.voters[3], rng)
            where.line.listen_from_now(lambda _number, _message: PASS)
            _cast(where, where.town.voters[3], rng, scene)
            points += [
                (scene, at, kind, lasting)
                for at in range(where.line.seen) for kind in KINDS for lasting in (False, True)
            ]  # fmt: skip
        run.told["points"] = len(points)
        if rounds is not None and rounds < len(points):
            points = rng.sample(points, rounds)
        for number, point in enumerate(points):
            _try(where, run, where.town.voters[number % len(where.town.voters)], rng, *point)
        with where.server.admin() as admin:
            run.tally = audit(admin, where.town)
    run.felt["noticed"] = run.unconfirmed
    return run


def _cast(where: Stage, voter: Voter, rng: random.Random, scene: str = "first") -> None:
    """One cast without a fault."""
    leaf, request = _form(where, voter, rng, scene)
    status, page = press(where, request)
    if status != 200 or tracking_code(leaf) not in page:
        raise RuntimeError(f"a cast was answered {status}: {page[:800]}")
    _sent(voter, leaf).acknowledged = True


def _sent(voter: Voter, leaf: bytes) -> Sent:
    found = next((sent for sent in voter.sent if sent.leaf == leaf), None)
    if found is None:
        voter.sent.append(found := Sent(leaf, time.time()))
    return found


_forms: dict[int, tuple[bytes, Request]] = {}


def _form(where: Stage, voter: Voter, rng: random.Random, scene: str) -> tuple[bytes, Request]:
    """The form of a scene: a new one, or the one that `_prepare` kept."""
    if scene in ("repeated", "superseded"):
        return _forms[voter.person_id]
    return where.town.form(voter, where.town.choices(rng))


def _prepare(where: Stage, scene: str, voter: Voter, rng: random.Random) -> None:
    """What the scene asks to have happened before."""
    if scene == "first":
        # A voter of whom there is nothing: what there is leaves the box as if it had never been.
        with where.server.admin() as admin:
            admin.execute("DELETE FROM ballot_box WHERE nym = %s", [voter.nym])
            leaves = [sent.leaf for sent in voter.sent]
            admin.execute("DELETE FROM cast_log WHERE leaf = ANY(%s) OR target = ANY(%s)", [leaves, leaves])
        voter.sent.clear()
        return
    _cast(where, voter, rng)
    if scene == "replacing":
        return
    leaf, request = where.town.form(voter, where.town.choices(rng))
    status, _page = press(where, request)
    if status != 200:
        raise RuntimeError(f"a cast was answered {status}")
    _sent(voter, leaf).acknowledged = True
    _forms[voter.person_id] = (leaf, request)
    if scene == "superseded":
        _cast(where, voter, rng)


def _try(
    where: Stage, run: Run, voter: Voter, rng: random.Random, scene: str, at: int, kind: str, lasting: bool
) -> None:
    """One point: the fault, what the voter is told, what the box holds, and pressing again."""
    _prepare(where, scene, voter, rng)
    before = _ballots(where, voter)
    leaf, request = _form(where, voter, rng, scene)
    sent = _sent(voter, leaf)
    fired = False

    def verdict(number: int, _message: bytes) -> str:
        nonlocal fired
        if fired or number != at:
            return PASS
        fired = True
        where.line.refusing = lasting
        if kind == ENDED:
            with where.server.admin() as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'civic'"
                )
            return PASS
        return kind

    where.line.listen_from_now(verdict)
    status, page = press(where, request)
    where.line.listen_from_now(lambda _number, _message: PASS)
    where.line.refusing = False
    run.faults += 1
    run.unconfirmed += status == 503
    run.more["other_answers"] += status not in (200, 503)
    if status not in (200, 503):
        run.told[f"{status} at {scene} {kind} {at}"] = 1
    _settled(where)
    kept = _ballots(where, voter)
    run.more["twice"] += max(0, len(kept) - len(before) - 1)
    if status == 200:
        found = CODE.search(page)
        sent.acknowledged = True
        run.more["untruthful"] += leaf not in kept or found is None or found[1] != tracking_code(leaf)
    # Whatever was said: pressing again gives the receipt of the same ballot, once.
    status, page = press(where, request)
    found = CODE.search(page)
    if status != 200 or found is None or found[1] != tracking_code(leaf):
        run.more["not_healed"] += 1
    else:
        sent.acknowledged = True
    run.more["twice"] += max(0, len(_ballots(where, voter)) - len({*before, leaf}))


def _ballots(where: Stage, voter: Voter) -> list[bytes]:
    leaves = [sent.leaf for sent in voter.sent]
    with where.server.admin() as admin:
        return [
            bytes(leaf)
            for (leaf,) in admin.execute(
                "SELECT leaf FROM cast_log WHERE kind = 'ballot' AND leaf = ANY(%s)", [leaves]
            )
        ]


def _settled(where: Stage) -> None:
    """Until no session of the application is in the middle of something."""
    give_up = time.monotonic() + 10
    with where.server.admin() as admin:
        while _busy(admin):
            if time.monotonic() > give_up:
                raise RuntimeError("a session of the application does not end")
            time.sleep(0.005)


def _busy(admin: psycopg.Connection) -> bool:
    return (
        admin.execute(
            "SELECT 1 FROM pg_stat_activity WHERE application_name = 'civic' AND state NOT IN ('idle') LIMIT 1"
        ).fetchone()
        is not None
    )
