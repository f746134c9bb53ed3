"""Arguments in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consultations.agora.arguing.rules import AGAINST, CONVINCING, FOR, UNCONVINCING, UNDECIDED, UNKNOWN

SIDES = {
    "for": _l("Argument for"),
    "against": _l("Argument against"),
    "consider": _l("Something to consider"),
    "note": _l("Factual note of the city hall"),
}

SIDE_TONES = {"for": "green", "against": "rose", "consider": "sand", "note": "blue"}

STANCES = {FOR: _l("I am for"), UNDECIDED: _l("I have not decided"), AGAINST: _l("I am against")}

#: The people of each stance, inside a sentence.
CAMPS = {FOR: _l("those who are for"), UNDECIDED: _l("the undecided"), AGAINST: _l("those who are against")}

JUDGEMENTS = {CONVINCING: _l("Convincing"), UNCONVINCING: _l("Not convincing"), UNKNOWN: _l("I don't know")}

ORDERS = {
    "default": _l("What convinces everyone first"),
    "newest": _l("Newest first"),
    "divisive": _l("Most divisive first"),
    "random": _l("By chance"),
}


def group_name(number: int) -> str:
    """How an opinion group is called: by a letter, for a number would be a rank."""
    return _("Group %(letter)s", letter=chr(ord("A") + number))


def group_inside(number: int) -> str:
    """The people of an opinion group, inside a sentence."""
    return _("the people of group %(letter)s", letter=chr(ord("A") + number))
