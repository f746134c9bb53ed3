"""Files to bring in, and the work of the worker done on the spot."""

import io
from datetime import date
from typing import Any

from civic import clock
from civic.actor import Actor
from civic.extensions import db
from civic.imports import queries, service, work
from civic.imports.models import DataImport

SOURCE = "Raportul de activitate 2024"
HEAD = "id,number,date,year,issuer,about,relation,citation,source"


def table(*rows: str, head: str = HEAD) -> bytes:
    """A CSV file of decisions."""
    return "\n".join([head, *rows, ""]).encode()


def decision(number: int, about: str = "Bugetul", year: int = 2024, relation: str = "") -> str:
    """A row of it."""
    return f"HCL-{year}-{number},{number},,{year},Consiliul Local,{about},{relation},HCL nr. {number}/{year},000:1"


def bring(
    actor: Actor, content: bytes, dataset: str = "decisions", source: str = SOURCE, name: str = "hotarari.csv",
    as_of: date | None = None,
) -> DataImport:  # fmt: skip
    """A file begun, with its columns guessed; it tells of today unless of another day."""
    now = clock.now()
    day = as_of or clock.city_date(now)
    one = service.begin(actor, dataset, source, day, io.BytesIO(content), name, now)
    db.session.commit()
    return one


def checked(actor: Actor, content: bytes, **more: Any) -> DataImport:
    """A file with every row looked over."""
    one = bring(actor, content, **more)
    service.check(actor, one.id, one.mapping, clock.now())
    db.session.commit()
    work.go_through(one.id, clock.now())
    return queries.get_import(one.id)


def loaded(actor: Actor, content: bytes, without_refused: bool = False, **more: Any) -> DataImport:
    """A file brought in to its end."""
    one = checked(actor, content, **more)
    service.load(actor, one.id, without_refused, clock.now())
    db.session.commit()
    work.go_through(one.id, clock.now())
    return queries.get_import(one.id)


def counts(one: DataImport) -> tuple[int, int, int, int]:
    """(new, changed, same, refused)."""
    return one.fresh, one.changed, one.same, one.refused
