"""Ten thousand remarks looked for in the next edition of a draft, by the task that the worker does: consult.remarks.*."""

import random
import tempfile
from pathlib import Path

from sqlalchemy import func, insert, select

from bench.city import make_accounts
from bench.consulting import make_department
from bench.results import Results
from bench.servers import bench_settings
from bench.tasks_child import run_tasks
from civic import clock, tasks
from civic.actor import SYSTEM
from civic.app import create_app
from civic.config import Settings
from civic.extensions import db
from civic.unit_of_work import unit_of_work
from consultations.contributions.models import Contribution
from consultations.drafting.importing import REANCHOR
from consultations.drafting.matching import match_sections
from consultations.drafting.models import Annotation, Edition, Section
from soak.redrafts import make_draft, mark, rewrite
from tests.consultations_support import make_consultation

#: A hundred pages and more, amended in many places, and what people wrote beside it.
ARTICLES, EDITS, REMARKS, FEW = 500, 300, 10_000, 1_000


def _edition(consultation_id: int, number: int, sections: list[tuple[int, str]]) -> int:
    now = clock.now()
    edition = Edition(
        consultation_id=consultation_id, number=number, source="text", remarks={}, note="" if number == 1 else "Altfel.", created_at=now,
        ready_at=now, published_at=now,
    )  # fmt: skip
    db.session.add(edition)
    db.session.flush()
    rows = [
        {"edition_id": edition.id, "key": key, "position": at, "kind": "paragraph", "text": text}
        for at, (key, text) in enumerate(sections)
    ]
    db.session.execute(insert(Section), rows)
    return edition.id


def _draft(seed: int, count: int, author: int) -> int:
    """A consultation with two editions and so many remarks on the first; the consultation's id."""
    chance = random.Random(seed)
    now = clock.now()
    old = make_draft(chance, ARTICLES)
    before, after = old.texts(), rewrite(chance, old, EDITS).texts()
    back = match_sections(before, after)
    one = make_consultation("open", now, department_id=make_department())
    first = _edition(one.id, 1, list(enumerate(before, 1)))
    entries = [
        {
            "consultation_id": one.id, "number": at + 1, "reference": f"{at + 1}/C{one.id}", "channel": "annotation",
            "author_name": "Om", "body": f"Observația {at}", "body_sha256": bytes(32),
            "folded_sha256": at.to_bytes(32, "big"), "received_at": now, "registered_at": now, "token": f"t{at}",
        }
        for at in range(count)
    ]  # fmt: skip
    rows = []
    for entry in db.session.scalars(insert(Contribution).returning(Contribution.id), entries):
        marked = mark(chance, old)
        rows.append(
            {
                "consultation_id": one.id, "contribution_id": entry, "author_id": author, "kind": "comment",
                "body": "Nu sunt de acord.", "quote": before[marked.paragraph][marked.start : marked.end],
                "made_id": first, "edition_id": first, "key": marked.paragraph + 1, "start": marked.start,
                "end": marked.end, "checked_id": first, "created_at": now,
            }
        )  # fmt: skip
    db.session.execute(insert(Annotation), rows)
    keys = [back[at] + 1 if at in back else len(before) + at + 1 for at in range(len(after))]
    _edition(one.id, 2, list(zip(keys, after, strict=True)))
    return one.id


def _looked_for(settings: Settings, consultation_id: int) -> tuple[float, float]:
    """Seconds and megabytes of the task that looks for a consultation's remarks, begun in a process of its own."""
    with unit_of_work():
        task_id = tasks.enqueue(SYSTEM, REANCHOR, {"consultation_id": consultation_id}, clock.now()).id
    told = run_tasks(settings)
    task = tasks.get_task(task_id)
    db.session.refresh(task)
    left = db.session.scalar(
        select(func.count(Annotation.id))
        .join(Edition, Edition.id == Annotation.checked_id)
        .where(Annotation.consultation_id == consultation_id, Edition.number == 1)
    )
    if task.state != "done" or left:
        raise RuntimeError(f"{left} remarks were not looked for: {task.message}")
    db.session.rollback()
    return told["seconds"], told["mb"]


def measure(results: Results) -> None:
    """consult.remarks.s, consult.remarks.mb and consult.remarks.flat."""
    with tempfile.TemporaryDirectory(prefix="civic-remarks-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        with app.app_context():
            with unit_of_work():
                author = make_accounts(1, "autor", [None])[0]
                few, many = (_draft(results.seed, count, author) for count in (FEW, REMARKS))
            _seconds, least = _looked_for(settings, few)
            seconds, most = _looked_for(settings, many)
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
    about = f"{REMARKS:,} remarks on {ARTICLES} articles looked for in the next edition, by the worker's task"
    results.add("consult.remarks.s", seconds, "s", about)
    results.add("consult.remarks.mb", most, "MB", f"{about}; the most the worker held")
    results.add("consult.remarks.flat", most / least, "", f"that memory over the same with {FEW:,} remarks")
