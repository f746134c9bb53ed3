"""Periodic reports as pages and files show them: an edition, or a draft as it would be signed, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from civic import i18n, links
from civic.format import language, ngettext
from civic.indicators import labels as words
from civic.indicators.periods import Period, read_period
from civic.places.queries import list_departments
from civic.reports import labels, queries
from civic.reports.models import ReportEdition
from civic.reports.queries import Promise
from civic.reports.service import KIND
from civic.text import render_plain

Json = Mapping[str, Any]

#: In a narrow cell: fewer than ten people; and nothing known.
_FEW, _UNKNOWN = "< 10", "–"


def said(texts: Mapping[str, str]) -> str:
    """Words in the reader's language, else in the first one there is."""
    return texts.get(language()) or next(iter(texts.values()), "")


def decimal(value: str | None) -> Decimal | None:
    """A kept value."""
    return None if value is None else Decimal(value)


def period_of(code: str) -> Period:
    """The period of a kept code."""
    found = read_period(code)
    assert found is not None
    return found


def told(reading: Json | None, unit: str) -> str:
    """A kept value as readers write it, or why there is none."""
    if reading is None:
        return _("not known")
    value = decimal(reading["value"])
    return str(words.MISSING[reading["missing"]]) if value is None else words.told(value, unit)


def source_of(reading: Json | None) -> str:
    """Where a kept value comes from."""
    if reading is None:
        return ""
    said_so = str(words.SOURCES[reading["source"]])
    if reading["value"] is None or reading["of"] is None:
        return said_so
    if reading["part"] is None:
        return f"{said_so}, {_('of %(number)s answers', number=words.told(Decimal(reading['of']), ''))}"
    share = _(
        "%(part)s of %(whole)s",
        part=words.told(Decimal(reading["part"]), ""), whole=words.told(Decimal(reading["of"]), ""),
    )  # fmt: skip
    return f"{said_so}, {share}"


@dataclass(frozen=True)
class Section:
    """One indicator of a report as it is read."""

    code: str
    anchor: str
    name: str
    how: str
    value: str
    before: str
    target: str
    standing: str
    words: Any
    tone: str
    source: str
    bars: list[dict[str, Any]]
    months: dict[str, Any] | None
    analysis: Markup
    recommendation: Markup
    responsible: str
    measure: dict[str, Any] | None


def section_of(
    line: Json, period: Period, promise: Promise | None = None, today: date | None = None
) -> Section:
    """A line of a report; with its measure as it stands today, where one was opened."""
    unit, reading = line["unit"], line["reading"]
    target = decimal(line["target"])
    running = reading is not None and not reading["final"]
    standing_words, tone = words.standing_words(line["standing"], running=running)
    return Section(
        code=line["code"],
        anchor=f"indicator-{line['code']}".replace(".", "-"),
        name=said(line["name"]),
        how=said(line["how"]),
        value=told(reading, unit) + (" " + _("so far") if running and reading["value"] is not None else ""),
        before=told(line["before"], unit),
        target="–" if target is None else words.told(target, unit),
        standing=line["standing"],
        words=standing_words,
        tone=tone,
        source=source_of(reading),
        bars=_bars(line, target),
        months=_months(line, period),
        analysis=render_plain(line["analysis"]),
        recommendation=render_plain(line["recommendation"]),
        responsible=", ".join(one for one in (line["department"], line["responsible"]) if one),
        measure=_measure(line["measure"], promise, today),
    )


def _bars(line: Json, target: Decimal | None) -> list[dict[str, Any]]:
    """The row of values with the target; nothing to draw when fewer than one value is known or it is yes or no."""
    unit, rows = line["unit"], []
    for one in line["series"]:
        value = decimal(one["value"])
        if value is None:
            continue
        name = words.period_name(period_of(one["period"]))
        last = line["reading"] is not None and one["period"] == line["reading"]["period"]
        rows.append(
            {
                "label": name if one["final"] else _("%(period)s so far", period=name),
                "value": max(value, Decimal(0)), "text": words.told(value, unit), "tone": "brand" if last else "grey",
            }
        )  # fmt: skip
    if not rows or unit == "yes_no":
        return []
    if target is not None:
        rows.append(
            {
                "label": _("Target"),
                "value": max(target, Decimal(0)),
                "text": words.told(target, unit),
                "tone": "sand",
            }
        )
    return rows


def _months(line: Json, period: Period) -> dict[str, Any] | None:
    """This year's months beside last year's."""
    if not line["months"] or line["unit"] == "yes_no":
        return None
    unit, kept = line["unit"], line["months"]
    values = [None if one is None else decimal(one[0]) for one in kept]
    if sum(one is not None for one in values[12:]) < 2:
        return None
    names = [words.month_name(month) for month in range(1, 13)]
    shown = [_short(one, unit) for one in kept]
    years = [(str(period.first.year), slice(12, 24)), (str(period.first.year - 1), slice(0, 12))]
    known = [(year, at) for year, at in years if any(one is not None for one in values[at])]
    title = (
        _("Month by month, this year beside the last one")
        if len(known) > 1
        else _("Month by month; nothing is known of %(year)s", year=years[1][0])
    )
    return {
        "title": title,
        "unit": ""
        if unit in ("number", "people")
        else _("Unit: %(unit)s.", unit=words.UNITS.get(unit, unit)),
        "signs": _signs([cell for _year, at in known for cell in shown[at]]),
        "labels": names,
        "series": [{"name": year, "values": values[at]} for year, at in known],
        "rows": [[year, *shown[at]] for year, at in known],
    }


def _signs(cells: Sequence[str]) -> str:
    """What the signs in narrow cells stand for, where there are any."""
    told_signs = []
    if _FEW in cells:
        told_signs.append(_("< 10: fewer than ten people, so the value is not told."))
    if _UNKNOWN in cells:
        told_signs.append(_("–: not known."))
    return " ".join(told_signs)


def _short(one: Sequence[Any] | None, unit: str) -> str:
    """A month's value for a narrow cell; fewer than ten people as that."""
    if one is None or one[0] is None:
        return _FEW if one is not None and one[1] == "too_few" else _UNKNOWN
    return words.told(Decimal(one[0]), unit)


def _measure(measure: Json | None, promise: Promise | None, today: date | None) -> dict[str, Any] | None:
    if measure is None:
        return None
    made = {
        "what": render_plain(measure["what"]),
        "owner": measure["owner"],
        "due_on": date.fromisoformat(measure["due_on"]) if measure["due_on"] else None,
        "standing": None,
    }
    if promise is not None and today is not None:
        made["standing"] = standing_tag(promise, today)
    return made


def standing_tag(promise: Promise, today: date) -> dict[str, Any]:
    """Where a measure is, in words and with a colour."""
    now = promise.standing(today)
    if now.late:
        days = (today - now.due_on).days
        return {
            "words": ngettext("%(num)s day late", "%(num)s days late", days),
            "tone": "rose",
            "due_on": now.due_on,
        }
    return {
        "words": labels.MEASURE_STATES[now.state], "tone": labels.MEASURE_TONES[now.state], "due_on": now.due_on
    }  # fmt: skip


# --- a report -----------------------------------------------------------------------------------------------


def report_context(
    content: Json,
    lines: Sequence[Json],
    promises: Mapping[str, Promise] | None = None,
    today: date | None = None,
) -> dict[str, Any]:
    """A whole report as pages and files show it. `promises` are its measures as they stand, by the indicator's code."""
    period = period_of(content["period"])
    sections = [section_of(one, period, (promises or {}).get(one["code"]), today) for one in lines]
    return {
        "title": labels.title_of(period),
        "period": period,
        "period_name": words.period_name(period),
        "before_name": words.period_name(period.year_before),
        "written_in": written_in(),
        "lead": lead(sections),
        "introduction": render_plain(content["introduction"]),
        "feedback": render_plain(content["feedback"]),
        "taken": render_plain(content["taken"]),
        "sections": sections,
        "heard": [_heard(one) for one in content["heard"]],
        "accounts": [_account(one) for one in content["accounts"]],
    }


def written_in() -> str:
    """The language in which the city hall writes, where it is not the reader's; else empty."""
    first: str = current_app.config["SETTINGS"].city.languages[0]
    return "" if first == language() else first


def lead(sections: Iterable[Section]) -> str:
    """The report in one breath."""
    found = [one.standing for one in sections]
    return _(
        "Indicators: %(all)s. Target reached: %(reached)s, not reached: %(below)s.",
        all=len(found), reached=found.count("reached"), below=found.count("below"),
    )  # fmt: skip


def _heard(one: Json) -> dict[str, str]:
    now = {"value": one["value"], "missing": one["missing"]}
    before = {"value": one["before_value"], "missing": one["before_missing"]}
    value, earlier = (
        _("not known") if each["missing"] == "no_data" else told(each, "number") for each in (now, before)
    )
    return {"name": said(one["name"]), "value": value, "before": earlier}


def _account(one: Json) -> dict[str, Any]:
    return {
        "name": said(one["name"]),
        "what": render_plain(one["what"]),
        "owner": one["owner"],
        "due_on": date.fromisoformat(one["due_on"]),
        "opened_in": one["opened_in"],
        "opened_title": labels.title_of(period_of(one["opened_in"])),
        "outcome": labels.OUTCOME_WORDS.get(one["outcome"], ""),
        "tone": labels.OUTCOME_TONES.get(one["outcome"], "grey"),
        "words": render_plain(one["words"]),
        "new_due_on": date.fromisoformat(one["new_due_on"]) if one["new_due_on"] else None,
    }


def edition_context(edition: ReportEdition, now_day: date) -> dict[str, Any]:
    """The page of an edition, with its measures as they stand today, and every other edition."""
    report = edition.report
    promises = {one.measure.indicator.code: one for one in queries.promises_of(report.id).values()}
    current = edition.number == report.edition
    lines = [one.content for one in queries.list_lines(edition.id)]
    return {
        **report_context(edition.content, lines, promises if current else None, now_day),
        "report": report,
        "edition": edition,
        "current": current,
        "preview": False,
        "editions": queries.list_editions(report.id),
        "files": [
            {
                "file": one,
                "language": i18n.NAMES.get(one.language, one.language),
                "url": url_for("reports.printed", code=report.code, number=edition.number, language=one.language),
            }
            for one in sorted(queries.list_files(edition.id), key=lambda one: one.language != language())
        ],
    }  # fmt: skip


# --- elsewhere ----------------------------------------------------------------------------------------------


def resolve(ids: Iterable[int]) -> dict[int, links.Link]:
    """Published reports where they are named elsewhere."""
    return {
        one.id: links.Link(
            KIND, one.id, labels.title_of(one.period), url_for("reports.show", code=one.code), _("Periodic report")
        )
        for one in queries.published_by_ids(ids)
    }  # fmt: skip


def sitemap_entries() -> list[tuple[str, datetime | None]]:
    """Addresses for search engines."""
    return [(url_for("reports.show", code=period.code), at) for period, at in queries.list_changes()]


def measure_rows(promises: Sequence[Promise], today: date) -> list[dict[str, Any]]:
    """Every measure with where it is: late ones first, then those to be done by their day, then what ended."""
    rows = [
        {
            "promise": one,
            "name": words.name_of(one.measure.indicator),
            "standing": standing_tag(one, today),
            "late": one.standing(today).late,
            "open": one.standing(today).state == "open",
            "url": url_for("reports.show", code=one.measure.report.code),
            "title": labels.title_of(one.measure.report.period),
            "accounts": [known for known in one.accounts if known.signed_outcome],
        }
        for one in promises
    ]
    return sorted(rows, key=lambda row: (not row["late"], not row["open"], row["standing"]["due_on"]))


def told_choices() -> list[tuple[str, str]]:
    """Whom letters about a measure may go to: departments with where they are written to."""
    choices = [("", _("The department that answers for the indicator"))]
    for one in list_departments():
        to = one.email or _("no address of its own: its evaluators are written to")
        choices.append((str(one.id), f"{one.name} ({to})"))
    return choices
