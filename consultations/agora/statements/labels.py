"""Statements and opinions in words."""

from flask_babel import lazy_gettext as _l

from consultations.agora.statements.rules import AGREE, DISAGREE, PASS

VOTES = {AGREE: _l("I agree"), DISAGREE: _l("I disagree"), PASS: _l("Skip")}

#: Why no groups are shown, by the word of `opinions.clusters`.
REFUSED = {
    "people": _l(
        "Too few people have voted: groups are looked for once at least 50 have voted on enough statements."
    ),
    "group": _l("One of the groups found is so small that it could be chance, or a handful of friends."),
    "unstable": _l(
        "Other groups are found when some of the people are left out, so the ones found mean little."
    ),
    "alike": _l("Everybody voted nearly alike."),
    "chance": _l("The votes hang together no more than chance would have it."),
}
