"""The health of a debate in words."""

from flask_babel import lazy_gettext as _l

from consultations.agora.lasting.rules import Heat

HEAT = {
    Heat.CALM: _l("Calm"),
    Heat.FAST: _l("Fast"),
    Heat.DIVISIVE: _l("Divisive"),
    Heat.HOT: _l("Fast and divisive"),
}

TONES = {Heat.CALM: "green", Heat.FAST: "sand", Heat.DIVISIVE: "sand", Heat.HOT: "rose"}
