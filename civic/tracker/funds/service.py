"""Commands about the money of a delivery. They flush; the caller's unit of work commits."""

from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from civic import audit, clock, timeline
from civic.actor import Actor
from civic.decisions.queries import get_public
from civic.errors import Invalid
from civic.extensions import db
from civic.format import day as format_day
from civic.text import clean_line, clean_text
from civic.tracker import queries as tracker
from civic.tracker.funds import queries, rules
from civic.tracker.funds.models import BudgetRevision, DeliveryPayment
from civic.tracker.models import Delivery
from civic.tracker.rules import MAX_MONEY, money_problem
from civic.tracker.service import KIND, mark_changed, tell


def revise_budget(
    actor: Actor,
    delivery_id: int,
    revised_on: date,
    amount: Decimal,
    decision_id: int | None,
    decision_text: str,
    reason: str,
    now: datetime,
) -> BudgetRevision:
    """A new approved budget: the old one, the decision and the reason stay readable; followers are told.

    Raises Invalid with a sentence for an amount that cannot be or changes nothing, and for what is left out.
    """
    delivery = tracker.get_delivery(delivery_id, lock=True)
    decision_text, reason = clean_line(decision_text), clean_text(reason)
    if money_problem(amount):
        raise Invalid(_("The budget must be an amount of zero or more."))
    if amount == delivery.budget:
        raise Invalid(_("This is the budget in force already."))
    if decision_id is None and not decision_text:
        raise Invalid(_("Say by which decision the budget changes."))
    if not reason:
        raise Invalid(_("Say why the budget changes: residents read it."))
    _check_day(revised_on, now)
    earlier = queries.list_revisions(delivery.id)
    if earlier and revised_on < earlier[-1].revised_on:
        raise Invalid(
            _(
                "A revision of %(day)s is written down already. Remove it, then write both in the order of their days.",
                day=format_day(earlier[-1].revised_on),
            )
        )
    if decision_id is not None:
        get_public(decision_id)
    revision = BudgetRevision(
        delivery_id=delivery.id, revised_on=revised_on, amount_before=delivery.budget, amount_after=amount,
        decision_id=decision_id, decision_text=decision_text, reason=reason, recorded_at=now, account_id=actor.id,
    )  # fmt: skip
    delivery.budget = amount
    db.session.add(revision)
    mark_changed(delivery, now)
    role = timeline.role_of(actor)
    timeline.add(KIND, delivery.id, "delivery.budget_revised", now, role=role, reason=reason)
    audit.record(actor, "delivery.budget_revised", KIND, delivery.id, now, {"revision": revision.id})
    title = delivery.title
    tell(
        delivery,
        lambda: _("New budget: %(title)s", title=title),
        lambda: _(
            "The budget of “%(title)s” was revised. Its page says by which decision and why.", title=title
        ),
        now,
    )
    return revision


def take_back_revision(actor: Actor, delivery_id: int, revision_id: int, now: datetime) -> None:
    """Take out the last revision, entered by mistake: the budget is what it was before it. NotFound for others."""
    delivery = tracker.get_delivery(delivery_id, lock=True)
    revision = queries.get_last_revision(delivery_id, revision_id)
    if delivery.budget == revision.amount_after:
        delivery.budget = revision.amount_before
    db.session.delete(revision)
    _note_correction(actor, delivery, "delivery.revision_removed", {"revision": revision_id}, now)


def add_payment(
    actor: Actor,
    delivery_id: int,
    paid_on: date,
    amount: Decimal,
    recovered: bool,
    document: str,
    reason: str,
    now: datetime,
) -> DeliveryPayment:
    """Money paid on a day, or recovered, which needs its reason.

    The stated total moves along where it was no more than the sum of the payments listed; else it stays, and the
    page shows by how much the two differ. Raises Invalid with a sentence.
    """
    delivery = tracker.get_delivery(delivery_id, lock=True)
    document, reason = clean_line(document), clean_text(reason)
    if not amount or money_problem(amount):
        raise Invalid(_("Write an amount above zero."))
    if recovered and not reason:
        raise Invalid(_("Say why the money came back."))
    _check_day(paid_on, now)
    before = queries.sum_of_payments(delivery.id)
    signed = -amount if recovered else amount
    after = (before or Decimal(0)) + signed
    if after < 0:
        raise Invalid(_("More cannot come back than was paid."))
    if after > MAX_MONEY:
        raise Invalid(_("The payments add up to more than can be kept."))
    payment = DeliveryPayment(
        delivery_id=delivery.id, paid_on=paid_on, amount=signed, document=document, reason=reason, recorded_at=now,
        account_id=actor.id,
    )  # fmt: skip
    if rules.follows_parts(delivery.spent, before):
        delivery.spent = after
    db.session.add(payment)
    mark_changed(delivery, now)
    event = "delivery.recovered" if recovered else "delivery.paid"
    timeline.add(KIND, delivery.id, event, now, role=timeline.role_of(actor), reason=reason)
    audit.record(actor, "delivery.payment_added", KIND, delivery.id, now, {"payment": payment.id})
    return payment


def remove_payment(actor: Actor, delivery_id: int, payment_id: int, now: datetime) -> None:
    """Take out a payment entered by mistake. Raises Invalid when more would have come back than was paid."""
    delivery = tracker.get_delivery(delivery_id, lock=True)
    payment = queries.get_payment(delivery_id, payment_id)
    before = queries.sum_of_payments(delivery.id)
    after = (before or Decimal(0)) - payment.amount
    if after < 0:
        raise Invalid(_("More cannot come back than was paid."))
    db.session.delete(payment)
    db.session.flush()
    if rules.follows_parts(delivery.spent, before):
        delivery.spent = queries.sum_of_payments(delivery.id)
    _note_correction(actor, delivery, "delivery.payment_removed", {"payment": payment_id}, now)


def record_contracted(actor: Actor, delivery_id: int, contracted: Decimal | None, now: datetime) -> Delivery:
    """For how much contracts were signed, as stated; None when it is not known."""
    if money_problem(contracted):
        raise Invalid(_("What was contracted must be an amount of zero or more."))
    delivery = tracker.get_delivery(delivery_id, lock=True)
    if delivery.contracted == contracted:
        return delivery
    delivery.contracted = contracted
    mark_changed(delivery, now)
    timeline.add(KIND, delivery.id, "delivery.contracted", now, role=timeline.role_of(actor))
    amount = None if contracted is None else str(contracted)
    audit.record(actor, "delivery.contracted_recorded", KIND, delivery_id, now, {"contracted": amount})
    return delivery


def _note_correction(
    actor: Actor, delivery: Delivery, event: str, details: dict[str, int], now: datetime
) -> None:
    mark_changed(delivery, now)
    timeline.add(KIND, delivery.id, "delivery.corrected", now, role=timeline.role_of(actor))
    audit.record(actor, event, KIND, delivery.id, now, details)


def _check_day(day: date, now: datetime) -> None:
    if day > clock.city_date(now):
        raise Invalid(_("This day is still to come."))
