"""What the forms of proposals, analyses and appeals share: cleaning, and the length of a text."""

from flask_babel import lazy_gettext as _l

from civic.lengths import AtMost
from civic.text import clean_line, clean_text
from proposals.rules import MAX_TEXT


def cleaned_line(value: str | None) -> str:
    """One line without what cannot be seen."""
    return clean_line(value or "")


def cleaned_text(value: str | None) -> str:
    """The same of several lines."""
    return clean_text(value or "")


def short_text() -> AtMost:
    """No longer than anybody reads."""
    return AtMost(MAX_TEXT, _l("This text may have at most %(max)s characters."))
