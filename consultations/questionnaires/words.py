"""How kinds, settings and answers are called, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.format import day, language, ngettext, number
from civic.places import queries as places
from consultations.questionnaires.definition import OTHER, Definition, Item, Page, Words

KINDS = {
    "information": _l("Text to read, no question"),
    "single": _l("One of several options"),
    "multiple": _l("Several options"),
    "matrix": _l("A scale for several statements"),
    "ranking": _l("Options put in order"),
    "split": _l("A sum shared between options"),
    "number": _l("A number"),
    "short_text": _l("A short text"),
    "long_text": _l("A long text"),
    "date": _l("A date"),
    "place": _l("A point on the map"),
    "area": _l("An area on the map"),
    "file": _l("A file"),
}
ACCESS = {
    "anyone": _l("Everybody, without an account"),
    "email": _l("Everybody with a confirmed e-mail address, once each"),
    "verified": _l("Residents verified by the city hall, once each"),
}
RESULTS = {
    "closed": _l("After the end of the consultation"),
    "open": _l("While answers are received"),
}


def told(words: Words) -> str:
    """A text of a questionnaire in the reader's language."""
    return words.told(language())


def option_words(item: Item, key: str) -> str:
    """What an option is called."""
    if key == OTHER:
        return _("Other")
    return next((told(one.words) for one in item.options if one.key == key), key)


def step_words(item: Item, key: str) -> str:
    """What a step of a scale is called."""
    return next((told(one.words) for one in item.scale if one.key == key), key)


def unit_of(item: Item) -> str:
    """What the numbers of an item are counted in."""
    return told(item.unit) or (_("points") if item.kind == "split" else "")


def with_unit(value: Any, item: Item) -> str:
    """A number with its unit."""
    return f"{number(value)} {unit_of(item)}".strip()


def condition_words(definition: Definition, one: Item | Page) -> str | None:
    """When an item or a page is shown, in a sentence; None when always."""
    if one.condition is None:
        return None
    item = definition.find(one.condition.item)
    if item is None:
        return _("Shown only after an answer that is not asked any more.")
    options = "; ".join(option_words(item, key) for key in one.condition.values)
    return _(
        "Shown only to those who answered “%(options)s” to “%(question)s”.",
        options=options,
        question=told(item.words),
    )


def answer_lines(item: Item, answer: Mapping[str, Any] | None) -> list[str]:
    """An answer as its author reads it, a line a part; empty for none."""
    if not answer:
        return []
    if "choices" in answer:
        return [
            f"{option_words(item, key)}: {answer['other']}" if key == OTHER else option_words(item, key)
            for key in answer["choices"]
        ]
    if "rows" in answer:
        return [
            f"{told(one.words)}: {step_words(item, answer['rows'][one.key])}"
            for one in item.options
            if one.key in answer["rows"]
        ]
    if "order" in answer:
        return [f"{place}. {option_words(item, key)}" for place, key in enumerate(answer["order"], 1)]
    if "shares" in answer:
        return [
            f"{told(one.words)}: {with_unit(answer['shares'][one.key], item)}"
            for one in item.options
            if one.key in answer["shares"]
        ]
    if "number" in answer:
        return [with_unit(Decimal(answer["number"]), item)]
    if "text" in answer:
        return [line for line in str(answer["text"]).split("\n") if line]
    if "date" in answer:
        return [day(date.fromisoformat(answer["date"]))]
    if "areas" in answer or "shape" in answer:
        return _area_lines(answer)
    if "lat" in answer:
        return [f"{answer['lat']}, {answer['lon']}"]
    return [_("One file")]


def _area_lines(answer: Mapping[str, Any]) -> list[str]:
    names = places.neighbourhood_names()
    lines = [names[number] for number in answer.get("areas", ()) if number in names]
    if "shape" in answer:
        corners = len(answer["shape"]["coordinates"][0]) - 1
        lines.append(
            ngettext("A drawn area with %(num)s corner", "A drawn area with %(num)s corners", corners)
        )
    return lines
