"""What a purchase says at a moment, apart from the row it stands in. Plain values in and out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self


@dataclass(frozen=True)
class Change:
    """An amendment of the contract."""

    id: int
    signed_on: date
    amount_after: Decimal | None
    reason: str
    added_at: datetime


@dataclass(frozen=True)
class State:
    """Everything that anybody may read about a purchase, and when it was written."""

    id: int
    version: int
    created_at: datetime
    changed_at: datetime
    title: str
    procedure: str
    categories: list[str]
    amount: Decimal | None
    amount_net: Decimal | None
    amount_gross: Decimal | None
    currency: str
    year: int
    signed_on: date | None
    supplier: str
    supplier_code: str
    contract_number: str
    buyer: str
    department_id: int | None
    project: str
    delivery_id: int | None
    note: str
    source_reference: str
    #: by the day they were signed
    amendments: tuple[Change, ...]

    @classmethod
    def of(cls, columns: Mapping[str, Any], amendments: Iterable[Any]) -> Self:
        """The state in columns of the table, with amendments as they stand in theirs."""
        own = {name: columns[name] for name in NAMES}
        changes = [
            Change(*(getattr(one, each.name) for each in fields(Change)))
            for one in sorted(amendments, key=lambda one: (one.signed_on, one.id))
        ]
        return cls(**own, amendments=tuple(changes))

    @classmethod
    def of_row(cls, row: Any) -> Self:
        """The state that a row of the table has now, with its amendments."""
        return cls.of({name: getattr(row, name) for name in NAMES}, row.amendments)

    def with_amendments(self, wanted: Iterable[Change]) -> Self:
        """The same with these of its amendments alone."""
        chosen = set(wanted)
        return replace(self, amendments=tuple(one for one in self.amendments if one in chosen))

    def facts(self) -> dict[str, Any]:
        """What it says, as it is kept: an amount is text with its two decimals."""
        told = {name: _kept(getattr(self, name)) for name in FACTS}
        changes = [
            {"id": one.id, "signed_on": _kept(one.signed_on), "amount_after": _kept(one.amount_after), "reason": one.reason}
            for one in self.amendments
        ]  # fmt: skip
        return {**told, "amendments": changes}


#: Columns of the table that a state has.
NAMES = tuple(one.name for one in fields(State) if one.name != "amendments")
#: Of those, what is said about the purchase itself.
FACTS = tuple(name for name in NAMES if name not in ("id", "version", "created_at", "changed_at"))


def _kept(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(what, before, after) of kept facts that are not the same; an amendment is None where it does not stand.

    >>> differences({"year": 2024, "amendments": []}, {"year": 2025, "amendments": [{"id": 1}]})
    [('year', 2024, 2025), ('amendment', None, {'id': 1})]
    """
    found = [
        (name, before.get(name), after.get(name)) for name in FACTS if before.get(name) != after.get(name)
    ]
    old = {one["id"]: one for one in before["amendments"]}
    new = {one["id"]: one for one in after["amendments"]}
    found += [
        ("amendment", old.get(number), new.get(number))
        for number in sorted(old.keys() | new.keys())
        if old.get(number) != new.get(number)
    ]
    return found
