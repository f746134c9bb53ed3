"""The instance: projects with their costs, and a budget limit."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from voting.counting.amounts import LARGEST_AMOUNT


@dataclass(frozen=True, slots=True)
class Project:
    """One project: its cost in the instance's currency and, if the round has them, its ballot group."""

    id: str
    cost: Decimal
    name: str = ""
    group: str | None = None
    withdrawn: bool = False

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a project needs an id")
        check_amount(self.cost, f"the cost of project {self.id}")


@dataclass(frozen=True, slots=True)
class Instance:
    """The projects of one pot and what may be spent on them.

    `exclusive_sets` hold ids of projects of which at most one may be funded. Raises ValueError when two
    projects share an id, an amount is not one, or a set names a project that is not here.
    """

    projects: tuple[Project, ...]
    budget_limit: Decimal
    currency: str = ""
    exclusive_sets: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        check_amount(self.budget_limit, "the budget limit")
        ids = Counter(project.id for project in self.projects)
        repeated = sorted(project_id for project_id, times in ids.items() if times > 1)
        if repeated:
            raise ValueError(f"project ids used twice: {', '.join(repeated)}")
        strangers = sorted(set().union(*self.exclusive_sets) - set(ids))
        if strangers:
            raise ValueError(f"exclusive sets name unknown projects: {', '.join(strangers)}")

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all projects."""
        return frozenset(project.id for project in self.projects)


def check_amount(amount: Decimal, what: str) -> None:
    """Raise ValueError unless `amount` is a finite decimal from 0 to the largest amount stored."""
    if not isinstance(amount, Decimal) or not amount.is_finite():
        raise ValueError(f"{what} is not a finite decimal: {amount!r}")
    if not 0 <= amount < LARGEST_AMOUNT:
        raise ValueError(f"{what} is out of range: {amount}")
