"""A table of 100,000 purchases with three bad rows, brought in by the worker: looked over, refused, chosen, killed
halfway, taken up again; then two at once. The database's own memory is not counted.
"""

import io
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from bench.results import Results
from bench.servers import bench_settings
from bench.tasks_child import run_tasks, started_tasks
from civic import clock
from civic.actor import SYSTEM
from civic.app import create_app
from civic.errors import Invalid
from civic.extensions import db
from civic.imports import queries, service
from civic.imports.models import DataImport, ImportRow
from civic.purchases.models import Purchase

ROWS, FEW, BAD = 100_000, 10_000, 3
_HEAD = "nr,titlu,procedura,valoare fara tva,an,data contractului,furnizor,cui,proiect\n"


def table(rows: int, first: int = 1) -> bytes:
    """A CSV file of purchases; of three rows in the middle one has no title, one no amount that can be read, one a
    day that is none."""
    lines = [_HEAD]
    for number in range(first, first + rows):
        title, amount, day = f"Achiziția {number}", f"{number}.25", f"2024-{1 + number % 12:02}-15"
        at = number - first - rows // 2
        title, amount, day = (
            "" if at == 0 else title,
            "multe" if at == 1 else amount,
            "2024-02-31" if at == 2 else day,
        )
        lines.append(
            f"{number},{title},achizitie directa,{amount},2024,{day},Furnizorul {number % 100},RO{number % 100},"
            f"{f'Lucrarea {number % 500}' if number % 2 else ''}\n"
        )
    return "".join(lines).encode()


def _begin(content: bytes, source: str) -> int:
    now = clock.now()
    one = service.begin(
        SYSTEM, "purchases", source, clock.city_date(now), io.BytesIO(content), "achizitii.csv", now
    )
    number = one.id
    service.check(SYSTEM, number, one.mapping, now)
    db.session.commit()
    return number


def _load(import_id: int) -> None:
    service.load(SYSTEM, import_id, True, clock.now())
    db.session.commit()


def _state(import_id: int) -> DataImport:
    db.session.rollback()
    db.session.expire_all()
    return queries.get_import(import_id)


def _expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise RuntimeError(f"{what}: {found}, not {wanted}")


def _stored() -> int:
    many = db.session.scalar(select(func.count(Purchase.id))) or 0
    db.session.rollback()
    return many


def _killed_halfway(child: "subprocess.Popen[str]", import_id: int, rows: int) -> int:
    """How many rows were loaded when the worker was killed."""
    while (read := _state(import_id).read) < rows // 2:
        if child.poll() is not None:
            raise RuntimeError("the worker was done before it could be killed")
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    return read


def _told(import_id: int) -> list[tuple[int, str, str]]:
    rows = queries.list_rows(import_id, "refused", 0)
    told = [(row.number, row.reasons[0]["field"], row.reasons[0]["code"]) for row in rows]
    db.session.rollback()  # nothing stays open while a worker is waited for
    return told


def measure(results: Results) -> None:
    """imports.*: seconds and memory of 100,000 rows, whatever happens on the way."""
    with tempfile.TemporaryDirectory(prefix="civic-import-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        postgres, settings = bench_settings(folder)
        app = create_app(settings)
        with app.app_context():
            few = _begin(table(FEW), "Puține")
            memory = {FEW: run_tasks(settings)}
            service.discard(SYSTEM, few, clock.now())
            db.session.commit()

            number = _begin(table(ROWS), "Multe")
            memory[ROWS] = run_tasks(settings)
            middle = ROWS // 2 + 2
            _expect(
                "refused rows", _told(number),
                [(middle, "title", "missing"), (middle + 1, "amount_net", "money"), (middle + 2, "signed_on", "day")],
            )  # fmt: skip
            _expect("rows loaded by looking", _stored(), 0)
            try:
                service.load(SYSTEM, number, False, clock.now())
                raise RuntimeError("bad rows were left out without a choice")
            except Invalid:
                db.session.rollback()
            _load(number)
            child = started_tasks(settings)
            killed = _killed_halfway(child, number, ROWS)
            before = _stored()
            _expect("rows loaded when killed", before >= killed // 2, True)
            service.go_on(SYSTEM, number, clock.now())
            db.session.commit()
            again = run_tasks(settings)
            _expect("rows loaded", _stored(), ROWS - BAD)
            _expect("state", (_state(number).state, _state(number).fresh), ("loaded", ROWS - BAD))
            db.session.rollback()

            both = [_begin(table(FEW, first), f"Deodată {first}") for first in (1, 2)]
            run_tasks(settings)
            for one in both:
                _load(one)
            pair = [started_tasks(settings) for _one in both]
            for process in pair:
                _expect("two at once", process.wait(), 0)
            _expect("rows of two at once", _stored(), ROWS - BAD + 2 * (FEW - BAD))
            reports = db.session.scalar(select(func.count()).select_from(ImportRow))
            _expect("rows told about", reports, ROWS + 3 * FEW)
            for engine in db.engines.values():
                engine.dispose()
        postgres.stop()
    looked = memory[ROWS]
    results.add("imports.check.seconds", looked["seconds"], "s", f"{ROWS} rows looked over, {BAD} refused")
    results.add(
        "imports.load.seconds", again["seconds"], "s",
        f"the second half of them loaded, by another worker, after one killed at row {killed}",
    )  # fmt: skip
    results.add(
        "imports.mb", looked["mb"] - looked["idle"], "MB",
        f"the worker's memory for {ROWS} rows above its rest; {memory[FEW]['mb'] - memory[FEW]['idle']:.1f} MB for {FEW}",
    )  # fmt: skip
