"""The consult.* figures: a page of a draft must not grow slow with what people write beside it."""

import random
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from bench.city import make_accounts
from bench.results import Results
from bench.servers import bench_settings
from civic import clock
from civic.app import create_app
from civic.extensions import db
from civic.places.models import Department
from civic.unit_of_work import unit_of_work
from consultations.contributions.models import Contribution
from consultations.drafting.models import Annotation, Edition, Section
from consultations.models import Consultation
from tests.consultations_support import make_consultation

#: A hundred pages of a printed draft, and what a city in dispute may write beside it.
SECTIONS, ANNOTATIONS = 1_500, 10_000
ROUNDS, REQUESTS = 5, 6


def _draft(seed: int) -> tuple[int, int]:
    """An open consultation with a hundred pages of text; its id and its edition's."""
    chance = random.Random(seed)
    now = clock.now()
    one: Consultation = make_consultation("open", now, department_id=make_department())
    edition = Edition(
        consultation_id=one.id, number=1, source="text", remarks={}, note="", created_at=now, ready_at=now,
        published_at=now,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    words = [
        "parc",
        "taxă",
        "cerere",
        "registru",
        "termen",
        "hotărâre",
        "consiliu",
        "sector",
        "amendă",
        "arbore",
        "alee",
        "câine",
    ]
    rows = [
        {
            "edition_id": edition.id, "key": at + 1, "position": at,
            "kind": "article" if at % 8 == 0 else "paragraph",
            "text": f"Art. {at // 8 + 1}. " + " ".join(chance.choices(words, k=40)),
        }
        for at in range(SECTIONS)
    ]  # fmt: skip
    db.session.execute(insert(Section), rows)
    return one.id, edition.id


def make_department() -> int:
    """The department that consults; made once."""
    found = db.session.scalar(db.select(Department.id).limit(1))
    if found is not None:
        return found
    made = Department(slug="adp", name="Administrația parcurilor", sort_key="a", email="adp@civic.example")
    db.session.add(made)
    db.session.flush()
    return made.id


def _annotate(consultation_id: int, edition_id: int, author: int, seed: int) -> None:
    """Ten thousand remarks, most of them beside the same hundred paragraphs, as people do."""
    chance = random.Random(seed)
    now = clock.now()
    entries = [
        {
            "consultation_id": consultation_id, "number": at + 1, "reference": f"{at + 1}/C{consultation_id}",
            "channel": "annotation", "author_name": "Om", "body": f"Observația {at}", "body_sha256": bytes(32),
            "folded_sha256": at.to_bytes(32, "big"), "received_at": now, "registered_at": now, "token": f"t{at}",
        }
        for at in range(ANNOTATIONS)
    ]  # fmt: skip
    ids = db.session.scalars(insert(Contribution).returning(Contribution.id), entries).all()
    rows = [
        {
            "consultation_id": consultation_id, "contribution_id": entry, "author_id": author, "kind": "comment",
            "body": "Nu sunt de acord.", "quote": "parc", "made_id": edition_id, "edition_id": edition_id,
            "key": chance.randrange(1, 101) if chance.random() < 0.8 else chance.randrange(1, SECTIONS + 1),
            "start": 0, "end": 4, "checked_id": edition_id, "created_at": now,
        }
        for entry in ids
    ]  # fmt: skip
    db.session.execute(insert(Annotation), rows)


def _seconds(client: FlaskClient, path: str) -> float:
    started = time.perf_counter()
    for _n in range(REQUESTS):
        assert client.get(path).status_code == 200
    return (time.perf_counter() - started) / REQUESTS


def growth(app: Flask, seed: int) -> float:
    """Time of the text's page with the remarks over its time without; the median of interleaved rounds."""
    with app.app_context():
        with unit_of_work():
            author = make_accounts(1, "autor", [None])[0]
            empty, _edition = _draft(seed)
            full, edition = _draft(seed)
            _annotate(full, edition, author, seed)
        db.session.execute(db.text("ANALYZE"))
        db.session.commit()
    client = app.test_client()
    ratios = []
    for _round in range(ROUNDS + 1):
        without, beside = (_seconds(client, f"/consultations/{one}/text") for one in (empty, full))
        ratios.append(beside / without)
    return statistics.median(ratios[1:])


def measure(results: Results) -> None:
    """consult.annotations.growth."""
    with tempfile.TemporaryDirectory(prefix="civic-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        value = growth(app, results.seed)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
    results.add(
        "consult.annotations.growth", value, "",
        f"a hundred pages with {ANNOTATIONS} remarks over the same pages without", ROUNDS,
    )  # fmt: skip
