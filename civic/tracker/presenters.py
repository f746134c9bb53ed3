"""What pages and panels show about deliveries, made once for page and swap."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app, g, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from civic import clock, links, numbers, timeline
from civic.format import day as format_day
from civic.format import money, ngettext
from civic.imports.queries import source_names
from civic.navigation import render_panels
from civic.tracker import queries, rules
from civic.tracker.funds import presenters as funds
from civic.tracker.labels import GROUP_LABELS, PHOTO_STAGES, STATUS_LABELS
from civic.tracker.models import Delivery, DeliveryPhoto, DeliveryUpdate, Milestone


def read_filters(today: date, choices: tuple[Sequence[Any], Sequence[Any], Sequence[Any]]) -> queries.Filters:
    """The address's filters; what is not in our lists is left out."""

    def chosen(name: str, rows: Iterable[Any]) -> int | None:
        slug = request.args.get(name, "")
        return next((row.id for row in rows if row.slug == slug), None)

    areas, categories, departments = choices
    status = request.args.get("status", "")
    return queries.Filters(
        text=request.args.get("q", "").strip()[:200],
        neighbourhood_id=chosen("area", areas),
        category_id=chosen("category", categories),
        department_id=chosen("department", departments),
        status=status if rules.stages_of(status) else "",
        late_on=today if request.args.get("late") else None,
    )


def money_sentence(delivery: Delivery) -> str:
    """Budget and payments in words, also when nothing was published."""
    if delivery.budget is None:
        if delivery.spent is None:
            return _("The budget has not been published.")
        return _(
            "Paid so far: %(paid)s. The budget has not been published.", paid=_money(delivery.spent, delivery)
        )
    if delivery.spent is None:
        return _(
            "Budget %(budget)s. Payments have not been published.", budget=_money(delivery.budget, delivery)
        )
    return _(
        "Budget %(budget)s, paid %(paid)s.",
        budget=_money(delivery.budget, delivery),
        paid=_money(delivery.spent, delivery),
    )


def _money(amount: Any, delivery: Delivery) -> str:
    return money(amount, delivery.currency)


def date_sentence(delivery: Delivery, today: date) -> str:
    """When it should end, or how it ended against the plan."""
    off = rules.days_off_plan(delivery.planned_end, delivery.done_on)
    if off is not None:
        if off > 0:
            return ngettext("Done %(num)s day late.", "Done %(num)s days late.", off)
        if off < 0:
            return ngettext("Done %(num)s day early.", "Done %(num)s days early.", -off)
        return _("Done on the planned day.")
    if delivery.done_on:
        return _("Done on %(day)s.", day=format_day(delivery.done_on))
    if delivery.planned_end:
        return _("Planned end: %(day)s.", day=format_day(delivery.planned_end))
    return ""


def standing_sentence(delivery: Delivery) -> str:
    """Since when it stands still; empty while it goes on. Of a work that came in at a standstill nobody said here when
    it began: it has stood at least since the day of the report."""
    reported = delivery.source_id is not None and delivery.status_since == delivery.created_at
    if delivery.status == "halted" and reported:
        return _(
            "Halted at least since %(day)s; the report does not say from when.",
            day=format_day(delivery.status_since),
        )
    if delivery.status == "awaiting_funds" and reported:
        return _(
            "Awaiting funds at least since %(day)s; the report does not say from when.",
            day=format_day(delivery.status_since),
        )
    if delivery.status == "halted":
        return _("Halted since %(day)s.", day=format_day(delivery.status_since))
    if delivery.status == "awaiting_funds":
        return _("Awaiting funds since %(day)s.", day=format_day(delivery.status_since))
    return ""


def photos_by_stage(updates: Iterable[DeliveryUpdate]) -> list[tuple[Any, list[DeliveryPhoto]]]:
    """(what they show, photos) in the order of time, for photos that say whether they are of before or after."""
    photos = [photo for update in updates for photo in update.photos]
    grouped = [
        (PHOTO_STAGES[stage], [photo for photo in photos if photo.stage == stage])
        for stage in rules.PHOTO_STAGES
    ]
    return [(label, shown) for label, shown in grouped if shown]


def tag(delivery: Delivery, today: date) -> Markup:
    """Its stage, or by how much it is late."""
    late = rules.days_late(delivery.status, delivery.planned_end, today)
    ui: Any = current_app.jinja_env.globals["ui"]
    stages: dict[tuple[str, str], Markup] = g.setdefault("tracker_stages", {})
    key = (str(get_locale()), delivery.status)
    if key not in stages:  # a map has hundreds of a few stages
        stages[key] = ui.status_tag(delivery.status)
    return Markup("{} {}").format(stages[key], ui.delay_tag(late)) if late else stages[key]


def card(delivery: Delivery, today: date) -> dict[str, Any]:
    """A delivery in a list."""
    where = [delivery.neighbourhood.name if delivery.neighbourhood else delivery.place]
    where.append(str(delivery.category.name) if delivery.category else "")
    return {
        "delivery": delivery,
        "url": url_for("tracker.show", delivery_id=delivery.id),
        "meta": " · ".join(part for part in where if part),
        "tag": tag(delivery, today),
        "text": " ".join(
            part
            for part in (
                standing_sentence(delivery),
                money_sentence(delivery),
                date_sentence(delivery, today),
            )
            if part
        ),
        "share": delivery.budget is not None and delivery.spent is not None and delivery.budget > 0,
    }


def map_item(delivery: Delivery, today: date) -> dict[str, Any]:
    """A delivery on the map and in its twin: at its own point, or at its neighbourhood's."""
    area = delivery.neighbourhood
    own = delivery.latitude is not None
    made = card(delivery, today)
    tones = {"received": "green", "completed": "green", "halted": "rose", "cancelled": "rose"}
    return {
        "title": delivery.title,
        "url": made["url"],
        "meta": made["meta"],
        "text": made["text"],
        "tag": made["tag"],
        "lat": delivery.latitude if own else (area.latitude if area else None),
        "lon": delivery.longitude if own else (area.longitude if area else None),
        "tone": tones.get(delivery.status, "blue"),
    }


def list_context(now: datetime) -> dict[str, Any]:
    """The public list: cards or map, with the same filters and totals."""
    today = clock.city_date(now)
    choices = queries.list_choices()
    filters = read_filters(today, choices)
    counts = queries.count_by_status(filters)
    wanted = rules.stages_of(filters.status) or tuple(counts)
    all_counted = not filters.text or sum(counts.values()) <= queries.MOST_COUNTED
    if not all_counted:
        counts = queries.count_by_status(filters, with_status=True) if filters.status else counts
        total, counts = sum(counts.values()), {}
    else:
        total = sum(counts.get(status, 0) for status in wanted)
    most = queries.MOST_COUNTED if filters.text else total
    pages = max(1, -(-min(total, most) // queries.PAGE_SIZE))
    page = min(numbers.page_number(), pages)
    as_map = request.args.get("view") == "map"
    size = queries.MAP_LIMIT if as_map else queries.PAGE_SIZE
    rows = queries.list_deliveries(filters, 1 if as_map else page, size, total if all_counted else None)
    kept: dict[str, Any] = {
        key: value for key, value in request.args.items() if value and key in _FILTER_NAMES
    }
    tiles = [
        {
            "value": counts[status],
            "label": STATUS_LABELS[status],
            "url": url_for("tracker.index", **{**kept, "status": status}),
        }
        for status in rules.STATUSES
        if counts.get(status)
    ]
    return {
        "filters": filters,
        "area_choices": _choices(_("The whole city"), choices[0]),
        "category_choices": _choices(_("All domains"), choices[1]),
        "department_choices": _choices(_("All departments"), choices[2]),
        "statuses": [("", _("All stages")), *((code, GROUP_LABELS[code]) for code in rules.GROUPS)]
        + [(code, STATUS_LABELS[code]) for code in rules.STATUSES],
        "tile_url": current_app.config["SETTINGS"].tile_url,
        "total": total,
        "most": most,
        "all_total": sum(counts.values()),
        "tiles": tiles,
        "page": page,
        "pages": pages,
        "as_map": as_map,
        "other_view": url_for("tracker.index", **{**kept, **({} if as_map else {"view": "map"})}),
        "cards": [] if as_map else [card(row, today) for row in rows],
        "items": [map_item(row, today) for row in rows] if as_map else [],
        "shown_on_map": min(total, queries.MAP_LIMIT),
    }


def _choices(all_of_them: str, rows: Iterable[Any]) -> list[tuple[str, str]]:
    return [("", all_of_them), *((row.slug, row.name) for row in rows)]


_FILTER_NAMES = ("q", "area", "category", "department", "status", "late")


def steps_of(milestones: Iterable[Milestone]) -> list[rules.Step]:
    """Milestones as the rules see them."""
    return [rules.Step(one.title, one.due_on, one.done_on) for one in milestones]


def _events(delivery: Delivery, updates: Sequence[DeliveryUpdate]) -> list[dict[str, Any]]:
    """Stages and news in one story, oldest first."""
    told: list[dict[str, Any]] = [
        {"at": event.at, "sentence": event.sentence, "role": event.role, "reason": event.reason}
        for event in timeline.list_events("delivery", delivery.id)
    ]
    told += [
        {
            "at": update.at,
            "sentence": _("News from the site"),
            "role": update.role,
            "details": Markup(render_template("tracker/_update.html", update=update)),  # noqa: S704
        }
        for update in updates
    ]
    return sorted(told, key=lambda event: event["at"])


def _next_step(delivery: Delivery, milestones: Sequence[Milestone], today: date) -> dict[str, Any] | None:
    if delivery.status in rules.ENDED:
        return None
    step = rules.next_step(steps_of(milestones))
    after = _("If it is not reached by then, this page says so and by how many days.")
    if step is not None:
        late = (today - step.due_on).days
        if late > 0:
            after = ngettext("It is %(num)s day late.", "It is %(num)s days late.", late)
        return {"sentence": step.title, "deadline": step.due_on, "after": after}
    if delivery.planned_end is not None:
        return {"sentence": _("The end of the work"), "deadline": delivery.planned_end, "after": after}
    return {"sentence": _("Not announced yet"), "after": _("No date has been published for what follows.")}


def detail_context(delivery: Delivery, now: datetime) -> dict[str, Any]:
    """Everything on the page of one delivery."""
    today = clock.city_date(now)
    milestones = queries.list_milestones(delivery.id)
    updates = queries.list_updates(delivery.id)
    reached, all_steps = rules.share_done(steps_of(milestones))
    related = queries.list_by_ids(i for i in (delivery.parent_id, delivery.same_as_id) if i)
    return {
        "delivery": delivery,
        "today": today,
        "tag": tag(delivery, today),
        "late": rules.days_late(delivery.status, delivery.planned_end, today),
        "money_text": money_sentence(delivery),
        "funds": funds.context(delivery),
        "date_text": date_sentence(delivery, today),
        "milestones": milestones,
        "documents": queries.list_documents(delivery.id),
        "photos": photos_by_stage(updates),
        "standing": standing_sentence(delivery),
        "reached": reached,
        "all_steps": all_steps,
        "events": _events(delivery, updates),
        "next_step": _next_step(delivery, milestones, today),
        "chain": links.chain("delivery", delivery.id),
        "source": source_names([delivery.source_id]).get(delivery.source_id or 0, ""),
        "parts": queries.list_parts(delivery.id),
        "panels": render_panels(current_app, "delivery", {"delivery": delivery}),
        "parent": next((one for one in related if one.id == delivery.parent_id), None),
        "same_as": next((one for one in related if one.id == delivery.same_as_id), None),
    }
