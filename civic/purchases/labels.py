"""The words of purchases."""

from flask_babel import lazy_gettext as _l

PROCEDURES = {
    "open": _l("open tender"),
    "restricted": _l("restricted tender"),
    "negotiated": _l("negotiation"),
    "competitive_dialogue": _l("competitive dialogue"),
    "simplified": _l("simplified procedure"),
    "direct": _l("direct purchase"),
    "framework": _l("framework agreement"),
    "other": _l("another procedure"),
    "unknown": _l("procedure not stated"),
}
CATEGORIES = {"goods": _l("goods"), "services": _l("services"), "works": _l("works")}
