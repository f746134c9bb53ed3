"""What a questionnaire asks: pages of items, as plain values and as the JSON that is stored.

An item's key never changes, so that answers, branches and counts point at it whatever its place. A branch looks
back only: a page or an item is shown when an earlier question got one of some options.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

#: What an item is. `information` asks nothing.
KINDS = (
    "information", "single", "multiple", "matrix", "ranking", "split", "number", "short_text", "long_text", "date",
    "place", "area", "file",
)  # fmt: skip
#: Kinds that have options to choose, rank, rate or share between.
WITH_OPTIONS = frozenset({"single", "multiple", "matrix", "ranking", "split"})
#: Kinds on whose answer a branch may stand.
DECIDING = frozenset({"single", "multiple"})
#: Kinds answered in words, which people answer later.
TEXTS = frozenset({"short_text", "long_text"})

MOST_PAGES, MOST_ITEMS, MOST_OPTIONS, MOST_SCALE = 30, 100, 30, 10
MOST_DECIMALS = 2
MOST_TITLE, MOST_WORDS, MOST_EXPLANATION, MOST_UNIT = 200, 500, 5_000, 20
#: The value of the answer "other", which no option may have.
OTHER = "other"

_DECIMAL = re.compile(r"-?[0-9]{1,12}\.[0-9]{1,2}")
_KEY = re.compile(r"[a-z][0-9]{1,4}")


class Malformed(ValueError):
    """Stored or imported JSON that is no questionnaire."""


@dataclass(frozen=True)
class Words:
    """A text in Romanian, and in English where it was given."""

    ro: str = ""
    en: str = ""

    def told(self, language: str) -> str:
        """The text in a language; in Romanian where it has none."""
        return self.en if language == "en" and self.en else self.ro

    def language_of(self, language: str) -> str:
        """The language in which `told` speaks."""
        return "en" if language == "en" and self.en else "ro"


@dataclass(frozen=True)
class Option:
    """Something to choose, a row to rate, or a step of a scale."""

    key: str
    words: Words


@dataclass(frozen=True)
class Condition:
    """Shown only when the answer to `item` is, or contains, one of `values`."""

    item: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One block of a page. `least` and `most` count options (multiple, ranking) or bound a number."""

    key: str
    kind: str
    words: Words
    explanation: Words = Words()
    required: bool = False
    options: tuple[Option, ...] = ()
    #: the steps of a matrix, from one end to the other
    scale: tuple[Option, ...] = ()
    #: one more option, with words of one's own
    other: bool = False
    least: int | Decimal | None = None
    most: int | Decimal | None = None
    #: decimals that a number may have
    decimals: int = MOST_DECIMALS
    #: what the parts of a split add up to
    total: int | None = None
    unit: Words = Words()
    condition: Condition | None = None

    @property
    def asks(self) -> bool:
        """Whether it takes an answer."""
        return self.kind != "information"

    @property
    def choices(self) -> tuple[str, ...]:
        """The values a choice may have."""
        keys = tuple(one.key for one in self.options)
        return (*keys, OTHER) if self.other else keys


@dataclass(frozen=True)
class Page:
    """Items shown together, under a title if there is one."""

    key: str
    title: Words = Words()
    items: tuple[Item, ...] = ()
    condition: Condition | None = None


@dataclass(frozen=True)
class Definition:
    """The whole questionnaire."""

    pages: tuple[Page, ...] = ()

    def items(self) -> Iterator[Item]:
        """Every item in the order of the pages."""
        for page in self.pages:
            yield from page.items

    @property
    def questions(self) -> tuple[Item, ...]:
        """Every item that takes an answer."""
        return tuple(item for item in self.items() if item.asks)

    def find(self, key: str) -> Item | None:
        """The item with a key."""
        return next((item for item in self.items() if item.key == key), None)

    def page_of(self, key: str) -> int:
        """The place of the page that holds an item, from 0. Raises StopIteration for none."""
        return next(at for at, page in enumerate(self.pages) if any(item.key == key for item in page.items))

    def page_at(self, key: str) -> int | None:
        """The place of a page, from 0."""
        return next((at for at, page in enumerate(self.pages) if page.key == key), None)

    def next_key(self, letter: str) -> str:
        """A key nobody had yet: `i` for an item, `p` for a page."""
        keys = [one.key for one in (self.items() if letter == "i" else self.pages)]
        return f"{letter}{max((int(key[1:]) for key in keys), default=0) + 1}"

    def with_page(self, page: Page) -> "Definition":
        """The same with a page put in the place of the one with its key, or at the end."""
        at = self.page_at(page.key)
        pages = list(self.pages)
        if at is None:
            pages.append(page)
        else:
            pages[at] = page
        return Definition(tuple(pages))

    def with_item(self, page_key: str, item: Item) -> "Definition":
        """The same with an item on a page: in the place of the one with its key, or at the page's end."""
        at = self.page_at(page_key)
        if at is None:
            raise Malformed("no such page")
        page = self.pages[at]
        known = [one.key for one in page.items]
        items = list(page.items)
        if item.key in known:
            items[known.index(item.key)] = item
        else:
            items.append(item)
        return self.with_page(replace(page, items=tuple(items)))

    def without_item(self, key: str) -> "Definition":
        """The same without an item."""
        return Definition(
            tuple(
                replace(page, items=tuple(one for one in page.items if one.key != key)) for page in self.pages
            )
        )

    def without_page(self, key: str) -> "Definition":
        """The same without a page and its items."""
        return Definition(tuple(page for page in self.pages if page.key != key))

    def moved_page(self, key: str, up: bool) -> "Definition":
        """The same with a page one place earlier or later."""
        return Definition(_moved(self.pages, key, up))

    def moved_item(self, key: str, up: bool) -> "Definition":
        """The same with an item one place earlier or later; at the edge of its page it goes to the next one."""
        at = self.page_of(key)
        page = self.pages[at]
        place = [item.key for item in page.items].index(key)
        if 0 <= place + (-1 if up else 1) < len(page.items):
            return self.with_page(replace(page, items=_moved(page.items, key, up)))
        beside = at + (-1 if up else 1)
        if not 0 <= beside < len(self.pages):
            return self
        item, pages = page.items[place], list(self.pages)
        pages[at] = replace(page, items=tuple(one for one in page.items if one.key != key))
        target = pages[beside]
        pages[beside] = replace(target, items=(*target.items, item) if up else (item, *target.items))
        return Definition(tuple(pages))


def _moved(row: tuple[Any, ...], key: str, up: bool) -> tuple[Any, ...]:
    keys = [one.key for one in row]
    at = keys.index(key)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(row):
        return row
    moved = list(row)
    moved[at], moved[other] = moved[other], moved[at]
    return tuple(moved)


# --- as JSON --------------------------------------------------------------------------------------------


def _words_json(words: Words) -> dict[str, str]:
    return {"ro": words.ro, **({"en": words.en} if words.en else {})}


def _condition_json(one: Page | Item) -> dict[str, Any]:
    if one.condition is None:
        return {}
    return {"condition": {"item": one.condition.item, "values": list(one.condition.values)}}


def _number_json(value: int | Decimal) -> int | str:
    """A whole number as it is, another one as text: JSON has no decimals that stay what they were."""
    return int(value) if value == int(value) else str(value)


def _item_json(item: Item) -> dict[str, Any]:
    told: dict[str, Any] = {"key": item.key, "kind": item.kind, "words": _words_json(item.words)}
    if item.explanation != Words():
        told["explanation"] = _words_json(item.explanation)
    if item.unit != Words():
        told["unit"] = _words_json(item.unit)
    for name in ("options", "scale"):
        if getattr(item, name):
            told[name] = [{"key": one.key, "words": _words_json(one.words)} for one in getattr(item, name)]
    for name in ("required", "other"):
        if getattr(item, name):
            told[name] = True
    for name in ("least", "most", "total"):
        if getattr(item, name) is not None:
            told[name] = _number_json(getattr(item, name))
    if item.decimals != MOST_DECIMALS:
        told["decimals"] = item.decimals
    return {**told, **_condition_json(item)}


def to_json(definition: Definition) -> dict[str, Any]:
    """The questionnaire as it is stored."""
    return {
        "format": 1,
        "pages": [
            {
                "key": page.key,
                "title": _words_json(page.title),
                "items": [_item_json(item) for item in page.items],
                **_condition_json(page),
            }
            for page in definition.pages
        ],
    }


def _key(raw: Any) -> str:
    if not isinstance(raw, str) or not _KEY.fullmatch(raw):
        raise Malformed(f"no key: {raw!r}")
    return raw


def _words(raw: Any) -> Words:
    if raw is None:
        return Words()
    if not isinstance(raw, Mapping) or not all(isinstance(raw.get(name, ""), str) for name in ("ro", "en")):
        raise Malformed("no words")
    return Words(raw.get("ro", ""), raw.get("en", ""))


def _options(raw: Any) -> tuple[Option, ...]:
    if not isinstance(raw, list):
        raise Malformed("options are a list")
    return tuple(Option(_key(one.get("key")), _words(one.get("words"))) for one in map(_mapping, raw))


def _mapping(raw: Any) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise Malformed("an object is wanted")
    return raw


def _condition(raw: Any) -> Condition | None:
    if raw is None:
        return None
    values = _mapping(raw).get("values")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        raise Malformed("a condition names options")
    return Condition(_key(raw.get("item")), tuple(values))


def _whole(raw: Any) -> int | None:
    if raw is None:
        return None
    if not isinstance(raw, int) or isinstance(raw, bool) or abs(raw) >= 10**12:
        raise Malformed("a whole number is wanted")
    return raw


def _bound(raw: Any) -> int | Decimal | None:
    if isinstance(raw, str) and _DECIMAL.fullmatch(raw):
        return Decimal(raw)
    return _whole(raw)


def _decimals(raw: Any) -> int:
    if raw not in range(MOST_DECIMALS + 1) or isinstance(raw, bool):
        raise Malformed("so many decimals are not kept")
    return int(raw)


def _flag(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise Malformed("true or false is wanted")
    return raw


def _item(raw: Mapping[str, Any]) -> Item:
    if raw.get("kind") not in KINDS:
        raise Malformed(f"unknown kind {raw.get('kind')!r}")
    return Item(
        key=_key(raw.get("key")),
        kind=raw["kind"],
        words=_words(raw.get("words")),
        explanation=_words(raw.get("explanation")),
        required=_flag(raw.get("required", False)),
        options=_options(raw.get("options", [])),
        scale=_options(raw.get("scale", [])),
        other=_flag(raw.get("other", False)),
        least=_bound(raw.get("least")),
        most=_bound(raw.get("most")),
        decimals=_decimals(raw.get("decimals", MOST_DECIMALS)),
        total=_whole(raw.get("total")),
        unit=_words(raw.get("unit")),
        condition=_condition(raw.get("condition")),
    )


def parse(raw: Any) -> Definition:
    """A questionnaire from its JSON. Raises Malformed; what it means is judged by `rules.problems`."""
    pages = _mapping(raw).get("pages")
    if not isinstance(pages, list):
        raise Malformed("pages are a list")
    return Definition(
        tuple(
            Page(
                _key(page.get("key")),
                _words(page.get("title")),
                tuple(_item(_mapping(item)) for item in page.get("items", [])),
                _condition(page.get("condition")),
            )
            for page in map(_mapping, pages)
        )
    )
