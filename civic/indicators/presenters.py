"""Indicators as pages and files show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from civic import tables
from civic.format import count
from civic.indicators import labels, queries, registry, rules
from civic.indicators.models import Indicator
from civic.indicators.periods import Period, month_of, year_of
from civic.indicators.queries import Reading


@dataclass(frozen=True)
class Row:
    """One indicator in a list."""

    indicator: Indicator
    name: str
    value: str
    period: str
    target: str
    standing: str
    words: Any
    tone: str
    trend: Any
    values: list[Decimal | None]
    source: Any


def row_of(indicator: Indicator, readings: Sequence[Reading]) -> Row:
    """An indicator with its last value, how it stands and which way it went."""
    last = readings[-1] if readings else None
    before = readings[-2] if len(readings) > 1 else None
    unit = labels.unit_of(indicator)
    standing = rules.standing(last.value if last else None, indicator.target, indicator.better)
    words, tone = labels.standing_words(standing, running=last is not None and not last.final)
    return Row(
        indicator, labels.name_of(indicator), _last_words(indicator, last, unit), period_words(last),
        labels.told(indicator.target, unit) if indicator.target is not None else "", standing, words, tone,
        labels.TRENDS[rules.trend(last.value, before.value)] if last and before and last.final else "",
        [one.value for one in readings], source_words(indicator),
    )  # fmt: skip


def _last_words(indicator: Indicator, last: Reading | None, unit: str) -> str:
    """The last value; of what the platform computes itself, that the night has not come yet."""
    if last is None and registry.find_computed(indicator.computation or indicator.code) is not None:
        return _("not computed yet")
    return value_words(last, unit)


def value_words(reading: Reading | None, unit: str) -> str:
    """A value, or why there is none."""
    if reading is None:
        return _("not entered yet")
    if reading.value is None:
        return str(labels.MISSING[reading.missing])
    return labels.told(reading.value, unit)


def period_words(reading: Reading | None) -> str:
    """Of which period, and up to which day while it runs."""
    if reading is None:
        return ""
    name = labels.period_name(reading.period)
    return name if reading.final else _("%(period)s so far", period=name)


def source_words(indicator: Indicator) -> str:
    """Who states its values."""
    known = registry.find_computed(indicator.computation or indicator.code)
    if known is not None and known.compute is not None:
        return _("computed every night")
    if indicator.department is not None:
        return _("entered by %(who)s", who=indicator.department.name)
    return _("entered by hand")


def groups(indicators: Sequence[Indicator]) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """(strategy, [(measure, rows)]) in the order of the list; the platform's own by what they are about."""
    readings = queries.latest_readings(indicators)
    found: dict[str, dict[str, list[Row]]] = {}
    for one in indicators:
        measure = labels.subject_of(one.code) if one.origin == "platform" else one.measure
        found.setdefault(one.strategy, {}).setdefault(measure, []).append(row_of(one, readings[one.code]))
    return [(strategy, list(measures.items())) for strategy, measures in found.items()]


def months_beside(indicator: Indicator, year: int) -> dict[str, Any] | None:
    """This year's months beside the last one's, with the target as a line; None when no month has a value."""
    periods = [month_of(date(one, month, 1)) for one in (year - 1, year) for month in range(1, 13)]
    readings = queries.series_of(indicator, periods)
    values = [None if one is None else one.value for one in readings]
    if all(one is None for one in readings):
        return None
    unit = labels.unit_of(indicator)
    series = [{"name": str(year), "values": values[12:]}, {"name": str(year - 1), "values": values[:12]}]
    if indicator.target is not None:
        series.append({"name": _("Target"), "values": [indicator.target] * 12})
    rows = [
        [labels.month_name(month), *(value_words(one, unit) if one else "–" for one in (readings[11 + month], readings[month - 1]))]
        for month in range(1, 13)
    ]  # fmt: skip
    return {
        "labels": [labels.month_name(month) for month in range(1, 13)],
        "series": series,
        "rows": rows,
        "drawn": any(one is not None for one in values),
    }


def years_of(indicator: Indicator, this_year: int, most: int = 8) -> list[Reading]:
    """The readings of the last years, the earliest first."""
    found = queries.series_of(indicator, [year_of(this_year - back) for back in range(most - 1, -1, -1)])
    return [one for one in found if one is not None]


def page(indicator: Indicator, today: date) -> dict[str, Any]:
    """Everything the page of an indicator shows."""
    years = years_of(indicator, today.year)
    unit = labels.unit_of(indicator)
    known = registry.find_computed(indicator.computation or indicator.code)
    return {
        "indicator": indicator,
        "row": row_of(indicator, years),
        "unit": unit,
        "unit_words": labels.UNITS.get(unit, unit),
        "months": months_beside(indicator, today.year),
        "year": today.year,
        "years": [
            (labels.period_name(one.period), value_words(one, unit), beside(one, years, unit), parts(one), one)
            for one in reversed(years)
        ],
        "how": labels.how_of(indicator),
        "promised": labels.promised_of(indicator),
        "method": known,
        "history": queries.list_history(indicator) if indicator.id else [],
        "targets": queries.list_targets(indicator) if indicator.id else [],
        "tied": queries.tied_to(indicator.code),
        "last": max((one.recorded_at for one in years), default=None),
        "labels": labels,
        "period_of": lambda one: labels.period_name(Period(one.period_kind, one.first_day)),
        "told": labels.told,
    }  # fmt: skip


def beside(reading: Reading, readings: Sequence[Reading], unit: str) -> str:
    """How it compares with the same period a year earlier, once it is over: a part of a year is no whole one."""
    before = next((one for one in readings if one.period == reading.period.year_before), None)
    if before is None or before.value is None or reading.value is None or not reading.final:
        return ""
    change = reading.value - before.value
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    return f"{sign}{labels.told(abs(change), unit)}" if unit != "yes_no" else ""


def parts(reading: Reading) -> str:
    """What a share or a mean is of."""
    if reading.value is None or reading.of is None:
        return ""
    of = count(reading.of)
    if reading.part is None:
        return _("of %(number)s answers", number=of)
    return _("%(part)s of %(whole)s", part=count(reading.part), whole=of)


def csv_rows(indicator: Indicator, today: date) -> Iterator[list[tables.Cell]]:
    """Every value of the last years as a table; what is not told is empty, with its reason."""
    yield ["code", "period", "value", "missing", "part", "of", "unit", "target", "source", "method_version",
           "through", "recorded_at", "document", "document_on"]  # fmt: skip
    years = [year_of(today.year - back) for back in range(7, -1, -1)]
    months = [
        month_of(date(year, month, 1)) for year in (today.year - 1, today.year) for month in range(1, 13)
    ]
    for one in queries.series_of(indicator, [*years, *months]):
        if one is not None:
            yield [
                indicator.code, one.period.code, labels.plain(one.value), one.missing, one.part, one.of, labels.unit_of(indicator),
                labels.plain(one.target), one.source, one.method_version, one.through.isoformat(), one.recorded_at.isoformat(),
                one.document, one.document_on.isoformat() if one.document_on else "",
            ]  # fmt: skip
