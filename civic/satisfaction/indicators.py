"""Satisfaction as an indicator."""

from flask_babel import lazy_gettext as _l

from civic.indicators.periods import Span
from civic.indicators.registry import NO_DATA, TOO_FEW, Computed, Figure, people, register_indicator, share
from civic.reports.registry import Feedback, register_feedback
from civic.satisfaction import queries, rules


def _told(span: Span) -> dict[int, int] | None:
    """step -> answers that may be told; None when nobody answered."""
    months = queries.counts_between(span.period.first, span.period.after)
    return rules.told_of_months(months) if months else None


def _satisfied(span: Span) -> Figure:
    counts = _told(span)
    if counts is None:
        return NO_DATA
    found = rules.share_satisfied(counts)
    return TOO_FEW if found is None else share(*found)


def _answers(span: Span) -> Figure:
    counts = _told(span)
    return TOO_FEW if counts == {} else people(sum((counts or {}).values()))


def register() -> None:
    """Offer it."""
    register_feedback(
        Feedback("satisfaction", _l("Answers to the question about satisfaction"), _answers, 80)
    )
    register_indicator(
        Computed(
            "K6", "K6", _l("Residents satisfied with their last experience"),
            _l("Of those who answered the one question after a vote, an answer or a finished work, the part that chose satisfied or very satisfied. Nobody has to answer, so they are no sample of all residents. A month with fewer than ten answers stands in its year only together with other such months."),
            "percent", _satisfied, version=2, position=60,
        ),
    )  # fmt: skip
