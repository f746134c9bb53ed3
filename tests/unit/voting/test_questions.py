"""Which questions can be asked, which answers hold, and that counts and shares always add up."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.questions.plan import from_data, options_of
from voting.questions.results import as_json, rounded_share
from voting.questions.rules import (
    QuestionText,
    answer_problem,
    answer_problems,
    count_question,
    question_problems,
)

YES_NO = QuestionText("Pietonală?", "yes_no", may_abstain=True)
ONE = QuestionText("Când?", "one", ("Luni", "Marți", "Joi"))
SEVERAL = QuestionText("Ce?", "several", ("Bănci", "Copaci", "Terase"), max_choices=2, may_abstain=True)


def test_codes_say_the_question_and_the_answer() -> None:
    assert [one.code for one in YES_NO.planned(1).options] == ["Q1-DA", "Q1-NU", "Q1-ABTIN"]
    assert [one.code for one in ONE.planned(2).options] == ["Q2-A", "Q2-B", "Q2-C"]
    twelve = options_of(20, "one", [str(number) for number in range(12)], True)
    assert [one.code for one in twelve][-2:] == ["Q20-L", "Q20-ABTIN"]
    assert len({one.code for one in twelve}) == 13


def test_a_frozen_question_reads_back() -> None:
    planned = SEVERAL.planned(3, pot=7, group=9)
    assert from_data([planned.as_data()]) == (planned,)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (QuestionText("", "yes_no"), "text"),
        (QuestionText("pietonală?", "yes_no"), "text"),
        (QuestionText("x" * 301, "yes_no"), "text"),
        (QuestionText("Ce?", "many"), "kind"),
        (QuestionText("Ce?", "one", ("Una",)), "options"),
        (QuestionText("Ce?", "one", tuple(map(str, range(13)))), "options"),
        (QuestionText("Ce?", "one", ("Da", "Nu", "da")), "options-2-text"),
        (QuestionText("Ce?", "one", ("Da", "x" * 201)), "options-1-text"),
        (QuestionText("Ce?", "several", ("A", "B"), max_choices=None), "max_choices"),
        (QuestionText("Ce?", "several", ("A", "B"), max_choices=1), "max_choices"),
        (QuestionText("Ce?", "several", ("A", "B"), max_choices=3), "max_choices"),
    ],
)
def test_what_cannot_be_asked(text: QuestionText, field: str) -> None:
    assert [one.field for one in question_problems(text, ["Pietonală?"])] == [field]


@pytest.mark.parametrize("text", [YES_NO, ONE, SEVERAL])
def test_what_can_be_asked(text: QuestionText) -> None:
    assert question_problems(text, ["Altceva?"]) == []


def test_answers_that_do_not_hold() -> None:
    yes_no, several = YES_NO.planned(1, group=1), SEVERAL.planned(2, group=2)

    def problems(*codes: str) -> list[int | None]:
        return [
            group for group, _said in answer_problems([yes_no, several], dict.fromkeys(codes, Decimal(1)))
        ]

    assert problems("Q1-DA") == problems("Q2-A", "Q2-C") == problems("Q1-ABTIN", "Q2-ABTIN") == []
    assert problems() == problems("Q3-A") == [None]
    assert problems("Q1-DA", "Q1-NU") == [1]
    assert problems("Q2-A", "Q2-B", "Q2-C") == problems("Q2-A", "Q2-ABTIN") == [2]
    assert answer_problems([yes_no], {"Q1-DA": Decimal(2)})
    assert answer_problem(yes_no, []) is None


CHOICES = {
    "yes_no": ([], ["Q1-DA"], ["Q1-NU"], ["Q1-ABTIN"]),
    "several": ([], ["Q1-A"], ["Q1-B"], ["Q1-A", "Q1-B"], ["Q1-C", "Q1-A"], ["Q1-ABTIN"]),
}


@given(st.data(), st.sampled_from(["yes_no", "several"]))
def test_counts_add_up_and_a_tie_names_everyone_in_it(data: st.DataObject, kind: str) -> None:
    question = (YES_NO if kind == "yes_no" else SEVERAL).planned(1)
    ballots = data.draw(st.lists(st.sampled_from(CHOICES[kind]), max_size=60))
    votes = Counter(code for ballot in ballots for code in ballot)
    counted = count_question(question, votes, sum(map(bool, ballots)), len(ballots))
    assert counted.answers + counted.abstentions + counted.blank == counted.ballots == len(ballots)
    assert all(0 <= one.share <= 1 for one in counted.options)
    assert {one.option.code: one.votes for one in counted.options} == {
        one.code: votes[one.code] for one in question.answers
    }
    if kind == "yes_no" and counted.answers:
        assert sum(one.share for one in counted.options) == 1
    most = max((one.votes for one in counted.options), default=0)
    leaders = [one.option.code for one in counted.leaders]
    assert leaders == [one.option.code for one in counted.options if most and one.votes == most]
    assert as_json(counted)["most"] == leaders


def test_the_order_of_options_decides_nothing() -> None:
    """A tie is the same tie whichever option is written first."""
    first = QuestionText("Ce?", "one", ("A", "B")).planned(1)
    counted = count_question(first, {"Q1-A": 5, "Q1-B": 5}, 10, 12)
    assert [one.option.text for one in counted.leaders] == ["A", "B"]
    assert (counted.answers, counted.blank) == (10, 2)
    assert count_question(first, {}, 0, 12).leaders == ()


def test_shares_in_files_are_rounded_once() -> None:
    assert rounded_share(Fraction(812, 1290)) == "0.6295"
    assert rounded_share(Fraction(0)) == "0"
