"""The words of decisions."""

from flask_babel import lazy_gettext as _l

KINDS = {
    "council": _l("Decision of the local council"),
    "general_council": _l("Decision of the general council"),
    "order": _l("Mayor's order"),
    "other": _l("Another act"),
}

#: (kind of relation, whether this one acts) -> what its page says before the other one
RELATIONS = {
    ("amends", True): _l("It amends"),
    ("amends", False): _l("It is amended by"),
    ("revises", True): _l("It revises the budget of"),
    ("revises", False): _l("Its budget is revised by"),
    ("carries_out", True): _l("It carries out"),
    ("carries_out", False): _l("It is carried out by"),
}
