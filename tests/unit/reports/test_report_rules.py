"""The rules of reports and measures, and their life as a walk of steps."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from civic.reports import rules
from civic.reports.rules import Account, Part

DAY = date(2026, 3, 10)
WHOLE = Part("below", "a", "r", "cineva", "m", "cine", DAY)


@given(st.lists(st.sampled_from(sorted(rules.STEPS)), max_size=30))
def test_a_report_is_read_only_after_somebody_signed_what_was_handed_in(steps: list[str]) -> None:
    state, taken = rules.WRITING, [""]
    for step in steps:
        after = rules.after(state, step)
        if after is None:
            continue
        if after == rules.PUBLISHED:
            assert (step, taken[-1]) == ("sign", "submit")
        state = after
        taken.append(step)
    assert state in rules.STATES
    assert (state == rules.PUBLISHED) == (taken[-1] == "sign")


def test_neither_who_wrote_last_nor_who_handed_it_in_signs() -> None:
    assert rules.may_sign(3, 1, 2)
    assert not rules.may_sign(1, 1, 2)
    assert not rules.may_sign(2, 1, 2)
    assert not rules.may_sign(None, 1, 2)


def test_below_its_target_an_indicator_needs_a_measure_with_owner_and_day() -> None:
    bare = Part("below", "a", "r", "cineva", "", "", None)
    assert rules.missing_in(WHOLE, DAY) == []
    assert rules.missing_in(bare, DAY) == ["measure", "owner", "due_on"]
    assert rules.missing_in(Part("reached", "a", "r", "cineva", "", "", None), DAY) == []
    assert rules.missing_in(Part("reached", "", "", "", "", "", None, opened=True), DAY)[-3:] == [
        "measure",
        "owner",
        "due_on",
    ]
    assert rules.missing_in(WHOLE, DAY + timedelta(days=1)) == ["past"]
    assert (
        rules.missing_in(Part("below", "a", "r", "p", "m", "o", DAY, opened=True), DAY + timedelta(days=9))
        == []
    )


@given(
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from(rules.OUTCOMES), st.integers(0, 900)), max_size=6),
    st.integers(-400, 900),
)
def test_a_measure_is_late_only_while_it_is_open_and_its_last_day_is_over(
    said: list[tuple[int, str, int]], passed: int
) -> None:
    accounts = [
        Account(
            date(2026 + year, 1, 1),
            outcome,
            DAY + timedelta(days=days) if outcome == rules.CONTINUED else None,
        )
        for year, outcome, days in {one[0]: one for one in said}.values()
    ]
    today = DAY + timedelta(days=passed)
    found = rules.standing_of(DAY, accounts, today)
    assert found == rules.standing_of(DAY, accounts[::-1], today)
    last = max(accounts, key=lambda one: one.first_day, default=None)
    assert found.state == ("open" if last is None or last.outcome == rules.CONTINUED else last.outcome)
    assert found.late == (found.state == "open" and found.due_on < today)
    assert found.due_on == DAY or found.due_on in {one.due_on for one in accounts}


def test_every_later_report_accounts_for_a_measure_until_one_ends_it() -> None:
    first, second, third = (date(year, 1, 1) for year in (2024, 2025, 2026))
    assert not rules.to_account(first, first, [])
    assert rules.to_account(third, first, [Account(second, rules.CONTINUED, DAY)])
    assert not rules.to_account(third, first, [Account(second, rules.DONE)])
    # What a later report says changes nothing of what an earlier one owes.
    assert rules.to_account(second, first, [Account(third, rules.DONE)])


def test_an_account_has_words_and_of_what_goes_on_a_day_to_come() -> None:
    assert rules.account_wrong("done", "gata", None, DAY) == []
    assert rules.account_wrong("", "", None, DAY) == ["outcome", "words"]
    assert rules.account_wrong("continued", "încă", None, DAY) == ["due_on"]
    assert rules.account_wrong("continued", "încă", DAY - timedelta(days=1), DAY) == ["past"]
