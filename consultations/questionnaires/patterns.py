"""Questionnaires to begin from: a few everybody needs, written once, in both languages."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

from consultations.questionnaires.definition import Definition, parse


@dataclass(frozen=True)
class Pattern:
    """A questionnaire to begin from."""

    key: str
    label: Any
    definition: Definition


def _w(ro: str, en: str) -> dict[str, str]:
    return {"ro": ro, "en": en}


def _options(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"key": f"o{at}", "words": _w(ro, en)} for at, (ro, en) in enumerate(pairs, 1)]


_AGREEMENT = _options(
    ("Deloc de acord", "Strongly disagree"),
    ("Mai degrabă nu", "Rather disagree"),
    ("Nici da, nici nu", "Neither"),
    ("Mai degrabă da", "Rather agree"),
    ("Cu totul de acord", "Strongly agree"),
)
_SATISFACTION = _options(
    ("Foarte nemulțumit", "Very dissatisfied"),
    ("Nemulțumit", "Dissatisfied"),
    ("Nici mulțumit, nici nemulțumit", "Neither"),
    ("Mulțumit", "Satisfied"),
    ("Foarte mulțumit", "Very satisfied"),
)


def _satisfaction() -> Definition:
    return parse({"pages": [{"key": "p1", "title": _w("", ""), "items": [
        {"key": "i1", "kind": "single", "required": True, "options": _SATISFACTION,
         "words": _w("Cât de mulțumit ești de ultima experiență cu primăria?",
                     "How satisfied are you with your last experience with the city hall?")},
        {"key": "i2", "kind": "long_text", "words": _w("Ce ar fi trebuit să meargă mai bine?", "What should have gone better?"),
         "condition": {"item": "i1", "values": ["o1", "o2", "o3"]}},
    ]}]})  # fmt: skip


def _draft() -> Definition:
    return parse({"pages": [
        {"key": "p1", "title": _w("Proiectul de hotărâre", "The draft decision"), "items": [
            {"key": "i1", "kind": "single", "required": True, "options": _AGREEMENT,
             "words": _w("Ești de acord cu proiectul de hotărâre?", "Do you agree with the draft decision?")},
            {"key": "i2", "kind": "long_text", "words": _w("Ce ar trebui schimbat și de ce?", "What should be changed, and why?"),
             "explanation": _w("Fiecare recomandare primește un răspuns motivat.", "Every recommendation gets a reasoned answer."),
             "condition": {"item": "i1", "values": ["o1", "o2", "o3"]}},
        ]},
        {"key": "p2", "title": _w("Despre tine", "About you"), "items": [
            {"key": "i3", "kind": "multiple", "words": _w("În ce calitate răspunzi?", "In what capacity do you answer?"),
             "options": _options(("Locuitor", "Resident"), ("Antreprenor", "Entrepreneur"),
                                 ("Reprezentant al unei organizații", "On behalf of an organisation")), "other": True},
        ]},
    ]})  # fmt: skip


def _needs() -> Definition:
    return parse({"pages": [
        {"key": "p1", "title": _w("Cartierul tău", "Your neighbourhood"), "items": [
            {"key": "i1", "kind": "ranking", "most": 3,
             "words": _w("Care sunt cele mai importante trei nevoi ale cartierului?", "Which three needs of the neighbourhood matter most?"),
             "options": _options(("Spații verzi", "Green spaces"), ("Școli și creșe", "Schools and nurseries"),
                                 ("Siguranță", "Safety"), ("Transport", "Transport"), ("Curățenie", "Cleanliness"),
                                 ("Locuri de joacă", "Playgrounds"))},
            {"key": "i2", "kind": "matrix", "scale": _SATISFACTION,
             "words": _w("Cât de mulțumit ești de serviciile din cartier?", "How satisfied are you with local services?"),
             "options": _options(("Iluminatul străzilor", "Street lighting"), ("Salubritatea", "Waste collection"),
                                 ("Întreținerea parcurilor", "Upkeep of parks"))},
        ]},
        {"key": "p2", "title": _w("Bugetul", "The budget"), "items": [
            {"key": "i3", "kind": "split", "total": 100, "unit": _w("puncte", "points"),
             "words": _w("Cum ai împărți 100 de puncte între domenii?", "How would you share 100 points between domains?"),
             "options": _options(("Spații verzi", "Green spaces"), ("Educație", "Education"), ("Siguranță", "Safety"),
                                 ("Transport", "Transport"))},
            {"key": "i4", "kind": "place", "words": _w("Unde e cea mai mare nevoie?", "Where is the need greatest?")},
            {"key": "i5", "kind": "long_text", "words": _w("Ce altceva ar trebui să știm?", "What else should we know?")},
        ]},
    ]})  # fmt: skip


def patterns() -> list[Pattern]:
    """The questionnaires to begin from, the empty one first."""
    first = parse({"pages": [{"key": "p1", "title": _w("", ""), "items": []}]})
    return [
        Pattern("empty", _("An empty questionnaire"), first),
        Pattern("draft", _("An opinion on a draft decision"), _draft()),
        Pattern("needs", _("What a neighbourhood needs"), _needs()),
        Pattern("satisfaction", _("Satisfaction with the last experience: one question"), _satisfaction()),
    ]


def find(key: str) -> Definition | None:
    """The questionnaire of a pattern."""
    return next((one.definition for one in patterns() if one.key == key), None)
