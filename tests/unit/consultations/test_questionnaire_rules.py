"""What a questionnaire can ask, what somebody sees, and which answers are whole."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.suppression import suppress
from consultations.questionnaires import definition as d
from consultations.questionnaires import patterns, rules
from consultations.questionnaires.definition import Condition, Definition, Item, Option, Page, Words
from consultations.questionnaires.drafts import new_code, read_code
from consultations.questionnaires.service import keyed_options


def options(*texts: str, letter: str = "o") -> tuple[Option, ...]:
    return tuple(Option(f"{letter}{at}", Words(text)) for at, text in enumerate(texts, 1))


def item(key: str, kind: str = "single", **values: object) -> Item:
    if kind in d.WITH_OPTIONS:
        values.setdefault("options", options("Da", "Nu", "Poate"))
    if kind == "matrix":
        values.setdefault("scale", options("Rău", "Bine", letter="s"))
    if kind == "split":
        values.setdefault("total", 100)
    return Item(key, kind, Words(f"Întrebarea {key}?"), **values)  # type: ignore[arg-type]


def asked(*items: Item) -> Definition:
    return Definition((Page("p1", items=items),))


def sentences(definition: Definition, **values: object) -> list[str]:
    return [str(problem.sentence) for problem in rules.problems(definition, **values)]  # type: ignore[arg-type]


def test_every_pattern_can_be_asked_in_both_languages_and_comes_back_from_its_json() -> None:
    for pattern in patterns.patterns()[1:]:
        assert rules.problems(pattern.definition, english=True) == []
        assert d.parse(d.to_json(pattern.definition)) == pattern.definition


@pytest.mark.parametrize(
    "raw",
    [
        None, [], {}, {"pages": 1}, {"pages": [1]}, {"pages": [{"key": "x"}]},
        {"pages": [{"key": "p1", "items": [{"key": "i1", "kind": "poem"}]}]},
        {"pages": [{"key": "p1", "items": [{"key": "i1", "kind": "number", "least": "1"}]}]},
        {"pages": [{"key": "p1", "items": [{"key": "i1", "kind": "single", "options": [{"key": "other"}]}]}]},
        {"pages": [{"key": "p1", "condition": {"item": "i1", "values": []}}]},
    ],
)  # fmt: skip
def test_json_that_is_no_questionnaire_is_refused(raw: object) -> None:
    with pytest.raises(d.Malformed):
        d.parse(raw)


def test_a_branch_looks_back_only() -> None:
    ahead = asked(item("i1", condition=Condition("i2", ("o1",))), item("i2"))
    itself = asked(item("i1", condition=Condition("i1", ("o1",))))
    gone = asked(item("i1"), item("i2", condition=Condition("i1", ("o9",))))
    words = asked(item("i1", "short_text"), item("i2", condition=Condition("i1", ("o1",))))
    for wrong in (ahead, itself, gone, words):
        assert len(rules.problems(wrong)) == 1
        assert len(rules.branches(wrong)) == 1
    assert rules.problems(asked(item("i1"), item("i2", condition=Condition("i1", ("o1",))))) == []


def test_a_page_does_not_branch_on_its_own_questions() -> None:
    own = Definition((Page("p1", items=(item("i1"),), condition=Condition("i1", ("o1",))),))
    assert len(rules.problems(own)) == 1


def test_moving_a_question_over_the_page_s_edge_goes_to_the_next_page() -> None:
    both = Definition((Page("p1", items=(item("i1"), item("i2"))), Page("p2", items=(item("i3"),))))
    moved = both.moved_item("i2", up=False)
    assert [[one.key for one in page.items] for page in moved.pages] == [["i1"], ["i2", "i3"]]
    assert moved.moved_item("i2", up=True) == both
    assert both.moved_item("i1", up=True) == both


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        (item("i1", options=options("Da")), "options"),
        (item("i1", options=options("Da", "Da")), "same"),
        (item("i1", "multiple", least=3, most=2), "larger"),
        (item("i1", "multiple", most=9), "many"),
        (item("i1", "split", total=0), "add up"),
        (item("i1", "matrix", scale=()), "scale"),
        (item("i1", "number", least=9, most=2), "larger"),
        (replace(item("i1"), words=Words("")), "Romanian"),
    ],
)
def test_what_cannot_be_asked_is_said(wrong: Item, word: str) -> None:
    assert any(word in sentence for sentence in sentences(asked(wrong)))


def test_files_are_asked_of_accounts_alone_and_english_is_whole() -> None:
    assert sentences(asked(item("i1", "file")), access="anyone") != []
    assert sentences(asked(item("i1", "file")), access="email") == []
    assert sentences(asked(item("i1")), english=True) != []


@pytest.mark.parametrize(
    ("one", "raw", "answer"),
    [
        (item("i1"), {"i1": ["o2"]}, {"choices": ["o2"]}),
        (item("i1"), {"i1": [""]}, None),
        (item("i1", other=True), {"i1": ["other"], "i1-other": [" cu  mama "]}, {"choices": ["other"], "other": "cu mama"}),
        (item("i1", "multiple"), {"i1": ["o3", "o1"]}, {"choices": ["o1", "o3"]}),
        (item("i1", "matrix"), {"i1-o1": ["s2"]}, {"rows": {"o1": "s2"}}),
        (item("i1", "ranking"), {"i1-o3": ["1"], "i1-o1": ["2"]}, {"order": ["o3", "o1"]}),
        (item("i1", "split"), {"i1-o1": ["60"], "i1-o2": ["40"], "i1-o3": ["0"]}, {"shares": {"o1": 60, "o2": 40}}),
        (item("i1", "split", total=1_000_000), {"i1-o1": ["1.000.000"]}, {"shares": {"o1": 1_000_000}}),
        (item("i1", "number"), {"i1": ["12,50"]}, {"number": "12.5"}),
        (item("i1", "number"), {"i1": ["100"]}, {"number": "100"}),
        (item("i1", "short_text"), {"i1": ["  salut\n lume "]}, {"text": "salut lume"}),
        (item("i1", "long_text"), {"i1": ["unu\r\n\r\ndoi"]}, {"text": "unu\n\ndoi"}),
        (item("i1", "date"), {"i1-day": ["5"], "i1-month": ["2"], "i1-year": ["2026"]}, {"date": "2026-02-05"}),
        (item("i1", "place"), {"i1-lat": ["44,45"], "i1-lon": ["26.1"]}, {"lat": "44.45000", "lon": "26.10000"}),
        (item("i1", "file"), {"i1-file": ["17"]}, {"file": 17}),
        (item("i1", "information"), {"i1": ["x"]}, None),
    ],
)  # fmt: skip
def test_what_was_typed_is_read(one: Item, raw: dict[str, list[str]], answer: dict | None) -> None:
    assert rules.read_answer(one, raw) == (answer, None)


@pytest.mark.parametrize(
    ("one", "raw"),
    [
        (item("i1"), {"i1": ["o1", "o2"]}),
        (item("i1"), {"i1": ["o9"]}),
        (item("i1", other=True), {"i1": ["other"]}),
        (item("i1", "multiple", most=1), {"i1": ["o1", "o2"]}),
        (item("i1", "multiple", least=2), {"i1": ["o1"]}),
        (item("i1", "matrix", required=True), {"i1-o1": ["s1"]}),
        (item("i1", "matrix"), {"i1-o1": ["s9"]}),
        (item("i1", "ranking"), {"i1-o1": ["1"], "i1-o2": ["1"]}),
        (item("i1", "ranking"), {"i1-o1": ["2"]}),
        (item("i1", "ranking", least=2), {"i1-o1": ["1"]}),
        (item("i1", "ranking", most=1), {"i1-o1": ["1"], "i1-o2": ["2"]}),
        (item("i1", "split"), {"i1-o1": ["99"]}),
        (item("i1", "split"), {"i1-o1": ["-5"], "i1-o2": ["105"]}),
        (item("i1", "number"), {"i1": ["1e5"]}),
        (item("i1", "number"), {"i1": ["²"]}),
        (item("i1", "number", least=3), {"i1": ["2,9"]}),
        (item("i1", "number", most=3), {"i1": ["3,1"]}),
        (item("i1", "short_text"), {"i1": ["x" * 301]}),
        (item("i1", "long_text"), {"i1": ["x" * 4001]}),
        (item("i1", "date"), {"i1-day": ["31"], "i1-month": ["2"], "i1-year": ["2026"]}),
        (item("i1", "date"), {"i1-day": ["1"], "i1-month": [""], "i1-year": ["2026"]}),
        (item("i1", "place"), {"i1-lat": ["91"], "i1-lon": ["26"]}),
        (item("i1", "place"), {"i1-lat": ["NaN"], "i1-lon": ["26"]}),
        (item("i1", "place"), {"i1-lat": ["44"], "i1-lon": [""]}),
        (item("i1", "file"), {"i1-file": ["x"]}),
    ],
)
def test_what_is_no_answer_is_said(one: Item, raw: dict[str, list[str]]) -> None:
    answer, problem = rules.read_answer(one, raw)
    assert answer is None
    assert str(problem)
    assert one.key in rules.check_answers(asked(one), raw).problems


def test_what_a_branch_hides_is_dropped_and_decides_nothing() -> None:
    chain = asked(
        item("i1", required=True),
        item("i2", condition=Condition("i1", ("o1",))),
        item("i3", "short_text", required=True, condition=Condition("i2", ("o1",))),
    )
    raw = {"i1": ["o2"], "i2": ["o1"], "i3": ["ascuns"]}
    assert rules.check_answers(chain, raw) == rules.Checked({"i1": {"choices": ["o2"]}}, {})
    assert set(rules.check_answers(chain, {**raw, "i1": ["o1"]}).answers) == {"i1", "i2", "i3"}
    assert [one.key for one in rules.visible_items(chain, {})] == ["i1"]


def test_a_line_that_stays_keeps_its_key_and_a_corrected_one_too() -> None:
    before = options("Da", "Nu", "Poate")
    assert [one.key for one in keyed_options("Nu\nDa\nPoate", "", before)] == ["o2", "o1", "o3"]
    assert [one.key for one in keyed_options("Da\nBa nu\nPoate", "", before)] == ["o1", "o2", "o3"]
    assert [one.key for one in keyed_options("Da\nNu\nPoate\nNu știu", "", before)] == [
        "o1",
        "o2",
        "o3",
        "o4",
    ]
    assert [one.key for one in keyed_options("Da\nAltceva", "Yes\nElse", before)] == ["o1", "o4"]


def test_a_code_is_read_however_it_was_typed() -> None:
    code = new_code()
    assert read_code(code.lower().replace("-", " ")) == code
    assert read_code("o0il-1111-1111-1111") == "0011-1111-1111-1111"
    assert read_code("") is None
    assert read_code("ABCD") is None


# --- whatever is typed ----------------------------------------------------------------------------------

_KINDS = st.sampled_from([kind for kind in d.KINDS if kind != "information"])


@st.composite
def questionnaires(draw: st.DrawFn) -> Definition:
    """Questionnaires with branches that look back."""
    pages: list[Page] = []
    deciding: list[Item] = []

    def branch() -> Condition | None:
        if not deciding or not draw(st.booleans()):
            return None
        one = draw(st.sampled_from(deciding))
        return Condition(one.key, tuple(draw(st.sets(st.sampled_from(one.choices), min_size=1))))

    number = 0
    for at in range(draw(st.integers(1, 3))):
        condition, items = branch(), []
        for _item in range(draw(st.integers(1, 4))):
            number += 1
            kind = draw(_KINDS)
            one = replace(item(f"i{number}", kind), required=draw(st.booleans()), condition=branch(),
                          other=kind in d.DECIDING and draw(st.booleans()))  # fmt: skip
            items.append(one)
            if kind in d.DECIDING:
                deciding.append(one)
        pages.append(Page(f"p{at + 1}", items=tuple(items), condition=condition))
    return Definition(tuple(pages))


_TYPED = st.one_of(
    st.sampled_from(
        ["", "o1", "o2", "o3", "other", "s1", "s2", "1", "2", "3", "60", "40", "100", "12,5", "2026", "-1"]
    ),
    st.text(max_size=12),
)


@given(data=st.data(), definition=questionnaires())
def test_any_answers_are_accepted_whole_or_the_item_is_named(
    data: st.DataObject, definition: Definition
) -> None:
    assert rules.problems(definition) == []
    names = [name for one in definition.questions for name in rules.field_names(one)]
    raw: dict[str, Sequence[str]] = {name: data.draw(st.lists(_TYPED, max_size=3)) for name in names}
    checked = rules.check_answers(definition, raw)
    seen = {one.key for one in rules.visible_items(definition, checked.answers) if one.asks}
    assert set(checked.answers) <= seen, "what branching hides is dropped"
    assert set(checked.problems) <= seen, "nobody is asked to mend what they cannot see"
    assert not set(checked.answers) & set(checked.problems)
    for key in seen - set(checked.answers) - set(checked.problems):
        one = definition.find(key)
        assert one is not None
        assert not one.required, "a question needed and empty is named"
    if not checked.problems:
        again = rules.check_answers(definition, {name: raw[name] for one in definition.questions
                                                 if one.key in seen for name in rules.field_names(one)})  # fmt: skip
        assert again == checked, "what is kept is whole without what was dropped"


@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_hidden_cell_can_be_computed_from_its_line(table: list[list[int]]) -> None:
    shown = suppress(table, 10)
    lines = [(list(row), list(seen)) for row, seen in zip(table, shown, strict=True)]
    lines += [([row[at] for row in table], [seen[at] for seen in shown]) for at in range(4)]
    for values, seen in lines:
        hidden = [value for value, told in zip(values, seen, strict=True) if told is None]
        assert all(told is None or told >= 10 for told in seen)
        if hidden and len(hidden) < len(seen):
            assert len(hidden) >= 2
            assert sum(hidden) >= 10
