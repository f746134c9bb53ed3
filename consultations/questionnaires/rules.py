"""Which questionnaires can be asked, which items somebody sees, and which answers are whole. Plain values only.

An answer is a small JSON object by the kind of its item: `choices` (and `other`), `rows`, `order`, `shares`,
`number`, `text`, `date`, `lat` and `lon`, `areas` and `shape`, `file`. An item without an answer has no entry.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from civic.format import lazy_ngettext as ngettext
from civic.format import number
from civic.text import clean_line, clean_text
from consultations.questionnaires import drawn
from consultations.questionnaires.definition import (
    DECIDING,
    MOST_ITEMS,
    MOST_OPTIONS,
    MOST_PAGES,
    OTHER,
    WITH_OPTIONS,
    Condition,
    Definition,
    Item,
    Page,
)

#: Who may answer.
ACCESS = ("anyone", "email", "verified")
#: When results are public.
RESULTS = ("open", "closed")
#: How an answer came in.
CHANNELS = ("online", "paper")
#: Fewer answers than this are neither counted apart nor let through together: they would show what somebody said.
LEAST = 10

#: Where anybody may answer: answers begun in a day from one device and network. A family, a class of a few.
MOST_BEGUN = 10

#: Values one field may send: the areas of the largest city.
MOST_VALUES = 200
MOST_SHORT, MOST_LONG, MOST_OTHER = 300, 4_000, 200
LARGEST = Decimal(10**12)

#: What a form sends, or a draft keeps: by field, everything typed.
Raw = Mapping[str, Sequence[str]]
Answer = dict[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(?:[.,][0-9]{1,2})?")


def lot(stored: int) -> int:
    """How many answers are let through together: ten, and a hundredth of what is stored when that is more.

    Everything is counted anew with each lot; so the whole of the counting grows with the answers, not their square.

    >>> lot(0), lot(50_000)
    (10, 500)
    """
    return max(LEAST, stored // 100)


# --- what can be asked ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What stands in the way; `key` is the item or page it is about, empty for the whole."""

    key: str
    sentence: Any


def _condition_problem(condition: Condition, earlier: Mapping[str, Item]) -> Any | None:
    item = earlier.get(condition.item)
    if item is None:
        return _("It depends on a question that is not asked before it. A branch looks back only.")
    if item.kind not in DECIDING:
        return _("It depends on a question that is not answered by choosing.")
    if not set(condition.values) <= set(item.choices):
        return _("It depends on an option that the earlier question no longer has.")
    return None


def _bounds_problem(item: Item) -> Any | None:
    if item.least is not None and item.most is not None and item.least > item.most:
        return _("The least is larger than the most.")
    if item.kind == "number" and any(
        bound is not None and bound != round(bound, item.decimals) for bound in (item.least, item.most)
    ):
        return _("The bounds have more decimals than the answers may have.")
    if item.kind in ("multiple", "ranking"):
        if item.most is not None and not 1 <= item.most <= len(item.choices):
            return _("At most as many can be chosen as there are options, and at least one.")
        if item.least is not None and not 0 <= item.least <= len(item.choices):
            return _("No more can be asked for than there are options.")
    if item.kind == "split" and not (item.total or 0) > 0:
        return _("Say what the parts add up to: a whole number above zero.")
    return None


def item_problem(item: Item, english: bool) -> Any | None:
    """What is wrong with one item by itself; None when it can be asked."""
    if not item.words.ro:
        return _("Write the question in Romanian.")
    words = [item.words, *(one.words for one in (*item.options, *item.scale))]
    if english and not all(one.en for one in words):
        return _(
            "Write the English text too, option by option: this questionnaire is offered in both languages."
        )
    if english and any(bool(one.ro) != bool(one.en) for one in (item.explanation, item.unit)):
        return _("Write the explanation and the unit in both languages.")
    if item.kind in WITH_OPTIONS:
        if not (1 if item.kind == "matrix" else 2) <= len(item.options) <= MOST_OPTIONS:
            return _("Write between 2 and %(most)s options, one on a line.", most=MOST_OPTIONS)
        texts = [one.words.ro for one in item.options]
        if len(set(texts)) < len(texts):
            return _("Two options are the same.")
    if item.kind == "matrix" and len(item.scale) < 2:
        return _("Write the steps of the scale, at least two, one on a line.")
    return _bounds_problem(item)


def problems(definition: Definition, *, english: bool = False, access: str = "verified") -> list[Problem]:
    """Everything that stands in the way of asking it, in the order of the pages."""
    found: list[Problem] = []
    if not definition.questions:
        found.append(Problem("", _("It asks nothing yet: add a question.")))
    if len(definition.pages) > MOST_PAGES or sum(1 for _item in definition.items()) > MOST_ITEMS:
        found.append(Problem("", _("It is too long: at most %(items)s items on %(pages)s pages.",
                                   items=MOST_ITEMS, pages=MOST_PAGES)))  # fmt: skip
    earlier: dict[str, Item] = {}
    for page in definition.pages:
        if not page.items:
            found.append(Problem(page.key, _("This page is empty.")))
        if page.condition is not None and (said := _condition_problem(page.condition, earlier)):
            found.append(Problem(page.key, said))
        if english and bool(page.title.ro) != bool(page.title.en):
            found.append(Problem(page.key, _("Write the title of the page in both languages.")))
        for item in page.items:
            if item.key in earlier:
                found.append(Problem(item.key, _("Two items have one key.")))
            if said := item_problem(item, english):
                found.append(Problem(item.key, said))
            if item.condition is not None and (said := _condition_problem(item.condition, earlier)):
                found.append(Problem(item.key, said))
            if item.kind == "file" and access == "anyone":
                found.append(
                    Problem(
                        item.key,
                        _("Files can be asked only of people with an account: choose who may answer."),
                    )
                )
            earlier[item.key] = item
    return found


def branches(definition: Definition) -> list[Problem]:
    """The problems of branching alone: what a change may not leave behind, even in a questionnaire half written."""
    found, earlier = [], dict[str, Item]()
    for page in definition.pages:
        parts: tuple[Page | Item, ...] = (page, *page.items)
        for one in parts:
            if one.condition is not None and (said := _condition_problem(one.condition, earlier)):
                found.append(Problem(one.key, said))
            if isinstance(one, Item):
                earlier[one.key] = one
    return found


# --- what somebody sees ---------------------------------------------------------------------------------


def _holds(condition: Condition | None, answers: Mapping[str, Answer]) -> bool:
    if condition is None:
        return True
    return bool(set(answers.get(condition.item, {}).get("choices", ())) & set(condition.values))


def visible_pages(definition: Definition, answers: Mapping[str, Answer]) -> list[tuple[Page, list[Item]]]:
    """The pages somebody sees with these answers, each with its visible items. Hidden answers decide nothing."""
    seen: dict[str, Answer] = {}
    shown = []
    for page in definition.pages:
        if not _holds(page.condition, seen):
            continue
        items = []
        for item in page.items:
            if not _holds(item.condition, seen):
                continue
            items.append(item)
            if item.key in answers:
                seen[item.key] = answers[item.key]
        if items:
            shown.append((page, items))
    return shown


def visible_items(definition: Definition, answers: Mapping[str, Answer]) -> list[Item]:
    """The items somebody sees with these answers."""
    return [item for _page, items in visible_pages(definition, answers) for item in items]


@dataclass(frozen=True)
class Checked:
    """The answers along the branches, and what is wrong by item."""

    answers: dict[str, Answer]
    problems: dict[str, Any]


def check_answers(definition: Definition, raw: Raw, only: Iterable[str] | None = None) -> Checked:
    """Read what was typed. What branching hides is dropped; `only` limits the problems to some items.

    A question that is seen and required has an answer; every answer is one its item can have.
    """
    answers: dict[str, Answer] = {}
    wrong: dict[str, Any] = {}
    for page in definition.pages:
        if not _holds(page.condition, answers):
            continue
        for item in page.items:
            if not item.asks or not _holds(item.condition, answers):
                continue
            answer, problem = read_answer(item, raw)
            if problem is None and answer is not None:
                answers[item.key] = answer
            elif problem is None and item.required:
                problem = _("Answer this question: it is needed.")
            if problem is not None:
                wrong[item.key] = problem
    if only is not None:
        wanted = set(only)
        wrong = {key: sentence for key, sentence in wrong.items() if key in wanted}
    return Checked(answers, wrong)


# --- one answer -----------------------------------------------------------------------------------------


def _typed(raw: Raw, name: str) -> str:
    values = raw.get(name) or ()
    return values[0].strip() if values else ""


def read_answer(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    """The answer that was typed, or why it is none. (None, None) for an empty one."""
    return _READERS[item.kind](item, raw)


def _read_choices(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    sent = {value for value in raw.get(item.key, ()) if value}
    if not sent <= set(item.choices):
        return None, _("Choose among the options shown.")
    chosen = [key for key in item.choices if key in sent]
    if not chosen:
        return None, None
    if item.kind == "single" and len(chosen) > 1:
        return None, _("Choose one option only.")
    if item.most is not None and len(chosen) > item.most and item.kind == "multiple":
        return None, ngettext(
            "Choose at most %(num)s option.", "Choose at most %(num)s options.", int(item.most)
        )
    if item.least is not None and len(chosen) < item.least and item.kind == "multiple":
        return None, ngettext(
            "Choose at least %(num)s option.", "Choose at least %(num)s options.", int(item.least)
        )
    answer: Answer = {"choices": chosen}
    if OTHER in chosen:
        words = clean_line(_typed(raw, f"{item.key}-other"))
        if not words:
            return None, _("Write what the other option is.")
        if len(words) > MOST_OTHER:
            return None, _("Write at most %(most)s characters.", most=MOST_OTHER)
        answer["other"] = words
    return answer, None


def _read_matrix(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    steps = {one.key for one in item.scale}
    rows = {one.key: _typed(raw, f"{item.key}-{one.key}") for one in item.options}
    rows = {key: value for key, value in rows.items() if value}
    if not set(rows.values()) <= steps:
        return None, _("Choose among the options shown.")
    if not rows:
        return None, None
    if item.required and len(rows) < len(item.options):
        return None, _("Choose an answer in every row.")
    return {"rows": rows}, None


def _read_ranking(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    places: dict[int, str] = {}
    most = int(item.most or len(item.options))
    for one in item.options:
        typed = _typed(raw, f"{item.key}-{one.key}")
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit()) or not 1 <= int(typed[:4]) <= most:
            return None, ngettext("Give places from 1 to %(num)s.", "Give places from 1 to %(num)s.", most)
        if int(typed) in places:
            return None, _("Each place is given once: two options have the same.")
        places[int(typed)] = one.key
    if not places:
        return None, None
    if sorted(places) != list(range(1, len(places) + 1)):
        return None, _("Begin with place 1 and leave no place out.")
    least = min(int(item.least or 1), most)
    if len(places) < least:
        return None, ngettext("Give at least %(num)s place.", "Give at least %(num)s places.", least)
    return {"order": [places[place] for place in sorted(places)]}, None


def _read_split(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    shares: dict[str, int] = {}
    for one in item.options:
        typed = _typed(raw, f"{item.key}-{one.key}").replace(".", "").replace("\u00a0", "").replace(" ", "")
        if not typed:
            continue
        if not (typed.isascii() and typed.isdigit()) or len(typed) > 12:
            return None, _("Write whole numbers, without signs or letters.")
        if int(typed):
            shares[one.key] = int(typed)
    if not shares:
        return None, None
    total, given = item.total or 0, sum(shares.values())
    if given != total:
        return None, _("The parts add up to %(given)s and should make %(total)s.", given=given, total=total)
    return {"shares": shares}, None


def _read_number(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    typed = _typed(raw, item.key).replace("\u00a0", "").replace(" ", "").replace("\u2212", "-")
    if not typed:
        return None, None
    if not typed.isascii() or not _NUMBER.fullmatch(typed):
        return None, _("Write a number, with a comma before decimals.")
    value = Decimal(typed.replace(",", "."))
    if value != round(value, item.decimals):
        return None, ngettext(
            "Write a number with at most %(num)s decimal.",
            "Write a number with at most %(num)s decimals.",
            item.decimals,
        ) if item.decimals else _("Write a whole number.")
    if abs(value) >= LARGEST:
        return None, _("This number is too large.")
    if item.least is not None and value < item.least:
        return None, _("Write at least %(least)s.", least=LazyString(number, item.least))
    if item.most is not None and value > item.most:
        return None, _("Write at most %(most)s.", most=LazyString(number, item.most))
    return {"number": f"{value.normalize() + 0:f}"}, None


def _read_text(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    long = item.kind == "long_text"
    typed = _typed(raw, item.key)
    words = clean_text(typed) if long else clean_line(typed)
    most = MOST_LONG if long else MOST_SHORT
    if len(words) > most:
        return None, _("Write at most %(most)s characters.", most=most)
    return ({"text": words}, None) if words else (None, None)


def _read_date(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    parts = [_typed(raw, f"{item.key}-{name}") for name in ("year", "month", "day")]
    if not any(parts):
        return None, None
    try:
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(parts)
        return {"date": date(*map(int, parts)).isoformat()}, None
    except (ValueError, OverflowError):
        return None, _("Write a real date: day, month and year in figures.")


def _read_place(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    typed = [_typed(raw, f"{item.key}-{name}").replace(",", ".") for name in ("lat", "lon")]
    if not any(typed):
        return None, None
    try:
        lat, lon = (Decimal(one) for one in typed)
        if not (abs(lat) <= 90 and abs(lon) <= 180):
            raise InvalidOperation
    except InvalidOperation:
        return None, _("Write both coordinates in degrees, such as 44,4512 and 26,1290.")
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}, None


#: Why what was drawn is no area.
_DRAWN = {
    "text": _("This is no GeoJSON. Draw the area on the map, or choose areas from the list."),
    "kind": _("Draw one area: a GeoJSON Polygon with one outline and no holes."),
    "corners": _("An area has between 3 and %(most)s corners.", most=drawn.MOST_CORNERS),
    "place": _("A corner of the area is no place on the map."),
    "crossing": _("The outline crosses itself. Draw it again, corner after corner around the area."),
    "surface": _("The area is too small or too large for a city."),
}


def _read_area(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    """Areas chosen from the list, by number, and an area that was drawn."""
    sent = {value for value in raw.get(item.key, ()) if value}
    if not all(value.isascii() and value.isdigit() and len(value) <= 9 for value in sent):
        return None, _("Choose among the areas shown.")
    answer: Answer = {"areas": sorted(map(int, sent))} if sent else {}
    typed = _typed(raw, f"{item.key}-shape")
    if typed:
        try:
            answer["shape"] = drawn.read(typed)
        except drawn.NotDrawn as error:
            return None, _DRAWN[error.code]
    return answer or None, None


def _read_file(item: Item, raw: Raw) -> tuple[Answer | None, Any | None]:
    """The number of a file that was stored before: whose it is, is asked where it is sent."""
    typed = _typed(raw, f"{item.key}-file")
    if not typed:
        return None, None
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 9:
        return None, _("Choose the file again.")
    return {"file": int(typed)}, None


def _read_nothing(_item: Item, _raw: Raw) -> tuple[Answer | None, Any | None]:
    return None, None


_READERS = {
    "information": _read_nothing,
    "single": _read_choices,
    "multiple": _read_choices,
    "matrix": _read_matrix,
    "ranking": _read_ranking,
    "split": _read_split,
    "number": _read_number,
    "short_text": _read_text,
    "long_text": _read_text,
    "date": _read_date,
    "place": _read_place,
    "area": _read_area,
    "file": _read_file,
}


def field_names(item: Item) -> list[str]:
    """The fields a form has for an item: what is kept of what it sends."""
    if item.kind in ("matrix", "ranking", "split"):
        return [f"{item.key}-{one.key}" for one in item.options]
    parts = {"date": ("day", "month", "year"), "place": ("lat", "lon"), "file": ("file",)}.get(item.kind)
    if item.kind == "area":
        return [item.key, f"{item.key}-shape"]
    if parts:
        return [f"{item.key}-{part}" for part in parts]
    return [item.key, f"{item.key}-other"] if item.other else [item.key]


def kept(items: Iterable[Item], sent: Any, most: int = 20_000) -> dict[str, list[str]]:
    """What a form (anything with `getlist`) sent for some items, as it was typed; endless texts are cut."""
    names = [name for item in items for name in field_names(item)]
    return {name: [value[:most] for value in sent.getlist(name)[:MOST_VALUES]] for name in names}
