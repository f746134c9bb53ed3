"""Decisions brought in from a table."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from civic.decisions import queries, rules
from civic.decisions.models import CouncilDecision, DecisionRelation
from civic.extensions import db
from civic.imports.datasets import Context, Dataset, Field
from civic.imports.rules import Unreadable
from civic.text import fold

KINDS = {
    "hcl": "council", "hotarare": "council", "hotarare a consiliului local": "council", "council": "council",
    "hcgmb": "general_council", "general_council": "general_council", "dispozitie": "order", "order": "order",
    "altul": "other", "other": "other",
}  # fmt: skip


def make(values: dict[str, Any], context: Context) -> dict[str, Any]:
    """A row as a decision. A day of another year than the one stated is refused."""
    day, year = values["adopted_on"], values["year"]
    year = year if year is not None else (day.year if day else None)
    if year is None:
        raise Unreadable("missing", "year")
    if day is not None and day.year != year:
        raise Unreadable("order", "adopted_on", f"{day.isoformat()} – {year}")
    issuer, citation = values["issuer"] or "", values["citation"] or ""
    return {
        "kind": values["kind"] or rules.kind_of(issuer, citation, ""),
        "number": values["number"],
        "adopted_on": day,
        "year": year,
        "issuer": issuer,
        "title": values["title"] or "",
        "citation": citation,
        "relation": values["relation"] or "",
    }


def stamp(after: Mapping[str, Any], _before: Mapping[str, Any] | None, context: Context) -> dict[str, Any]:
    """When it was written, and what a search looks through."""
    words = (
        after["title"],
        after["citation"],
        f"{after['number']}/{after['year']}",
        after["number"],
        after["issuer"],
    )
    return {"changed_at": context.now, "search_text": fold(" ".join(words))[:50_000]}


def finish(context: Context) -> None:
    """Turn what the source says about other decisions into relations, where just one decision is meant."""
    named = [
        (row[0], relation)
        for row in queries.stream_related(context.source_id)
        for relation in rules.relations_in(row[1])
    ]
    known = queries.ids_of({(relation.number, relation.year) for _own, relation in named})
    pairs = set()
    for own, relation in named:
        others = [one for one in known.get((relation.number, relation.year), []) if one != own]
        if len(others) == 1:
            ends = (others[0], own) if relation.passive else (own, others[0])
            pairs.add((*ends, relation.kind))
    own_ids = {own for own, _relation in named}
    db.session.execute(
        delete(DecisionRelation).where(DecisionRelation.from_id.in_(own_ids), ~DecisionRelation.by_hand)
    )
    if pairs:
        rows = [{"from_id": start, "to_id": end, "kind": kind} for start, end, kind in sorted(pairs)]
        db.session.execute(insert(DecisionRelation).on_conflict_do_nothing(), rows)


DATASET = Dataset(
    key="decisions",
    label=_l("Decisions of the council"),
    model=CouncilDecision,
    fields=(
        Field("number", _l("Number of the decision"), needed=True, guesses=("numar", "nr", "nr hotarare")),
        Field("kind", _l("Kind of decision"), "choice", guesses=("fel", "tip", "type"), choices=KINDS),
        Field("adopted_on", _l("Day of adoption"), "day", guesses=("date", "data", "data adoptarii")),
        Field("year", _l("Year"), "year", guesses=("an", "anul")),
        Field("issuer", _l("Who decided"), guesses=("emitent", "emitentul")),
        Field("title", _l("What it is about"), "text", guesses=("about", "titlu", "obiect", "despre", "denumire")),
        Field("citation", _l("How the source cites it"), guesses=("citare", "forma citata")),
        Field("relation", _l("Which others it changes"), "text", guesses=("relatie", "legatura", "modifica")),
    ),
    make=make,
    home="decisions.index",
    stamp=stamp,
    finish=finish,
)  # fmt: skip
