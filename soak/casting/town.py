"""A round under vote for a campaign: people with accounts, and their forms, ready to be sent over HTTP."""

import contextlib
import dataclasses
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import create_engine

from bench.city import make_accounts
from bench.load import Request
from bench.servers import WebServer
from bench.voters import session_cookie
from civic import database
from civic.accounts.models import Account
from civic.app import create_app
from civic.config import Settings, load_settings
from civic.database import APP_ROLE, OWNER_ROLE
from civic.extensions import db
from soak.casting.postgres import Cluster, clusters, url
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened
from voting import cart as carts
from voting import keys, roll_queries, round_queries
from voting.ballot_text import leaf_of
from voting.keys import RoundKeys
from voting.plan import FrozenRound
from voting.rules import VoterLine

#: As the session's cookie of every voter holds it (bench.voters.session_cookie).
CSRF_SECRET = "0" * 40
COSTS = (400, 300, 200, 100, 250, 150, 350, 120)
MOST = 3


@dataclass
class Sent:
    """One form of a voter: the leaf it makes, when it was first sent (time.time), whether a receipt came back."""

    leaf: bytes
    began: float
    acknowledged: bool = False


@dataclass
class Voter:
    """A person, their session, and every form they sent, in order."""

    person_id: int
    account: str
    cookie: str
    nym: bytes
    sent: list[Sent] = field(default_factory=list)


@dataclass
class Town:
    """The round, its keys and its voters. Making forms asks no database."""

    app: Flask
    settings: Settings
    round_id: int
    slug: str
    name: str
    plan: FrozenRound
    keys: RoundKeys
    #: what the roll says of every voter
    line: VoterLine
    voters: list[Voter]
    csrf: str

    def choices(self, rng: random.Random) -> dict[str, Decimal]:
        """Some ballot by approval."""
        return approve(*rng.sample(list(self.plan.projects), rng.randint(1, MOST)))

    def form(self, voter: Voter, choices: dict[str, Decimal]) -> tuple[bytes, Request]:
        """The leaf and the POST of a new form, as the review page would have given it to the voter's browser."""
        cart = carts.Cart.empty(self.plan, voter.person_id, self.slug, self.name).holding(self.plan, choices)
        form = carts.new_form(self.settings, cart, f"|{voter.account}", voter.nym, self.line)
        leaf = leaf_of(self.plan.ballot(choices, self.keys.nonce(form.form_id)).render())
        fields = {
            "csrf_token": self.csrf, "form_id": form.form_id_text, "ballot": form.ballot, "signature": form.signature,
        }  # fmt: skip
        return leaf, self.post(voter, fields)

    def post(self, voter: Voter, fields: dict[str, str], slug: str | None = None) -> Request:
        """The POST of a form's fields in the voter's session."""
        headers = {
            "Cookie": f"session={voter.cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return Request(f"/rounds/{slug or self.slug}/vote/cast", "POST", urlencode(fields).encode(), headers)


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder of the campaign's own, with a short path, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="civic-f-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def settings_for(folder: Path, *clusters: Cluster) -> Settings:
    """Settings over a campaign's own servers, the schema migrated on the first."""
    engine = create_engine(url(OWNER_ROLE, clusters[0]))
    database.upgrade(engine)
    engine.dispose()
    settings = load_settings(
        {"CIVIC_ENV": "test", "CIVIC_DATA_DIR": str(folder / "data"), "LOG_LEVEL": "WARNING"}
    )
    return dataclasses.replace(
        settings, database_url=url(APP_ROLE, *clusters), database_owner_url=url(OWNER_ROLE, *clusters)
    )


def let_go(app: Flask) -> None:
    """Close the connections of a campaign's own application."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@dataclass(frozen=True)
class Resident:
    """A verified person with an account, signed in."""

    person_id: int
    account: str
    cookie: str


def make_residents(app: Flask, count: int) -> list[Resident]:
    """People who may vote in every round opened from now on."""
    with app.app_context():
        people = make_voters(count)
        accounts = make_accounts(count, f"votant{people[0]}x", list(people))
        db.session.commit()
        made = []
        for person, account_id in zip(people, accounts, strict=True):
            account = db.session.get_one(Account, account_id)
            made.append(Resident(person, account.get_id(), session_cookie(app, account)))
        db.session.remove()
    return made


def open_town(app: Flask, residents: list[Resident], **round_values: Any) -> Town:
    """A round in which these people vote, opened."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        round_ = make_round(
            **{
                "groups": [{"name": "Toate", "ballot_kind": "approval", "max_choices": MOST}],
                "costs": COSTS, "amount": 800, "closes_in": timedelta(days=1), **round_values,
            }
        )  # fmt: skip
        round_ = opened(round_)
        round_id, slug, name = round_.id, round_.slug, round_.name
        plan = round_queries.plan_of(round_)
        found = roll_queries.find_voter(round_id, residents[0].person_id)
        assert plan is not None
        assert found is not None
        db.session.remove()
    round_keys = keys.load_round_keys(settings, round_id)
    voters = [
        Voter(one.person_id, one.account, one.cookie, round_keys.nym(round_id, one.person_id))
        for one in residents
    ]
    with app.test_request_context():
        session["csrf_token"] = CSRF_SECRET
        token = generate_csrf()
    return Town(app, settings, round_id, slug, name, plan, round_keys, found[0], voters, token)


@dataclass
class Site:
    """A whole installation of a campaign's own: PostgreSQL, the application here, and web processes that serve it."""

    folder: Path
    servers: list[Cluster]
    app: Flask
    web: WebServer
    residents: list[Resident]

    @property
    def log(self) -> Path:
        """What the web processes said."""
        return self.folder / "web.log"

    def town(self, voters: int, **round_values: Any) -> Town:
        """A new round in which so many people vote."""
        missing = voters - len(self.residents)
        if missing > 0:
            self.residents += make_residents(self.app, missing)
        return open_town(self.app, self.residents[:voters], **round_values)


@contextlib.contextmanager
def site(workers: int = 2, level: str = "WARNING", **postgres: str) -> Iterator[Site]:
    """An installation on one server, gone at the end."""
    with workshop() as folder, clusters(folder) as servers:
        servers[0].create(**postgres)
        with serving(folder, servers, workers, level) as made:
            yield made


@contextlib.contextmanager
def serving(folder: Path, servers: list[Cluster], workers: int, level: str = "WARNING") -> Iterator[Site]:
    """The application and its web processes over servers that run."""
    app = create_app(settings_for(folder, *servers))
    product = WebServer.product(app.config["SETTINGS"], workers, folder / "web.log", level)
    try:
        with product as web:
            yield Site(folder, servers, app, web, [])
    finally:
        let_go(app)
