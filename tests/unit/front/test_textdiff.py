"""A difference shows both versions, whole."""

import time

from hypothesis import given
from hypothesis import strategies as st

from civic.textdiff import collapse_same, diff_texts, diff_words, paragraphs_of

TEXTS = st.text(alphabet="ab șț.,0 \n", max_size=60)


def version(paragraphs: list[list[tuple[str, str]]], kind: str) -> list[str]:
    """One of the two versions, read back from the difference."""
    joined = [
        "".join(text for piece, text in paragraph if piece in ("same", kind)) for paragraph in paragraphs
    ]
    return [text for text in joined if text]


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_back(old: str, new: str) -> None:
    difference = diff_texts(old, new)
    assert version(difference, "del") == paragraphs_of(old)
    assert version(difference, "add") == paragraphs_of(new)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(kind == "same" for paragraph in diff_texts(text, text) for kind, _ in paragraph)


def test_an_amount_changes_as_a_whole() -> None:
    assert diff_words("costă 80.000 lei", "costă 95.000 lei") == [
        ("same", "costă "),
        ("del", "80.000"),
        ("add", "95.000"),
        ("same", " lei"),
    ]


def test_line_ends_of_another_system_are_no_difference() -> None:
    assert diff_texts("unu\r\ndoi", "unu\ndoi") == [[("same", "unu")], [("same", "doi")]]


def test_long_unchanged_runs_become_a_number() -> None:
    same = [[("same", str(number))] for number in range(5)]
    changed = [[("add", "nou")]]
    assert collapse_same(same + changed + same) == [4, same[4], changed[0], same[0], 4]
    assert collapse_same(same) == [5]
    assert collapse_same([]) == []


def test_long_texts_that_repeat_themselves_are_compared_at_once() -> None:
    """Word by word in whole blocks these took over a minute; a page shows many."""
    old, new = ("Art. 3. Câinii pot umbla liberi în parc. " * 190)[:8_000], ("a b " * 2_000)[:8_000]
    other = old.replace("Câinii", "Pisicile")
    started = time.process_time()
    for before, after in ((old, other), (old, new), (new, new[1:])):
        pieces = diff_words(before, after)
        assert "".join(text for kind, text in pieces if kind != "add") == before
        assert "".join(text for kind, text in pieces if kind != "del") == after
    assert time.process_time() - started < 2
