"""Commands that change deliveries. They flush; the caller's unit of work commits."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects.postgresql import insert

from civic import audit, clock, links, timeline
from civic.actor import Actor
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.files import queries as file_queries
from civic.files import service as files
from civic.notifications.service import notify_followers
from civic.text import clean_line, clean_text, fold
from civic.tracker import closing, queries, rules
from civic.tracker.funds import queries as funds
from civic.tracker.labels import STATUS_LABELS
from civic.tracker.models import (
    Delivery,
    DeliveryDocument,
    DeliveryPhoto,
    DeliveryStage,
    DeliveryUpdate,
    Milestone,
)

KIND = "delivery"
#: One line each, cleaned as such; the other texts keep their paragraphs.
LINES = (
    "title", "budget_basis", "funding_source", "council_decision", "place", "responsible", "source_reference",
)  # fmt: skip
TEXTS = ("objective", "indicator")
DETAILS = (
    *LINES, *TEXTS, "budget", "currency", "department_id", "neighbourhood_id", "category_id", "started_on",
    "planned_end", "latitude", "longitude",
)  # fmt: skip


def create_delivery(
    title: str,
    budget: Decimal | None,
    currency: str,
    neighbourhood_id: int | None,
    category_id: int | None,
    origin: tuple[str, int] | None,
    actor: Actor,
    now: datetime,
    **more: Any,
) -> Delivery:
    """Begin to track something. The same origin gives the same delivery, however often it is asked for.

    `origin` is (kind, id) of the winning project, linked so that readers can walk the chain; `more` takes any
    other detail (objective, indicator, department_id, funding_source, council_decision, planned_end, …) and
    status with status_reason. Raises Invalid for amounts and dates that cannot be.
    """
    status, reason = more.pop("status", "in_preparation"), clean_text(more.pop("status_reason", ""))
    details = _clean_details({
        "title": title, "budget": budget, "currency": currency, "neighbourhood_id": neighbourhood_id,
        "category_id": category_id, **{key: more.pop(key) for key in DETAILS if key in more},
    })  # fmt: skip
    if more:
        raise TypeError(f"unknown details of a delivery: {sorted(more)}")
    _check_details(details, None)
    if rules.reason_missing("in_preparation", status, reason):
        raise Invalid(_("Say why: this stage needs a reason."))
    kind, origin_id = origin or (None, None)
    values = {
        **details, "status": status, "status_reason": reason, "status_since": now, "origin_kind": kind,
        "origin_id": origin_id, "created_at": now, "changed_at": now,
    }  # fmt: skip
    delivery = Delivery(**values)
    delivery.search_text = search_text_of(delivery)
    if kind is None or origin_id is None:
        db.session.add(delivery)
        db.session.flush()
    else:
        existing = _insert_once(values | {"search_text": delivery.search_text}, kind, origin_id)
        if isinstance(existing, Delivery):
            return existing
        delivery = queries.get_delivery(existing)
        links.connect(kind, origin_id, KIND, delivery.id)
    db.session.add(DeliveryStage(delivery_id=delivery.id, status=status, since=now))
    timeline.add(KIND, delivery.id, "delivery.created", now, role=timeline.role_of(actor))
    audit.record(actor, "delivery.created", KIND, delivery.id, now, {"origin": kind, "origin_id": origin_id})
    db.session.flush()
    return delivery


def _insert_once(values: dict[str, Any], kind: str, origin_id: int) -> int | Delivery:
    """The id of the new row, or the delivery that was there: the constraint settles who was first."""
    defaults = {
        column.name: column.default.arg
        for column in Delivery.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    statement = insert(Delivery).values(defaults | values)
    created = db.session.scalar(
        statement.on_conflict_do_nothing(constraint="uq_delivery_origin_kind_origin_id").returning(
            Delivery.id
        )
    )
    if created is not None:
        return created
    existing = queries.find_by_origin(kind, origin_id)
    if existing is None:
        raise Conflict(_("Somebody else is adding this right now. Reload the page."))
    return existing


def _clean_details(values: dict[str, Any]) -> dict[str, Any]:
    """Texts as they are stored, nothing else touched."""
    cleaned = dict(values)
    for name in LINES:
        if name in cleaned:
            cleaned[name] = clean_line(cleaned[name] or "")
    for name in TEXTS:
        if name in cleaned:
            cleaned[name] = clean_text(cleaned[name] or "")
    return cleaned


def _check_details(values: dict[str, Any], done_on: date | None) -> None:
    if not values["title"]:
        raise Invalid(_("Write a title."))
    if rules.money_problem(values.get("budget")):
        raise Invalid(_("The budget must be an amount of zero or more."))
    started, ends = values.get("started_on"), values.get("planned_end")
    if started and ends and ends < started:
        raise Invalid(_("The planned end is before the start."))
    if started and done_on and done_on < started:
        raise Invalid(_("The work cannot end before it starts."))


def search_text_of(delivery: Delivery) -> str:
    """What a search looks through, folded."""
    parts = (delivery.title, delivery.objective, delivery.place, delivery.funding_source)
    return fold(" ".join(part for part in parts if part))[:50_000]


def mark_changed(delivery: Delivery, now: datetime) -> None:
    """A change of a delivery is written: its version, its time, what a search looks through."""
    delivery.changed_at = now
    delivery.version += 1
    delivery.search_text = search_text_of(delivery)
    db.session.flush()


def edit_details(
    actor: Actor, delivery_id: int, seen_version: int, values: dict[str, Any], now: datetime
) -> Delivery:
    """Correct the facts. Raises Conflict when somebody changed them since the form was opened."""
    delivery = queries.get_delivery(delivery_id, lock=True)
    if delivery.version != seen_version:
        raise Conflict(_("Somebody changed this delivery while you were writing. Reload the page and look."))
    cleaned = _clean_details({name: values[name] for name in DETAILS if name in values})
    _check_details({**{name: getattr(delivery, name) for name in DETAILS}, **cleaned}, delivery.done_on)
    changed = sorted(name for name, value in cleaned.items() if getattr(delivery, name) != value)
    if not changed:
        return delivery
    if "currency" in changed and (funds.list_payments(delivery.id) or funds.list_revisions(delivery.id)):
        raise Invalid(_("Payments or revisions are written in the present currency. Remove them first."))
    for name in changed:
        setattr(delivery, name, cleaned[name])
    mark_changed(delivery, now)
    timeline.add(KIND, delivery.id, "delivery.corrected", now, role=timeline.role_of(actor))
    audit.record(actor, "delivery.corrected", KIND, delivery.id, now, {"fields": changed})
    return delivery


def change_status(actor: Actor, delivery_id: int, status: str, reason: str, now: datetime) -> Delivery:
    """Move to another stage, with the reason where one is needed; followers are told.

    Other words for the stage it is in are a correction: it stands there since the same day as before.
    Raises Invalid with a sentence when the stage is unknown or the same, or the reason is missing.
    """
    delivery = queries.get_delivery(delivery_id, lock=True)
    reason = clean_text(reason)
    if status not in rules.STATUSES:
        raise Invalid(_("Choose a stage from the list."))
    if status == delivery.status and reason == delivery.status_reason:
        raise Invalid(_("This is the stage it is in already."))
    if rules.reason_missing(delivery.status, status, reason):
        raise Invalid(_("Say why: this stage needs a reason."))
    old, today = delivery.status, clock.city_date(now)
    delivery.status_reason = reason
    if status == old:
        mark_changed(delivery, now)
        role = timeline.role_of(actor)
        timeline.add(KIND, delivery.id, "delivery.corrected", now, role=role, reason=reason)
        audit.record(actor, "delivery.corrected", KIND, delivery.id, now, {"fields": ["status_reason"]})
        tell_of_stage(delivery, now)
        return delivery
    delivery.status, delivery.status_since = status, now
    if status in rules.SUCCEEDED:
        delivery.done_on = delivery.done_on or max(today, delivery.started_on or today)
    else:
        delivery.done_on = None
    if status == "in_execution" and delivery.started_on is None:
        delivery.started_on = today if delivery.planned_end is None else min(today, delivery.planned_end)
    mark_changed(delivery, now)
    db.session.add(DeliveryStage(delivery_id=delivery.id, status=status, since=now))
    role = timeline.role_of(actor)
    timeline.add(KIND, delivery.id, f"delivery.{status}", now, role=role, reason=reason)
    details = {"from": old, "to": status}
    audit.record(actor, "delivery.status_changed", KIND, delivery.id, now, details)
    tell_of_stage(delivery, now)
    if status in rules.SUCCEEDED and old not in rules.SUCCEEDED:
        closing.closed(delivery, now)
    return delivery


def tell_of_stage(delivery: Delivery, now: datetime) -> None:
    """Tell followers at what stage it is now, and why."""
    label, title, reason = STATUS_LABELS[delivery.status], delivery.title, delivery.status_reason
    tell(
        delivery,
        lambda: _("%(stage)s: %(title)s", stage=label, title=title),
        lambda: _join(_("“%(title)s” is now: %(stage)s.", title=title, stage=label), reason),
        now,
    )


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def tell(delivery: Delivery, subject: Any, body: Any, now: datetime) -> None:
    """Tell followers once of this version of a delivery; subject and body are written in each reader's language."""
    key = f"delivery:{delivery.id}:{delivery.version}"
    notify_followers(KIND, delivery.id, subject, body, now, dedup_key=key)


def add_update(
    actor: Actor, delivery_id: int, text: str, file_ids: Collection[int], now: datetime, stage: str = ""
) -> DeliveryUpdate:
    """Tell what happened between two stages, with photos the actor uploaded; followers are told.

    `stage` says what the photos show: the place "before", "during" or "after" the work.
    """
    if stage not in ("", *rules.PHOTO_STAGES):
        raise Invalid(_("Choose what the photos show from the list."))
    text = clean_text(text)
    if not text:
        raise Invalid(_("Write what happened."))
    delivery = queries.get_delivery(delivery_id, lock=True)
    own = file_queries.list_own_files(file_ids, actor.id) if actor.id is not None else {}
    if set(own) != set(file_ids) or not all(stored.is_image for stored in own.values()):
        raise Invalid(_("Only images that you have just uploaded can be added."))
    update = DeliveryUpdate(
        delivery_id=delivery.id, at=now, text=text, role=timeline.role_of(actor), account_id=actor.id
    )
    update.photos = [DeliveryPhoto(file_id=file_id, stage=stage) for file_id in sorted(own)]
    db.session.add(update)
    files.make_public(own)
    mark_changed(delivery, now)
    audit.record(actor, "delivery.updated", KIND, delivery.id, now, {"update": update.id})
    title = delivery.title
    tell(delivery, lambda: _("News: %(title)s", title=title), text, now)
    return update


def add_document(actor: Actor, delivery_id: int, title: str, file_id: int, now: datetime) -> DeliveryDocument:
    """Publish a document of a delivery that the actor uploaded."""
    title = clean_line(title)
    if not title:
        raise Invalid(_("Write a title."))
    delivery = queries.get_delivery(delivery_id, lock=True)
    own = file_queries.list_own_files([file_id], actor.id) if actor.id is not None else {}
    if file_id not in own or own[file_id].is_image:
        raise Invalid(_("Only a document that you have just uploaded can be added."))
    made = DeliveryDocument(
        delivery_id=delivery.id, file_id=file_id, title=title, added_at=now, account_id=actor.id
    )
    db.session.add(made)
    files.make_public([file_id])
    mark_changed(delivery, now)
    role = timeline.role_of(actor)
    timeline.add(KIND, delivery.id, "delivery.document_added", now, role=role, data={"title": title})
    audit.record(actor, "delivery.document_added", KIND, delivery.id, now, {"document": made.id})
    return made


def remove_document(actor: Actor, delivery_id: int, document_id: int, now: datetime) -> None:
    """Take out a document published by mistake; its file is forgotten with the other files nobody refers to."""
    delivery = queries.get_delivery(delivery_id, lock=True)
    document = queries.get_document(delivery_id, document_id)
    files.make_private([document.file_id])
    db.session.delete(document)
    mark_changed(delivery, now)
    timeline.add(KIND, delivery.id, "delivery.corrected", now, role=timeline.role_of(actor))
    audit.record(actor, "delivery.document_removed", KIND, delivery.id, now, {"document": document_id})


def set_milestone(
    actor: Actor,
    delivery_id: int,
    milestone_id: int | None,
    title: str,
    planned_on: date,
    now: datetime,
    replanned_on: date | None = None,
    replan_reason: str = "",
    done_on: date | None = None,
) -> Milestone:
    """Add a milestone (`milestone_id` None) or change one. A new date needs a reason; followers are told of it.

    Raises Invalid for an end in the future or before the start of the work.
    """
    delivery = queries.get_delivery(delivery_id, lock=True)
    title, replan_reason = clean_line(title), clean_text(replan_reason)
    if not title:
        raise Invalid(_("Write a title."))
    if replanned_on is not None and not replan_reason:
        raise Invalid(_("Say why the date has changed."))
    if done_on is not None and done_on > clock.city_date(now):
        raise Invalid(_("A step cannot have been reached in the future."))
    if done_on is not None and delivery.started_on is not None and done_on < delivery.started_on:
        raise Invalid(_("A step cannot have been reached before the work started."))
    milestone = (
        queries.get_milestone(delivery_id, milestone_id)
        if milestone_id is not None
        else Milestone(delivery_id=delivery_id)
    )
    before = (milestone.replanned_on, milestone.done_on)
    milestone.title, milestone.planned_on, milestone.done_on = title, planned_on, done_on
    milestone.replanned_on, milestone.replan_reason = replanned_on, replan_reason if replanned_on else ""
    db.session.add(milestone)
    mark_changed(delivery, now)
    audit.record(actor, "delivery.milestone_set", KIND, delivery_id, now, {"milestone": milestone.id})
    _note_milestone(actor, delivery, milestone, before, now)
    return milestone


def _note_milestone(
    actor: Actor,
    delivery: Delivery,
    milestone: Milestone,
    before: tuple[date | None, date | None],
    now: datetime,
) -> None:
    """What residents read about a change of a milestone, and what followers get by mail."""
    title, name, role = milestone.title, delivery.title, timeline.role_of(actor)
    if milestone.done_on and not before[1]:
        timeline.add(KIND, delivery.id, "delivery.milestone_reached", now, role=role, data={"step": title})
        tell(
            delivery,
            lambda: _("Step reached: %(title)s", title=name),
            lambda: _("“%(title)s” has reached the step “%(step)s”.", title=name, step=title),
            now,
        )
    elif milestone.replanned_on and milestone.replanned_on != before[0]:
        reason = milestone.replan_reason
        timeline.add(
            KIND, delivery.id, "delivery.milestone_moved", now, role=role, reason=reason, data={"step": title}
        )
        tell(
            delivery,
            lambda: _("New date: %(title)s", title=name),
            lambda: _join(
                _("The step “%(step)s” of “%(title)s” has a new date.", step=title, title=name), reason
            ),
            now,
        )


def remove_milestone(actor: Actor, delivery_id: int, milestone_id: int, now: datetime) -> None:
    """Take out a milestone entered by mistake."""
    delivery = queries.get_delivery(delivery_id, lock=True)
    db.session.delete(queries.get_milestone(delivery_id, milestone_id))
    mark_changed(delivery, now)
    audit.record(actor, "delivery.milestone_removed", KIND, delivery_id, now, {"milestone": milestone_id})


def record_spent(actor: Actor, delivery_id: int, spent: Decimal | None, now: datetime) -> Delivery:
    """How much has been paid so far, from the beginning; None when it is not known."""
    if rules.money_problem(spent):
        raise Invalid(_("What was spent must be an amount of zero or more."))
    delivery = queries.get_delivery(delivery_id, lock=True)
    if delivery.spent == spent:
        return delivery
    delivery.spent = spent
    mark_changed(delivery, now)
    amount = None if spent is None else str(spent)
    timeline.add(KIND, delivery.id, "delivery.paid", now, role=timeline.role_of(actor))
    audit.record(actor, "delivery.spent_recorded", KIND, delivery_id, now, {"spent": amount})
    return delivery


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Deliveries as other features meet them."""
    from flask import url_for

    return {
        found.id: links.Link(
            KIND, found.id, found.title, url_for("tracker.show", delivery_id=found.id), _l("Delivery")
        )
        for found in queries.list_by_ids(ids)
    }
