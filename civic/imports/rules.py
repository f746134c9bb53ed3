"""How the cells of a table become values, and which column holds what. Plain values in and out.

A refusal is a code; `labels` has its sentence in the reader's language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.numbers import is_currency

from civic.days import is_likely
from civic.money import MOST_DIGITS, read_money
from civic.text import clean_line, clean_text, fold

#: A file from being read for the first time to being loaded; the last two end it without.
STATES = ("matching", "checking", "checked", "loading", "loaded", "stopped", "discarded")
OUTCOMES = ("new", "changed", "same", "refused")
#: What amounts are counted in.
UNITS = (1, 1_000, 1_000_000)


@dataclass(frozen=True)
class Joined:
    """A cell of a workbook that is one with the cell above it: what stands there, and in which row."""

    value: "_Own"
    row: int


_Own = str | Decimal
Cell = _Own | Joined

#: An amount below zero, with a minus or as accountants write it.
_BELOW = re.compile(r"-\s*(?P<minus>[^-()]+)|\(\s*(?P<brackets>[^-()]+)\)", re.ASCII)
#: What stands once for several rows cannot be the amount or the number of each of them.
AMOUNTS = frozenset(("money", "balance"))
_COUNTED = AMOUNTS | {"number", "whole"}
_TIME = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
#: A day as people and programs write it.
_DAYS = (
    re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){_TIME}", re.ASCII),
    re.compile(rf"(?P<d>\d{{1,2}})[./-](?P<m>\d{{1,2}})[./-](?P<y>\d{{4}}){_TIME}", re.ASCII),
)
_NAMED_DAY = re.compile(r"(?P<d>\d{1,2})[ .-]+(?P<m>[a-z]{3,10})[ .,-]+(?P<y>\d{4})", re.ASCII)
_MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie",
    "noiembrie", "decembrie",
)  # fmt: skip
#: The words of a row that adds up the others.
_TOTAL = re.compile(r"(sub)?total(uri|ul)?( general| venituri| cheltuieli| buget| lei)?[ .:]*", re.ASCII)
#: A text that one reader takes for thousands and another for three decimals, and one with points between thousands.
_TWO_WAYS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}(?:\.\d{3}| \d{3})+(?:,\d{1,4})?", re.ASCII)
_YES = frozenset(("da", "y", "yes", "1", "x", "adevarat", "true"))
_NO = frozenset(("nu", "n", "no", "0", "fals", "false"))
#: Years in which something may be bought, decided or budgeted.
YEARS = range(1990, 2101)
#: How far the arithmetic of a spreadsheet may be from whole bani.
_NOISE = Decimal("0.000001")
_LONGEST = {"line": 1_000, "text": 10_000}
#: What stands for a cell whose formula was never computed.
NO_RESULT = "#FORMULA!"
#: What spreadsheets show where a formula could not be computed, in English and in Romanian.
_ERRORS = frozenset(
    f"#{one}"
    for one in (
        "FORMULA!", "REF!", "N/A", "N/D", "VALUE!", "VALOARE!", "DIV/0!", "IMPARTIRE/0!", "NAME?", "NUME?", "NUM!",
        "NULL!", "NUL!", "SPILL!", "CALC!", "####",
    )
)  # fmt: skip
#: A day as a spreadsheet counts it: 1954 to 2100.
_SERIAL = re.compile(r"[2-7]\d{4}", re.ASCII)
#: Headings of a column that counts the rows.
_POSITIONS = frozenset(("nr_crt", "crt", "nr_curent", "numar_curent", "numarul_curent", "poz", "pozitia"))
#: What the heading of an amount may say at its end, as headings are compared.
_IN_LEI = re.compile(r"(_(mii|mil|milioane))?(_de)?_(lei|ron)$")
#: How many of the first rows may stand above the headings.
ABOVE = 10


class Unreadable(ValueError):
    """A cell that cannot be what its field asks for. `code` says why; `value` is what stands in it."""

    def __init__(self, code: str, name: str, value: object = "") -> None:
        super().__init__(code)
        self.code, self.name, self.value = code, name, str(value)[:200]

    @property
    def reason(self) -> dict[str, str]:
        """As it is stored."""
        return {"code": self.code, "field": self.name, "value": self.value}


@dataclass(frozen=True)
class Field:
    """One thing a data set knows of a row. `kind` is a reader's name; `guesses` are headings it is known by."""

    name: str
    label: object
    kind: str = "line"
    needed: bool = False
    guesses: tuple[str, ...] = ()
    #: a word of the file, folded -> what is stored
    choices: Mapping[str, str] = field(default_factory=dict)


def written(cell: Cell) -> str:
    """A cell as text; a number of a spreadsheet without the decimals it does not have."""
    if isinstance(cell, Joined):
        return written(cell.value)
    if isinstance(cell, str):
        return cell.strip()
    return format(cell.normalize(), "f")


def _money(asked: Field, cell: _Own, unit: int = 1) -> Decimal:
    """An amount in whole bani. A number of a spreadsheet is taken as it is; a text as people write amounts."""
    if unit != 1:
        cell = _counted(asked, cell) * unit
    if isinstance(cell, Decimal):
        if abs(cell) >= 10**MOST_DIGITS:
            raise Unreadable("money", asked.name, written(cell))
        amount = cell.quantize(Decimal("0.01"))
        if abs(amount - cell) > _NOISE:
            raise Unreadable("decimals", asked.name, cell)
    else:
        text = cell.strip().replace("\u2212", "-")
        below = _BELOW.fullmatch(text)
        minus = below is not None
        try:
            amount = read_money((below["minus"] or below["brackets"]) if below else text)
        except (ValueError, InvalidOperation) as error:
            raise Unreadable("money", asked.name, cell) from error
        amount = -amount if minus else amount
    if amount < 0 and asked.kind != "balance":
        raise Unreadable("negative", asked.name, cell)
    return amount


def _counted(asked: Field, cell: _Own) -> Decimal:
    """How many thousands or millions a cell says, with what stands behind their comma."""
    if isinstance(cell, Decimal):
        return cell
    text = re.sub(r"\s*(mii|mil\.?|milioane)?\s*(de\s+)?(lei|ron)\.?$", "", cell.strip().casefold())
    below = _BELOW.fullmatch(text.replace("\u2212", "-"))
    amount = _number(asked, (below["minus"] or below["brackets"]) if below else text)
    return -amount if below else amount


def _number(asked: Field, cell: _Own) -> Decimal:
    """A number with at most four decimals; 85 % is 85."""
    text = re.sub(r"\s+", " ", written(cell)).replace("\u2212", "-").removesuffix("%").rstrip()
    if isinstance(cell, str) and _TWO_WAYS.fullmatch(text):
        raise Unreadable("two_ways", asked.name, cell)
    if isinstance(cell, str) and _THOUSANDS.fullmatch(text):
        text = re.sub(r"[. ]", "", text)
    text = text.replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", text, re.ASCII):
        raise Unreadable("number", asked.name, cell)
    return Decimal(text)


def _whole(asked: Field, cell: _Own) -> int:
    text = written(cell)
    # Points stand between thousands in a text; in a number of a spreadsheet they are the decimal mark.
    if isinstance(cell, str) and re.fullmatch(r"\d{1,3}([. ])\d{3}(\1\d{3})*", text, re.ASCII):
        text = re.sub(r"[. ]", "", text)
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Unreadable("whole", asked.name, cell)
    return int(text)


def _year(asked: Field, cell: _Own) -> int:
    text = written(cell)
    if not (text.isascii() and text.isdigit() and int(text[:5]) in YEARS):
        raise Unreadable("year", asked.name, cell)
    return int(text)


def _day(asked: Field, cell: _Own) -> date:
    text = written(cell)
    if (named := _NAMED_DAY.fullmatch(fold(text))) and (month := _month(named["m"])):
        text = f"{named['d']}.{month}.{named['y']}"
    for pattern in _DAYS:
        if found := pattern.fullmatch(text):
            try:
                day = date(int(found["y"]), int(found["m"]), int(found["d"]))
            except ValueError:
                break
            if not is_likely(day):
                raise Unreadable("far", asked.name, cell)
            return day
    raise Unreadable("serial" if _SERIAL.fullmatch(written(cell)) else "day", asked.name, written(cell))


def _month(word: str) -> int | None:
    """The month of a name, or of its beginning of at least three letters.

    >>> _month("martie"), _month("sept"), _month("ma"), _month("luna")
    (3, 9, None, None)
    """
    found = [place for place, name in enumerate(_MONTHS, 1) if len(word) > 2 and name.startswith(word)]
    return found[0] if found else None


def _yes(asked: Field, cell: _Own) -> bool:
    word = fold(written(cell))
    if word not in _YES | _NO:
        raise Unreadable("yes", asked.name, cell)
    return word in _YES


def _choice(asked: Field, cell: _Own) -> str:
    try:
        return asked.choices[fold(written(cell))]
    except KeyError as error:
        raise Unreadable("choice", asked.name, cell) from error


def _several(asked: Field, cell: _Own) -> list[str]:
    parts = [part.strip() for part in written(cell).split(";") if part.strip()]
    return sorted({_choice(asked, part) for part in parts})


def _words(asked: Field, cell: _Own) -> str | None:
    text = clean_text(written(cell)) if asked.kind == "text" else clean_line(written(cell))
    if not text:
        # Signs that nobody sees are nothing.
        if asked.needed:
            raise Unreadable("missing", asked.name)
        return None
    if len(text) > _LONGEST[asked.kind]:
        raise Unreadable("long", asked.name, text[:60])
    return text


def _currency(asked: Field, cell: _Own) -> str:
    text = written(cell).upper().replace("LEI", "RON")
    if not (re.fullmatch(r"[A-Z]{3}", text) and is_currency(text)):
        raise Unreadable("currency", asked.name, cell)
    return text


_READERS = {
    "line": _words, "text": _words, "number": _number, "whole": _whole, "year": _year, "day": _day,
    "yes": _yes, "choice": _choice, "several": _several, "currency": _currency,
}  # fmt: skip


def read_cell(asked: Field, cell: Cell, unit: int = 1) -> Any:
    """The value of a cell, amounts counted in `unit`; None for an empty one. Raises Unreadable."""
    if isinstance(cell, Joined):
        if asked.kind in _COUNTED or asked.name == "import_key":
            raise Unreadable("joined", asked.name, cell.row)
        cell = cell.value
    if isinstance(cell, str) and not cell.strip():
        if asked.needed:
            raise Unreadable("missing", asked.name)
        return None
    if isinstance(cell, str) and fold(cell).upper() in _ERRORS:
        raise Unreadable("formula", asked.name, cell)
    return _money(asked, cell, unit) if asked.kind in AMOUNTS else _READERS[asked.kind](asked, cell)


def read_row(
    fields: Sequence[Field], places: Mapping[str, int], row: Sequence[Cell], unit: int = 1
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The values of a row by field, None where it has none, and every reason why it cannot be read."""
    values: dict[str, Any] = {}
    reasons = []
    for asked in fields:
        place = places.get(asked.name)
        cell = row[place] if place is not None and place < len(row) else ""
        try:
            values[asked.name] = read_cell(asked, cell, unit)
        except Unreadable as error:
            reasons.append(error.reason)
    return values, reasons


def heading_key(heading: str) -> str:
    """A heading as headings are compared.

    >>> heading_key(" Valoare (lei, fără TVA) ")
    'valoare_lei_fara_tva'
    """
    return re.sub(r"[^a-z0-9]+", "_", fold(heading)).strip("_")


def says_unit(words: str) -> int:
    """What amounts are counted in, where a heading or a line above the headings says it; else 1.

    >>> says_unit("Valoare (mii lei)"), says_unit("- mil. lei -"), says_unit("Suma, lei"), says_unit("Mii de arbori")
    (1000, 1000000, 1, 1)
    """
    found = re.search(r"\b(mii|mil|milioane)\b[. ]*(?:de )?(?:lei|ron|eur|euro)\b", fold(words))
    return 1 if found is None else 1_000 if found[1] == "mii" else 1_000_000


def says_position(heading: str) -> bool:
    """Whether a column only counts the rows of one table, so that the next one gives its numbers to other rows.

    >>> says_position("Nr. crt."), says_position("Nr. contract"), says_position("Poz.")
    (True, False, True)
    """
    return heading_key(heading) in _POSITIONS


def says_currency(heading: str) -> bool:
    """Whether a heading says that amounts are in another currency.

    >>> says_currency("Valoare (mii €)"), says_currency("Valoare, EUR"), says_currency("Valoare lei"), says_currency("Fonduri europene")
    (True, True, False, False)
    """
    words = set(re.split(r"[^a-z€$£]+", fold(heading)))
    return bool(words & {"eur", "euro", "usd", "gbp", "chf", "dolari", "€", "$", "£"}) and not words & {
        "lei",
        "ron",
    }


def tell_apart(headings: Sequence[str]) -> list[str]:
    """Headings of which no two are the same and none is empty.

    >>> tell_apart(["Suma", "", "Suma"])
    ['Suma', '(2)', 'Suma (3)']
    """
    made: list[str] = []
    for number, raw in enumerate(headings, 1):
        name = clean_line(raw)[:200]
        made.append(name if name and name not in made else f"{name} ({number})".strip())
    return made


def guess_mapping(
    fields: Sequence[Field], columns: Sequence[str], remembered: Mapping[str, str] = {}
) -> dict[str, str]:
    """field -> heading: as remembered for the source where its columns still stand, else by name; that of an amount
    may say what it is counted in.

    >>> guess_mapping([Field("sum", "", "money", guesses=("valoare",))], ["Loc", "Valoare (mii lei)"])
    {'sum': 'Valoare (mii lei)'}
    """
    by_key = {heading_key(column): column for column in reversed(columns)}
    bare = {_IN_LEI.sub("", key): column for key, column in by_key.items()}
    mapping: dict[str, str] = {}
    for asked in fields:
        known = remembered.get(asked.name, "")
        if known in columns:
            mapping[asked.name] = known
            continue
        for name in (asked.name, *asked.guesses):
            key = heading_key(name)
            column = by_key.get(key) or (bare.get(key) if asked.kind in AMOUNTS else None)
            if column is not None and column not in mapping.values():
                mapping[asked.name] = column
                break
    return mapping


def find_headings(
    fields: Sequence[Field], rows: Sequence[Sequence[str]], remembered: Mapping[str, str] = {}
) -> int:
    """Which of the first rows holds the headings: the one that names the most fields. Where none names two, the
    first with more than one cell, for a title above a table stands alone in its row.
    """
    known = [len(guess_mapping(fields, tell_apart(row), remembered)) for row in rows]
    if known and max(known) >= 2:
        return known.index(max(known))
    return next((place for place, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)


def headings_over_two(first: Sequence[Cell], second: Sequence[Cell]) -> list[str] | None:
    """Headings of which the second row says more, as under a cell joined over several columns; None for other rows.

    >>> headings_over_two(["Nr.", "Valoare", "", "Loc"], ["", "fără TVA", "cu TVA"])
    ['Nr.', 'Valoare fără TVA', 'Valoare cu TVA', 'Loc']
    """
    own = ["" if isinstance(cell, Joined) else written(cell) for cell in second]
    above = [written(cell) for cell in first] + [""] * (len(own) - len(first))
    leftmost = next((place for place, name in enumerate(above) if name), len(own))
    filled = [place for place, words in enumerate(own) if words]
    if (
        sum(map(bool, above)) < 2 or leftmost in filled or not any(not above[place] for place in filled)
        or any(re.search(r"\d", own[place]) for place in filled)
    ):  # fmt: skip
        return None
    made, carried = [], ""
    for place, name in enumerate(above):
        carried = name or carried
        more = own[place] if place < len(own) else ""
        made.append(f"{carried} {more}" if more else name)
    return made


def says_numbering(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns, as under the headings of a printed form: 0, 1, 2, 3 = 1 + 2.

    >>> says_numbering(["0", "1", "2", "3=1+2"]), says_numbering(["1", "2"]), says_numbering(["1", "2", "4"])
    (True, False, False)
    """
    told = [re.sub(r"\s*[=(].*", "", written(cell)) for cell in row if cell != ""]
    if len(told) < 3 or not all(one.isdecimal() and len(one) < 4 for one in told):
        return False
    return [int(one) for one in told] == list(range(int(told[0]), int(told[0]) + len(told))) and int(
        told[0]
    ) < 2


def says_headings(columns: Sequence[str], places: Mapping[str, int], row: Sequence[Cell]) -> bool:
    """Whether a row only repeats the headings, as tables do that were printed on several pages."""
    told = [(columns[place], written(row[place])) for place in places.values() if place < len(row)]
    return len(told) > 1 and all(clean_line(cell) == name for name, cell in told)


def says_total(totals: Sequence[str], places: Mapping[str, int], row: Sequence[Cell], key: str) -> bool:
    """Whether a row only adds up others: its number or one of some fields says so, or any cell where it has none."""
    if not totals:
        return False
    own = [row[place] for place in (places[name] for name in totals if name in places) if place < len(row)]
    return any(isinstance(cell, str) and _TOTAL.fullmatch(fold(cell)) for cell in (own if key else row))


def mapping_problems(fields: Sequence[Field], mapping: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(fields that need a column and have none, fields that share their column with an earlier one)."""
    missing = [asked.name for asked in fields if asked.needed and not mapping.get(asked.name)]
    taken: set[str] = set()
    twice = []
    for asked in fields:
        column = mapping.get(asked.name)
        if column and column in taken:
            twice.append(asked.name)
        taken.add(column or "")
    return missing, twice


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """name -> [before, after] of what is not the same.

    >>> changes_between({"a": 1, "b": 2}, {"a": 1, "b": 3})
    {'b': [2, 3]}
    """
    return {name: [before[name], value] for name, value in after.items() if before[name] != value}
