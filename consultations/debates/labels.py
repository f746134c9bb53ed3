"""Debates in words."""

from flask_babel import lazy_gettext as _l

SPEAKERS = {
    "waiting": _l("Is to speak"),
    "spoken": _l("Has spoken"),
    "absent": _l("Was not there"),
    "withdrawn": _l("No longer wants to speak"),
}

TONES = {"waiting": "blue", "spoken": "green", "absent": "grey", "withdrawn": "grey"}

SENTENCES = {
    "debate.requested": _l("%(organisation)s asked in writing for a public debate"),
    "debate.announced": _l("Public debate announced for %(starts)s"),
    "debate.moved": _l("Public debate moved to %(starts)s"),
    "debate.cancelled": _l("Public debate cancelled"),
    "debate.held": _l("Public debate held"),
    "debate.minutes": _l("The minutes of the public debate were published"),
}
