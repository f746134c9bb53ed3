"""Deliveries from a file: the city's investment programme as its reports print it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from civic import timeline
from civic.errors import Invalid
from civic.extensions import db
from civic.places.models import Department, Neighbourhood
from civic.text import clean_line, clean_text
from civic.tracker import queries, rules, service
from civic.tracker.models import Delivery


def import_deliveries(rows: Iterable[Mapping[str, Any]], now: datetime) -> int:
    """Add the rows not imported before; returns how many were new.

    A row has id, title, place, neighbourhood (slug), funding_source, value and currency (None when not
    stated), value_basis, status (the report's own word), status_text, department (slug), parent and same_as
    (ids of other rows), note, source. Raises Invalid naming the row that cannot be read: nothing is kept then.
    """
    listed = list(rows)
    known = queries.import_ids()
    places = {"neighbourhood": queries.slugs_of(Neighbourhood), "department": queries.slugs_of(Department)}
    fresh = [
        _delivery(row, places, now)
        for row in {row["id"]: row for row in listed}.values()
        if row["id"] not in known
    ]
    db.session.add_all(fresh)
    db.session.flush()
    ids = known | {str(delivery.import_key): delivery.id for delivery in fresh}
    by_key = {delivery.import_key: delivery for delivery in fresh}
    for row in listed:
        delivery = by_key.get(row["id"])
        if delivery is None:
            continue
        delivery.parent_id, delivery.same_as_id = ids.get(row["parent"] or ""), ids.get(row["same_as"] or "")
        timeline.add(service.KIND, delivery.id, "delivery.imported", now)
    db.session.flush()
    return len(fresh)


def _delivery(row: Mapping[str, Any], places: dict[str, dict[str, int]], now: datetime) -> Delivery:
    try:
        status = rules.CODES[row["status"]]
        budget = Decimal(row["value"]) if row["value"] else None
        neighbourhood_id = places["neighbourhood"][row["neighbourhood"]] if row["neighbourhood"] else None
        department_id = places["department"][row["department"]] if row["department"] else None
    except (KeyError, InvalidOperation) as error:
        raise Invalid(f"{row.get('id')}: {error}") from error
    reason = clean_text(row["status_text"] or "")
    if not reason and status in rules.NEEDS_REASON:
        reason = "Raportul nu precizează stadiul."
    delivery = Delivery(
        title=clean_line(row["title"]),
        budget=budget,
        budget_basis=clean_line(row["value_basis"] or ""),
        currency=row["currency"] or "RON",
        funding_source=clean_line(row["funding_source"] or ""),
        place=clean_line(row["place"] or ""),
        neighbourhood_id=neighbourhood_id,
        department_id=department_id,
        status=status,
        status_reason=reason,
        status_since=now,
        import_key=row["id"],
        source_reference=clean_line(row["source"] or ""),
        created_at=now,
        changed_at=now,
    )
    delivery.search_text = service.search_text_of(delivery)
    return delivery
