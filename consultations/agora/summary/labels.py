"""Summaries in words."""

from flask_babel import lazy_gettext as _l

SECTIONS = {
    "agreed": _l("What every camp agrees on"),
    "divisive": _l("What divides"),
    "minority": _l("What few said and should not be lost"),
    "open": _l("What remains open"),
}
