"""What both sides of a comparison of counts are asked, under one name each."""

from voting.counting.rules import Rule

RULES = {
    "greedy": Rule.named("greedy"),
    "equal shares": Rule.named("equal-shares"),
    "equal shares, cardinality": Rule.named("equal-shares", satisfaction="cardinality"),
    "equal shares, points": Rule.named("equal-shares", satisfaction="points"),
    "add1": Rule.named("equal-shares", completion="add1", stop_when_exhaustive=True),
    "add1u": Rule.named("equal-shares", completion="add1u", stop_when_exhaustive=True),
    "phragmen": Rule.named("phragmen"),
}


def rule_for(what: str) -> Rule:
    """Our rule of that name; ties as `--tie-break file`."""
    return RULES[what]


def names_for(vote_type: str) -> tuple[str, ...]:
    """The rules both sides can apply to ballots of this type and mean the same by."""
    if vote_type in ("approval", "choose-1"):
        return ("greedy", "equal shares", "equal shares, cardinality", "phragmen", "add1", "add1u")
    if vote_type in ("cumulative", "scoring"):
        return ("equal shares, points", "equal shares", "phragmen")
    return ("equal shares", "phragmen")
