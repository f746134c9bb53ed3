"""What is published as data: the kinds of things, their fields and how they may be narrowed.

A field's value is what JSON can carry without loss: amounts of money are strings of decimals, moments are ISO 8601
in UTC, days are ISO 8601. Whatever is registered here is public: a resource selects what anybody may read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select

from civic.errors import Invalid, NotFound
from civic.extensions import db

#: How many things a page holds unless asked otherwise, and at most.
PAGE, MOST = 50, 200
#: The largest key a page can begin after.
LARGEST = 2**31 - 1

#: what a kind of value is -> its JSON Schema
SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "integer"},
    "coordinate": {"type": "number"},
    "yes_no": {"type": "boolean"},
    "money": {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"},
    "decimal": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "address": {"type": "string", "format": "uri"},
    "several": {"type": "array", "items": {"type": "string"}},
    "numbers": {"type": "array", "items": {"type": "integer"}},
}


@dataclass(frozen=True)
class Field:
    """One value of a thing. `about` says in a sentence what it is; `codes` are the only values it takes.

    One of kind "several" is a list of its codes, one of kind "numbers" of other things' numbers; in a table they are
    joined by semicolons.
    """

    name: str
    kind: str
    about: object
    optional: bool = False
    codes: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema, without words."""
        known = dict(SCHEMAS[self.kind])
        if self.kind == "several":
            known["items"] = {"type": "string", "enum": list(self.codes)}
        elif self.codes:
            known["enum"] = [*self.codes, None] if self.optional else list(self.codes)
        if self.optional:
            known["type"] = [known["type"], "null"]
        return known


@dataclass(frozen=True)
class Narrowing:
    """One way to ask for fewer: the name in the address, what it takes, and how the question changes.

    `kind` is one of `SCHEMAS`; `codes` are the only values taken, any text where there are none.
    """

    name: str
    kind: str
    about: object
    #: (the question, the value, now) -> the narrower question
    apply: Callable[[Select[Any], Any, datetime], Select[Any]]
    codes: tuple[str, ...] = ()

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        known = dict(SCHEMAS[self.kind])
        if self.codes:
            known["enum"] = list(self.codes)
        elif self.kind == "text":
            known |= {"minLength": 1, "maxLength": 100}
        elif self.kind == "number":
            known |= {"minimum": 1, "maximum": LARGEST}
        return known

    def read(self, typed: str) -> Any:
        """The value, or Invalid with a sentence."""
        wrong = Invalid(
            f"{self.name}: not one of {', '.join(self.codes)}"
            if self.codes
            else f"{self.name}: not a {self.kind}"
        )
        if self.codes:
            if typed not in self.codes:
                raise wrong
            return typed
        if self.kind == "number":
            return read_number(typed, self.name)
        if self.kind == "moment":
            try:
                moment = datetime.fromisoformat(typed)
            except ValueError:
                raise wrong from None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if not 0 < len(typed) <= 100:
            raise wrong
        return typed


@dataclass(frozen=True)
class Package:
    """A file in a format of its own that belongs to a kind of thing, with its address and its SHA-256 in hex."""

    title: str
    url: str
    media_type: str
    size: int
    sha256: str
    made_at: datetime


def no_packages() -> Sequence[Package]:
    """For a kind that has no files besides its own."""
    return ()


@dataclass(frozen=True)
class Resource:
    """One kind of thing. `select` asks for everything of it that is public; `key` is its whole positive number.

    `show` turns a page's rows into items with exactly the names of `fields`, in a constant number of queries.
    `public_by` is a further condition, for what becomes public by the clock. `together` is told all that was chosen
    and may say the same question so that it is answered sooner.
    """

    name: str
    title: object
    about: object
    fields: tuple[Field, ...]
    select: Callable[[], Select[Any]]
    key: Any
    show: Callable[[Sequence[Any], datetime], list[dict[str, Any]]]
    narrowings: tuple[Narrowing, ...] = ()
    packages: Callable[[], Sequence[Package]] = no_packages
    public_by: Callable[[datetime], ColumnElement[bool]] | None = None
    together: Callable[[Select[Any], dict[str, Any]], Select[Any]] | None = None

    def asked(self, now: datetime) -> Select[Any]:
        """Everything of it that is public now."""
        return self.select() if self.public_by is None else self.select().where(self.public_by(now))


_RESOURCES: dict[str, Resource] = {}


def register_resource(resource: Resource) -> None:
    """Publish a kind of thing, at registration of its feature."""
    _RESOURCES[resource.name] = resource


def resources() -> list[Resource]:
    """Everything published, by name."""
    return [_RESOURCES[name] for name in sorted(_RESOURCES)]


def get_resource(name: str) -> Resource:
    """A kind by its name, or NotFound."""
    if name not in _RESOURCES:
        raise NotFound
    return _RESOURCES[name]


def read_number(typed: str, name: str, least: int = 1) -> int:
    """A whole number of an address, or Invalid with a sentence."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 10 and least <= int(typed) <= LARGEST):
        raise Invalid(f"{name}: not a whole number from {least} to {LARGEST}")
    return int(typed)


def page_of(
    resource: Resource, after: int, size: int, chosen: dict[str, Any], now: datetime
) -> tuple[list[dict[str, Any]], int | None]:
    """The items whose key is beyond `after`, in its order, and the key after which the next page begins.

    `chosen` are read values of the resource's narrowings by name.
    """
    statement = resource.asked(now).where(resource.key > after).order_by(resource.key).limit(size + 1)
    for narrowing in resource.narrowings:
        if narrowing.name in chosen:
            statement = narrowing.apply(statement, chosen[narrowing.name], now)
    if resource.together is not None:
        statement = resource.together(statement, chosen)
    rows = db.session.execute(statement).unique().all()
    items = resource.show(rows[:size], now)
    return items, items[-1]["id"] if len(rows) > size else None


def get_item(resource: Resource, number: int, now: datetime) -> dict[str, Any]:
    """One item, or NotFound: what is not public is not there."""
    rows = db.session.execute(resource.asked(now).where(resource.key == number)).unique().all()
    if not rows:
        raise NotFound
    return resource.show(rows, now)[0]


def money(amount: Decimal | None) -> str | None:
    """An amount without loss.

    >>> money(Decimal("12.5")), money(None)
    ('12.50', None)
    """
    return None if amount is None else f"{amount:.2f}"


def moment(at: datetime | None) -> str | None:
    """A moment in UTC, to the second."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def day(on: date | None) -> str | None:
    """A day."""
    return None if on is None else on.isoformat()


def equal_to(
    name: str, column: Any, about: object, kind: str = "number", codes: tuple[str, ...] = ()
) -> Narrowing:
    """Narrowing to what has one value in a column."""
    return Narrowing(
        name, kind, about, lambda statement, value, _now: statement.where(column == value), codes
    )


def since(column: Any, about: object) -> Narrowing:
    """Narrowing to what changed at a moment or after it."""
    return Narrowing(
        "changed_since", "moment", about, lambda statement, value, _now: statement.where(column >= value)
    )
