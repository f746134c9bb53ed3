"""The words of imports: what became of a row and why, in sentences."""

from collections.abc import Mapping
from typing import Any

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

#: Why a whole file cannot be read.
STOPPED = {
    "text": _l("This file is no table of text. Save it again as CSV (UTF-8) or as XLSX."),
    "workbook": _l(
        "This workbook cannot be read: it is damaged, or it is another kind of file. Save it again as XLSX."
    ),
    "macros": _l("The workbook contains macros or programs. Save it without them."),
    "columns": _l("The table has more than 200 columns. Leave out those that are not needed."),
    "rows": _l("The table has more rows than a spreadsheet can hold. Divide it into several files."),
}

#: Why a row is refused, or what is left out of it.
REASONS = {
    "missing": _l("nothing stands here, and every row needs it"),
    "money": _l("“%(value)s” is no amount of money"),
    "number": _l("“%(value)s” is no number with at most four decimals"),
    "decimals": _l("“%(value)s” has more than two decimals"),
    "negative": _l("“%(value)s” is below zero, which is possible only for recovered payments"),
    "whole": _l("“%(value)s” is no whole number"),
    "year": _l("“%(value)s” is no year from 1990 to 2100"),
    "far": _l("“%(value)s” is before 1900 or after 2100"),
    "day": _l("“%(value)s” is no day; write 2024-12-31 or 31.12.2024"),
    "yes": _l("“%(value)s” is neither yes nor no"),
    "choice": _l("“%(value)s” is not on the list"),
    "long": _l("the text is too long: “%(value)s…”"),
    "currency": _l("“%(value)s” is no currency; write RON or EUR"),
    "repeated": _l("the same number stands in row %(value)s already"),
    "database": _l("the row contradicts another one that is stored"),
    "order": _l("the second of two amounts or days is before the first: %(value)s"),
    "no_department": _l("no department is called “%(value)s”: left empty"),
    "no_neighbourhood": _l("no neighbourhood is called “%(value)s”: left empty"),
}


def reason_words(dataset: Dataset, reason: Mapping[str, str]) -> str:
    """One reason as a reader reads it: the field, and what is wrong with it."""
    field = dataset.field(reason["field"])
    words = str(REASONS[reason["code"]]) % {"value": reason.get("value", "")}
    return f"{field.label}: {words}" if field else words


def change_words(dataset: Dataset, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) of what changes; what is not stated is a dash."""
    told = []
    for name, (before, after) in changes.items():
        field = dataset.field(name)
        told.append((str(field.label) if field else name, _told(before), _told(after)))
    return told


def _told(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
