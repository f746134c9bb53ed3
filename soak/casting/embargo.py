"""Two worlds that differ in nothing but what people chose: until results are public nobody may tell them apart."""

import contextlib
import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest import mock
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import create_engine

from bench.voters import session_cookie
from civic import clock, database
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.database import OWNER_ROLE
from civic.embedded import EmbeddedServer
from civic.extensions import db
from civic.logs import JsonFormatter
from civic.rounds.models import Round
from soak.casting.faults import Run
from soak.casting.town import Sent, Town, make_residents, open_town, workshop
from soak.casting.voting import CODE
from tests.factories import make_account
from tests.support import clone_database, close_connections, make_app, make_settings
from voting import closing, round_queries

VOTERS = 30
ROLES = ("staff", "moderator", "clerk", "auditor", "administrator")
#: Steps of the close after each of which the worlds are compared again.
STEPS = ("closed", "copied", "opened", "counted")
#: What differs between any two answers: tokens, signatures, forms, hashes (a leaf hides what it is of), and the drawn
#: names that tie a button to the reason it cannot be pressed.
TOKENS = re.compile(
    r'(?:name|content)="(?:csrf_token|form_id|ballot|signature)"[^>]*>|value="[\w.=-]{40,}"|[0-9a-f]{64}|[\w/+]{43}='
    r'|<meta name="csrf[^>]*>|(?<=")why-[0-9a-f]{8}(?=")'
)
LINK = re.compile(r'(?:href|src|hx-get)="(/[^"#]*)')


@dataclass
class World:
    """One of the two."""

    app: Flask
    town: Town
    readers: dict[str, str]
    said: list[str] = field(default_factory=list)
    now: datetime = field(default_factory=clock.now)


class Ear(logging.Handler):
    """Everything the application says at any level, without the time."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.DEBUG)
        self.world = world

    def emit(self, record: logging.LogRecord) -> None:
        """Note the line."""
        line = JsonFormatter().format(record)
        line = re.sub(r'"(at|request_id)": "[^"]*",? ?|"ms": [\d.]+,? ?', "", line)
        self.world.said.append(TOKENS.sub("", line))


@contextlib.contextmanager
def listening(world: World) -> Iterator[None]:
    """The world's log while the block runs."""
    ear = Ear(world)
    names = ("civic", "voting", "proposals", "consultations")
    for name in names:
        logging.getLogger(name).addHandler(ear)
    try:
        yield
    finally:
        for name in names:
            logging.getLogger(name).removeHandler(ear)


@contextlib.contextmanager
def template_server() -> Iterator[tuple[EmbeddedServer, Path]]:
    """A server with a migrated template, for a campaign on its own."""
    with workshop() as folder:
        server = EmbeddedServer(folder / "pg")
        try:
            server.ensure_database("civic_template")
            engine = create_engine(server.url(OWNER_ROLE, "civic_template"))
            database.upgrade(engine)
            engine.dispose()
            yield server, folder
        finally:
            server.stop()


def embargo(server: EmbeddedServer, folder: Path, pages: int, every_step: bool = True) -> Run:
    """Vote in both worlds, read so many pages as everybody in each phase, and compare all answers and all logs."""
    run = Run(more=Counter(pages_that_tell=0, logs_that_tell=0))
    names = [clone_database(server)]
    worlds: list[World] = []
    try:
        first = make_app(make_settings(server, folder, names[0]))
        worlds.append(_begin(first))
        close_connections(first)
        names.append(f"{names[0]}_b")
        with server.admin() as admin:
            admin.execute(f"CREATE DATABASE {names[1]} TEMPLATE {names[0]} OWNER {OWNER_ROLE}")  # type: ignore[call-overload]
        second = make_app(make_settings(server, folder, names[1]))
        town = worlds[0].town
        other = Town(
            second, second.config["SETTINGS"], town.round_id, town.slug, town.name, town.plan, town.keys,
            town.line, [type(voter)(voter.person_id, voter.account, voter.cookie, voter.nym) for voter in town.voters], town.csrf,
        )  # fmt: skip
        worlds.append(World(second, other, worlds[0].readers, now=worlds[0].now))
        _compare(run, worlds, lambda world: _vote(world, world is worlds[0]))
        _compare(run, worlds, lambda world: crawl(world, pages))
        for world in worlds:
            world.now += timedelta(hours=1.5)
        _compare(run, worlds, lambda world: crawl(world, pages))
        for world in worlds:
            world.now += timedelta(hours=1)
        done: list[str] = []
        for step in STEPS if every_step else STEPS[-1:]:
            todo = [one for one in closing.STEPS[: closing.STEPS.index(step) + 1] if one not in done]
            for world in worlds:
                _close(world, todo)
            done += todo
            _compare(run, worlds, lambda world: crawl(world, pages))
        told = [_results(world) for world in worlds]
        run.felt["results_differ"] = told[0] != told[1]
        run.tally.sent = run.tally.acknowledged = 2 * VOTERS
    finally:
        for world in worlds:
            close_connections(world.app)
        with server.admin() as admin:
            for name in names:
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
    return run


def _begin(app: Flask) -> World:
    """The round, the voters, and somebody of every role."""
    with app.app_context():
        residents = make_residents(app, VOTERS)
    town = open_town(app, residents, validation=timedelta(hours=1), closes_in=timedelta(hours=1))
    readers = {"nobody": "", "a voter": town.voters[0].cookie, "who has not voted": town.voters[-1].cookie}
    with app.app_context():
        for role in ROLES:
            account: Account = make_account(role)
            readers[role] = session_cookie(app, account)
        db.session.remove()
    return World(app, town, readers)


def _vote(world: World, first: bool) -> dict[str, str]:
    """Everybody but the last casts: in one world the first projects win, in the other the last ones."""
    codes = list(world.town.plan.projects)
    for at, voter in enumerate(world.town.voters[:-1]):
        chosen = codes[:2] if first else codes[-2:]
        chosen = [*chosen, codes[at % 2 + 2]] if at % 3 else chosen
        leaf, request = world.town.form(voter, {code: Decimal(1) for code in chosen})
        with world.app.app_context():
            answer = world.app.test_client(use_cookies=False).post(
                request.path, data=request.body, headers=request.headers
            )
        page = answer.get_data(as_text=True)
        if answer.status_code != 200 or CODE.search(page) is None:
            raise RuntimeError(f"a cast was answered {answer.status_code}: {page[:500]}")
        voter.sent.append(Sent(leaf, 0.0, True))
    return {}


def _compare(run: Run, worlds: list[World], act: Callable[[World], dict[str, str]]) -> None:
    """Do the same in both worlds; count what differs."""
    seen = []
    for world in worlds:
        world.said.clear()
        with mock.patch.object(clock, "now", return_value=world.now), listening(world):
            seen.append(act(world))
    one, two = seen
    run.faults += len(one)
    for name in one.keys() | two.keys():
        if one.get(name) != two.get(name):
            run.more["pages_that_tell"] += 1
            run.told[f"differs: {name}"] = 1
    run.more["logs_that_tell"] += worlds[0].said != worlds[1].said


def crawl(world: World, pages: int) -> dict[str, str]:
    """So many answers for every reader: what the application's own addresses give, and what their pages link to."""
    seen: dict[str, str] = {}
    for reader, cookie in world.readers.items():
        client = world.app.test_client(use_cookies=False)
        waiting, known = _addresses(world), set()
        while waiting and len(known) < pages:
            path = waiting.pop(0)
            if path in known or path.startswith(("/static", "/sign-out", "/files")):
                continue
            known.add(path)
            with world.app.app_context():
                headers = {"X-Request-Id": "0" * 16, **({"Cookie": f"session={cookie}"} if cookie else {})}
                answer = client.get(path, headers=headers)
            body = TOKENS.sub("", answer.get_data().decode("utf-8", "replace"))
            seen[f"{reader} {path}"] = f"{answer.status_code} {answer.headers.get('Location', '')}\n{body}"
            if answer.mimetype == "text/html":
                waiting += [found.replace("&amp;", "&") for found in LINK.findall(body)]
    return seen


def _addresses(world: World) -> list[str]:
    """Every address of the application that can be filled in for this round; the round's own come first."""
    town = world.town
    values = {
        "slug": town.slug, "code": "P1", "round_id": town.round_id, "pot": next(iter(town.plan.pots)),
        "person_id": town.voters[0].person_id, "voter_id": town.voters[0].person_id,
    }  # fmt: skip
    adapter = world.app.url_map.bind("localhost")
    found = []
    for rule in world.app.url_map.iter_rules():
        fits = rule.arguments <= values.keys() and ("slug" not in rule.arguments or "/rounds/" in rule.rule)
        if "GET" in (rule.methods or ()) and fits:
            with contextlib.suppress(Exception):  # another type under the same name
                built = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
                found.append(urlsplit(built).path)
    return sorted(set(found), key=lambda path: (town.slug not in path, "staff" not in path, path))


def _close(world: World, steps: list[str]) -> None:
    """These steps of the close."""
    settings = world.app.config["SETTINGS"]
    # Both worlds have the same key file; each destroys a copy of its own, and any step until then may read it.
    engine = database.owner_engine(settings)
    path = settings.keys_folder / f"round-{world.town.round_id}.key"
    raw = world.town.keys.nym_key + world.town.keys.form_key
    try:
        with world.app.app_context():
            plan = round_queries.plan_of(db.session.get_one(Round, world.town.round_id))
            assert plan is not None
            db.session.rollback()
            for step in steps:
                if closing.STEPS.index(step) <= closing.STEPS.index("keys_destroyed"):
                    path.write_bytes(raw)
                work = closing.Closing(settings, engine, world.town.round_id, plan, world.now, SYSTEM)
                closing.run_step(work, step)
            db.session.remove()
    finally:
        engine.dispose()


def _results(world: World) -> str:
    """That there was something to tell: the results once they are public."""
    with mock.patch.object(clock, "now", return_value=world.now):
        _close(world, ["published"])
        with world.app.app_context():
            answer = world.app.test_client().get(f"/rounds/{world.town.slug}/results")
    return TOKENS.sub("", answer.get_data(as_text=True))
