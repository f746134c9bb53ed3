"""How reasons and decisions of moderation are called in public."""

from flask_babel import lazy_gettext as _l

from civic.moderation.rules import Decision

REASONS = {
    "offensive": _l("Offensive language"),
    "personal_data": _l("Somebody's personal data"),
    "spam": _l("Advertising or a repeated message"),
    "discrimination": _l("Discrimination or incitement to hatred"),
    "illegal": _l("Against the law"),
    "off_topic": _l("Not about this subject"),
    "unclear": _l("Cannot be understood as written"),
    "other": _l("Another reason"),
}

DECISIONS = {
    Decision.PUBLISH: _l("Publish"),
    Decision.DISMISS: _l("Keep it published"),
    Decision.REQUEST_CHANGES: _l("Ask the author for changes"),
    Decision.HIDE: _l("Hide"),
    Decision.REDIRECT: _l("Redirect to a department"),
}

DECIDED = {
    "publish": _l("Published"),
    "dismiss": _l("Kept published"),
    "request_changes": _l("Changes requested"),
    "hide": _l("Hidden"),
    "redirect": _l("Redirected"),
    "withdrawn": _l("Withdrawn by the author"),
}


def reason_sentence(code: str, text: str) -> str:
    """The reason as its reader sees it: the kind, then the moderator's own words."""
    name = str(REASONS[code]) if code in REASONS and code != "other" else ""
    return ". ".join(part.rstrip(".") for part in (name, text.strip()) if part) + (
        "." if name or text else ""
    )
