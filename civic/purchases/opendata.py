"""Public purchases as open data: what stands in the register, how contracts changed, and from which amount on.

A purchase below the threshold of its day is no more here than on any page, and neither are its amendments.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import defer

from civic.notifications.compose import address_of
from civic.opendata.fields import CHANGED_AT, CURRENCY, NOTE, NUMBER, PAGE_ADDRESS, SOURCE_REFERENCE
from civic.opendata.resources import (
    Field,
    Narrowing,
    Resource,
    day,
    equal_to,
    moment,
    money,
    register_resource,
    since,
)
from civic.purchases.models import Purchase, PurchaseAmendment, PurchaseThreshold
from civic.purchases.ocds import ocid_of
from civic.purchases.rules import CATEGORIES, PROCEDURES


def register() -> None:
    """Publish the purchases, the changes of contracts and the thresholds."""
    register_resource(
        Resource(
            "purchases",
            _l("Public purchases"),
            _l("Public purchases above the threshold. Amounts of different kinds are never added up."),
            (
                NUMBER,
                PAGE_ADDRESS,
                Field("ocid", "text", _l("Its identifier in the open contracting data")),
                Field("title", "text", _l("What is bought")),
                Field("procedure", "text", _l("By which procedure"), codes=PROCEDURES),
                Field("categories", "several", _l("Goods, services or works"), codes=CATEGORIES),
                Field("amount_net", "money", _l("Amount without VAT, when it is known"), optional=True),
                Field("amount_gross", "money", _l("Amount with VAT, when it is known"), optional=True),
                Field("amount", "money", _l("Amount of which the source does not say whether it has VAT in it"), optional=True),
                CURRENCY,
                Field("year", "number", _l("The year of the purchase")),
                Field("signed_on", "day", _l("When the contract was signed"), optional=True),
                Field("supplier", "text", _l("From whom")),
                Field("supplier_code", "text", _l("Registration code of the supplier")),
                Field("contract_number", "text", _l("The number of the contract")),
                Field("buyer", "text", _l("The part of the city hall that buys, in the source's words")),
                Field("department_id", "number", _l("The department that answers for it"), optional=True),
                Field("project", "text", _l("What it is bought for, in the source's words")),
                Field("delivery_id", "number", _l("The delivery it is bought for"), optional=True),
                SOURCE_REFERENCE,
                NOTE,
                CHANGED_AT,
            ),
            _published,
            Purchase.id,
            _purchases,
            (
                equal_to("year", Purchase.year, _l("Only those of this year")),
                equal_to("procedure", Purchase.procedure, _l("Only those by this procedure"), "text", PROCEDURES),
                Narrowing("category", "text", _l("Only those of this category"), _category, CATEGORIES),
                equal_to("department_id", Purchase.department_id, _l("Only those of this department")),
                equal_to("delivery_id", Purchase.delivery_id, _l("Only those for this delivery")),
                since(Purchase.changed_at, _l("Only what changed at this moment or after it")),
            ),
        )
    )  # fmt: skip
    register_resource(
        Resource(
            "purchase-amendments",
            _l("Changes of contracts"),
            _l("How the contracts of purchases were changed, and why."),
            (
                NUMBER,
                Field("purchase_id", "number", _l("The purchase whose contract it changes")),
                Field("signed_on", "day", _l("When it was signed")),
                Field("amount_after", "money", _l("The amount after it, when it is known"), optional=True),
                Field("reason", "text", _l("Why the contract was changed")),
            ),
            lambda: (
                select(PurchaseAmendment)
                .join(Purchase, Purchase.id == PurchaseAmendment.purchase_id)
                .where(Purchase.published)
            ),
            PurchaseAmendment.id,
            _amendments,
            (equal_to("purchase_id", PurchaseAmendment.purchase_id, _l("Only those of this purchase")),),
        )
    )
    register_resource(
        Resource(
            "purchase-thresholds",
            _l("Thresholds of purchases"),
            _l("From which amount purchases are published, since when and on what basis."),
            (
                NUMBER,
                Field("since", "day", _l("For contracts from this day on")),
                Field("amount", "money", _l("From this amount on, in lei")),
                Field("basis", "text", _l("On what it rests")),
            ),
            lambda: select(PurchaseThreshold),
            PurchaseThreshold.id,
            _thresholds,
        )
    )


def _published() -> Select[Any]:
    return select(Purchase).where(Purchase.published).options(defer(Purchase.search_text))


def _category(statement: Select[Any], value: str, _now: datetime) -> Select[Any]:
    return statement.where(Purchase.categories.contains([value]))


def _purchases(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    same = (
        "id", "title", "procedure", "categories", "currency", "year", "supplier", "supplier_code",
        "contract_number", "buyer", "department_id", "project", "delivery_id", "source_reference", "note",
    )  # fmt: skip
    return [
        {
            **{name: getattr(one, name) for name in same},
            **{name: money(getattr(one, name)) for name in ("amount_net", "amount_gross", "amount")},
            "url": address_of("purchases.show", purchase_id=one.id),
            "ocid": ocid_of(one),
            "signed_on": day(one.signed_on),
            "changed_at": moment(one.changed_at),
        }
        for (one,) in rows
    ]


def _amendments(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            **{name: getattr(one, name) for name in ("id", "purchase_id", "reason")},
            "signed_on": day(one.signed_on),
            "amount_after": money(one.amount_after),
        }
        for (one,) in rows
    ]


def _thresholds(rows: Sequence[Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "since": day(one.since), "amount": money(one.amount), "basis": one.basis}
        for (one,) in rows
    ]
