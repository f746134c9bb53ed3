"""What pages, panels and calendars show about meetings, made once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _

from civic import links, numbers, timeline
from civic.deadlines.labels import within
from civic.files.views import file_url
from civic.format import deadline, moment
from civic.icalendar import Event, calendar
from civic.places import queries as places
from civic.text import excerpt
from consultations import areas
from consultations import queries as consultations
from consultations.debates.presenters import late_words
from consultations.meetings import policy, queries
from consultations.meetings.labels import KINDS, STATES, TONES
from consultations.meetings.models import Meeting
from consultations.meetings.queries import Filters
from consultations.meetings.rules import State, state_of


def card(one: Meeting, now: datetime) -> dict[str, Any]:
    """A meeting in a list."""
    state = state_of(one, now)
    where = ", ".join(part for part in (moment(one.starts_at), one.place or _("online")) if part)
    return {
        "title": one.title,
        "url": url_for("meetings.show", meeting_id=one.id),
        "meta": f"{KINDS[one.kind]} · {areas.name_of(one.neighbourhood)}",
        "text": f"{where}. {excerpt(one.summary, 120)}".strip(),
        "standing": {"name": STATES[state], "tone": TONES[state]},
    }


def read_filters() -> Filters:
    """The address's filters; what is not in our lists is left out."""
    kind = request.args.get("kind", "")
    area = places.find_neighbourhood_by_slug(request.args.get("area", ""))
    return Filters(
        kind if kind in KINDS else "", area.id if area else None, request.args.get("when") == "past"
    )


def list_context(now: datetime, *, drafts: bool) -> dict[str, Any]:
    """The list of the upcoming or of the past meetings, for everyone or with the plans."""
    filters, page = read_filters(), numbers.page_number()
    rows, total = queries.list_meetings(filters, now, page, drafts=drafts)
    kept: dict[str, Any] = {name: request.args[name] for name in ("kind", "area") if request.args.get(name)}
    return {
        "filters": filters,
        "args": request.args,
        "rows": rows,
        "cards": [card(row, now) for row in rows],
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.PAGE_SIZE)),
        "when_choices": [("", _("Upcoming")), ("past", _("Past"))],
        "kind_choices": [("", _("All kinds")), *KINDS.items()],
        "area_choices": [
            ("", _("All areas")),
            *((one.slug, one.name) for one in places.list_neighbourhoods()),
        ],
        "calendar_url": url_for("meetings.feed", **kept),
    }


def minutes_words(one: Meeting, now: datetime) -> str:
    """The clock of the minutes in words, once the meeting was held; empty while there is nothing to say."""
    if one.minutes_due_at is None or one.minutes_version is None or one.minutes_at is not None:
        return ""
    if state_of(one, now) != State.HELD:
        return ""
    due = _(
        "The minutes of the meeting are published until %(moment)s (%(rule)s).",
        moment=deadline(one.minutes_due_at), rule=within(one.minutes_version),
    )  # fmt: skip
    return f"{due} {late_words(one.minutes_due_at, now)}".strip()


def detail_context(one: Meeting, now: datetime) -> dict[str, Any]:
    """Everything on the page of one meeting."""
    state = state_of(one, now)
    return {
        "meeting": one,
        "state": state,
        "state_name": STATES[state],
        "tone": TONES[state],
        "kind": KINDS[one.kind],
        "area": areas.name_of(one.neighbourhood),
        "items": queries.list_items(one.id),
        "documents": [(each, file_url(each.file)) for each in queries.list_documents(one.id)],
        "minutes": minutes_words(one, now),
        "minutes_url": file_url(one.minutes_file) if one.minutes_file else "",
        "events": timeline.list_events("meeting", one.id),
        "can_manage": policy.can_manage(g.actor),
        "now": now,
    }


def staff_context(one: Meeting, now: datetime) -> dict[str, Any]:
    """The same for those who lead it."""
    return {
        **detail_context(one, now),
        "can_edit": policy.can_edit(g.actor, one),
        "can_fill": policy.can_fill(g.actor, one, now),
        "can_move": policy.can_move(g.actor, one, now),
        "can_record": policy.can_record(g.actor, one, now),
        "can_publish": policy.can_publish_minutes(g.actor, one, now),
    }


@dataclass(frozen=True)
class Offered:
    """The consultations a form offers, and whether a search would find others."""

    choices: list[tuple[str, str]]
    searched: str
    found: int
    more: bool


def offered(now: datetime, searched: str = "", *kept: int | None) -> Offered:
    """The consultations a meeting can be about: the latest announced or those a search finds, and any named already."""
    words = searched.strip()[:200]
    rows, total = consultations.list_consultations(consultations.Filters(text=words), now, 1)
    named = {row.id: row.title for row in rows}
    missing = [number for number in kept if number is not None and number not in named]
    if missing:
        named |= {number: one.title for number, one in consultations.list_by_ids(missing).items()}
    choices = [("", _("No consultation")), *((str(number), title) for number, title in named.items())]
    return Offered(choices, words, total, total > len(rows))


def event_of(one: Meeting) -> Event:
    """A meeting as calendars take it over. Its text is in the reader's language."""
    settings = current_app.config["SETTINGS"]
    address = settings.base_url + url_for("meetings.show", meeting_id=one.id)
    where = ", ".join(part for part in (one.place, one.link) if part)
    host = settings.base_url.split("://", 1)[-1].split("/", 1)[0]
    lines = (str(KINDS[one.kind]), one.summary, one.cancelled_reason, address)
    return Event(
        uid=f"meeting-{one.id}@{host}",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        changed_at=one.changed_at,
        summary=one.title,
        description="\n\n".join(line for line in lines if line),
        location=where,
        url=address,
        sequence=one.version,
        cancelled=one.cancelled_at is not None,
    )


def calendar_of(rows: Iterable[Meeting]) -> str:
    """Meetings as one calendar."""
    city = current_app.config["SETTINGS"].city.name
    return calendar(_("Meetings: %(city)s", city=city), [event_of(row) for row in rows])


def resolve(ids: Any) -> dict[int, links.Link]:
    """Announced meetings as they are named elsewhere."""
    return {
        one.id: links.Link(
            "meeting", one.id, one.title, url_for("meetings.show", meeting_id=one.id), KINDS[one.kind]
        )
        for one in queries.list_by_ids(ids).values()
    }
