"""Commands that change purchases. They flush; the caller's unit of work commits."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, and_, cast, false, func, not_, or_, select, update

from civic import audit, clock
from civic.actor import Actor
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.purchases import editions, queries, rules
from civic.purchases.models import Purchase, PurchaseAmendment, PurchaseThreshold
from civic.purchases.states import State
from civic.text import clean_line, clean_text, fold

KIND = "purchase"
LINES = (
    "title",
    "supplier",
    "supplier_code",
    "contract_number",
    "buyer",
    "project",
    "field",
    "source_reference",
)
DETAILS = (
    *LINES, "note", "procedure", "categories", "amount", "amount_net", "amount_gross", "currency", "year", "signed_on",
    "department_id", "delivery_id",
)  # fmt: skip


def search_text(values: Mapping[str, Any]) -> str:
    """What a search looks through, folded."""
    names = ("title", "supplier", "supplier_code", "contract_number", "buyer", "project", "field")
    return fold(" ".join(str(values[name]) for name in names if values[name]))[:50_000]


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: values.get(name) for name in DETAILS}
    for name in LINES:
        made[name] = clean_line(made[name] or "")
    made["note"] = clean_text(made["note"] or "")
    made["categories"] = sorted(made["categories"] or [])
    if not made["title"]:
        raise Invalid(_("Write a title."))
    if made["year"] is None and made["signed_on"] is not None:
        made["year"] = made["signed_on"].year
    if made["year"] is None or not 1990 <= made["year"] <= 2100:
        raise Invalid(_("Write the year of the purchase, such as 2024."))
    amounts = [made[name] for name in ("amount", "amount_net", "amount_gross")]
    if any(one > rules.MAX_MONEY for one in amounts if one is not None):
        raise Invalid(_("This amount is larger than can be kept."))
    if rules.amounts_problem(made["amount_net"], made["amount_gross"]):
        raise Invalid(_("The amount with VAT is below the one without."))
    return made


def _derived(values: Mapping[str, Any]) -> dict[str, Any]:
    weight = rules.weight(values["amount_net"], values["amount"], values["amount_gross"])
    day = rules.day_of(values["signed_on"], values["year"])
    shown = rules.is_published(weight, values["currency"], day, queries.thresholds())
    return {"search_text": search_text(values), "published": shown}


def _state_now(purchase: Purchase) -> tuple[State, bool]:
    """What it says before a change, and whether that stood in public."""
    return State.of_row(purchase), not purchase.never_shown


def add_purchase(actor: Actor, values: Mapping[str, Any], now: datetime) -> Purchase:
    """Enter a purchase by hand. Raises Invalid for what cannot be."""
    made = _cleaned(values)
    derived = _derived(made)
    purchase = Purchase(
        **made, **derived, never_shown=not derived["published"], created_at=now, changed_at=now
    )
    db.session.add(purchase)
    db.session.flush()
    audit.record(actor, "purchase.added", KIND, purchase.id, now)
    return purchase


def edit_purchase(
    actor: Actor, purchase_id: int, seen: int, values: Mapping[str, Any], now: datetime
) -> Purchase:
    """Correct a purchase. Raises Conflict when somebody changed it since the form was opened."""
    purchase = queries.get_purchase(purchase_id, lock=True)
    if purchase.version != seen:
        raise Conflict(_("Somebody changed this purchase while you were writing. Reload the page and look."))
    made = _cleaned({**{name: getattr(purchase, name) for name in DETAILS}, **values})
    changed = sorted(name for name, value in made.items() if getattr(purchase, name) != value)
    if changed:
        was = _state_now(purchase)
        for name, value in {**made, **_derived(made)}.items():
            setattr(purchase, name, value)
        _touch(purchase, was, now)
        audit.record(actor, "purchase.corrected", KIND, purchase_id, now, {"fields": changed})
    return purchase


def _touch(purchase: Purchase, was: tuple[State, bool], now: datetime) -> None:
    """Note the change; what stood in public until now is kept."""
    purchase.changed_at = now
    purchase.version += 1
    db.session.flush()
    shown = select(_shown_by_threshold()).where(Purchase.id == purchase.id)
    purchase.published = bool(db.session.scalar(shown))
    state, read = was
    if state.facts() != State.of_row(purchase).facts():
        if read:
            editions.keep([state], now)
        purchase.never_shown = not purchase.published
        db.session.flush()
    db.session.expire(purchase, ["editions"])


def add_amendment(
    actor: Actor, purchase_id: int, signed_on: date, amount_after: Decimal | None, reason: str, now: datetime
) -> PurchaseAmendment:
    """Note a change of the contract. Raises Invalid without a reason or with a day to come."""
    purchase = queries.get_purchase(purchase_id, lock=True)
    reason = clean_text(reason)
    if not reason:
        raise Invalid(_("Say why the contract was changed."))
    if signed_on > clock.city_date(now):
        raise Invalid(_("This day is still to come."))
    if purchase.signed_on is not None and signed_on < purchase.signed_on:
        raise Invalid(_("The contract was signed after this day."))
    was = _state_now(purchase)
    made = PurchaseAmendment(signed_on=signed_on, amount_after=amount_after, reason=reason, added_at=now)
    purchase.amendments.append(made)
    _touch(purchase, was, now)
    audit.record(actor, "purchase.amended", KIND, purchase_id, now, {"amendment": made.id})
    return made


def remove_amendment(actor: Actor, purchase_id: int, amendment_id: int, now: datetime) -> None:
    """Take out an amendment entered by mistake."""
    purchase = queries.get_purchase(purchase_id, lock=True)
    found = next((one for one in purchase.amendments if one.id == amendment_id), None)
    if found is None:
        raise NotFound
    was = _state_now(purchase)
    purchase.amendments.remove(found)
    _touch(purchase, was, now)
    audit.record(actor, "purchase.amendment_removed", KIND, purchase_id, now, {"amendment": amendment_id})


def set_threshold(actor: Actor, since: date, amount: Decimal, basis: str, now: datetime) -> PurchaseThreshold:
    """From a day on, publish purchases from an amount on. The register follows at once."""
    basis = clean_line(basis)
    if not basis:
        raise Invalid(_("Write on what decision or law the threshold rests."))
    found = db.session.scalar(select(PurchaseThreshold).filter_by(since=since).with_for_update())
    if found is None:
        found = PurchaseThreshold(since=since)
        db.session.add(found)
    found.amount, found.basis, found.account_id, found.set_at = amount, basis, actor.id, now
    db.session.flush()
    audit.record(
        actor, "purchase.threshold_set", "purchase_threshold", found.id, now, {"amount": str(amount)}
    )
    publish_by_threshold()
    return found


def _shown_by_threshold() -> ColumnElement[bool]:
    """Whether a purchase stands in the register, as the threshold of its day says: by what it began with, or by the
    most that its contract ever came to, so that nothing grows out of sight."""
    began = func.coalesce(Purchase.amount_net, Purchase.amount, Purchase.amount_gross)
    most = select(func.max(PurchaseAmendment.amount_after)).where(
        PurchaseAmendment.purchase_id == Purchase.id
    )
    day = func.coalesce(Purchase.signed_on, cast(func.make_date(Purchase.year, 12, 31), Date))
    limit = (
        select(PurchaseThreshold.amount)
        .where(PurchaseThreshold.since <= day)
        .order_by(PurchaseThreshold.since.desc())
        .limit(1)
        .scalar_subquery()
    )
    least = func.coalesce(limit, 0)
    grown = most.correlate(Purchase).scalar_subquery() >= least  # asked last: hardly any contract is changed
    return or_(began.is_(None), Purchase.currency != "RON", began >= least, func.coalesce(grown, false()))


def publish_by_threshold() -> None:
    """Let every purchase stand in the register, or not, as the threshold of its day says.

    One that goes takes its earlier editions with it, and one that comes back has them again.
    """
    shown = _shown_by_threshold()
    _publish(Purchase.published.is_distinct_from(shown), shown, and_(Purchase.never_shown, not_(shown)))


def publish_written(ids: Collection[int]) -> None:
    """The same of purchases that were just written, which say something that nobody has read yet."""
    shown = _shown_by_threshold()
    differs = or_(Purchase.published.is_distinct_from(shown), Purchase.never_shown == shown)
    _publish(and_(Purchase.id.in_(ids), differs), shown, not_(shown))


def _publish(which: ColumnElement[bool], shown: ColumnElement[bool], never: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Purchase).where(which).values(published=shown, never_shown=never),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
