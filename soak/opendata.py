"""What validators find in the open data of the whole demo city: nothing.

`api.schemathesis.failures`: a program makes up questions from the OpenAPI document, sends them to a server on this
machine and counts the answers that are not what the document says. `openapi.diff`: every page of every kind against
the document, and the document against what is registered. `ocds.errors`: the packages of purchases against the
schemas and codelists of the standard, as they are and after every purchase was corrected. `ROUNDS` is the number of made-up questions for each address.
"""

import csv
import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as tree
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from bench.results import Results
from bench.servers import bench_settings
from civic import clock
from civic.actor import SYSTEM
from civic.app import create_app
from civic.demo import loading
from civic.extensions import db, limiter
from civic.opendata.resources import resources
from civic.purchases import queries, service
from tests.json_schemas import Schemas, answers_of

#: Made-up questions for each address, and how long all of them may take.
QUESTIONS, SECONDS = 25, 300
#: Few voters: nothing here is about them.
VOTERS = 60
STANDARD = Path(os.environ.get("CIVIC_SHARED_DATA", "../shared/data")) / "ocds-1.1.5"
PACKAGES = {"releases": "release-package-schema.json", "records": "record-package-schema.json"}
FIGURES = ("api.schemathesis.failures", "openapi.diff", "ocds.errors")


@contextmanager
def demo_city() -> Iterator[Flask]:
    """The application over a demo city of its own, without limits of requests."""
    with tempfile.TemporaryDirectory(prefix="civic-open-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        limiter.enabled = False
        try:
            with app.app_context():
                now = clock.now()
                world = loading.begin(now)
                if world is None:
                    raise RuntimeError("the database is not empty")
                world.voters = VOTERS
                loading.load(world, now)
            yield app
        finally:
            limiter.enabled = True
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose()
            postgres.stop()


def described(browser: FlaskClient) -> dict[str, Any]:
    """The document as a program reads it."""
    return dict(browser.get("/api/v1/openapi.json").get_json())


def differences(app: Flask) -> list[str]:
    """Where the document and the addresses do not say the same."""
    browser = app.test_client()
    document = described(browser)
    named = {one.name for one in resources()}
    told = {path.strip("/") for path in document["paths"] if "{" not in path and "." not in path}
    found = [f"/{name}: only in one of document and addresses" for name in sorted(named ^ told)]
    for resource in resources():
        path, check = f"/api/v1/{resource.name}?limit=200", answers_of(document, f"/{resource.name}")
        asked = {one["name"] for one in document["paths"][f"/{resource.name}"]["get"]["parameters"]}
        known = {"after", "limit", *(one.name for one in resource.narrowings)}
        found += [f"/{resource.name}: parameter {name}" for name in sorted(asked ^ known)]
        first = True
        while path:
            answer = browser.get(path)
            page = answer.get_json()
            if answer.status_code != 200:
                found.append(f"{path}: {answer.status_code}")
                break
            found += [
                f"{path}: {error.json_path}: {error.message[:200]}" for error in check.iter_errors(page)
            ]
            if first and page["data"]:
                one = browser.get(f"/api/v1/{resource.name}/{page['data'][0]['id']}").get_json()
                single = answers_of(document, f"/{resource.name}/{{number}}")
                found += [f"{path}: one: {error.message[:200]}" for error in single.iter_errors(one)]
            first, path = False, page["links"]["next"]
    return found


def codes_of(folder: Path) -> dict[str, set[str]]:
    """The codes of every list of the standard."""
    made = {}
    for path in (folder / "codelists").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            made[path.name] = {row["Code"] for row in csv.DictReader(file)}
    return made


#: where a value stands in a release -> the list it comes from
_LISTED = {
    "tag": "releaseTag.csv",
    "initiationType": "initiationType.csv",
    "roles": "partyRole.csv",
    "procurementMethod": "method.csv",
    "mainProcurementCategory": "procurementCategory.csv",
    "additionalProcurementCategories": "extendedProcurementCategory.csv",
    "currency": "currency.csv",
}


def unlisted(value: Any, codes: dict[str, set[str]]) -> Iterator[str]:
    """Every value that is not in the list its field takes it from."""
    if isinstance(value, list):
        for one in value:
            yield from unlisted(one, codes)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in _LISTED:
                for code in one if isinstance(one, list) else [one]:
                    # null is in no list: it takes back what was said
                    if code is not None and code not in codes[_LISTED[name]]:
                        yield f"{name}: {code} is not in {_LISTED[name]}"
            else:
                yield from unlisted(one, codes)


def correct_purchases(app: Flask) -> None:
    """Correct every published purchase twice: what it says is taken back, then said anew."""
    nothing = {"supplier": "", "supplier_code": "", "contract_number": "", "signed_on": None, "categories": [],
               "project": "", "note": ""}  # fmt: skip
    anew = {"supplier": "Alt furnizor SRL", "contract_number": "1/2024", "categories": ["goods", "works"]}
    with app.test_request_context():
        for number in [one.id for one in queries.stream_published()]:
            for values in (nothing, anew):
                purchase = queries.get_purchase(number)
                service.edit_purchase(SYSTEM, number, purchase.version, values, clock.now())
        db.session.commit()


def contracting_errors(app: Flask, folder: Path) -> list[str]:
    """What the standard's schemas and codelists have against the packages, and numbers that are not their own."""
    browser, schemas, codes = app.test_client(), Schemas(folder), codes_of(folder)
    found = []
    for kind, schema in PACKAGES.items():
        package = json.loads(browser.get(f"/purchases/ocds/{kind}.json").get_data())
        found += schemas.problems(schema, package)
        found += unlisted(package, codes)
        names = [one["id" if kind == "releases" else "ocid"] for one in package[kind]]
        if not names or len(set(names)) != len(names):
            found.append(f"{kind}: {len(names)} of them, {len(set(names))} names")
        for record in package.get("records", []):
            dates = [one["date"] for one in record["releases"]]
            if dates != sorted(dates) or record["compiledRelease"]["tag"] != ["compiled"]:
                found.append(f"{record['ocid']}: its releases are not in order")
    return found


def schemathesis_failures(app: Flask, questions: int, seed: int) -> int:
    """How many kinds of answers are not what the document says; -1 when the program could not run."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}/api/v1"
    with tempfile.TemporaryDirectory(prefix="civic-asked-") as folder:
        report = Path(folder) / "junit.xml"
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{site}/openapi.json", "--url", site, "--seed", str(seed),
            "--max-examples", str(questions), "--phases", "examples,coverage,fuzzing", "--checks", "all",
            "--continue-on-failure", "--generation-database", "none", "--max-time", str(SECONDS), "--report", "junit", "--report-junit-path", str(report),
        ]  # fmt: skip
        try:
            ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
        finally:
            server.shutdown()
        if ended.returncode:
            print(ended.stdout[-8000:], ended.stderr[-2000:], flush=True)
        if not report.is_file():
            return -1
        suites = tree.parse(report).getroot().iter("testsuite")
        return sum(int(one.get("failures", 0)) + int(one.get("errors", 0)) for one in suites)


def measure(results: Results, rounds: int | None, only: str) -> None:
    """The figures whose id begins as asked."""
    wanted = [name for name in FIGURES if name.startswith(only)]
    if not wanted:
        return
    with demo_city() as app:
        if "api.schemathesis.failures" in wanted:
            questions = rounds or QUESTIONS
            failures = schemathesis_failures(app, questions, results.seed)
            results.add(
                "api.schemathesis.failures", failures if failures >= 0 else None, "",
                f"schemathesis, every check, {questions} made-up questions for each address" if failures >= 0 else "it did not run",
            )  # fmt: skip
        if "openapi.diff" in wanted:
            _told(
                results,
                "openapi.diff",
                differences(app),
                "every page of the demo city's open data against the document",
            )
        if "ocds.errors" in wanted and not STANDARD.is_dir():
            results.add("ocds.errors", None, "", f"the schemas of the standard are not in {STANDARD}")
        elif "ocds.errors" in wanted:
            found = contracting_errors(app, STANDARD)
            correct_purchases(app)
            found += contracting_errors(app, STANDARD)
            _told(
                results, "ocds.errors", found, "OCDS 1.1.5 schemas and codelists, also after every purchase was corrected"
            )  # fmt: skip


def _told(results: Results, name: str, found: list[str], reference: str) -> None:
    for one in found[:20]:
        print(f"  {one}", flush=True)
    results.add(name, len(found), "", reference)
