"""The report as it is read and printed."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.format import ngettext, percent
from civic.text import render_markdown
from consultations import clocks
from consultations import queries as consultations
from consultations.contributions import listing
from consultations.contributions import presenters as register
from consultations.contributions.labels import CHANNELS, NOT_CONSIDERED, OUTCOMES, TONES, WAITING
from consultations.contributions.rules import TAKEN_UP, Outcome
from consultations.labels import DIMENSIONS, KINDS
from consultations.models import Consultation
from consultations.presenters import announcement_rows, clock_rows, document_rows, state_of
from consultations.reporting import queries, rules

#: A report that is read and printed holds this many contributions; the whole register is beside it as a table.
MOST_ROWS = 300


def _channels(consultation_id: int) -> list[dict[str, Any]]:
    counted = queries.by_channel(consultation_id)
    return [{"label": CHANNELS[name], "value": counted[name]} for name in CHANNELS if counted.get(name)]


def _outcomes(consultation_id: int) -> tuple[list[dict[str, Any]], int]:
    """Rows of the chart, and how many were taken up at least in part."""
    counted = queries.by_outcome(consultation_id)
    rows = [
        {"label": OUTCOMES[outcome], "value": counted[outcome], "tone": TONES[outcome]}
        for outcome in Outcome
        if counted.get(outcome)
    ]
    rows += [
        {"label": words, "value": counted[name], "tone": "sand"}
        for name, words in (("not_considered", NOT_CONSIDERED), ("", WAITING))
        if counted.get(name)
    ]
    return rows, sum(counted.get(outcome, 0) for outcome in TAKEN_UP)


def _areas(consultation_id: int) -> list[list[Any]]:
    """Rows of the table: area, people, share of those shown, share of the population. Areas nobody came from are
    left out, and so is a table that could show no figure."""
    counted = queries.by_area(consultation_id)
    cells = rules.shown_areas([cell for _name, cell in counted])
    if not any(cell.people for cell in cells):
        return []
    everyone = sum(cell.people or 0 for cell in cells)
    residents = sum(cell.population or 0 for cell in cells)
    return [
        [
            name,
            _("fewer than 10 or not shown") if cell.people is None else cell.people,
            "–" if cell.people is None else percent(cell.people / everyone),
            percent(cell.population / residents) if cell.population and residents else "–",
        ]
        for (name, _cell), cell in zip(counted, cells, strict=True)
        if cell.people != 0
    ]


def _themes(consultation_id: int) -> list[dict[str, Any]]:
    living = listing.living_of_themes(consultation_id)
    return [
        {
            "title": theme.title,
            "count": number,
            "answer": register.answer_item(living[theme.id])
            if theme.id in living and living[theme.id].state == "published"
            else None,
        }
        for theme, number in listing.list_themes(consultation_id)
    ]


def report_context(one: Consultation, now: datetime) -> dict[str, Any]:
    """Everything on the page of the report."""
    totals = queries.totals(one.id)
    outcomes, taken_up = _outcomes(one.id)
    rows, near = queries.matrix(one.id, MOST_ROWS)
    return {
        "consultation": one,
        "published": one.report_published_at is not None,
        "state": state_of(one, now),
        "kind": KINDS[one.kind],
        "dimension": DIMENSIONS[one.dimension],
        "summary": render_markdown(one.summary),
        "days": clocks.days_given(one.opens_at, one.closes_at) if one.opens_at and one.closes_at else 0,
        "last_day": clocks.last_day(one.closes_at) if one.closes_at else None,
        "announcements": announcement_rows(consultations.list_announcements(one.id)),
        "documents": document_rows(consultations.list_documents(one.id)),
        "extensions": consultations.list_extensions(one.id),
        "clocks": clock_rows(one),
        "totals": totals,
        "lead": _lead(totals, taken_up),
        "channels": _channels(one.id),
        "outcomes": outcomes,
        "areas": _areas(one.id),
        "themes": _themes(one.id),
        "items": [register.item(row, near) for row in rows],
        "more": max(0, totals.received - len(rows)),
        "csv": url_for("contributions.download", consultation_id=one.id),
    }


def _lead(totals: queries.Totals, taken_up: int) -> str:
    """The report in one breath."""
    if not totals.received:
        return _("Nobody contributed.")
    received = ngettext(
        "%(num)s contribution was registered.", "%(num)s contributions were registered.", totals.received
    )
    taken = ngettext(
        "%(num)s was taken up, whole or in part.", "%(num)s were taken up, whole or in part.", taken_up
    )
    waiting = totals.received - totals.answered
    rest = (
        ngettext("%(num)s has no answer.", "%(num)s have no answer.", waiting)
        if waiting
        else _("Each of them has its answer.")
    )
    return f"{received} {taken} {rest}"
