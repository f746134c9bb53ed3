"""Satisfaction as an indicator."""

from flask_babel import lazy_gettext as _l

from civic.indicators.periods import Span
from civic.indicators.registry import NO_DATA, TOO_FEW, Computed, Figure, people, register_indicator, share
from civic.reports.registry import Feedback, register_feedback
from civic.satisfaction import queries, rules


def _satisfied(span: Span) -> Figure:
    counts = queries.counts_between(span.period.first, span.period.after)
    if not counts:
        return NO_DATA
    found = rules.share_satisfied(counts)
    return TOO_FEW if found is None else share(*found)


def _answers(span: Span) -> Figure:
    return people(sum(queries.counts_between(span.period.first, span.period.after).values()))


def register() -> None:
    """Offer it."""
    register_feedback(
        Feedback("satisfaction", _l("Answers to the question about satisfaction"), _answers, 80)
    )
    register_indicator(
        Computed(
            "K6", "K6", _l("Residents satisfied with their last experience"),
            _l("Of those who answered the one question after a vote, an answer or a finished work, the part that chose satisfied or very satisfied. Nobody has to answer, so they are no sample of all residents."),
            "percent", _satisfied, position=60,
        ),
    )  # fmt: skip
