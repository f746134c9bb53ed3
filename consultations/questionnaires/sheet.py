"""Items as a form shows them: what was typed, what is wrong, and the fields of a point on the map."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _
from markupsafe import Markup
from wtforms import Form, StringField

from civic.format import language
from civic.places import queries as areas
from civic.text import render_markdown
from consultations.questionnaires import rules, words
from consultations.questionnaires.definition import Item


class _PlaceForm(Form):
    """Two coordinates; their names are those of the item's fields."""

    lat = StringField(_("Latitude, in degrees"))
    lon = StringField(_("Longitude, in degrees"))


@dataclass(frozen=True)
class Shown:
    """One item on a form."""

    item: Item
    number: int | None
    raw: rules.Raw
    problem: Any = None
    #: the file that was given before
    file: Any = None

    @property
    def words(self) -> str:
        """The question, in the reader's language."""
        return words.told(self.item.words)

    @property
    def lang(self) -> str | None:
        """The language of the words where it is not the page's."""
        spoken = self.item.words.language_of(language())
        return spoken if spoken != language() else None

    @property
    def explanation(self) -> Markup:
        """The explanation as HTML."""
        text = words.told(self.item.explanation)
        return render_markdown(text) if text else Markup()

    @property
    def text(self) -> Markup:
        """An information block as HTML."""
        return render_markdown(self.words)

    def typed(self, part: str = "") -> str:
        """What was typed in the field of the item, or of a part of it."""
        values = self.raw.get(f"{self.item.key}-{part}" if part else self.item.key) or ("",)
        return values[0]

    def picked(self, value: str) -> bool:
        """Whether a choice is ticked."""
        return value in (self.raw.get(self.item.key) or ())

    @property
    def first_id(self) -> str:
        """Where the error summary leads."""
        item = self.item
        if item.kind in ("single", "multiple"):
            return f"{item.key}-{item.choices[0]}"
        if item.kind in ("ranking", "split"):
            return f"{item.key}-{item.options[0].key}"
        if item.kind == "matrix":
            return f"{item.key}-{item.options[0].key}-{item.scale[0].key}"
        if item.kind == "date":
            return f"{item.key}-day"
        return item.key

    @property
    def option_rows(self) -> list[tuple[str, str]]:
        """Key and words of every choice, "other" included."""
        return [(key, words.option_words(self.item, key)) for key in self.item.choices]

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Key and words of every step of the scale."""
        return [(one.key, words.told(one.words)) for one in self.item.scale]

    @property
    def area_rows(self) -> list[tuple[str, str]]:
        """Number and name of every area that can be chosen."""
        return [(str(number), name) for number, name in areas.neighbourhood_names().items()]

    @property
    def places(self) -> range:
        """The places of a ranking."""
        return range(1, int(self.item.most or len(self.item.options)) + 1)

    @property
    def unit(self) -> str:
        """What is counted."""
        return words.unit_of(self.item)

    @property
    def place_form(self) -> Form:
        """The fields of a point on the map."""
        form = _PlaceForm(
            prefix=f"{self.item.key}-", data={"lat": self.typed("lat"), "lon": self.typed("lon")}
        )
        if self.problem is not None:
            form.lat.errors = [self.problem]
        return form


def show(
    items: Iterable[Item], raw: rules.Raw, problems: Mapping[str, Any] | None = None, first: int = 1
) -> list[Shown]:
    """Items as a form shows them; questions are numbered from `first`."""
    wrong = problems or {}
    shown, number = [], first
    for item in items:
        shown.append(Shown(item, number if item.asks else None, raw, wrong.get(item.key)))
        number += item.asks
    return shown
