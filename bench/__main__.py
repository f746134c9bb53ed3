"""`make bench`: the figures of the web side and of counting, ratios within this run where they can be."""

import argparse
import gzip
import http.client
import importlib
import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.city import VOTING_ACCOUNTS, City, build
from bench.load import Request, drive, insert_ratios
from bench.results import BARE_INSERT, Results
from bench.servers import WebServer, bench_settings
from bench.voters import casts, session_cookie
from civic.accounts.models import Account
from civic.app import create_app
from civic.extensions import db

ROUNDS, SECONDS = 3, 3.0
#: A vote each: all the accounts of the city, in the rounds and in the measurement of latency.
CASTS_A_ROUND = VOTING_ACCOUNTS // (ROUNDS + 1)
#: Casting is measured as a city serves it on two cores.
CASTING_WORKERS = 2


def fetch(
    port: int, path: str, headers: dict[str, str] | None = None
) -> tuple[bytes, http.client.HTTPMessage]:
    """One GET; its body as sent over the wire and its headers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status}")
    return body, answer.headers


def page_ratio(product: WebServer, bare: WebServer, path: str, headers: dict[str, str]) -> float:
    """Requests a second of a page over those of a bare page of the same length; the median of the rounds."""
    body, _ = fetch(product.port, path, headers)
    ratios = []
    for _round in range(ROUNDS):
        rates = [
            drive(server.port, lambda wanted=wanted: wanted, seconds=SECONDS).rate
            for server, wanted in (
                (bare, Request(f"/page?bytes={len(body)}")),
                (product, Request(path, headers=headers)),
            )
        ]
        ratios.append(rates[1] / rates[0])
    return statistics.median(ratios)


def count_queries(app: Flask, path: str, cookie: str | None) -> int:
    """SQL statements of one request, warm."""
    seen: list[str] = []
    client = app.test_client()
    if cookie:
        client.set_cookie("session", cookie)
    client.get(path)

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def pages(results: Results, app: Flask, city: City, product: WebServer, bare: WebServer) -> None:
    """The web.* figures."""
    with app.app_context():
        cookie = session_cookie(app, db.session.get_one(Account, city.account_ids[-1]))
    wanted = [
        ("home", "/", None),
        ("proposals", "/proposals", None),
        ("proposal", f"/proposals/{city.proposal_id}", None),
        ("ballot", f"/rounds/{city.slug}/vote", cookie),
    ]
    for name, path, session in wanted:
        headers = {"Cookie": f"session={session}"} if session else {}
        ratio = page_ratio(product, bare, path, headers)
        results.add(f"web.{name}.ratio", ratio, "", "a bare Flask page of the same length", ROUNDS)
        results.add(
            f"web.{name}.queries", count_queries(app, path, session), "statements", "one warm request"
        )


def first_view(results: Results, product: WebServer) -> None:
    """What a phone loads at its first visit: the page, its styles, scripts and preloaded fonts, compressed."""
    headers = {"Accept-Encoding": "br, gzip"}
    body, answer = fetch(product.port, "/", headers)
    sizes = len(body) if answer.get("Content-Encoding") else len(gzip.compress(body, 6))
    html = fetch(product.port, "/")[0].decode()
    addresses = set(re.findall(r'<(?:link|script|img)[^>]*?(?:href|src)="([^"]+)"', html))
    loaded = [address for address in addresses if "/static/" in address]
    third_parties = [
        address for address in re.findall(r'<(?:link|script|img|iframe)[^>]*?(?:href|src)="(https?:[^"]+)"', html)
        if "localhost" not in address and "127.0.0.1" not in address
    ]  # fmt: skip
    sizes += sum(len(fetch(product.port, address, headers)[0]) for address in loaded)
    results.add("web.firstview.kb", sizes / 1000, "kB", "home and all it links to, compressed as served")
    results.add("web.firstview.thirdparty", len(third_parties), "requests", "other hosts named by home")


def casting(results: Results, app: Flask, city: City, product: WebServer, bare: WebServer) -> None:
    """Casts over HTTP against a bare INSERT and COMMIT; then the time of one at half the load."""
    ready = iter(casts(app, city, product.port, CASTS_A_ROUND * (ROUNDS + 1), results.seed))
    ratios, rates = insert_ratios(product.port, bare.port, ready, ROUNDS, CASTS_A_ROUND, seconds=SECONDS)
    results.add("cast.ratio", statistics.median(ratios), "", BARE_INSERT, ROUNDS)
    half = statistics.median(rates) / 2
    measured = drive(product.port, lambda: next(ready, None), seconds=60, rate=half)
    results.add("cast.p95.ms", measured.percentile(0.95), "ms", f"at {half:.0f} casts a second")


def web(results: Results) -> None:
    """Everything that needs the city of full size."""
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        city = build(app, results.seed)
        with WebServer.bare(settings) as bare, WebServer.product(settings) as product:
            pages(results, app, city, product, bare)
            first_view(results, product)
            results.add(
                "mem.worker.mb", product.worker_megabytes(), "MB", "a web process after all of the above"
            )
        two = CASTING_WORKERS
        with WebServer.bare(settings, two) as bare, WebServer.product(settings, two) as product:
            casting(results, app, city, product, bare)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()


def main() -> int:
    """Run what was asked for and write `bench/results.json`."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--only", default="", help="figures whose id begins with this")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    # Loaded when their turn comes: a part is measured without the libraries of the others in the process.
    parts: list[tuple[tuple[str, ...], str]] = [
        (("web.", "cast.ratio", "cast.p95", "mem."), ""),
        (("start.",), "starting"),
        (("import.",), "imports"),
        (("imports.",), "import_tables"),
        (("cast.flat", "close.", "verify."), "large_vote"),
        (("count.",), "counting"),
        (("consult.annotations.",), "consulting"),
        (("consult.remarks.",), "remarks"),
        (("consult.results.", "consult.export.", "consult.count.", "consult.texts"), "consulting_surveys"),
        (("groups.", "rank."), "opinions"),
        (("agora.",), "agora"),
        (("tracker.", "api."), "growth"),
        (("opendata.",), "bulk"),
        (("indicators.",), "indicators"),
    ]
    results = Results(arguments.seed)
    started = time.monotonic()
    for prefixes, name in parts:
        if not arguments.only or any(
            p.startswith(arguments.only) or arguments.only.startswith(p) for p in prefixes
        ):
            measure = importlib.import_module(f"bench.{name}").measure if name else web
            measure(results)
    results.write(Path(__file__).with_name("results.json"))
    print(
        f"{len(results.figures)} figures in {time.monotonic() - started:.0f} s, written to bench/results.json"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
