"""Sequential Phragmén by hand."""

from fractions import Fraction


def test_loads_are_shared_and_carried(instance, approvals, counted):
    # a: 54/3 = 18 each. b: (40 + 18)/2 = 29. c: 35/1.
    outcome = counted(instance(200, a=54, b=40, c=35), approvals("a", "a", "ab", "b", "c"), "phragmen")
    assert outcome.selected == ("a", "b", "c")
    assert [step.load for step in outcome.steps] == [18, 29, 35]
    assert outcome.steps[0].phase.value == "phragmen"


def test_it_stops_where_the_least_load_does_not_fit(instance, approvals, counted, reasons):
    outcome = counted(instance(100, a=60, b=45, c=35), approvals(a=3, b=2, c=1), "phragmen")
    assert outcome.selected == ("a",)
    assert reasons(outcome) == {"b": "did_not_fit", "c": "stopped_before"}


def test_it_stops_when_any_of_the_least_loads_does_not_fit(instance, approvals, counted, reasons):
    outcome = counted(instance(100, a=60, b=40, c=60), approvals(a=6, b=2, c=3), "phragmen")
    assert outcome.selected == ("a",)
    assert reasons(outcome) == {"b": "stopped_before", "c": "did_not_fit"}


def test_what_exceeds_the_whole_budget_does_not_stop_it(instance, approvals, counted, reasons):
    outcome = counted(instance(100, a=101, b=50), approvals(a=90, b=1), "phragmen")
    assert outcome.selected == ("b",)
    assert reasons(outcome) == {"a": "did_not_fit"}


def test_limits_and_rivals_hold(instance, approvals, counted, reasons):
    pot = instance(100, a=10, b=10, c=10, d=10, e=10, exclusive=["ab"])
    outcome = counted(pot, approvals(a=5, b=4, c=3, d=1, e=2), "phragmen", max_winners=2, min_score=2)
    assert outcome.selected == ("a", "c")
    assert reasons(outcome) == {"b": "excluded_by_rival", "d": "below_min_score", "e": "max_winners_reached"}


def test_a_tie_that_mattered_is_recorded(instance, approvals, counted):
    # All three would carry a load of 20. After a, c is next and no longer fits.
    outcome = counted(instance(60, a=20, b=20, c=60), approvals("abc", "c", "c"), "phragmen")
    assert outcome.selected == ("a",)
    assert [tie.as_json() for tie in outcome.ties] == [
        {"projects": ["a", "b", "c"], "level": "", "by": ["cost", "id"]}
    ]


def test_exact_thirds(instance, approvals, counted):
    outcome = counted(instance(10, a=1), approvals(a=3), "phragmen")
    assert outcome.steps[0].load == Fraction(1, 3)
