"""The ways of finding winners that a round may choose, and how each is explained.

The vocabulary is stored as `voting.counting.rules` writes a rule (`{"version": 1, "name": …, parameters}`).
What counts is not known here: voting may register a check that builds the real rule from what was stored.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _

from civic import numbers
from civic.money import read_money

VERSION = 1

#: How many places of a ballot in order may have points of their own.
MOST_PLACES = 100


@dataclass(frozen=True)
class Parameter:
    """One setting of a rule. `kind`: integer, decimal, amount (money), share (above 0, at most 1), choice, flag,
    places (points of the first place, the second, …).

    `hint` helps whoever plans; `says` tells residents what the setting means, with `%(value)s` in it.
    """

    name: str
    label: Any
    kind: str
    hint: Any = ""
    choices: tuple[tuple[str, Any], ...] = ()
    required: bool = False
    says: Any = ""


@dataclass(frozen=True)
class RegisteredRule:
    """A rule a city may choose; `explanation` says to everybody how it finds the winners.

    `check` gives the sentences, by parameter, for settings that do not go together.
    """

    name: str
    label: Any
    parameters: tuple[Parameter, ...]
    explanation: Any = ""
    check: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None


_RULES: dict[str, RegisteredRule] = {}
_CHECKS: list[Callable[[Mapping[str, Any]], object]] = []


def register_rule(
    name: str,
    label: Any,
    parameters: tuple[Parameter, ...] | list[Parameter],
    explanation: Any = "",
    check: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None,
) -> None:
    """Offer a rule; the same name again replaces it, keeping the explanation unless a new one is given."""
    known = _RULES.get(name)
    _RULES[name] = RegisteredRule(
        name, label, tuple(parameters), explanation or (known.explanation if known else ""), check
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
    if not problems and rule.check is not None:
        problems = rule.check(stored)
    return stored, problems


_MISREAD = {
    "integer": _("Write a whole number from 1."),
    "decimal": _("Write a number from 0."),
    "amount": _("Write an amount such as 100.000 or 99,50."),
    "share": _("Write a share above 0 and at most 100 percent."),
    "places": _("Write whole numbers that do not grow, the first above 0. For example: 5, 3, 1."),
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
    if parameter.kind == "places":
        return _read_places(raw)
    if parameter.kind == "share":
        number = Decimal(raw.replace(",", ".").removesuffix("%").strip()) / 100
        if not 0 < number <= 1:
            raise ValueError(raw)
    else:
        # As every amount on these pages: 1.000 is a thousand.
        number = read_money(raw)
        if number > 10**12 or (parameter.kind == "amount" and number == 0):
            raise ValueError(raw)
    return format(number.normalize(), "f")


def _read_places(raw: str) -> str:
    """`5, 3, 1` as the counting writes it: whole numbers with commas, the first above 0, none above the one before."""
    cells = [cell.strip() for cell in raw.replace(";", ",").split(",")]
    if len(cells) > MOST_PLACES or any(numbers.whole_number(cell, 999_999) is None for cell in cells):
        raise ValueError(raw)
    points = [int(cell) for cell in cells]
    if points[0] == 0 or points != sorted(points, reverse=True):
        raise ValueError(raw)
    return ",".join(str(one) for one in points)


#: How answers to questions are counted: every option's votes and nothing more. No option wins, none by lot.
COUNTED_ONLY = {"version": VERSION, "name": "greedy", "max_winners": 0}


def problem_of(stored: Mapping[str, Any]) -> Any | None:
    """Why the stored rule cannot be counted with, or None when it can."""
    rule = find_rule(stored)
    if rule is None:
        return _("Choose one of the rules that can be counted.")
    if rule.check is not None:
        for sentence in rule.check(stored).values():
            return sentence
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
    says=_("Projects with fewer votes (or points) than %(value)s take no part in the count."),
)
_NEEDED_SCORE = replace(_MIN_SCORE, required=True)
_MAX_WINNERS = Parameter(
    "max_winners",
    _("At most this many winners"),
    "integer",
    _("For each budget that is counted by itself. Leave it empty for no limit."),
    says=_("The most projects that may win: %(value)s."),
)
_GROUPS_FIRST = Parameter(
    "group_winners_first",
    _("First the best project of each part of the ballot, then the rest"),
    "flag",
    _("So that every domain or area of the ballot has a winner, if its best project fits."),
    says=_(
        "First the best project of each part of the ballot is taken, if it fits; then all the others in their order."
    ),
)
_TOP_UP_SHARE = Parameter(
    "top_up_share",
    _("Near miss: at least this share of its cost must be covered (percent)"),
    "share",
    _(
        "When a project does not fit and what is left covers this much of it, the city adds the rest and the "
        "count ends. For example: 80. Leave it empty for no such share."
    ),
    says=_(
        "When a project does not fit, but what is left covers at least %(value)s of its cost, the city adds the "
        "rest and the count ends."
    ),
)
_TOP_UP_LIMIT = Parameter(
    "top_up_limit",
    _("Near miss: the most the city adds"),
    "amount",
    _(
        "When a project does not fit and lacks at most this amount, the city adds it and the count ends. For "
        "example: 100.000. With a share as well, both must hold. The money must be in the city's budget "
        "beside this edition's."
    ),
    says=_(
        "When a project does not fit and lacks at most %(value)s, the city adds this money and the count ends."
    ),
)
_PLACES = Parameter(
    "rank_scores",
    _("Points of each place"),
    "places",
    _(
        "Only where projects are put in order: points of the first place, of the second and so on, as in 5, 3, 1. "
        "Leave it empty for one point less for each further place, down to one."
    ),
    says=_("Places on the ballot are worth, from the first on, this many points: %(value)s."),
)
_BY_SCORE = (_MAX_WINNERS, _GROUPS_FIRST, _TOP_UP_SHARE, _TOP_UP_LIMIT, _PLACES)
#: The completions of equal shares that raise every voter's share.
RAISING = ("add1", "add1u", "comparison")


def _near_miss_given(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The rule of the near miss says nothing without a share or an amount."""
    if stored.get("top_up_share") or stored.get("top_up_limit"):
        return {}
    return {"top_up_share": _("Write a share, an amount, or both: without them nothing is added.")}


def _raising_settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Steps and their end belong to shares that are raised."""
    if stored.get("completion") in RAISING:
        return {}
    sentence = _(
        "This belongs to shares that are raised: choose such an end of the count, or leave it empty."
    )
    return {name: sentence for name in ("increment", "stop_when_exhaustive") if stored.get(name)}


register_rule(
    "greedy",
    _("Most votes first, skipping what does not fit"),
    (_MIN_SCORE, *_BY_SCORE),
    _(
        "Projects are taken in the order of their votes. One that costs more than what is left is skipped, "
        "and the next one that fits is taken."
    ),
)
register_rule(
    "greedy-threshold",
    _("Most votes first, with a minimum"),
    (_NEEDED_SCORE, *_BY_SCORE),
    _(
        "Projects below the minimum are left out. The others are taken in the order of their votes; one that "
        "costs more than what is left is skipped, and the next one that fits is taken."
    ),
)
register_rule(
    "greedy-no-skip",
    _("Most votes first, stopping at the first that does not fit"),
    (_MIN_SCORE, *_BY_SCORE),
    _(
        "Projects are taken in the order of their votes, until the first one that costs more than what is left."
    ),
)
register_rule(
    "greedy-custom",
    _("Most votes first, the city adding money for a near miss"),
    (_TOP_UP_SHARE, _TOP_UP_LIMIT, _MIN_SCORE, _MAX_WINNERS, _GROUPS_FIRST, _PLACES),
    _(
        "Projects are taken in the order of their votes, until the first one that costs more than what is left. "
        "If that one is a near miss, the city adds what it lacks and it is built too."
    ),
    _near_miss_given,
)
register_rule(
    "greedy-exclusive",
    _("Most votes first, one winner of each set"),
    (_MIN_SCORE, *_BY_SCORE),
    _(
        "Projects are taken in the order of their votes, skipping what does not fit. Of projects that exclude one "
        "another, such as two plans for the same square, only the first that fits wins."
    ),
)
register_rule(
    "equal-shares",
    _("Method of equal shares"),
    (
        Parameter(
            "satisfaction",
            _("What a funded project is worth to a voter"),
            "choice",
            _("It decides which project is bought first: usually its cost."),
            (
                ("cost", _("its cost")),
                ("cardinality", _("the same for every project")),
                ("points", _("the points given")),
            ),
        ),
        Parameter(
            "completion",
            _("What happens with the money left"),
            "choice",
            _("Equal shares alone often leave money unspent, because no group can pay one more project."),
            (
                ("none", _("it stays unspent")),
                ("greedy", _("most votes first with what is left")),
                ("plain-comparison", _("it stays unspent, unless more voters prefer most votes first")),
                ("add1", _("every voter's share is raised step by step")),
                ("add1u", _("shares are raised, then most votes first")),
                ("comparison", _("shares are raised, unless more voters prefer most votes first")),
            ),
        ),
        Parameter(
            "increment",
            _("By how much the shares are raised at each step"),
            "amount",
            _("Only where shares are raised. Leave it empty for 1 unit of the currency."),
            says=_("At each step every voter's share is raised by %(value)s."),
        ),
        Parameter(
            "stop_when_exhaustive",
            _("Stop raising shares when nothing more fits"),
            "flag",
            _("Unless it is ticked, shares are raised until the winners would cost more than there is."),
            says=_("Shares are no longer raised once no other project that somebody chose fits."),
        ),
        Parameter(
            "start",
            _("What each voter starts with"),
            "choice",
            _("Whole units are what some public counting tools use; the difference is rarely seen."),
            (
                ("exact", _("exactly the same part of the money")),
                ("floor", _("the same part in whole units, without the fraction")),
            ),
        ),
        _MIN_SCORE,
        _MAX_WINNERS,
        _PLACES,
    ),
    _(
        "The money is divided equally among the voters. A project is funded when those who chose it can pay "
        "for it together from their shares, the most widely supported for its cost first, so that no group "
        "of voters takes everything."
    ),
    _raising_settings,
)
register_rule(
    "phragmen",
    _("Phragmén's rule"),
    (_MIN_SCORE, _MAX_WINNERS, _PLACES),
    _(
        "What a winning project costs is carried in equal measure by the voters who chose it. At every step the "
        "project wins that leaves its supporters with the smallest burden, so that those who have won already "
        "wait for the others. The count ends when that project costs more than what is left."
    ),
)
