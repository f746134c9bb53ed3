"""What pages and panels show about consultations, made once for page and panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _

from civic import links, numbers, tags, timeline
from civic.deadlines.labels import length
from civic.dimensions import LABELS as DIMENSIONS
from civic.files.views import file_url
from civic.format import day, deadline, ngettext, opening, remaining
from civic.navigation import render_panels
from civic.places import queries as places
from civic.text import excerpt, render_markdown
from consultations import areas, clocks, gates, policy, queries, rules
from consultations.labels import CHANNELS, DOCUMENTS, KINDS, STATES, TONES
from consultations.models import Announcement, Consultation, Document
from consultations.rules import State, state_of


@dataclass(frozen=True)
class Standing:
    """Where a consultation stands, as every page draws it: a name and a tone for its tag."""

    state: State
    name: LazyString
    tone: str


def standing(one: Consultation, now: datetime) -> Standing:
    """Where it stands, to be shown."""
    state = state_of(one, now)
    return Standing(state, STATES[state], TONES[state])


def blocked(one: Consultation, now: datetime) -> list[str]:
    """What holds its report back, as sentences; nothing before the report's turn."""
    return gates.reasons(one, now) if state_of(one, now) == State.ANSWERING else []


def when_sentence(one: Consultation, now: datetime) -> str:
    """The one date that matters now."""
    state = state_of(one, now)
    if one.opens_at is None or one.closes_at is None:
        if one.closes_on is None:
            return _("Not announced; no last day chosen.")
        return _("Not announced; planned until %(day)s.", day=day(one.closes_on))
    if state == State.ANNOUNCED:
        return _("Contributions are received from %(moment)s.", moment=opening(one.opens_at))
    if state == State.OPEN:
        return _(
            "You can contribute until %(moment)s (%(left)s).",
            moment=deadline(one.closes_at), left=remaining(one.closes_at, now),
        )  # fmt: skip
    if state == State.ANSWERING and one.answers_due_at is not None:
        return _("The city hall answers until %(moment)s.", moment=deadline(one.answers_due_at))
    if state == State.REPORTED and one.report_published_at is not None:
        return _("Report published on %(day)s.", day=day(one.report_published_at))
    if one.outcome_at is not None:
        return f"{STATES[state]}: {day(one.outcome_at)}."
    return ""


def card(one: Consultation, now: datetime) -> dict[str, Any]:
    """A consultation in a list."""
    where = areas.name_of(one.neighbourhood)
    return {
        "title": one.title,
        "url": url_for("consultations.show", consultation_id=one.id),
        "meta": f"{KINDS[one.kind]} · {where}",
        "text": f"{excerpt(render_markdown(one.summary).striptags(), 160)} {when_sentence(one, now)}".strip(),
        "standing": standing(one, now),
    }


def read_filters() -> queries.Filters:
    """The address's filters; what is not in our lists is left out."""
    area = places.find_neighbourhood_by_slug(request.args.get("area", ""))
    department = places.find_department_by_slug(request.args.get("department", ""))

    def known(name: str, values: Any) -> str:
        value = request.args.get(name, "")
        return value if value in values else ""

    return queries.Filters(
        text=request.args.get("q", "").strip()[:200],
        kind=known("kind", KINDS),
        dimension=known("dimension", DIMENSIONS),
        state=known("state", set(State)),
        neighbourhood_id=area.id if area else None,
        concerns=tags.known(request.args.get("concerns", "")),
        department_id=department.id if department else None,
    )


def list_context(now: datetime, *, drafts: bool) -> dict[str, Any]:
    """The list, for everyone or with the drafts."""
    filters = read_filters()
    page = numbers.page_number()
    rows, total = queries.list_consultations(filters, now, page, drafts=drafts)
    states = [state for state in State if drafts or state != State.DRAFT]
    return {
        "filters": filters,
        "args": request.args,
        "rows": rows,
        "cards": [card(row, now) for row in rows],
        "standings": {row.id: standing(row, now) for row in rows},
        "when": {row.id: when_sentence(row, now) for row in rows},
        "kinds": KINDS,
        "total": total,
        "page": page,
        "pages": max(1, -(-total // queries.PAGE_SIZE)),
        "kind_choices": [("", _("All kinds")), *KINDS.items()],
        "dimension_choices": [("", _("All dimensions")), *DIMENSIONS.items()],
        "concerns_choices": tags.choices(),
        "state_choices": [("", _("All stages")), *((state, STATES[state]) for state in states)],
        "area_choices": areas.choices(lambda area: area.slug),
        "department_choices": [
            ("", _("All departments")), *((one.slug, one.name) for one in places.list_departments())
        ],
    }  # fmt: skip


def drawn(steps: Sequence[tuple[str, str]], place: int) -> list[dict[str, Any]]:
    """Steps (name, text) for the phase strip: those before a place are done, the one at it is now."""
    return [
        {"name": name, "text": text, "state": "done" if at < place else "now" if at == place else "next"}
        for at, (name, text) in enumerate(steps)
    ]


def strip(one: Consultation, now: datetime) -> list[dict[str, Any]]:
    """The steps of the procedure for the phase strip; none of a draft."""
    if one.announced_at is None or one.opens_at is None or one.closes_at is None:
        return []
    state = state_of(one, now)
    order = [State.ANNOUNCED, State.OPEN, State.ANSWERING, State.REPORTED]
    place = order.index(state) if state in order else len(order)
    answered = one.report_published_at or one.answers_due_at
    reported = _("published on %(day)s", day=day(one.report_published_at)) if one.report_published_at else ""
    steps = [
        (_("Announcement"), day(one.announced_at)),
        (_("Contributions"), _("until %(moment)s", moment=deadline(one.closes_at))),
        (_("Answers"), _("until %(moment)s", moment=deadline(answered)) if answered else ""),
        (_("Report"), reported),
    ]
    made = drawn(steps, place)
    if state in rules.ENDED and one.outcome_at is not None:
        # What was withdrawn before its report went through none of what lies between.
        made = [step for step in made if step["state"] == "done"] if one.report_published_at else made[:1]
        return [*made, {"name": STATES[state], "text": day(one.outcome_at), "state": "now"}]
    wait = _("from %(day)s", day=day(one.adopt_from)) if one.adopt_from and not one.urgent_reason else ""
    return [*made, {"name": _("Decision"), "text": wait, "state": "next"}]


def document_rows(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """The file as it is listed: the newest version first, the older ones behind it."""
    return [
        {
            "document": document,
            "kind": DOCUMENTS[document.kind],
            "versions": [
                {"version": version, "url": file_url(version.file), "sha256": version.file.sha256.hex()}
                for version in document.versions
            ],
        }
        for document in documents
    ]


def announcement_rows(entries: Sequence[Announcement]) -> list[dict[str, Any]]:
    """The register of announcements."""
    return [
        {
            "entry": entry,
            "channel": CHANNELS[entry.channel],
            "url": file_url(entry.file) if entry.file else url_for(
                "consultations.announcement", consultation_id=entry.consultation_id
            ),
            "sha256": entry.sha256.hex(),
        }
        for entry in entries
    ]  # fmt: skip


def clock_rows(one: Consultation) -> list[dict[str, Any]]:
    """The rules this consultation goes by: what, how long, from which law, checked by whom."""
    kind, given = rules.KINDS[one.kind], queries.list_clocks(one.id)
    made: list[dict[str, Any]] = []
    for key, words, until in (
        (kind.window, _("Contributions are received at least"), one.earliest_close_at),
        (kind.wait, _("The act is adopted at the earliest after"), one.adopt_from),
        (rules.ANSWER, _("Contributions are answered within"), one.answers_due_at),
    ):
        if key in given:
            version = given[key].version
            last = clocks.last_day(until) if until is not None and key == kind.window else None
            made.append(
                {
                    "words": words,
                    "length": length(version),
                    "source": _("under %(source)s", source=version.source),
                    "verified": version.verified_on,
                    "until": day(last) if last else deadline(until) if until else "",
                }
            )
    return made


def _next_step(one: Consultation, now: datetime) -> dict[str, Any] | None:
    state = state_of(one, now)
    if state == State.ANNOUNCED:
        return {
            "sentence": _("Contributions begin"), "deadline": one.opens_at,
            "after": _("From then on anyone can write what they think."),
        }  # fmt: skip
    if state == State.OPEN:
        return {
            "sentence": _("Contributions end"), "deadline": one.closes_at,
            "after": _("What comes later is received too, marked as late."),
        }  # fmt: skip
    if state == State.ANSWERING:
        return {
            "sentence": _("Every contribution has its answer and the report is published"),
            "deadline": one.answers_due_at,
            "after": _("If it is late, this page says so and by how many days."),
        }
    if state == State.REPORTED:
        after = _("No date has been published for what follows.")
        if one.adopt_from is not None and now < one.adopt_from and not one.urgent_reason:
            after = _("The law lets it be adopted from %(day)s.", day=day(one.adopt_from))
        return {"sentence": _("The decision"), "after": after}
    return None


def late_sentence(one: Consultation, now: datetime) -> str:
    """By how much the answers are late; empty when they are not."""
    if state_of(one, now) != State.ANSWERING or one.answers_due_at is None or now <= one.answers_due_at:
        return ""
    days = (now - one.answers_due_at) // timedelta(days=1) + 1
    return ngettext("The answers are late by %(num)s day.", "The answers are late by %(num)s days.", days)


def detail_context(one: Consultation, now: datetime) -> dict[str, Any]:
    """Everything on the page of one consultation."""
    stands = standing(one, now)
    shared = {"consultation": one, "state": stands.state, "now": now}
    extensions = queries.list_extensions(one.id)
    return {
        **shared,
        "kind": KINDS[one.kind],
        "dimension": DIMENSIONS[one.dimension],
        "concerns": tags.rows(one),
        "standing": stands,
        "when": when_sentence(one, now),
        "late": late_sentence(one, now),
        "summary": render_markdown(one.summary),
        "strip": strip(one, now),
        "can_contribute": policy.can_contribute(one, now),
        "can_manage": policy.can_manage(g.actor),
        "documents": document_rows(queries.list_documents(one.id)),
        "announcements": announcement_rows(queries.list_announcements(one.id)),
        "extensions": extensions,
        "last_days": {row.id: clocks.last_day(row.new_closes_at) for row in extensions},
        "clocks": clock_rows(one),
        "events": timeline.list_events("consultation", one.id),
        "next_step": _next_step(one, now),
        "chain": links.chain("consultation", one.id),
        "panels": render_panels(current_app, "consultation", shared),
    }


def staff_context(one: Consultation, now: datetime) -> dict[str, Any]:
    """The same for those who lead it, with the panels that are theirs."""
    context = detail_context(one, now)
    shared = {"consultation": one, "state": context["state"], "now": now}
    return {
        **context,
        "from_citizens": rules.KINDS[one.kind].by_citizens,
        "panels": render_panels(current_app, "staff.consultation", shared),
    }


def resolve(ids: Any) -> dict[int, links.Link]:
    """Announced consultations as they are named elsewhere."""
    return {
        one.id: links.Link(
            "consultation", one.id, one.title, url_for("consultations.show", consultation_id=one.id),
            _("Consultation"),
        )
        for one in queries.list_by_ids(ids).values()
    }  # fmt: skip
