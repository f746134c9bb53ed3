"""What a `.pb` file can say of its count beyond the format's own keys, so that it counts again without options.

The rule's parameters are META keys `civic_NAME`, written where they differ from what the rule's name alone means
(`min_score` of a rule by score is the format's own `min_project_score_threshold`). The columns of PROJECTS are
`civic_group` (the part of the ballot), `civic_exclusive` (comma list of the sets of which one project may win) and
`civic_withdrawn` (1). Other programs keep these as unknown keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from voting.counting.amounts import amount_string, parse_amount
from voting.counting.rules import COMMON_PARAMETERS, EQUAL_SHARES, GREEDY_RULES, Rule, UnknownRule

PREFIX = "civic_"
GROUP, EXCLUSIVE, WITHDRAWN = "civic_group", "civic_exclusive", "civic_withdrawn"
#: Written for people and for other programs: they do not change a count.
TOLD = ("civic_draw_minutes", "civic_draw_held_on", "civic_pots")

_NOT_SET = "none"
_OPTIONAL = ("min_score", "max_winners", "top_up_share", "top_up_limit")


def list_items(cell: str) -> list[str]:
    """The names in a cell with commas between, each once."""
    return list(dict.fromkeys(filter(None, map(str.strip, cell.split(",")))))


def _flag(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("neither 0 nor 1")
    return text == "1"


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError("not a whole number")
    return int(text)


_READ: dict[str, Callable[[str], Any]] = {
    "min_score": parse_amount,
    "max_winners": _whole,
    "group_winners_first": _flag,
    "top_up_share": parse_amount,
    "top_up_limit": parse_amount,
    "satisfaction": str,
    "start": str,
    "increment": parse_amount,
    "stop_when_exhaustive": _flag,
    "tie_break": str,
    "rank_scores": str,
}


def pabulib_name(rule: Rule) -> str:
    """The rule's name as `.pb` files write it."""
    if rule.name != EQUAL_SHARES:
        return rule.name
    if rule.completion == "plain-comparison":
        return "equalshares-comparison"
    completion = "add1-comparison" if rule.completion == "comparison" else rule.completion
    return "equalshares" if completion == "none" else f"equalshares/{completion}"


def rule_as_meta(rule: Rule, name: str | None = None) -> dict[str, str]:
    """The META keys that say the whole rule; `name` is kept for its name where it means the same."""
    known = Rule.named(pabulib_name(rule))
    if name is None or not _means(name, known):
        name = pabulib_name(rule)
    meta = {"rule": name}
    for field in fields(Rule):
        value = getattr(rule, field.name)
        if field.name in _READ and value != getattr(known, field.name):
            by_score = field.name == "min_score" and rule.name in GREEDY_RULES
            meta["min_project_score_threshold" if by_score else PREFIX + field.name] = _text(value)
    return meta


def _means(name: str, rule: Rule) -> bool:
    try:
        return Rule.named(name) == rule
    except UnknownRule:
        return False


def _text(value: Any) -> str:
    if value is None:
        return _NOT_SET
    if isinstance(value, bool):
        return "1" if value else "0"
    return value if isinstance(value, str) else amount_string(value)


def read_parameter(key: str, text: str) -> tuple[str, Any] | None:
    """The parameter a META key gives, as (name, value); None for a key that gives none.

    Raises ValueError for a value the parameter cannot have.
    """
    name = key.removeprefix(PREFIX)
    if not key.startswith(PREFIX) or name not in _READ:
        return None
    text = text.strip()
    value = None if text == _NOT_SET and name in _OPTIONAL else _READ[name](text)
    owner = (
        EQUAL_SHARES if name in ("satisfaction", "start", "increment", "stop_when_exhaustive") else "greedy"
    )
    given: dict[str, Any] = {name: value}
    Rule(name=owner, **given)
    return name, value


def parameters_of(meta: Mapping[str, str]) -> dict[str, Any]:
    """The rule's parameters that a file's META gives. Raises ValueError for a value that cannot be."""
    found = [read_parameter(key, text) for key, text in meta.items()]
    return dict(one for one in found if one is not None)


def rule_of(meta: Mapping[str, str], name: str | None = None, given: Mapping[str, Any] | None = None) -> Rule:
    """The rule a file names with the parameters it gives, or the one called `name`; `given` come before the file's.

    Another rule than the file's takes only those of its parameters that any rule may have. Raises UnknownRule, and
    ValueError for parameters that do not go together.
    """
    own, own_name = parameters_of(meta), meta.get("rule", "").strip() or "unknown"
    wanted = own_name if name is None else name
    if Rule.named(wanted).name != _base(own_name):
        own = {parameter: value for parameter, value in own.items() if parameter in COMMON_PARAMETERS}
    rule = Rule.named(wanted, **{**own, **(given or {})})
    threshold = meta.get("min_project_score_threshold", "").strip()
    return rule.with_threshold_of(parse_amount(threshold) if threshold else None)


def common_parameters_of(meta: Mapping[str, str]) -> dict[str, Any]:
    """The parameters a file gives that any rule may have."""
    return {name: value for name, value in parameters_of(meta).items() if name in COMMON_PARAMETERS}


def _base(name: str) -> str | None:
    try:
        return Rule.named(name).name
    except UnknownRule:
        return None


def is_foreign(key: str, rule_name: str) -> bool:
    """Whether a META key gives a parameter that the rule of that name does not have."""
    try:
        return key.removeprefix(PREFIX) not in Rule.named(rule_name).own_parameters
    except UnknownRule:
        return False
