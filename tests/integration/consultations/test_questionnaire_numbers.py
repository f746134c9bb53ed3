"""Numbers of a questionnaire: below 0, with decimals, within bounds that say so in the reader's way of writing."""

from decimal import Decimal

import pytest
from flask import Flask

from consultations.questionnaires import rules
from consultations.questionnaires.definition import Definition, Item, Malformed, Page, Words, parse, to_json

COLD = Item("i1", "number", Words("Câte grade?"), least=Decimal("-20.5"), most=Decimal("3"), decimals=1)
WHOLE = Item("i1", "number", Words("Câți?"), decimals=0)


def read(item: Item, typed: str) -> tuple[object, str]:
    answer, problem = rules.read_answer(item, {"i1": [typed]})
    return answer and answer["number"], str(problem or "")


@pytest.mark.parametrize(("item", "typed", "stored"), [
    (COLD, "-20,5", "-20.5"), (COLD, "\u22122", "-2"), (COLD, "0", "0"), (COLD, "-0", "0"), (COLD, "+3", "3"),
    (COLD, "", None), (WHOLE, "1 500", "1500"), (WHOLE, "2,0", "2"), (WHOLE, "\u00a07", "7"),
])  # fmt: skip
def test_a_number_is_kept_as_it_was_meant(app: Flask, item: Item, typed: str, stored: str | None) -> None:
    assert read(item, typed) == (stored, "")


@pytest.mark.parametrize(("item", "typed", "said"), [
    (COLD, "-20,6", "Scrie cel puțin -20,5."), (COLD, "3,1", "Scrie cel mult 3."), (COLD, "1,25", "o zecimală"),
    (WHOLE, "2,5", "întreg"), (WHOLE, "două", "virgulă"), (WHOLE, "1e5", "virgulă"), (WHOLE, "--1", "virgulă"),
    (WHOLE, "9" * 13, "prea mare"), (WHOLE, "٣", "virgulă"),
])  # fmt: skip
def test_what_is_no_such_number_is_refused_in_words(app: Flask, item: Item, typed: str, said: str) -> None:
    answer, problem = read(item, typed)
    assert answer is None
    assert said in problem


def test_bounds_are_stored_as_they_are_and_come_back() -> None:
    asked = Definition((Page("p1", items=(COLD,)),))
    assert parse(to_json(asked)) == asked
    assert to_json(asked)["pages"][0]["items"][0]["least"] == "-20.5"
    assert to_json(asked)["pages"][0]["items"][0]["most"] == 3


@pytest.mark.parametrize("raw", [
    {"least": "1e9"}, {"least": 1.5}, {"most": "NaN"}, {"decimals": 7}, {"decimals": True}, {"decimals": "1"},
])  # fmt: skip
def test_stored_bounds_that_are_none_are_refused(raw: dict[str, object]) -> None:
    item = {"key": "i1", "kind": "number", "words": {"ro": "Câte?"}, **raw}
    with pytest.raises(Malformed):
        parse({"pages": [{"key": "p1", "items": [item]}]})


@pytest.mark.parametrize(("item", "said"), [
    (Item("i1", "number", Words("Câte?"), least=Decimal("0.5"), decimals=0), "zecimale"),
    (Item("i1", "number", Words("Câte?"), least=1, most=Decimal("-1")), "minimul"),
])  # fmt: skip
def test_bounds_that_no_answer_can_keep_are_refused(app: Flask, item: Item, said: str) -> None:
    assert said in str(rules.item_problem(item, english=False)).lower()
