"""How reasons and decisions of moderation are called in public."""

from flask_babel import lazy_gettext as _l

from civic.moderation.reasons import NAMES, reason_sentence, rule_number, rule_path
from civic.moderation.rules import HOUSE_RULES, OTHER, Decision

__all__ = ["DECIDED", "DECISIONS", "REASONS", "reason_sentence", "rule_number", "rule_path"]

#: Names of reasons by code; `reasons.choices()` are those to choose from.
REASONS = NAMES

DECISIONS = {
    Decision.PUBLISH: _l("Publish"),
    Decision.DISMISS: _l("Keep it published"),
    Decision.REQUEST_CHANGES: _l("Ask the author for changes"),
    Decision.HIDE: _l("Hide"),
    Decision.REDACT: _l("Take personal data out"),
    Decision.REDIRECT: _l("Redirect to a department"),
}

DECIDED = {
    "publish": _l("Published"),
    "dismiss": _l("Kept published"),
    "request_changes": _l("Changes requested"),
    "hide": _l("Hidden"),
    "redact": _l("Personal data taken out"),
    "redirect": _l("Redirected"),
    "withdrawn": _l("Withdrawn by the author"),
}

#: Which key chooses a decision on the page of a case.
DECISION_KEYS = {
    Decision.PUBLISH: "p",
    Decision.DISMISS: "p",
    Decision.REQUEST_CHANGES: "c",
    Decision.HIDE: "h",
    Decision.REDIRECT: "d",
}

#: Which key chooses a reason: the number of its rule, the tenth by 0.
REASON_KEYS = {
    **{code: str(number % 10) for code, number in HOUSE_RULES.items() if number <= 10},
    "unclear": "u",
    OTHER: "o",
}
