"""How reasons and decisions of moderation are called in public."""

from flask_babel import lazy_gettext as _l

from civic.moderation.reasons import NAMES, reason_sentence, rule_number, rule_path
from civic.moderation.rules import Decision

__all__ = ["DECIDED", "DECISIONS", "REASONS", "reason_sentence", "rule_number", "rule_path"]

#: Names of reasons by code; `reasons.choices()` are those to choose from.
REASONS = NAMES

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
