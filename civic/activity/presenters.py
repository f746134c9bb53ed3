"""What pages, feeds and messages say of the stream."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from civic import clock, links
from civic.activity import queries
from civic.activity.queries import STREAM, Choice, Mark
from civic.activity.registry import all_told, find_told
from civic.dimensions import DIMENSIONS, LABELS
from civic.format import day
from civic.navigation import Panel
from civic.notifications.compose import address_of, full_address
from civic.places import queries as places
from civic.text import excerpt
from civic.timeline import TimelineEvent

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARK = re.compile(r"([0-9]{1,16})-([0-9]{1,10})")
#: How much of a reason the stream shows; the whole stands on the subject's page.
REASON_LENGTH = 240
#: How many events a feed carries, and a neighbourhood's page.
IN_A_FEED, ON_A_PANEL = 50, 5


@dataclass(frozen=True)
class Line:
    """One event as it is read: what happened to what."""

    event: TimelineEvent
    link: links.Link
    area: str
    dimension: object
    reason: str


def asked() -> Choice:
    """What the address narrows the stream to; what it does not know is left out."""
    kind, dimension = request.values.get("kind", ""), request.values.get("dimension", "")
    areas = {one.slug: one.id for one in places.list_neighbourhoods()}
    departments = {one.slug: one.id for one in places.list_departments()}
    return Choice(
        kind if find_told(kind) else None,
        areas.get(request.values.get("area", "")),
        dimension if dimension in DIMENSIONS else None,
        departments.get(request.values.get("department", "")),
    )


def address_values(choice: Choice) -> dict[str, Any]:
    """A choice as the address says it, the other way round."""
    values: dict[str, Any] = {"kind": choice.kind, "dimension": choice.dimension}
    if choice.area_id is not None:
        values["area"] = next(
            (one.slug for one in places.list_neighbourhoods() if one.id == choice.area_id), None
        )
    if choice.department_id is not None:
        values["department"] = next(
            (one.slug for one in places.list_departments() if one.id == choice.department_id), None
        )
    return {name: value for name, value in values.items() if value}


def name_of(choice: Choice) -> str:
    """A choice in words: „Floreasca · Achiziții · Consultări”, or the whole city."""
    told = find_told(choice.kind or "")
    areas = {one.id: one.name for one in places.list_neighbourhoods()} if choice.area_id else {}
    departments = {one.id: one.name for one in places.list_departments()} if choice.department_id else {}
    parts = [
        told.title if told else "",
        areas.get(choice.area_id or 0, ""),
        LABELS[choice.dimension] if choice.dimension else "",
        departments.get(choice.department_id or 0, ""),
    ]
    return " · ".join(str(part) for part in parts if part) or _("everything")


def read_mark(typed: str) -> Mark | None:
    """The place an address names, or None.

    >>> read_mark("1700000000000000-12").id, read_mark("x"), read_mark("9999999999999999-1")
    (12, None, Mark(at=datetime.datetime(2286, 11, 20, 17, 46, 39, 999999, tzinfo=datetime.timezone.utc), id=1))
    """
    found = _MARK.fullmatch(typed)
    if found is None or int(found[2]) > 2**31 - 1:
        return None
    return Mark(_EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))


def write_mark(event: TimelineEvent) -> str:
    """The place of an event, for an address."""
    return f"{(event.at - _EPOCH) // timedelta(microseconds=1)}-{event.id}"


def lines_of(events: Iterable[TimelineEvent]) -> list[Line]:
    """Events with what they happened to: a query a kind, whatever the number. What is not public is left out."""
    events = list(events)
    by_kind: dict[str, set[int]] = {}
    for one in events:
        by_kind.setdefault(one.subject_kind, set()).add(one.subject_id)
    found = {kind: links.resolve(kind, ids) for kind, ids in by_kind.items()}
    areas = {place.id: place.name for place in places.list_neighbourhoods()} if events else {}
    return [
        Line(
            one,
            found[one.subject_kind][one.subject_id],
            areas.get(one.area_id or 0, ""),
            LABELS.get(one.dimension or "", ""),
            excerpt(one.reason, REASON_LENGTH),
        )
        for one in events
        if one.subject_id in found[one.subject_kind]
    ]


def by_day(lines: Iterable[Line]) -> list[tuple[date, list[Line]]]:
    """The lines of each day of the city, the newest day first."""
    return [(on, list(some)) for on, some in groupby(lines, lambda line: clock.city_date(line.event.at))]


def page_context(now: datetime) -> dict[str, Any]:
    """A page of the stream with what the address narrows it to."""
    choice = asked()
    mark = read_mark(request.args.get("before", ""))
    events = queries.list_newest(choice, now, queries.PAGE_SIZE + 1, before=mark)
    shown = events[: queries.PAGE_SIZE]
    values = address_values(choice)
    further = write_mark(shown[-1]) if len(events) > len(shown) else None
    stream = queries.find_stream(choice)
    return {
        "choice": choice,
        "values": values,
        "name": name_of(choice),
        "days": by_day(lines_of(shown)),
        "stream_id": stream.id if stream is not None else None,
        "first": url_for("activity.index", **values) if mark else None,
        "further": url_for("activity.index", **values, before=further) if further else None,
        "feed": url_for("activity.feed", **values),
        **choices(),
    }


def choices() -> dict[str, Sequence[tuple[str, object]]]:
    """What the filters offer."""
    return {
        "kinds": [("", _("All kinds")), *((one.kind, one.title) for one in all_told())],
        "areas": [
            ("", _("All neighbourhoods")),
            *((one.slug, one.name) for one in places.list_neighbourhoods()),
        ],
        "dimensions": [("", _("All dimensions")), *LABELS.items()],
        "departments": [
            ("", _("All departments")),
            *((one.slug, one.name) for one in places.list_departments()),
        ],
    }


def letter(events: Sequence[TimelineEvent], *, more: bool) -> str:
    """The events for a message, in the language being spoken."""
    told = [
        f"{day(clock.city_date(line.event.at))}: {line.link.title}\n{line.event.sentence}\n{full_address(line.link.url)}"
        for line in lines_of(events)
    ]
    rest = (
        [_("More happened than this message can name; all of it stands on the page below.")] if more else []
    )
    return "\n\n".join([_("What is new since we last wrote:"), *told, *rest])


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Followed parts of the stream as lists of what somebody follows name them."""
    return {
        one.id: links.Link(
            STREAM,
            one.id,
            _("What happened: %(what)s", what=name_of(queries.choice_of(one))),
            url_for("activity.index", **address_values(queries.choice_of(one))),
            _("Events"),
        )
        for one in queries.list_streams(list(ids))
    }


def neighbourhood_panel(context: Mapping[str, Any]) -> Panel | None:
    """The last few events of a neighbourhood, on its page."""
    area = context.get("neighbourhood")
    if area is None:
        return None
    events = queries.list_newest(Choice(area_id=area.id), clock.now(), ON_A_PANEL)
    lines = lines_of(events)
    return Panel("activity/_panel_neighbourhood.html", {"lines": lines, "area": area}, 75) if lines else None


def feed_context(now: datetime) -> dict[str, Any]:
    """The newest events with what the address narrows them to, for feed readers."""
    choice = asked()
    values = address_values(choice)
    lines = lines_of(queries.list_newest(choice, now, IN_A_FEED))
    site = address_of("activity.index", **values)
    return {
        "name": name_of(choice) if choice.active else "",
        "lines": lines,
        "updated": lines[0].event.at if lines else _EPOCH,
        "site": site,
        "own": address_of("activity.feed", **values),
        "root": address_of("activity.index"),
        "full_address": full_address,
    }
