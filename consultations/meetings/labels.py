"""Meetings in words."""

from flask_babel import lazy_gettext as _l

from consultations.meetings.rules import State

KINDS = {
    "council": _l("Ordinary council meeting"),
    "council_extraordinary": _l("Extraordinary council meeting"),
    "council_urgent": _l("Council meeting convened at once"),
    "committee": _l("Meeting of a committee of the council"),
    "workshop": _l("Workshop"),
    "assembly": _l("Citizens' assembly"),
}

STATES = {
    State.DRAFT: _l("In preparation"),
    State.ANNOUNCED: _l("Announced"),
    State.GOING_ON: _l("Going on"),
    State.HELD: _l("Held"),
    State.CANCELLED: _l("Was cancelled"),
}

TONES = {
    State.DRAFT: "grey",
    State.ANNOUNCED: "blue",
    State.GOING_ON: "sand",
    State.HELD: "green",
    State.CANCELLED: "rose",
}

SENTENCES = {
    "meeting.announced": _l("Announced for %(starts)s"),
    "meeting.moved": _l("Moved to %(starts)s"),
    "meeting.cancelled": _l("The meeting was cancelled"),
    "meeting.item_added": _l("Added to the agenda: %(title)s"),
    "meeting.document_added": _l("Document published: %(title)s"),
    "meeting.minutes": _l("The minutes were published"),
    "meeting.recording": _l("The recording was published"),
}
