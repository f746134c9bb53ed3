"""The words of periodic reports."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.indicators.labels import period_name
from civic.indicators.periods import Period

STATES = {
    "writing": _l("Being written"),
    "submitted": _l("Waiting for the signature"),
    "published": _l("Published"),
}
TONES = {"writing": "sand", "submitted": "violet", "published": "green"}

MEASURE_STATES = {
    "open": _l("To be done"),
    "done": _l("Done"),
    "given_up": _l("Given up"),
}
MEASURE_TONES = {"open": "blue", "done": "green", "given_up": "grey"}

OUTCOMES = {
    "done": _l("The measure is done"),
    "continued": _l("It goes on, with a new day"),
    "given_up": _l("It is given up"),
}
#: The same as a report says it.
OUTCOME_WORDS = {"done": _l("Done"), "continued": _l("Goes on"), "given_up": _l("Given up")}
OUTCOME_TONES = {"done": "green", "continued": "sand", "given_up": "grey"}

EVENTS = {
    "report.published": _l("Published"),
    "report.corrected": _l("Published again, corrected"),
}

#: What is missing, by the name of the field.
MISSING: dict[str, Any] = {
    "analysis": _l("the analysis"),
    "recommendation": _l("the recommendation"),
    "responsible": _l("who answers for it"),
    "measure": _l("the measure, as the value is below the target"),
    "owner": _l("who carries out the measure"),
    "due_on": _l("until when the measure is carried out"),
    "past": _l("a day of the measure that is still to come"),
    "introduction": _l("the introduction"),
    "feedback": _l("what residents said"),
    "taken": _l("what was done about what residents said"),
    "indicators": _l("at least one indicator"),
}


def title_of(period: Period) -> str:
    """What a report is called.

    "Periodic report, 2025" or "Periodic report, March 2026".
    """
    return _("Periodic report, %(period)s", period=period_name(period))
