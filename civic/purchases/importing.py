"""Purchases brought in from a table."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, update

from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field, Landed
from civic.imports.rules import YEARS, Unreadable
from civic.purchases import editions, queries, service
from civic.purchases.models import Purchase
from civic.purchases.rules import CATEGORIES, PROCEDURES, amounts_problem
from civic.purchases.states import State
from civic.text import fold
from civic.tracker.models import Delivery

WORDS = {
    "licitatie deschisa": "open", "licitatie restransa": "restricted", "negociere": "negotiated",
    "negociere fara publicare prealabila": "negotiated", "negociere competitiva": "negotiated",
    "dialog competitiv": "competitive_dialogue", "procedura simplificata": "simplified",
    "achizitie directa": "direct", "acord cadru": "framework", "acord-cadru": "framework", "alta": "other",
    "necunoscut": "unknown", "necunoscuta": "unknown", **{one: one for one in PROCEDURES},
}  # fmt: skip
KINDS = {
    "produse": "goods", "furnizare": "goods", "servicii": "services", "lucrari": "works",
    **{one: one for one in CATEGORIES},
}  # fmt: skip
_LINES = ("supplier", "supplier_code", "contract_number", "buyer", "project", "field")


def make(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a purchase. Its department is the buyer, where a department is called so."""
    if amounts_problem(values["amount_net"], values["amount_gross"]):
        raise Unreadable("order", "amount_gross", f"{values['amount_net']} – {values['amount_gross']}")
    signed_on = values["signed_on"]
    year = values["year"] or (signed_on.year if signed_on else None)
    if year is None:
        raise Unreadable("missing", "year")
    if year not in YEARS:
        raise Unreadable("year", "signed_on", year)
    return {
        "title": values["title"],
        "procedure": values["procedure"] or "unknown",
        "categories": values["categories"] or [],
        **{name: values[name] for name in ("amount", "amount_net", "amount_gross")},
        "currency": values["currency"] or "RON",
        "year": year,
        "signed_on": signed_on,
        **{name: values[name] or "" for name in _LINES},
        "department_id": context.department("buyer", values["buyer"]),
    }


def stamp(after: Mapping[str, Any], before: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    """When it was written, and what a search looks through."""
    made = {"changed_at": context.now, "search_text": service.search_text(after)}
    if before is None:
        return {**made, "created_at": context.now, "published": True, "version": 1}
    return {**made, "version": before["version"] + 1}


def landed(rows: Sequence[Landed], context: Context) -> None:
    """Keep what changed rows said in public, and let the threshold decide about all before anybody reads them."""
    amendments = queries.amendments_of(row.id for row in rows if row.before is not None)
    kept, said = [], []
    for row in rows:
        if row.before is not None:
            changes = amendments.get(row.id, [])
            state = State.of(row.before, changes)
            if state.facts() == State.of({**row.before, **row.after}, changes).facts():
                continue
            if not row.before["never_shown"]:
                kept.append(state)
        said.append(row.id)
    editions.keep(kept, context.now)
    service.publish_written(said)


def finish(context: Context) -> None:
    """Tie purchases to the one delivery that is called as their project, then let the threshold decide."""
    one = (
        select(func.lower(Delivery.title).label("title"), func.min(Delivery.id).label("id"))
        .where(Delivery.same_as_id.is_(None))
        .group_by(func.lower(Delivery.title))
        .having(func.count() == 1)
        .subquery()
    )
    db.session.execute(
        update(Purchase)
        .where(
            Purchase.source_id == context.source_id, Purchase.project != "", Purchase.delivery_id.is_(None),
            func.lower(Purchase.project) == one.c.title,
        )
        .values(delivery_id=one.c.id),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    service.publish_by_threshold()


def _choices(words: Mapping[str, str]) -> dict[str, str]:
    return {fold(word): code for word, code in words.items()}


DATASET = Dataset(
    key="purchases",
    label=_l("Public purchases"),
    model=Purchase,
    fields=(
        Field("title", _l("What is bought"), needed=True, guesses=("obiect", "denumire", "titlu", "obiectul contractului")),
        Field("procedure", _l("Procedure"), "choice", guesses=("procedura", "tip procedura"), choices=_choices(WORDS)),
        Field("categories", _l("Goods, services or works"), "several", guesses=("category", "categorie", "tip"),
              choices=_choices(KINDS)),
        Field("amount", _l("Amount, VAT not stated"), "money", guesses=("valoare", "suma", "pret")),
        Field("amount_net", _l("Amount without VAT"), "money", guesses=("valoare fara tva", "net")),
        Field("amount_gross", _l("Amount with VAT"), "money", guesses=("valoare cu tva", "brut")),
        Field("currency", _l("Currency"), "currency", guesses=("moneda",)),
        Field("year", _l("Year"), "year", guesses=("an", "anul")),
        Field("signed_on", _l("Contract signed on"), "day", guesses=("data contractului", "data semnarii", "date")),
        Field("supplier", _l("Supplier"), guesses=("furnizor", "contractant", "operator economic")),
        Field("supplier_code", _l("Registration code of the supplier"), guesses=("cui", "cod fiscal")),
        Field("contract_number", _l("Contract number"), guesses=("numar contract", "nr contract", "contract")),
        Field("buyer", _l("Who buys"), guesses=("buyer_department", "autoritate contractanta", "directia", "cumparator")),
        Field("project", _l("What it is bought for"), guesses=("proiect",)),
        Field("field", _l("Domain"), guesses=("domeniu",)),
    ),
    make=make,
    totals=("import_key", "title"),
    home="purchases.index",
    stamp=stamp,
    landed=landed,
    finish=finish,
)  # fmt: skip
