"""What the pages that every installation has are called, until somebody writes them."""

from flask_babel import lazy_gettext as _l

PAGE_TITLES = {
    "how-it-works": _l("How it works"),
    "rules": _l("Rules"),
    "ballot-secrecy": _l("How we protect your vote"),
    "privacy": _l("Data protection"),
    "accessibility": _l("Accessibility"),
    "contact": _l("Contact"),
}
