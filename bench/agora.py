"""The agora.* figures: a vote on a statement and a judgement of an argument over HTTP, against a bare insert."""

import random
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask_wtf.csrf import generate_csrf
from sqlalchemy import insert

from bench.city import make_accounts, make_people, make_places
from bench.load import Request, insert_ratios
from bench.results import BARE_INSERT, Results
from bench.servers import WebServer, bench_settings
from bench.voters import session_cookie
from civic import clock
from civic.accounts.models import Account
from civic.app import create_app
from civic.extensions import db
from civic.text import fold
from civic.unit_of_work import unit_of_work
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.arguing.rules import JUDGEMENTS
from consultations.agora.models import AgoraDebate
from consultations.agora.statements.models import AgoraStatement
from consultations.agora.statements.rules import VOTES

PEOPLE, STATEMENTS, ARGUMENTS = 200, 100, 100
ROUNDS, A_ROUND, WARM, SECONDS = 3, 1_000, 100, 2.0
WORKERS = 2
#: Requests come from so many addresses of one network each, as the limits of a network want it.
NETWORKS = 20


@dataclass(frozen=True)
class Debate:
    """What is voted on, by whom: the headers of each person's browser."""

    statements: list[int]
    arguments: list[int]
    browsers: list[dict[str, str]]
    token: str


def _build(app: Flask, seed: int) -> Debate:
    """An open debate in which everybody takes part already."""
    now = clock.now()
    with app.app_context():
        with unit_of_work():
            areas, _categories = make_places(random.Random(seed))
            accounts = make_accounts(PEOPLE, "agora", make_people(areas, PEOPLE))
            ends = now + timedelta(days=30)
            debate = AgoraDebate(
                question="Ce facem cu parcul?", why="Se usucă.", dimension="services", origin="resident",
                account_id=accounts[0], created_at=now, submitted_at=now, opened_at=now, seconds_until=ends,
                closes_at=ends, seconds_needed=50, search_text="", with_statements=True,
            )  # fmt: skip
            db.session.add(debate)
            db.session.flush()
            people = [
                {"debate_id": debate.id, "account_id": one, "pseudonym": "", "function": "", "joined_at": now}
                for one in accounts
            ]
            members = list(
                db.session.scalars(insert(AgoraParticipant).returning(AgoraParticipant.id), people)
            )
            said = {"debate_id": debate.id, "participant_id": members[0], "created_at": now}
            texts = [f"Afirmația numărul {number} despre parc." for number in range(STATEMENTS)]
            rows = [{**said, "text": text, "folded": fold(text)} for text in texts]
            statements = list(db.session.scalars(insert(AgoraStatement).returning(AgoraStatement.id), rows))
            posts = [
                {**said, "kind": "argument", "side": "for", "body": f"Argumentul numărul {number}."}
                for number in range(ARGUMENTS)
            ]
            arguments = list(db.session.scalars(insert(AgoraPost).returning(AgoraPost.id), posts))
        browsers = [_browser(app, db.session.get_one(Account, one), at) for at, one in enumerate(accounts)]
        with app.test_request_context():
            from flask import session

            session["csrf_token"] = "0" * 40
            token = generate_csrf()
    return Debate(statements, arguments, browsers, token)


def _browser(app: Flask, account: Account, number: int) -> dict[str, str]:
    return {
        "Cookie": f"session={session_cookie(app, account)}",
        "Content-Type": "application/x-www-form-urlencoded",
        "HX-Request": "true",
        "X-Forwarded-For": f"10.0.0.{number % NETWORKS}",
    }


def _presses(
    debate: Debate, path: Callable[[int], str], numbers: list[int], values: tuple[int, ...], seed: int
) -> Iterator[Request]:
    """Everybody about everything, once, in an order of chance."""
    rng = random.Random(seed)
    pairs = [(browser, number) for browser in debate.browsers[1:] for number in numbers]
    rng.shuffle(pairs)
    for browser, number in pairs:
        body = urlencode({"csrf_token": debate.token, "value": rng.choice(values)}).encode()
        yield Request(path(number), "POST", body, browser)


def measure(results: Results) -> None:
    """agora.vote.ratio and agora.judge.ratio, as a browser with script sends them: the answer is the part to swap."""
    with tempfile.TemporaryDirectory(prefix="civic-agora-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        debate = _build(app, results.seed)
        kinds = [
            ("vote", lambda number: f"/agora/statements/{number}/vote", debate.statements, VOTES),
            ("judge", lambda number: f"/agora/posts/{number}/judge", debate.arguments, JUDGEMENTS),
        ]  # fmt: skip
        with (
            WebServer.bare(settings, WORKERS) as bare,
            WebServer.product(settings, WORKERS, proxies=1) as product,
        ):
            for kind, path, numbers, values in kinds:
                ready = _presses(debate, path, numbers, values, results.seed)
                insert_ratios(product.port, bare.port, islice(ready, WARM), 1, WARM, seconds=0.5)
                ratios, _rates = insert_ratios(
                    product.port, bare.port, ready, ROUNDS, A_ROUND, seconds=SECONDS
                )
                results.add(f"agora.{kind}.ratio", statistics.median(ratios), "", BARE_INSERT, ROUNDS)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
