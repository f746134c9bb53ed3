"""Citizens' drafts in words."""

from flask_babel import lazy_gettext as _l

from consultations.initiatives.likeness import OTHER_DOCUMENT, SAME_DOCUMENT, SAME_PERSON
from consultations.initiatives.rules import State

STATES = {
    State.DRAFT: _l("Being written"),
    State.SUBMITTED: _l("Its form is checked"),
    State.RETURNED: _l("Returned to be mended"),
    State.COLLECTING: _l("Signatures are collected"),
    State.ENDED: _l("Collection ended"),
    State.LAPSED: _l("Not deposited in time"),
    State.DEPOSITED: _l("Signatures are verified"),
    State.ACCEPTED: _l("Enough signatures"),
    State.REFUSED: _l("Too few valid signatures"),
    State.WITHDRAWN: _l("Withdrawn by its initiators"),
}

TONES = {
    State.DRAFT: "grey",
    State.SUBMITTED: "blue",
    State.RETURNED: "sand",
    State.COLLECTING: "green",
    State.ENDED: "sand",
    State.LAPSED: "grey",
    State.DEPOSITED: "blue",
    State.ACCEPTED: "green",
    State.REFUSED: "rose",
    State.WITHDRAWN: "grey",
}

SENTENCES = {
    "initiative.submitted": _l("Sent to the secretary general, who checks its form"),
    "initiative.returned": _l("Returned to its initiators to be mended"),
    "initiative.published": _l("Published. It can be signed until %(until)s"),
    "initiative.deposited": _l("The lists of supporters were deposited"),
    "initiative.accepted": _l("The signatures were verified: they are enough"),
    "initiative.refused": _l("The signatures were verified: they are not enough"),
    "initiative.withdrawn": _l("Withdrawn by its initiators"),
}

#: Why a line of paper is likely of the same person as another.
ALIKE = {
    SAME_DOCUMENT: _l("the same identity document"),
    SAME_PERSON: _l("the same name and domicile"),
    OTHER_DOCUMENT: _l("the same name and domicile, but another document: perhaps a relative"),
}
