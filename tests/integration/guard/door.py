"""What a door is, and the words in which the lists of doors are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.integration.guard.private_world import VISITORS, World

Values = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Door:
    """One object behind one route, by one method. `passes` are let through; everybody else is refused."""

    method: str
    rule: str
    what: str
    values: Values
    passes: tuple[str, ...] = ()
    data: Values = lambda _world: {}
    #: answers with its redirect although it does nothing
    quiet: bool = False

    @property
    def name(self) -> str:
        """What a failure calls it."""
        return f"{self.method} {self.rule} ({self.what})"

    @property
    def refused(self) -> tuple[str, ...]:
        """Those who must not pass."""
        return tuple(visitor for visitor in VISITORS if visitor not in self.passes)


EVALUATORS = ("evaluator", "colleague")
STAFF_AREA = ("moderator", *EVALUATORS, "clerk", "staff", "auditor", "administrator")
OVERSIGHT = ("staff", "auditor", "administrator")
ANALYSES = (*EVALUATORS, *OVERSIGHT)
CASES = ("moderator", *OVERSIGHT)
EDITORS = ("staff", "administrator")


def at(**names: str) -> Values:
    """Values of the address by their names in the world; `=x` is the text x itself."""
    return lambda world: {
        key: name[1:] if name.startswith("=") else world[name] for key, name in names.items()
    }


def account(who: str) -> Values:
    return lambda world: {"account_id": world.numbers[who]}


def both(
    method_get: bool, rule: str, what: str, values: Values, passes: tuple[str, ...], data: Values
) -> list[Door]:
    doors = [Door("POST", rule, what, values, passes, data)]
    return [Door("GET", rule, what, values, passes), *doors] if method_get else doors


NOTHING: Values = lambda _world: {}  # noqa: E731


def fixed(**data: Any) -> Values:
    return lambda _world: data


ROLL = ("staff", "auditor")
ADMIN, STAFF, CLERK, MODERATOR = ("administrator",), ("staff",), ("clerk",), ("moderator",)
NEIGHBOUR = account("neighbour")
OTHER = "of another"
ROUND = "/staff/rounds/<int:round_id>"
PLANNED = at(round_id="plan")
#: A round that is not public, by the name in its address.
PLAN = at(slug="=in-lucru")
