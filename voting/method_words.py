"""What the rules are called and how each finds the winners, in words for everybody."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _

#: Names of `Rule.named` -> what residents read.
LABELS: dict[str, Any] = {
    "greedy": _("Most votes first, skipping what does not fit"),
    "greedy-threshold": _("Most votes first, with a minimum"),
    "greedy-no-skip": _("Most votes first, stopping at the first that does not fit"),
    "equal-shares": _("Method of equal shares, what is left stays unspent"),
    "equal-shares/greedy": _("Method of equal shares, then most votes first"),
    "equal-shares/add1": _("Method of equal shares, raised step by step"),
    "equal-shares/add1u": _("Method of equal shares, raised, then most votes first"),
    "equal-shares/comparison": _("Method of equal shares, unless more voters prefer most votes first"),
    "equal-shares/plain-comparison": _(
        "Method of equal shares without raising, unless more voters prefer most votes first"
    ),
    "phragmen": _("Phragmén's method"),
}

EXPLANATIONS: dict[str, Any] = {
    "greedy": _(
        "Projects are taken in the order of their votes. One that costs more than what is left is skipped, "
        "and the next one that fits is taken."
    ),
    "greedy-threshold": _(
        "First the projects with too few votes are left out. In the example the minimum is two votes. The "
        "others are taken in the order of their votes, and what does not fit is skipped."
    ),
    "greedy-no-skip": _(
        "Projects are taken in the order of their votes. At the first one that costs more than what is left "
        "the count stops, even if a cheaper one further down would fit."
    ),
    "equal-shares": _(
        "The money is divided equally among the voters, on paper. A project wins when those who chose it can "
        "pay for it together. At each step the project wins for which each leu is carried by most voters; its "
        "supporters pay as equally as they can. When no project can be paid any more, the rest stays unspent."
    ),
    "equal-shares/greedy": _(
        "As above. The money that is left is then given to the projects with most votes that still fit."
    ),
    "equal-shares/add1": _(
        "As above, but so that less stays unspent, every voter's share is raised a little and everything is "
        "counted again, until the winners would cost more than there is. The last count within the money stands."
    ),
    "equal-shares/add1u": _(
        "Shares are raised step by step as above; what is then left goes to the projects with most votes "
        "that still fit."
    ),
    "equal-shares/comparison": _(
        "Shares are raised step by step. In the end the result is compared with “most votes first”: if more "
        "voters have more of their projects there, that result stands."
    ),
    "phragmen": _(
        "The cost of every winner is carried by those who chose it. At each step the project wins that leaves "
        "its supporters with the smallest burden, counting what they carry already. The count stops when the "
        "next project does not fit."
    ),
}


def name_of(rule: Mapping[str, Any]) -> str:
    """The name of a stored rule in `LABELS`."""
    name = str(rule.get("name", ""))
    completion = str(rule.get("completion", "none"))
    if name == "equal-shares" and completion != "none":
        return f"{name}/{completion}"
    return {"greedy-exclusive": "greedy", "greedy-custom": "greedy-no-skip"}.get(name, name)


def label_of(rule: Mapping[str, Any]) -> Any:
    """What a stored rule is called."""
    name = name_of(rule)
    return LABELS.get(name, name)
