"""The ways of finding winners that a round may choose, and how each is explained.

The vocabulary is stored as `voting.counting.rules` writes a rule (`{"version": 1, "name": …, parameters}`).
What counts is not known here: voting may register a check that builds the real rule from what was stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _

from civic import numbers

VERSION = 1


@dataclass(frozen=True)
class Parameter:
    """One setting of a rule. `kind`: integer, decimal, share (above 0, at most 1), choice or flag."""

    name: str
    label: Any
    kind: str
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    required: bool = False


@dataclass(frozen=True)
class RegisteredRule:
    """A rule a city may choose; `explanation` says to everybody how it finds the winners."""

    name: str
    label: Any
    parameters: tuple[Parameter, ...]
    explanation: Any = ""


_RULES: dict[str, RegisteredRule] = {}
_CHECKS: list[Callable[[Mapping[str, Any]], object]] = []


def register_rule(
    name: str, label: Any, parameters: tuple[Parameter, ...] | list[Parameter], explanation: Any = ""
) -> None:
    """Offer a rule; the same name again replaces it, keeping the explanation unless a new one is given."""
    known = _RULES.get(name)
    _RULES[name] = RegisteredRule(
        name, label, tuple(parameters), explanation or (known.explanation if known else "")
    )


def register_check(check: Callable[[Mapping[str, Any]], object]) -> None:
    """Let the counting itself look at a stored rule; it raises ValueError for one it cannot count with."""
    if check not in _CHECKS:
        _CHECKS.append(check)


def list_rules() -> list[RegisteredRule]:
    """Every rule a round may choose, in the order they were registered."""
    return list(_RULES.values())


def find_rule(stored: Mapping[str, Any] | None) -> RegisteredRule | None:
    """The rule of a stored dict, or None when none was chosen or it is not known here."""
    return _RULES.get(str((stored or {}).get("name", "")))


def read_parameters(rule: RegisteredRule, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stored form of a rule from what was typed, and the sentences for what cannot be."""
    stored: dict[str, Any] = {"version": VERSION, "name": rule.name}
    problems: dict[str, Any] = {}
    for parameter in rule.parameters:
        raw = (given.get(parameter.name) or "").strip()
        try:
            value = _read(parameter, raw)
        except (ValueError, InvalidOperation):
            problems[parameter.name] = _MISREAD[parameter.kind]
            continue
        if value is not None:
            stored[parameter.name] = value
        elif parameter.required:
            problems[parameter.name] = _("Fill this in for the rule to work.")
    return stored, problems


_MISREAD = {
    "integer": _("Write a whole number from 1."),
    "decimal": _("Write a number from 0."),
    "share": _("Write a share above 0 and at most 100 percent."),
    "choice": _("Choose one of the options."),
    "flag": _("Choose one of the options."),
}


def _read(parameter: Parameter, raw: str) -> Any:
    if parameter.kind == "flag":
        return True if raw else None
    if not raw:
        return None
    if parameter.kind == "choice":
        if raw not in dict(parameter.choices):
            raise ValueError(raw)
        return raw
    if parameter.kind == "integer":
        if not numbers.whole_number(raw, 1_000_000):
            raise ValueError(raw)
        return int(raw)
    number = Decimal(raw.replace(",", ".").removesuffix("%").strip())
    if not number.is_finite() or abs(number) > 10**12:
        raise ValueError(raw)
    if parameter.kind == "share":
        number /= 100
        if not 0 < number <= 1:
            raise ValueError(raw)
    elif number < 0:
        raise ValueError(raw)
    return format(number.normalize(), "f")


def problem_of(stored: Mapping[str, Any]) -> Any | None:
    """Why the stored rule cannot be counted with, or None when it can."""
    if find_rule(stored) is None:
        return _("Choose one of the rules that can be counted.")
    for check in _CHECKS:
        try:
            check(stored)
        except ValueError:
            return _("This rule and its settings do not go together.")
    return None


_MIN_SCORE = Parameter(
    "min_score",
    _("Minimum score"),
    "decimal",
    _("Projects with fewer votes (or points) take no part in the count."),
)
_MAX_WINNERS = Parameter("max_winners", _("At most this many winners"), "integer")
_GROUPS_FIRST = Parameter(
    "group_winners_first",
    _("First the best project of each part of the ballot, then the rest"),
    "flag",
)
_TOP_UP = Parameter(
    "top_up_share",
    _("Fund the first project that does not fit when this share of its cost is covered (percent)"),
    "share",
)
_BY_SCORE = (_MIN_SCORE, _MAX_WINNERS, _GROUPS_FIRST, _TOP_UP)

register_rule(
    "greedy",
    _("Most votes first, skipping what does not fit"),
    _BY_SCORE,
    _(
        "Projects are taken in the order of their votes. One that costs more than what is left is skipped, "
        "and the next one that fits is taken."
    ),
)
register_rule(
    "greedy-threshold",
    _("Most votes first, with a minimum"),
    (Parameter(_MIN_SCORE.name, _MIN_SCORE.label, "decimal", _MIN_SCORE.hint, required=True), *_BY_SCORE[1:]),
    _(
        "Projects below the minimum are left out. The others are taken in the order of their votes; one that "
        "costs more than what is left is skipped, and the next one that fits is taken."
    ),
)
register_rule(
    "greedy-no-skip",
    _("Most votes first, stopping at the first that does not fit"),
    _BY_SCORE,
    _(
        "Projects are taken in the order of their votes, until the first one that costs more than what is left."
    ),
)
register_rule(
    "equal-shares",
    _("Method of equal shares"),
    (
        _MIN_SCORE,
        _MAX_WINNERS,
        Parameter(
            "satisfaction",
            _("What a funded project is worth to a voter"),
            "choice",
            choices=(
                ("cost", _("its cost")),
                ("cardinality", _("the same for every project")),
                ("points", _("the points given")),
            ),
        ),
        Parameter(
            "completion",
            _("What happens with the money left"),
            "choice",
            choices=(
                ("none", _("it stays unspent")),
                ("greedy", _("most votes first with what is left")),
                ("add1", _("every voter's share is raised step by step")),
                ("add1u", _("shares are raised, then most votes first")),
                ("comparison", _("shares are raised, unless more voters prefer most votes first")),
            ),
        ),
        Parameter("stop_when_exhaustive", _("Stop raising shares when nothing more fits"), "flag"),
    ),
    _(
        "The money is divided equally among the voters. A project is funded when those who chose it can pay "
        "for it together from their shares, the most widely supported for its cost first, so that no group "
        "of voters takes everything."
    ),
)
