"""A question as it stands on the ballot: its options with the codes that ballots and files call them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

#: The endings of codes whose words every language has of its own.
YES, NO, ABSTAIN = "DA", "NU", "ABTIN"
_LETTERS = "ABCDEFGHIJKL"


@dataclass(frozen=True)
class PlannedOption:
    """One answer that may be chosen. An abstention is counted, and is no answer."""

    code: str
    text: str
    abstains: bool = False


@dataclass(frozen=True)
class PlannedQuestion:
    """One question. `pot` and `group` are the numbers under which its answers are cast and counted."""

    number: int
    text: str
    kind: str
    options: tuple[PlannedOption, ...]
    max_choices: int = 1
    explanation: str = ""
    arguments_for: str = ""
    arguments_against: str = ""
    pot: int = 0
    group: int = 0

    @property
    def answers(self) -> tuple[PlannedOption, ...]:
        """The options that are answers."""
        return tuple(option for option in self.options if not option.abstains)

    @property
    def abstention(self) -> PlannedOption | None:
        """The option that says "I abstain", where there is one."""
        return next((option for option in self.options if option.abstains), None)

    def as_data(self) -> dict[str, Any]:
        """For the frozen plan."""
        return {**asdict(self), "options": [asdict(option) for option in self.options]}


def options_of(number: int, kind: str, texts: Sequence[str], may_abstain: bool) -> tuple[PlannedOption, ...]:
    """The options of a question with their codes: `Q1-DA` and `Q1-NU`, or `Q1-A`, `Q1-B` … and `Q1-ABTIN`."""
    named = [(YES, "Da"), (NO, "Nu")] if kind == "yes_no" else list(zip(_LETTERS, texts, strict=False))
    options = [PlannedOption(f"Q{number}-{letters}", text) for letters, text in named]
    if may_abstain:
        options.append(PlannedOption(f"Q{number}-{ABSTAIN}", "Mă abțin", abstains=True))
    return tuple(options)


def from_data(stored: Iterable[Mapping[str, Any]]) -> tuple[PlannedQuestion, ...]:
    """The questions of a frozen plan."""
    return tuple(
        PlannedQuestion(**{**one, "options": tuple(PlannedOption(**option) for option in one["options"])})
        for one in stored
    )
