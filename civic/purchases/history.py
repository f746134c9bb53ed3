"""What changes of a purchase said: from what to what, as its page tells them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.format import day, money
from civic.places.queries import list_departments
from civic.purchases import labels, queries
from civic.purchases.models import Purchase
from civic.purchases.states import State, differences
from civic.tracker.queries import list_by_ids

#: Changes that a page tells; a purchase with more says so.
SHOWN = 30
_LABELS = {
    "title": _l("What is bought"),
    "procedure": _l("Procedure"),
    "categories": _l("Goods, services or works"),
    "amount_net": _l("Amount without VAT"),
    "amount_gross": _l("Amount with VAT"),
    "amount": _l("Amount, VAT not stated"),
    "currency": _l("Currency"),
    "year": _l("Year"),
    "signed_on": _l("Contract signed on"),
    "supplier": _l("Supplier"),
    "supplier_code": _l("Registration code of the supplier"),
    "contract_number": _l("Contract number"),
    "buyer": _l("Who buys"),
    "department_id": _l("Department in charge"),
    "project": _l("What it is bought for"),
    "delivery_id": _l("The work it serves"),
    "note": _l("Note or doubt about it"),
    "source_reference": _l("Source"),
}


@dataclass(frozen=True)
class Changed:
    """What was changed at a moment: (what, before, after) in words."""

    at: datetime
    lines: list[tuple[str, str, str]]


def of_purchase(purchase: Purchase) -> tuple[list[Changed], bool]:
    """What was changed since a purchase was published, the newest first, and whether there is more."""
    editions = queries.list_editions(purchase.id, SHOWN + 1)
    if not editions:
        return [], False
    steps = []
    after = State.of_row(purchase).facts()
    for one in editions[:SHOWN]:
        steps.append((one.superseded_at, one.facts, after))
        after = one.facts
    names = _names(facts for _at, before, after in steps for facts in (before, after))
    told = [
        Changed(at, [_line(part, before["currency"], after["currency"], names) for part in differences(before, after)])
        for at, before, after in steps
    ]  # fmt: skip
    return [one for one in told if one.lines], len(editions) > SHOWN


def _names(states: Iterable[Mapping[str, Any]]) -> dict[tuple[str, int], str]:
    """What departments and works in these states are called today."""
    works = {facts["delivery_id"] for facts in states} - {None}
    found = {("department_id", one.id): one.name for one in list_departments()}
    return found | {("delivery_id", one.id): one.title for one in list_by_ids(works)}


def _line(
    part: tuple[str, Any, Any], was: str, now: str, names: Mapping[tuple[str, int], str]
) -> tuple[str, str, str]:
    name, before, after = part
    if name == "amendment":
        signed = date.fromisoformat((before or after)["signed_on"])
        label = _("Change of the contract of %(day)s", day=day(signed))
        return label, _amendment(before, was), _amendment(after, now)
    return str(_LABELS[name]), _words(name, before, was, names), _words(name, after, now, names)


def _amendment(told: Mapping[str, Any] | None, currency: str) -> str:
    if told is None:
        return _("not in the register")
    amount = told["amount_after"]
    return told["reason"] if amount is None else f"{money(Decimal(amount), currency)}: {told['reason']}"


def _words(name: str, value: Any, currency: str, names: Mapping[tuple[str, int], str]) -> str:
    if value in (None, "", []):
        return _("not stated")
    if name in ("amount", "amount_net", "amount_gross"):
        return money(Decimal(value), currency)
    if name == "procedure":
        return str(labels.PROCEDURES[value])
    if name == "categories":
        return ", ".join(str(labels.CATEGORIES[one]) for one in value)
    if name == "signed_on":
        return day(date.fromisoformat(value))
    return names.get((name, value), str(value))
