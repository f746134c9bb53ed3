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
    ("repeals", True): _l("It repeals"),
    ("repeals", False): _l("It is repealed by"),
}

#: What staff choose when they say that one decision does something to another.
RELATION_CHOICES = {
    "amends": _l("amends"),
    "revises": _l("revises the budget of"),
    "carries_out": _l("carries out"),
    "repeals": _l("repeals"),
}

STATES = {
    "draft": _l("Being written"),
    "published": _l("Published"),
    "repealed": _l("Repealed"),
    "annulled": _l("Annulled by a court"),
}
TONES = {"draft": "grey", "published": "green", "repealed": "sand", "annulled": "rose"}

REGISTERS = {
    "statute": _l("Statute of the locality"),
    "procedures": _l("Rules on administrative procedures"),
    "decisions": _l("Decisions of the deliberative authority"),
    "orders": _l("Orders of the executive authority"),
    "financial": _l("Financial documents and information"),
    "other": _l("Other documents"),
}

SENTENCES = {
    "decision.published": _l("Published"),
    "decision.corrected": _l("What is written here was corrected"),
    "decision.repealed": _l("Repealed"),
    "decision.annulled": _l("Annulled by a court"),
    "decision.restored": _l("In force again: the end was entered by mistake"),
    "decision.file_added": _l("File published: %(title)s"),
    "decision.file_removed": _l("File taken out: %(title)s"),
}
