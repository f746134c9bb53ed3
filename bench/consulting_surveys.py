"""The results and the export of a questionnaire that 50,000 people answered: 40 questions of every kind."""

import random
import secrets
import statistics
import tempfile
import time
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from bench.results import Results
from bench.servers import WebServer, bench_settings
from bench.tasks_child import run_tasks
from civic import clock, tasks
from civic.actor import Actor, Role
from civic.app import create_app
from civic.cursors import Cursor
from civic.extensions import db
from civic.places.models import Department
from civic.unit_of_work import unit_of_work
from consultations.contributions.models import Theme
from consultations.models import Consultation
from consultations.questionnaires import counting, queries, service
from consultations.questionnaires.definition import Definition, Item, Option, Page, Words
from consultations.questionnaires.models import Questionnaire, Response
from consultations.questionnaires.service import Settings
from consultations.texts import jobs, putting
from consultations.texts import queries as texts

ANSWERS, QUESTIONS, BATCH, ROUNDS = 50_000, 40, 2_000, 15
KINDS = (
    "single", "multiple", "matrix", "ranking", "split", "number", "short_text", "long_text", "single", "multiple",
)  # fmt: skip
STAFF = Actor(id=1, roles=frozenset({Role.STAFF}))
SENTENCE = "Aș vrea mai mulți copaci pe strada noastră și un loc umbrit la stația de tramvai. "


def _options(letter: str, number: int) -> tuple[Option, ...]:
    return tuple(Option(f"{letter}{at}", Words(f"Varianta {at}")) for at in range(1, number + 1))


def definition() -> Definition:
    """Forty questions on eight pages."""
    items = []
    for at in range(1, QUESTIONS + 1):
        kind = KINDS[at % len(KINDS)]
        with_options = kind in ("single", "multiple", "matrix", "ranking", "split")
        items.append(
            Item(
                f"i{at}",
                kind,
                Words(f"Întrebarea {at}?"),
                options=_options("o", 6 if with_options else 0),
                scale=_options("s", 5) if kind == "matrix" else (),
                total=100 if kind == "split" else None,
            )
        )
    return Definition(tuple(Page(f"p{at}", items=tuple(items[at * 5 - 5 : at * 5])) for at in range(1, 9)))


def _answer(item: Item, rng: random.Random) -> dict[str, Any]:
    keys = [one.key for one in item.options]
    if item.kind == "single":
        return {"choices": [rng.choice(keys)]}
    if item.kind == "multiple":
        return {"choices": sorted(rng.sample(keys, 2))}
    if item.kind == "matrix":
        return {"rows": {key: f"s{rng.randint(1, 5)}" for key in keys}}
    if item.kind == "ranking":
        return {"order": rng.sample(keys, 3)}
    if item.kind == "split":
        first = rng.randint(1, 99)
        return {"shares": {keys[0]: first, keys[1]: 100 - first}}
    if item.kind == "number":
        return {"number": str(rng.randint(1, 90))}
    return {"text": SENTENCE * (rng.randint(1, 4) if item.kind == "long_text" else 1)}


def build(now: datetime, seed: int) -> tuple[int, int]:
    """The consultation and its questionnaire, with every answer stored and none counted; their numbers."""
    rng = random.Random(seed)
    with unit_of_work():
        department = Department(slug="d", name="Direcția", sort_key="d")
        db.session.add(department)
        db.session.flush()
        day = timedelta(days=1)
        consultation = Consultation(
            kind="survey", title="Sondaj", dimension="services", department_id=department.id, created_at=now,
            changed_at=now, announced_at=now - 9 * day, opens_at=now - 9 * day, closes_at=now + 9 * day,
            closes_on=(now + 9 * day).date(), earliest_close_at=now + day,
        )  # fmt: skip
        db.session.add(consultation)
        db.session.flush()
        asked = definition()
        one = service.create(
            STAFF, consultation, Settings("Sondaj", access="anyone", results="open"), asked, now
        )
        service.publish(STAFF, one, now)
        db.session.execute(update(Questionnaire).values(frozen=True))
        numbers = consultation.id, one.id
    for _batch in range(ANSWERS // BATCH):
        with unit_of_work():
            db.session.execute(
                insert(Response),
                [
                    {
                        "questionnaire_id": numbers[1], "id": secrets.token_bytes(16), "channel": "online", "age": "",
                        "area": None, "answers": {item.key: _answer(item, rng) for item in asked.questions},
                    }
                    for _one in range(BATCH)
                ],
            )  # fmt: skip
    return numbers


def measure(results: Results) -> None:
    """consult.count.s, consult.texts.s, consult.results.ms and consult.export.mb."""
    with tempfile.TemporaryDirectory(prefix="civic-survey-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        about = f"{ANSWERS:,} answers to {QUESTIONS} questions"
        with app.app_context():
            consultation_id, number = build(clock.now(), results.seed)
            started = time.perf_counter()
            with unit_of_work():
                counted = counting.count(queries.lock_questionnaire(number), clock.now())
            results.add(
                "consult.count.s", time.perf_counter() - started, "s", f"{about}; the job counts anew"
            )
            if counted != ANSWERS:
                raise RuntimeError(f"{counted} of {ANSWERS} answers were counted")
            db.session.remove()
        path = f"/consultations/{consultation_id}/questionnaires/{number}/results"
        with WebServer.product(settings) as product:
            times = [_fetch(product.port, path) for _round in range(ROUNDS + 3)][3:]
        results.add(
            "consult.results.ms", statistics.median(times) * 1000, "ms", f"{about}; the page, warm", ROUNDS
        )
        with app.app_context():
            params = {"consultation": consultation_id, "questionnaire": number}
            with unit_of_work():
                wanted = [
                    tasks.enqueue(STAFF, queries.EXPORT_KIND, {**params, "format": format_}, clock.now()).id
                    for format_ in ("csv", "xlsx")
                ]
            told = run_tasks(settings)
            if told["loaded"]:
                raise RuntimeError(f"an export needs none of these: {told['loaded']}")
            for task_id in wanted:
                task = tasks.get_task(task_id)
                if task.state != "done" or task.result["rows"] != ANSWERS:
                    raise RuntimeError(f"of {ANSWERS} answers were exported: {task.message} {task.result}")
            results.add(
                "consult.export.mb",
                told["mb"],
                "MB",
                f"{about}; the most the worker held, CSV and XLSX ({told['idle']:.0f} of it the worker at rest)",
            )
            results.add("consult.export.s", told["seconds"], "s", f"{about}; CSV, then XLSX")
            _measure_texts(results, consultation_id, number, about)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()


def _measure_texts(results: Results, consultation_id: int, number: int, about: str) -> None:
    """consult.texts.s, consult.texts.ms and consult.texts_put.s: registered, listed far back, put under one theme."""
    with unit_of_work():
        db.session.execute(update(Questionnaire).values(settled=True))
    started = time.perf_counter()
    jobs.register_texts(number, ANSWERS)
    results.add("consult.texts.s", time.perf_counter() - started, "s", f"{about}; every long text registered")
    times = []
    for _round in range(ROUNDS):
        started = time.perf_counter()
        standing = texts.standing(consultation_id)
        found = texts.Filters(text="copaci")
        lines = texts.list_lines(consultation_id, found, Cursor(after=f"{'8':0<32}-i1")).rows
        total = texts.count(consultation_id, found)
        times.append(time.perf_counter() - started)
        if len(lines) != texts.PER_PAGE or total != standing.total:
            raise RuntimeError(f"{len(lines)} of {total} texts were listed")
    note = f"{standing.total:,} texts; what the staff's list asks, searched, half way through"
    results.add("consult.texts.ms", statistics.median(times) * 1000, "ms", note, ROUNDS)
    with unit_of_work():
        theme = Theme(consultation_id=consultation_id, title="Copaci", created_at=clock.now())
        db.session.add(theme)
        db.session.flush()
        chosen = texts.Filters(text="umbrit")
        task = putting.ask(
            STAFF, consultation_id, theme.id, chosen, texts.count(consultation_id, chosen), clock.now()
        )
    started = time.perf_counter()
    tasks.run_waiting(clock.now())
    took = time.perf_counter() - started
    moved = task.result["moved"]
    results.add("consult.texts_put.s", took, "s", f"{moved:,} texts under one theme, by the worker")


def _fetch(port: int, path: str) -> float:
    started = time.perf_counter()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        answer.read()
    return time.perf_counter() - started
