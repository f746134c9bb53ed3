"""What can be brought in: a feature registers each of its data sets, and imports know no feature."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from civic.errors import NotFound
from civic.imports.rules import Field
from civic.text import fold


@dataclass
class Context:
    """What a data set knows while the rows of a file are read."""

    as_of: date
    now: datetime
    source_id: int
    #: names of the city's departments, folded, and their short names -> id
    departments: Mapping[str, int] = field(default_factory=dict)
    #: the same of neighbourhoods
    neighbourhoods: Mapping[str, int] = field(default_factory=dict)
    #: what is left out of the row being read, for its report
    remarks: list[dict[str, str]] = field(default_factory=list)
    #: its number in its source
    key: str = ""

    def remark(self, code: str, name: str, value: object = "") -> None:
        """Note what is left out of a row that is taken all the same."""
        self.remarks.append({"code": code, "field": name, "value": str(value)[:200]})

    def department(self, name: str, words: str | None) -> int | None:
        """The department of that name; without one the row has none, and its report says so."""
        return self._place(self.departments, "no_department", name, words)

    def neighbourhood(self, name: str, words: str | None) -> int | None:
        """The same for a neighbourhood."""
        return self._place(self.neighbourhoods, "no_neighbourhood", name, words)

    def _place(self, known: Mapping[str, int], code: str, name: str, words: str | None) -> int | None:
        if not words:
            return None
        found = known.get(fold(words))
        if found is None:
            self.remark(code, name, words)
        return found


@dataclass(frozen=True)
class Landed:
    """A row that was written: its id, what it was before (None for a new one) and what it is."""

    id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(frozen=True)
class Dataset:
    """A table that rows can be brought into.

    `make` turns the values of a row into columns of `model` (a model with `Imported`) and may raise Unreadable;
    `stamp` adds columns that say no more than that something was written; `landed` is called with the rows
    written together, `finish` once at the end. `home` is the endpoint of the page that shows them.
    """

    key: str
    label: Any
    model: Any
    fields: Sequence[Field]
    make: Callable[[dict[str, Any], Context], dict[str, Any]]
    home: str
    stamp: Callable[[Mapping[str, Any], Mapping[str, Any] | None, Context], dict[str, Any]] = (
        lambda _after, _before, _context: {}
    )
    landed: Callable[[Sequence[Landed], Context], None] = lambda _rows, _context: None
    finish: Callable[[Context], None] = lambda _context: None
    #: columns that an empty cell leaves as they are in a row known before: staff may have written them
    keeps: frozenset[str] = frozenset()
    #: fields in which the word “Total” says that a row adds up others; none where such rows are wanted
    totals: tuple[str, ...] = ("import_key",)

    @property
    def every_field(self) -> list[Field]:
        """Its own fields after the row's number, before where it stands and what is doubtful about it."""
        return [KEY, *self.fields, REFERENCE, NOTE]

    def field(self, name: str) -> Field | None:
        """The field of that name, if it has one."""
        return next((one for one in self.every_field if one.name == name), None)


KEY = Field(
    "import_key", _l("Number of the row in its source"), needed=True,
    guesses=("id", "nr", "numar", "cod", "identificator", "nr crt", "number", "code"),
)  # fmt: skip
REFERENCE = Field(
    "source_reference", _l("Where in the source it stands"), guesses=("source", "sursa", "pagina")
)
NOTE = Field(
    "note", _l("Note or doubt about it"), "text", guesses=("observatii", "nota", "mentiuni", "remarks")
)


def _registry(app: Flask) -> dict[str, Dataset]:
    return app.extensions.setdefault("civic_datasets", {})


def register_dataset(app: Flask, dataset: Dataset) -> None:
    """Offer a data set to whoever brings data in."""
    _registry(app)[dataset.key] = dataset


def list_datasets() -> list[Dataset]:
    """Every data set, in the order in which features registered them."""
    return list(_registry(current_app).values())


def get_dataset(key: str) -> Dataset:
    """The data set of a key, or NotFound."""
    found = _registry(current_app).get(key)
    if found is None:
        raise NotFound
    return found
