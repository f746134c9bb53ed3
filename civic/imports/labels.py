"""The words of imports: what became of a row and why, in sentences."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.imports.datasets import Dataset

STATES = {
    "matching": _l("columns to be matched"),
    "checking": _l("being looked over"),
    "checked": _l("looked over, not loaded yet"),
    "loading": _l("being loaded"),
    "loaded": _l("loaded"),
    "stopped": _l("stopped halfway"),
    "discarded": _l("given up"),
}
TONES = {"loaded": "green", "stopped": "rose", "discarded": "grey", "checked": "sand", "matching": "sand"}

#: The work on its rows broke; the worker goes on with it no more.
FAILED = _l("failed")

OUTCOMES = {
    "new": _l("new"),
    "changed": _l("changed"),
    "same": _l("the same as before"),
    "refused": _l("refused"),
}

#: The same of one row.
ROW_OUTCOMES = {
    "new": _l("a new row"),
    "changed": _l("a changed row"),
    "same": _l("nothing changes"),
    "refused": _l("a refused row"),
}

#: What amounts are counted in.
UNITS = {
    1: _l("whole lei, or whole units of another currency"),
    1_000: _l("thousands"),
    1_000_000: _l("millions"),
}

#: Why a whole file cannot be read.
STOPPED = {
    "text": _l("This file is no table of text. Save it again as CSV (UTF-8) or as XLSX."),
    "signs": _l("There are signs in it that are no text. Save the table again as CSV (UTF-8) or as XLSX."),
    "quotes": _l(
        "A quotation mark is opened and not closed there, stands inside other quotation marks, or a cell is far too "
        "long. Correct that row, or save the table as XLSX."
    ),
    "workbook": _l(
        "This workbook cannot be read: it is damaged, locked with a password, or another kind of file. Save it again as XLSX."
    ),
    "locked": _l("The workbook is locked with a password. Save it without one."),
    "macros": _l("The workbook contains macros or programs. Save it without them."),
    "columns": _l("The table has more than 200 columns. Leave out those that are not needed."),
    "rows": _l("The table has more rows than a spreadsheet can hold. Divide it into several files."),
}


def stopped_words(stored: str) -> str:
    """Why a file could not be read, and in which row."""
    code, _mark, row = stored.partition(":")
    words = str(STOPPED[code])
    return _("Row %(number)s: %(words)s", number=row, words=words) if row else words


#: Why a row is refused, or what is left out of it.
REASONS = {
    "missing": _l("nothing stands here, and every row needs it"),
    "money": _l(
        "“%(value)s” is no amount of money; write it as 1234,50, or leave the cell empty if it is not known"
    ),
    "number": _l("“%(value)s” is no number with at most four decimals; round it in the spreadsheet"),
    "two_ways": _l(
        "“%(value)s” can be read in two ways; write 1234 without a mark between thousands, or four decimals: 1,2340"
    ),
    "decimals": _l("“%(value)s” has more than two decimals; round the column in the spreadsheet"),
    "joined": _l(
        "the cell is joined with that of row %(value)s; separate them and write in each what is its own, or leave it empty"
    ),
    "total": _l("the row adds up others, which would be counted twice; leave it out"),
    "alone": _l(
        "“%(value)s” stands alone in the row: a title between rows, or a row broken in two; leave it out or complete it"
    ),
    "negative": _l("“%(value)s” is below zero, which is possible only for recovered payments"),
    "whole": _l("“%(value)s” is no whole number from 0 to 999,999,999"),
    "year": _l("“%(value)s” is no year from 1990 to 2100"),
    "far": _l("“%(value)s” is before 1900 or after 2100"),
    "day": _l("“%(value)s” is no day; write 2024-12-31 or 31.12.2024"),
    "serial": _l(
        "“%(value)s” is how a spreadsheet counts days; give the column the format of a date and save the file again"
    ),
    "formula": _l(
        "“%(value)s” is a formula without a result; open the file in the spreadsheet, correct it and save it again"
    ),
    "headings": _l("the row repeats the headings; leave it out"),
    "numbering": _l("the row only numbers the columns; leave it out"),
    "wide": _l(
        "the row has more cells than there are headings (%(value)s): put a text with commas between quotation marks, or "
        "give every column a heading"
    ),
    "beside": _l("what stands beyond the last heading is left out: “%(value)s”"),
    "taken": _l(
        "a row with this code was brought in from “%(value)s”: bring it in under that name, or change the code"
    ),
    "code": _l("“%(value)s” is no code: letters without diacritics, digits, points and dashes, at most 80"),
    "yes": _l("“%(value)s” is neither yes nor no"),
    "choice": _l("“%(value)s” is not one of the words known here"),
    "long": _l("the text is too long: “%(value)s…”"),
    "currency": _l("“%(value)s” is no currency; write RON or EUR"),
    "repeated": _l("the same number stands in row %(value)s already"),
    "database": _l("the row contradicts what is stored; check it against the rows there are"),
    "order": _l("the second of two amounts or days is before the first: %(value)s"),
    "no_department": _l("no department is called “%(value)s”: left empty"),
    "no_neighbourhood": _l("no neighbourhood is called “%(value)s”: left empty"),
}


def reason_words(dataset: Dataset, reason: Mapping[str, str]) -> str:
    """One reason as a reader reads it: the field, and what is wrong with it."""
    field = dataset.field(reason["field"])
    words = str(REASONS[reason["code"]]) % {"value": reason.get("value", "")}
    if reason["code"] == "choice" and field and field.choices:
        words += "; " + _("known are: %(words)s", words=known_words(field.choices))
    return f"{field.label}: {words}" if field else words


def known_words(choices: Mapping[str, str]) -> str:
    """What may stand in a cell of a choice: one word for each, as a person writes it and no code."""
    first: dict[str, str] = {}
    for word, code in choices.items():
        if code not in first or first[code] == code:
            first[code] = word
    return ", ".join(first.values())


def change_words(dataset: Dataset, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) of what changes; what is not stated is a dash."""
    told = []
    for name, (before, after) in changes.items():
        field = dataset.field(name)
        told.append((str(field.label) if field else name, _told(before), _told(after)))
    return told


def _told(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
