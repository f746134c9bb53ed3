"""What pages show about the budget: the same rows as a picture and as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from civic.budget import labels, queries, rules, treemap
from civic.budget.models import BudgetChapter, BudgetDecision, BudgetLine
from civic.decisions.presenters import name_of
from civic.format import exact_percent, money, ngettext
from civic.imports.queries import source_names

#: Width and height of the picture on a wide screen and on a phone, and how wide a letter of its labels is.
SIZES = {"wide": (1100.0, 520.0), "narrow": (360.0, 620.0)}
_LETTER, _LINE, _PAD = 8.6, 20.0, 8.0


@dataclass(frozen=True)
class Entry:
    """A row of the table and, where its amount is above zero, a rectangle of the picture."""

    label: str
    amounts: dict[str, Decimal | None]
    currency: str
    url: str | None = None
    note: str = ""
    derived: bool = False


#: A share below half of this would be written as nothing.
_LEAST = Decimal("0.001")


def percent(share: Decimal | None) -> str:
    """A share with one decimal; nothing where there is none, and a few are not none."""
    if share is None:
        return ""
    if 0 < share < _LEAST:
        return _("under %(share)s", share=exact_percent(_LEAST))
    return exact_percent(share.quantize(_LEAST))


def measure_of(entries: Sequence[Entry]) -> str:
    """The amount that most rows state; spent before revised before approved where as many do."""
    stated = {name: sum(one.amounts[name] is not None for one in entries) for name in rules.MEASURES}
    return max(rules.MEASURES, key=lambda name: (stated[name], -rules.MEASURES.index(name)))


def picture(entries: Sequence[Entry], measure: str) -> list[dict[str, Any]]:
    """The rectangles at both sizes, the largest first; what is not stated or below zero has none."""
    shown = [one for one in entries if (one.amounts[measure] or 0) > 0]
    shown.sort(key=lambda one: one.amounts[measure] or Decimal(0), reverse=True)
    if len({one.currency for one in shown}) > 1 or len(shown) < 2:
        return []
    short = treemap.told_apart([one.label for one in shown])
    made = []
    for name, (width, height) in SIZES.items():
        placed = treemap.boxes([one.amounts[measure] or Decimal(0) for one in shown], width, height)
        tiles = [
            _tile(one, short[place], box, place, measure)
            for place, (one, box) in enumerate(zip(shown, placed, strict=True))
        ]
        made.append({"name": name, "width": width, "height": height, "tiles": tiles})
    return made


def _tile(entry: Entry, short: str, box: treemap.Box, place: int, measure: str) -> dict[str, Any]:
    amount = entry.amounts[measure] or Decimal(0)
    told = money(amount, entry.currency)
    letters, lines = int((box.width - 2 * _PAD) / _LETTER), int((box.height - 2 * _PAD) / _LINE)
    # The amount has the last line, whole or not at all; the name has those above it.
    with_amount = lines >= 2 and letters >= len(told)
    words = treemap.wrapped(short, letters, lines - 1 if with_amount else lines) if letters >= 5 else []
    spoken = [*words, told] if with_amount and words else words
    return {
        "label": entry.label,
        "amount": amount,
        "told": told,
        "url": entry.url,
        "tone": place % 6 + 1,
        "box": box,
        "lines": [
            (line, box.x + _PAD, box.y + _PAD + _LINE * (number + 0.75)) for number, line in enumerate(spoken)
        ],
    }


def rows_of(
    entries: Sequence[Entry], measure: str, before: dict[str, Decimal | None] | None = None
) -> list[dict[str, Any]]:
    """The rows of the table: amounts in words, the share of what is above zero, and the year before. Where the rows
    are in several currencies none has a share: their whole is no amount."""
    one_currency = len({one.currency for one in entries}) == 1
    whole = sum(
        (one.amounts[measure] or Decimal(0) for one in entries if (one.amounts[measure] or 0) > 0), Decimal(0)
    )
    made = []
    for one in entries:
        amount = one.amounts[measure]
        earlier = (before or {}).get(one.label)
        made.append(
            {
                "entry": one,
                "cells": {name: _told(value, one.currency) for name, value in one.amounts.items()},
                "value": amount,
                "share": percent(rules.share_of(amount, whole))
                if one_currency and amount is not None and amount > 0
                else "",
                "before": _told(earlier, one.currency),
                "change": change_words(amount, earlier, one.currency),
                "negative": amount is not None and amount < 0,
            }
        )
    return made


def _told(amount: Decimal | None, currency: str) -> str:
    return money(amount, currency) if amount is not None else _("not stated")


def change_words(amount: Decimal | None, before: Decimal | None, currency: str) -> str:
    """By how much it is more or less than before; empty where one of the two is not known."""
    found = rules.change(amount, before)
    if found is None:
        return ""
    difference, share = found
    if difference == 0:
        return _("the same")
    told = money(abs(difference), currency)
    part = f" ({percent(abs(share))})" if share is not None else ""
    return (
        _("%(amount)s more", amount=told + part)
        if difference > 0
        else _("%(amount)s less", amount=told + part)
    )


def _amounts(one: BudgetChapter | BudgetLine) -> dict[str, Decimal | None]:
    return {"executed": one.executed, "revised": one.revised, "approved": one.approved}


def _chapter_entry(one: BudgetChapter) -> Entry:
    url = url_for("budget.chapter", year=one.year, chapter_id=one.id)
    return Entry(one.name, _amounts(one), one.currency, url, one.note)


def _sum_words(entries: Sequence[Entry], measure: str) -> dict[str, Any]:
    """The sum of the rows in one currency, and of how many of them it is the sum."""
    made = rules.sum_of(one.amounts[measure] for one in entries)
    currencies = {one.currency for one in entries}
    return {
        "sum": made,
        "told": money(made.amount, next(iter(currencies))) if len(currencies) == 1 and made.stated else None,
        "several": len(currencies) > 1,
        "measure": labels.MEASURES[measure],
    }


def _of_one_source(year: int, wanted: Sequence[int | None]) -> tuple[int | None, list[BudgetChapter]]:
    """The chapters of the first of these sources that states any of a year, and which source that is."""
    rows = queries.list_chapters(year)
    told = {one.source_id for one in rows}
    source_id = next((one for one in wanted if one in told), None)
    return source_id, [one for one in rows if one.source_id == source_id]


def _source_choices(sources: Sequence[int | None], shown: int | None) -> list[dict[str, Any]]:
    """Where several sources state one year: their names, and which of them is shown."""
    if len(sources) < 2:
        return []
    names = source_names(sources)
    return [{"id": one, "name": names.get(one or 0, "–"), "shown": one == shown} for one in sources]


def year_context(year: int, kind: str, source: int | None = None) -> dict[str, Any]:
    """A year's budget as one source states it: what comes in or what goes out, by chapter, beside the year before."""
    sources = queries.list_sources()
    shown, chapters = _of_one_source(
        year, [source, *sources.get(year, [])] if source else sources.get(year, [])
    )
    _source, earlier = _of_one_source(year - 1, [shown, *sources.get(year - 1, [])])
    sides = {name: [_chapter_entry(one) for one in chapters if one.kind == name] for name in rules.KINDS}
    entries = sides[kind]
    measure = measure_of(entries) if entries else "executed"
    before = _earlier(entries, [one for one in earlier if one.kind == kind], measure)
    totals = {name: _sum_words(found, measure_of(found)) for name, found in sides.items() if found}
    spent, came_in = totals.get("expenditure"), totals.get("revenue")
    gap = None
    if (
        spent and came_in and spent["measure"] == came_in["measure"]
        and all(one["told"] and one["sum"].whole for one in (spent, came_in))
    ):  # fmt: skip
        # Where something is not stated, that would be the difference.
        gap = came_in["sum"].amount - spent["sum"].amount
    return {
        "year": year,
        "kind": kind,
        "years": sorted(sources, reverse=True),
        "sources": _source_choices(sources.get(year, []), shown),
        "source": shown if source else None,
        "measure": measure,
        "measures": labels.MEASURES,
        "kinds": labels.KINDS,
        "totals": totals,
        "gap": money(abs(gap)) if gap else None,
        "gap_below": gap is not None and gap < 0,
        "picture": picture(entries, measure),
        "rows": rows_of(entries, measure, before),
        "has_before": bool(before),
        "decisions": decision_rows(queries.list_decisions(year)),
        "editions": edition_rows(),
    }


def _earlier(
    entries: Sequence[Entry], earlier: Sequence[BudgetChapter], measure: str
) -> dict[str, Decimal | None]:
    """What chapters stated the year before, by name: in the same currency, and where just one is called so."""
    names = Counter(one.name for one in earlier)
    now = Counter(one.label for one in entries)
    currencies = {one.label: one.currency for one in entries}
    return {
        one.name: _amounts(one)[measure]
        for one in earlier
        if names[one.name] == 1
        and now[one.name] < 2
        and currencies.get(one.name, one.currency) == one.currency
    }


def decision_rows(ties: Sequence[BudgetDecision]) -> list[dict[str, Any]]:
    """Decisions that approved or revised something, with the amount each set."""
    return [
        {
            "id": one.id,
            "words": labels.ROLES[one.role],
            "name": name_of(one.decision),
            "url": url_for("decisions.show", decision_id=one.decision_id),
            "on": one.decision.adopted_on,
            "amount": one.amount,
        }
        for one in ties
    ]


def edition_rows() -> list[dict[str, Any]]:
    """What residents decide about, year by year: the amount, its growth, its share of what the city spends."""
    spent = queries.spent_by_year()
    by_year: dict[int, list[queries.Edition]] = {}
    for one in queries.list_editions():
        by_year.setdefault(one.year, []).append(one)
    made: list[dict[str, Any]] = []
    before: Decimal | None = None
    for year, editions in by_year.items():
        amount = sum((one.amount for one in editions if one.currency == "RON"), Decimal(0))
        known = max((one for one in spent if one <= year), default=None)
        whole = known is not None and spent[known][1] == spent[known][2]
        share = rules.share_of(amount, spent[known][0]) if known is not None and whole else None
        made.append(
            {
                "year": year,
                "editions": [(one.name, url_for("rounds.show", slug=one.slug)) for one in editions],
                "amount": amount,
                "growth": change_words(amount, before, "RON"),
                "told": exact_percent(share.quantize(Decimal("0.0001"))) if share is not None else "",
                "share_year": known,
            }
        )
        before = amount
    return made


def chapter_context(chapter: BudgetChapter) -> dict[str, Any]:
    """A chapter: its amounts, the institutions it pays for, and whether theirs are the sum of their parts."""
    lines = queries.list_lines(chapter.id)
    institutions = []
    for name in dict.fromkeys(one.institution for one in lines):
        own = [one for one in lines if one.institution == name]
        institutions.append(_institution(name, own))
    before = queries.find_before(chapter)
    return {
        "chapter": chapter,
        "measures": labels.MEASURES,
        "amounts": [
            (labels.MEASURES[name], _told(value, chapter.currency))
            for name, value in _amounts(chapter).items()
        ],
        "change": change_words(chapter.executed, before.executed if before else None, chapter.currency),
        "institutions": institutions,
        "problem": _beside(chapter, lines),
        "decisions": decision_rows(
            queries.list_decisions(chapter.year, chapter.id, [one.id for one in lines])
        ),
        "source": source_names([chapter.source_id]).get(chapter.source_id or 0, ""),
        "kinds": labels.KINDS,
    }


def _institution(name: str, lines: Sequence[BudgetLine]) -> dict[str, Any]:
    total = next((one for one in lines if one.level == "total"), None)
    titles = [one for one in lines if one.level == "title"]
    entries = [
        _line_entry(one, any(item.title == one.title and item.level == "item" for item in lines))
        for one in titles
    ]
    measure = measure_of(entries) if entries else "executed"
    problems = []
    if total is not None:
        problems += _mismatches(total, titles)
    return {
        "name": name,
        "department": next((one.department for one in lines if one.department), None),
        "total": total,
        "total_amounts": [(labels.MEASURES[key], _told(value, total.currency)) for key, value in _amounts(total).items()] if total else [],
        "measure": measure,
        "picture": picture(entries, measure),
        "rows": rows_of(entries, measure),
        "problems": problems,
    }  # fmt: skip


def _beside(chapter: BudgetChapter, lines: Sequence[BudgetLine]) -> str:
    """What the chapter and the institutions it pays for say of what was spent, where they differ; else nothing."""
    totals = [one for one in lines if one.level == "total" and one.currency == chapter.currency]
    found = rules.mismatch(chapter.executed, [one.executed for one in totals])
    if found is None:
        return ""
    return ngettext(
        "The chapter says %(one)s, the institution %(other)s.",
        "The chapter says %(one)s, its %(num)s institutions together %(other)s.",
        len(totals), one=money(found.stated, chapter.currency), other=money(found.parts, chapter.currency),
    )  # fmt: skip


def _mismatches(stated: BudgetLine, parts: Sequence[BudgetLine]) -> list[str]:
    """What does not add up, in sentences, for each of the three amounts."""
    made = []
    for measure, words in labels.MEASURES.items():
        found = rules.mismatch(_amounts(stated)[measure], [_amounts(one)[measure] for one in parts])
        if found is not None and all(one.currency == stated.currency for one in parts):
            made.append(
                _("%(measure)s: the source states %(stated)s, its parts make %(parts)s, a difference of %(difference)s.",
                  measure=words, stated=money(found.stated, stated.currency), parts=money(found.parts, stated.currency),
                  difference=money(abs(found.difference), stated.currency))
            )  # fmt: skip
    return made


def _line_entry(one: BudgetLine, opens: bool) -> Entry:
    url = url_for("budget.line", line_id=one.id) if opens else None
    return Entry(
        one.item if one.level == "item" else one.title,
        _amounts(one),
        one.currency,
        url,
        one.note,
        one.derived,
    )


def line_context(line: BudgetLine) -> dict[str, Any]:
    """A title of an institution: the items under it."""
    siblings = queries.list_siblings(line)
    items = [one for one in siblings if one.level == "item" and one.title == line.title]
    entries = [_line_entry(one, False) for one in items]
    measure = measure_of(entries) if entries else "executed"
    return {
        "line": line,
        "chapter": queries.get_chapter(line.chapter_id) if line.chapter_id else None,
        "amounts": [
            (labels.MEASURES[name], _told(value, line.currency)) for name, value in _amounts(line).items()
        ],
        "measure": measure,
        "measures": labels.MEASURES,
        "picture": picture(entries, measure),
        "rows": rows_of(entries, measure),
        "problems": _mismatches(line, items) if items else [],
        "source": source_names([line.source_id]).get(line.source_id or 0, ""),
    }
