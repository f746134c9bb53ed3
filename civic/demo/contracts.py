"""The contracts by which winners of the closed edition were built, and what was told with a picture at the end."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import FileStorage

from civic.demo.world import DATA, STAFF, World
from civic.files.service import store_upload
from civic.purchases import service as purchases
from civic.tracker import service as tracker
from civic.tracker.funds import service as funds
from civic.tracker.models import Delivery


def sign_contract(world: World, delivery: Delivery, plan: dict[str, Any], now: datetime) -> None:
    """The purchase of a work, as it was signed, and how it was changed since."""
    contract, actor, signed_on = plan["contract"], world.person(STAFF), world.days.date(plan["signed_day"])
    purchase = purchases.add_purchase(
        actor,
        {
            "title": f"Contract pentru „{delivery.title}”",
            "procedure": "simplified",
            "categories": [contract["category"]],
            "amount_gross": Decimal(contract.get("amount") or plan["contracted"]),
            "currency": "RON",
            "year": signed_on.year,
            "signed_on": signed_on,
            "supplier": contract["supplier"],
            "contract_number": contract["number"],
            "buyer": delivery.department.name if delivery.department else "",
            "department_id": delivery.department_id,
            "project": delivery.title,
            "delivery_id": delivery.id,
            "source_reference": "contract inventat pentru demonstrație",
        },
        now,
    )
    change = contract["amendment"]
    if change is not None:
        purchases.add_amendment(
            actor, purchase.id, world.days.date(change["day"]), Decimal(change["amount"]), change["reason"],
            world.days.moment(change["day"], 15),
        )  # fmt: skip


def follow_money(world: World, delivery_id: int, plan: dict[str, Any]) -> None:
    """What the contract came to, how the budget changed after it, and what was paid on which day."""
    actor, days = world.person(STAFF), world.days
    funds.record_contracted(
        actor, delivery_id, Decimal(plan["contracted"]), days.moment(plan["signed_day"], 15)
    )
    change = plan.get("revision")
    if change is not None:
        funds.revise_budget(
            actor, delivery_id, days.date(change["day"]), Decimal(change["amount"]), None, change["decision"],
            change["reason"], days.moment(change["day"], 15),
        )  # fmt: skip
    for one in plan.get("payments", []):
        funds.add_payment(
            actor, delivery_id, days.date(one["day"]), Decimal(one["amount"]), False, one["document"], one["reason"],
            days.moment(one["day"], 15),
        )  # fmt: skip


def show_picture(world: World, delivery_id: int, photo: dict[str, Any], now: datetime) -> None:
    """What stands there now, in words and in a picture."""
    actor = world.person(STAFF)
    with (DATA / "photos" / photo["file"]).open("rb") as file:
        stored = store_upload(FileStorage(file, photo["file"]), "image", actor, now, photo["alt"])
    tracker.add_update(actor, delivery_id, photo["text"], [stored.id], now)
