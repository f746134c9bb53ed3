"""The agora in words."""

from flask_babel import lazy_gettext as _l

from consultations.agora.rules import State

STATES = {
    State.DRAFT: _l("In preparation"),
    State.WAITING: _l("Read by a moderator"),
    State.OPEN: _l("Open"),
    State.CLOSING: _l("Closed, being summarised"),
    State.SUMMARISED: _l("Summarised, waits for its answer"),
    State.ANSWERED: _l("Answered"),
    State.ARCHIVED: _l("Archived"),
    State.HIDDEN: _l("Hidden"),
}

TONES = {
    State.DRAFT: "grey",
    State.WAITING: "sand",
    State.OPEN: "green",
    State.CLOSING: "sand",
    State.SUMMARISED: "sand",
    State.ANSWERED: "blue",
    State.ARCHIVED: "grey",
    State.HIDDEN: "rose",
}

SENTENCES = {
    "agora.submitted": _l("Sent to the moderators"),
    "agora.sent_back": _l("Sent back to its author"),
    "agora.opened": _l("Opened; everyone can argue until %(until)s"),
    "agora.obliged": _l("Enough residents asked: the city hall answers until %(until)s"),
    "agora.end_moved": _l("The end was moved: everyone can argue until %(until)s"),
    "agora.summarised": _l("Its summary was published; one can object until %(until)s"),
    "agora.answered": _l("The city hall answered"),
    "agora.archived": _l("Archived"),
    "agora.hidden": _l("Hidden by a moderator"),
    "agora.redacted": _l("A moderator took personal data out of the text"),
    "agora.decision_undone": _l("A moderator's decision was undone"),
    "agora.restored": _l("Public again"),
}
