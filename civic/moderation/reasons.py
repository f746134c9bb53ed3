"""The catalogue of reasons in words: the name of each, the sentence its author reads, and the rule behind it.

Everybody who hides, refuses or reports a text chooses from it. The sentence is made in the author's language; the
rules are a page anyone can read.
"""

import re

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from civic.moderation.rules import FORMERLY, HOUSE_RULES, OTHER, REASONS, REPORTABLE, today_called

#: How each reason is called where one chooses or counts.
_NAMES = {
    "threat": _l("A threat or a call to violence"),
    "personal_data": _l("Somebody's personal data"),
    "hate": _l("Hatred or discrimination"),
    "personal_attack": _l("A personal attack or insults"),
    "accusation": _l("A serious accusation without support"),
    "impersonation": _l("Passing oneself off as somebody else"),
    "unlawful": _l("Against the law"),
    "spam": _l("Advertising or a message sent everywhere"),
    "duplicate": _l("Says again what is already there"),
    "off_topic": _l("Not about this subject"),
    "unclear": _l("Cannot be understood as written"),
    OTHER: _l("Another reason"),
}

#: Names by code, those of earlier years too: what is stored is read with this.
NAMES = {**_NAMES, **{old: _NAMES[new] for old, new in FORMERLY.items()}}

#: What the author reads, before the number of the rule.
SENTENCES = {
    "threat": _l("The text threatens somebody or calls for violence"),
    "personal_data": _l("The text shows somebody's personal data"),
    "hate": _l("The text stirs up hatred or discriminates against people"),
    "personal_attack": _l("The text attacks or insults a person instead of speaking about the subject"),
    "accusation": _l("The text accuses somebody of a serious deed without anything to support it"),
    "impersonation": _l("The text is written in the name of somebody else"),
    "unlawful": _l("The text breaks the law"),
    "spam": _l("The text is advertising, or was sent in many places"),
    "duplicate": _l("The text says again what is already published here"),
    "off_topic": _l("The text is not about the subject of this page"),
    "unclear": _l("The text cannot be understood as it is written"),
}

#: Each rule as its page has it: what is asked of who writes.
RULES = {
    "threat": _l(
        "Nobody is threatened, and nobody is called to violence. A text like this is hidden first and discussed after;"
        " where somebody is in danger, call 112."
    ),
    "personal_data": _l(
        "Other people's personal data stay out: identity numbers, addresses, telephone numbers, number plates, illness,"
        " photographs in which somebody can be recognised. Names of people in public office may stand, in what"
        " concerns their office."
    ),
    "hate": _l(
        "People are not belittled or threatened for their origin, language, religion, sex, age, disability, sexual"
        " orientation, poverty or opinions."
    ),
    "personal_attack": _l(
        "Say what is wrong with an idea or with a deed, as sharply as you need. Insults about the person who had it"
        " are not published."
    ),
    "accusation": _l(
        "Who accuses somebody of an offence or of corruption says on what it rests: a document, a decision, an"
        " article. Without that, the place for it is the police, the prosecutor or a complaint to the city hall."
    ),
    "impersonation": _l(
        "You write in your own name or under a name of your choosing, never as another person or as an institution"
        " you do not speak for."
    ),
    "unlawful": _l("What the law forbids to publish is not published here either."),
    "spam": _l(
        "No advertising, no links to sell something, no same text in many places. A petition signed by many is one"
        " text with many supporters."
    ),
    "duplicate": _l(
        "What is already there is supported, not published again. The moderator says where it is, so that you can"
        " join in."
    ),
    "off_topic": _l(
        "What you write is about the subject of the page. The moderator says where it would be in its place."
    ),
    "unclear": _l(
        "Others have to understand what you ask for. The moderator says what is missing, and you send it again."
    ),
}


def choices(codes: tuple[str, ...] = REASONS) -> list[tuple[str, object]]:
    """Reasons to choose from, in the order of their rules."""
    return [(code, _NAMES[code]) for code in codes]


def report_choices() -> list[tuple[str, object]]:
    """Reasons a reader may give when reporting a text."""
    return choices(REPORTABLE)


def rule_number(code: str) -> int | None:
    """The number of the house rule behind a reason; None for "another reason"."""
    return HOUSE_RULES.get(today_called(code))


def rule_anchor(code: str) -> str:
    """Where the rule stands on the page of the house rules: "rule-2". Empty when there is none."""
    number = rule_number(code)
    return f"rule-{number}" if number else ""


def rule_path(code: str) -> str:
    """The address of the rule behind a reason, or of the page of all of them."""
    anchor = rule_anchor(code)
    return f"/rules-of-conduct#{anchor}" if anchor else "/rules-of-conduct"


#: A rule named in a stored reason, in any of the languages it is stored in.
_NAMED = re.compile(r"\b(?:house rule|regula) (\d{1,2})(?= din Regulile casei\)|\))")


def with_rules(text: object) -> Markup:
    """A stored reason as HTML, the house rule it names made a link to it."""
    page = url_for("moderation.conduct")

    def link(found: re.Match[str]) -> str:
        return f'<a href="{page}#rule-{found[1]}">{found[0]}</a>'

    return Markup(_NAMED.sub(link, str(escape(text))))  # noqa: S704 - escaped before links are put in


def reason_sentence(code: str, text: str) -> str:
    """The reason as its reader sees it, in the language in force: what rule, then the moderator's own words.

    Use it within `force_locale` of the author: what it returns is stored and read as it is.
    """
    known, words = SENTENCES.get(today_called(code)), text.strip()
    parts = []
    if known is not None:
        parts.append(_("%(what)s (house rule %(number)s).", what=str(known), number=rule_number(code)))
    if words:
        parts.append(words if words[-1] in ".!?…" else f"{words}.")
    return " ".join(parts)
