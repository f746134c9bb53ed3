"""What the stream of events tells of: for each kind of subject its name, when it is public, and what it is about.

A feature registers its kind with the same condition its own pages have, so that an event stands in the stream exactly
as long as its subject's page is open to everybody. The facets are attributes of the subject's model.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from civic.extensions import Base


@dataclass(frozen=True)
class Told:
    """One kind of subject. `public` is the condition on its model under which everybody may read it now."""

    kind: str
    #: what many of them are called
    title: object
    model: type[Base]
    public: Callable[[], ColumnElement[bool]]
    #: its place among the kinds to choose from, the smallest first
    position: int
    #: the model's columns that hold the neighbourhood, the dimension of local governance and the department
    area: str = ""
    dimension: str = ""
    department: str = ""
    #: the dimension that all of the kind belong to by what they are, where no column says it
    always: str = ""
    #: of what says which neighbourhoods each of them concerns, several maybe: the columns of its id and of theirs;
    #: a kind of few rows, which are looked up as they are read
    among: tuple[Any, Any] | None = None

    @property
    def facets(self) -> dict[str, str]:
        """column of the event -> attribute of the subject, of the facets that it has."""
        known = {"area_id": self.area, "dimension": self.dimension, "department_id": self.department}
        return {column: attribute for column, attribute in known.items() if attribute}

    def column(self, attribute: str) -> Any:
        """A column of its model."""
        return getattr(self.model, attribute)


_TOLD: dict[str, Told] = {}


def register_told(one: Told) -> None:
    """Let the stream tell of a kind of subject."""
    _TOLD[one.kind] = one


def all_told() -> list[Told]:
    """Every kind, in the order in which they are offered."""
    return sorted(_TOLD.values(), key=lambda one: (one.position, one.kind))


def find_told(kind: str) -> Told | None:
    """The kind, or None where no feature registered it."""
    return _TOLD.get(kind)


def told_of(model: type) -> Told | None:
    """The kind whose subjects are of a model."""
    return next((one for one in _TOLD.values() if one.model is model), None)
