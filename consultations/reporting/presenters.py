"""The report as it is read and printed."""

from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic import i18n
from civic.dimensions import LABELS as DIMENSIONS
from civic.format import language, ngettext, number, percent
from civic.text import render_markdown
from consultations import clocks
from consultations import queries as consultations
from consultations.contributions import listing
from consultations.contributions import presenters as register
from consultations.contributions.labels import CHANNELS, NOT_CONSIDERED, OUTCOMES, TONES, WAITING
from consultations.contributions.rules import TAKEN_UP, Outcome
from consultations.labels import KINDS, STATES
from consultations.models import Consultation
from consultations.presenters import announcement_rows, clock_rows, document_rows, state_of
from consultations.questionnaires.rules import LEAST
from consultations.reporting import file_queries, parts, queries, rules
from consultations.reporting.labels import FORMAT_WORDS
from consultations.reporting.models import ReportFile
from consultations.summaries import presenters as summaries
from consultations.texts import queries as texts

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
    """Rows of the table: area, people, share of those shown, population, its share. A table that could show no figure
    is left out."""
    counted = queries.by_area(consultation_id)
    cells = rules.shown_areas([cell for _name, cell in counted])
    if not any(cell.people for cell in cells):
        return []
    everyone = sum(cell.people or 0 for cell in cells)
    residents = sum(cell.population or 0 for cell in cells)
    return [
        [
            name,
            _("fewer than 10 or not shown") if cell.people is None else number(cell.people),
            "–" if cell.people is None else percent(cell.people / everyone),
            number(cell.population) if cell.population else "–",
            percent(cell.population / residents) if cell.population and residents else "–",
        ]
        for (name, _cell), cell in zip(counted, cells, strict=True)
    ]


def _texts_of_theme(number: int) -> str:
    """How many texts of questionnaires a theme has, in words; a few are not told apart."""
    if 0 < number < LEAST:
        return _("Fewer than %(least)s people wrote about it here.", least=LEAST)
    return ngettext("%(num)s text from questionnaires", "%(num)s texts from questionnaires", number)


def _texts(consultation_id: int) -> str:
    """What was written in questionnaires, in a sentence; empty when nothing was."""
    standing = texts.standing(consultation_id)
    if not standing.total:
        return ""
    if standing.total < LEAST:
        few = _("Fewer than %(least)s texts were written in questionnaires.", least=LEAST)
        waits = _("Some are under no theme with a published answer.")
        return f"{few} {waits}" if standing.waiting else few
    written = ngettext(
        "%(num)s text was written in questionnaires.",
        "%(num)s texts were written in questionnaires.",
        standing.total,
    )
    rest = (
        ngettext(
            "%(num)s is under no theme with a published answer.",
            "%(num)s are under no theme with a published answer.",
            standing.waiting,
        )
        if standing.waiting
        else _("Each of them is answered with its theme.")
    )
    return f"{written} {rest}"


def _themes(consultation_id: int) -> list[dict[str, Any]]:
    living, others = listing.living_of_themes(consultation_id), listing.count_others(consultation_id)
    return [
        {
            "title": theme.title,
            "count": number,
            "texts": _texts_of_theme(others[theme.id]) if others.get(theme.id) else "",
            "answer": register.answer_item(living[theme.id])
            if theme.id in living and living[theme.id].state == "published"
            else None,
        }
        for theme, number in listing.list_themes(consultation_id)
    ]


def report_context(one: Consultation, now: datetime, most: int = MOST_ROWS) -> dict[str, Any]:
    """Everything in the report, with at most so many contributions; the same for every reader."""
    totals, extensions = queries.totals(one.id), consultations.list_extensions(one.id)
    outcomes, taken_up = _outcomes(one.id)
    written = _texts(one.id)
    rows, near = queries.matrix(one.id, most)
    return {
        "consultation": one,
        "published": one.report_published_at is not None,
        "state": state_of(one, now),
        "state_name": STATES[state_of(one, now)],
        "kind": KINDS[one.kind],
        "dimension": DIMENSIONS[one.dimension],
        "summary": render_markdown(one.summary),
        "days": clocks.days_given(one.opens_at, one.closes_at) if one.opens_at and one.closes_at else 0,
        "last_day": clocks.last_day(one.closes_at) if one.closes_at else None,
        "announcements": announcement_rows(consultations.list_announcements(one.id)),
        "documents": document_rows(consultations.list_documents(one.id)),
        "extensions": extensions,
        "last_days": {row.id: clocks.last_day(row.new_closes_at) for row in extensions},
        "clocks": clock_rows(one),
        "totals": totals,
        "lead": _lead(totals, taken_up) if totals.received or not written else "",
        "texts": written,
        "channels": _channels(one.id),
        "outcomes": outcomes,
        "areas": _areas(one.id),
        "areas_note": _(
            "Only people whose home was verified are counted by neighbourhood. Fewer than ten are not shown, so that "
            "nobody can be recognised; sometimes a larger number is hidden with them, so that it cannot be worked out."
        ),
        "method": _method(),
        "themes": _themes(one.id),
        "items": [register.item(row, near) for row in rows],
        "more": max(0, totals.received - len(rows)),
        "said": summaries.paragraphs(one.id),
        "questionnaires": parts.questionnaire_parts(one.id, now, language()),
        "text": parts.text_part(one.id),
        **parts.debate_part(one.id, now),
        "csv": url_for("contributions.download", consultation_id=one.id),
    }


def page_context(one: Consultation, now: datetime) -> dict[str, Any]:
    """The report as its page shows it, with the files made of it."""
    return {
        **report_context(one, now),
        "files": file_rows(one.id),
        "matrix_csv": url_for("reporting.matrix", consultation_id=one.id),
    }


def file_rows(consultation_id: int) -> list[dict[str, Any]]:
    """The files made of the report, but none that holds what was hidden since."""
    files = file_queries.offered(
        consultation_id, file_queries.list_files(file_queries.of_consultation(consultation_id))
    )
    return file_items(files, "reporting.download", consultation_id=consultation_id)


def file_items(files: list[ReportFile], endpoint: str, **subject: int) -> list[dict[str, Any]]:
    """Files as they are listed, those of the reader's language first."""
    values: dict[str, Any] = dict(subject)
    files.sort(key=lambda one: (one.language != language(), one.language, one.format))
    return [
        {
            "file": one,
            "name": FORMAT_WORDS[one.format],
            "language": i18n.NAMES.get(one.language, one.language),
            "url": url_for(endpoint, language=one.language, ending=one.format, **values),
            "sha256": one.sha256.hex(),
        }
        for one in files
    ]


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


def _method() -> list[str]:
    """How it was made and what it cannot say, in sentences."""
    return [
        _("Everything above is computed from the register; nobody typed a figure."),
        _(
            "Those who wrote chose to write. They are not a sample of all residents, and how many ask for the same is no "
            "vote."
        ),
        _("Letters with the same words are counted one by one and answered once."),
        _(
            "The register is public entry by entry, so its counts are shown whole. People by neighbourhood and answers by "
            "group are shown from ten on, and a larger group is hidden with a small one where it would tell its number."
        ),
        _("An answer that was withdrawn stays, struck through, with its reason."),
    ]
