"""Deliveries brought in from a table: the city's investment programme as its reports print it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import aliased

from civic import clock, timeline
from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field, Landed
from civic.imports.rules import Unreadable
from civic.text import fold
from civic.tracker import closing, queries, rules, service
from civic.tracker.models import Delivery, DeliveryStage

STAGES = {fold(word): code for word, code in rules.CODES.items()} | {code: code for code in rules.STATUSES}
#: What a table without such a column, or with an empty cell in it, leaves as it is.
KEPT_SUMS = ("contracted", "spent", "started_on", "planned_end")
KEPT_WORDS = ("objective", "indicator", "responsible")
_LINES = ("budget_basis", "funding_source", "place", "parent_key", "same_as_key")


def reported_at(context: Context) -> datetime:
    """The noon of the day whose state of things the file tells, never after the loading."""
    return min(clock.city_moment(context.as_of, 12), context.now)


def make(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a delivery. A stage that needs a reason and has none says that the report gives none."""
    begun, planned = values["started_on"], values["planned_end"]
    if begun is not None and planned is not None and planned < begun:
        raise Unreadable("order", "planned_end", f"{begun.isoformat()} – {planned.isoformat()}")
    status = values["status"] or "other"
    reason = values["status_reason"] or ""
    if not reason and status in rules.NEEDS_REASON:
        reason = _("The report does not say at what stage it is.")
    return {
        "title": values["title"],
        "budget": values["budget"],
        "own_share": values["own_share"],
        "currency": values["currency"] or "RON",
        "status": status,
        "status_reason": reason,
        **{name: values[name] or "" for name in _LINES},
        **{name: values[name] for name in KEPT_SUMS},
        **{name: values[name] or "" for name in KEPT_WORDS},
        "neighbourhood_id": context.neighbourhood("neighbourhood", values["neighbourhood"]),
        "department_id": context.department("department", values["department"]),
    }


def stamp(after: Mapping[str, Any], before: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    """When it was written, since when it is at its stage, and what a search looks through."""
    objective = after.get("objective") or (before["objective"] if before else "")
    words = (after["title"], objective, after["place"], after["funding_source"])
    made: dict[str, Any] = {"search_text": fold(" ".join(part for part in words if part))[:50_000]}
    reported = reported_at(context)
    if before is None:
        return {
            **made,
            "created_at": reported,
            "changed_at": context.now,
            "status_since": reported,
            "version": 1,
        }
    made |= {"changed_at": context.now, "version": before["version"] + 1}
    if after["status"] == before["status"]:
        return made
    reopened = {} if after["status"] in rules.SUCCEEDED else {"done_on": None}
    return made | {"status_since": reported} | reopened


def landed(rows: Sequence[Landed], context: Context) -> None:
    """What residents read about it, and what followers of a work get when its stage has changed."""
    for row in rows:
        if row.before is None or row.after["status"] != row.before["status"]:
            stage = DeliveryStage(delivery_id=row.id, status=row.after["status"], since=reported_at(context))
            db.session.add(stage)
        if row.before is None:
            timeline.add(service.KIND, row.id, "delivery.imported", reported_at(context))
        elif row.after["status"] != row.before["status"]:
            reason, event = row.after["status_reason"], f"delivery.{row.after['status']}"
            timeline.add(service.KIND, row.id, event, context.now, role="staff", reason=reason)
            delivery = queries.get_delivery(row.id)
            db.session.refresh(delivery)
            service.tell_of_stage(delivery, context.now)
            if delivery.status in rules.SUCCEEDED and row.before["status"] not in rules.SUCCEEDED:
                closing.closed(delivery, context.now)
        else:
            timeline.add(service.KIND, row.id, "delivery.corrected", context.now, role="staff")


def finish(context: Context) -> None:
    """Tie parts to their umbrella and doubles to each other, by the numbers of the source."""
    other = aliased(Delivery)
    for key, column in ((Delivery.parent_key, "parent_id"), (Delivery.same_as_key, "same_as_id")):
        statement = (
            update(Delivery)
            .where(
                Delivery.source_id == context.source_id, key != "", other.source_id == context.source_id,
                other.import_key == key, other.id != Delivery.id,
                getattr(Delivery, column).is_distinct_from(other.id),
            )
            .values({column: other.id})
        )  # fmt: skip
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()


DATASET = Dataset(
    key="deliveries",
    label=_l("Works and projects"),
    model=Delivery,
    fields=(
        Field("title", _l("Title"), needed=True, guesses=("titlu", "denumire", "proiect", "lucrare")),
        Field("status", _l("Stage"), "choice", guesses=("stadiu", "stare"), choices=STAGES),
        Field("status_reason", _l("The stage in the report's words"), "text", guesses=("status_text", "stadiu detaliat")),
        Field("budget", _l("Approved budget"), "money", guesses=("value", "valoare", "buget", "suma")),
        Field("budget_basis", _l("What the amount is"), guesses=("value_basis", "baza valorii")),
        Field("own_share", _l("The city's own share of it"), "money", guesses=("value_sector2", "contributie proprie")),
        Field("contracted", _l("Contracted"), "money", guesses=("contractat", "valoare contract", "valoare contractata")),
        Field("spent", _l("Paid so far"), "money", guesses=("platit", "plati", "plati efectuate", "paid")),
        Field("objective", _l("What it is for"), "text", guesses=("obiectiv", "scop")),
        Field("indicator", _l("How we will know it worked"), "text", guesses=("indicator", "indicatori")),
        Field("responsible", _l("Who answers for it there"), guesses=("functia", "functie responsabila")),
        Field("started_on", _l("Started on"), "day", guesses=("data inceperii", "inceput")),
        Field("planned_end", _l("Planned end"), "day", guesses=("termen", "data finalizarii", "final planificat")),
        Field("currency", _l("Currency"), "currency", guesses=("moneda",)),
        Field("funding_source", _l("Funding source"), guesses=("sursa de finantare", "finantare")),
        Field("place", _l("Place"), guesses=("loc", "adresa", "amplasament")),
        Field("neighbourhood", _l("Neighbourhood"), guesses=("cartier",)),
        Field("department", _l("Department in charge"), guesses=("directia", "departament", "responsabil")),
        Field("parent_key", _l("Number of the project it is a part of"), guesses=("parent_id", "parent", "parinte")),
        Field("same_as_key", _l("Number of the row that lists it once more"), guesses=("same_as", "identic cu")),
    ),
    make=make,
    totals=("import_key", "title"),
    home="tracker.index",
    stamp=stamp,
    landed=landed,
    keeps=frozenset((*KEPT_SUMS, *KEPT_WORDS)),
    finish=finish,
)  # fmt: skip
