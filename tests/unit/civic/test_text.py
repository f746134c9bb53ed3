"""What people type becomes safe, findable text."""

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.places.rules import slug_of
from civic.text import (
    clean_line,
    clean_text,
    excerpt,
    fold,
    plain_cell,
    render_markdown,
    render_plain,
    romanian_sort_key,
)


def test_the_three_ways_of_typing_stefan_are_found_alike() -> None:
    assert fold("Ștefan cel Mare") == fold("Ştefan  cel mare") == fold("stefan cel mare") == "stefan cel mare"


def test_nul_and_direction_marks_are_dropped() -> None:
    assert clean_line("a\x00b\u202ec\u200fd\n e") == "abcd e"


def test_paragraphs_stay_and_cedillas_become_commas() -> None:
    assert clean_text("ş ţ\r\n\r\n\r\n\r\nŞ  \n") == "ș ț\n\nȘ"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert clean_text(clean_text(raw)) == clean_text(raw)
    assert "\x00" not in clean_text(raw)
    clean_text(raw).encode()


@given(st.text())
def test_people_cannot_write_html(raw: str) -> None:
    tree = html5lib.parseFragment(str(render_plain(clean_text(raw))), namespaceHTMLElements=False)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} <= {
        "DOCUMENT_FRAGMENT",
        "p",
        "br",
        "a",
    }


def test_links_of_people_pass_no_reputation() -> None:
    assert render_plain("vezi https://example.org/x") == (
        '<p>vezi <a href="https://example.org/x" rel="nofollow ugc noopener">https://example.org/x</a></p>'
    )


def test_a_file_name_is_no_address() -> None:
    assert "<a" not in render_plain("rulează verify.py și citește art.7, (https)")
    assert "<a" not in render_markdown("rulează verify.py")
    assert 'href="https://a.ro/x?y=1"' in render_plain("(vezi https://a.ro/x?y=1).")


@given(st.text())
def test_staff_markdown_never_runs_anything(raw: str) -> None:
    html = str(render_markdown(raw)).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_markdown_is_cleaned() -> None:
    html = render_markdown("## Titlu\n\n<script>alert(1)</script> [x](javascript:alert(1)) **tare**")
    assert "<h2>Titlu</h2>" in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert "<strong>tare</strong>" in html


def test_romanian_order() -> None:
    words = ["țară", "tata", "șah", "sat", "zid", "înalt", "iaz", "ăla", "azi", "arc"]
    assert sorted(words, key=romanian_sort_key) == [
        "arc",
        "azi",
        "ăla",
        "iaz",
        "înalt",
        "sat",
        "șah",
        "tata",
        "țară",
        "zid",
    ]


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("unu doi trei", 9) == "unu doi…"
    assert excerpt("scurt", 9) == "scurt"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Łódź", "lodz"), ("Đurđevac", "durdevac"), ("Ærø", "aero"), ("Œuvre", "oeuvre"), ("Straße", "strasse"),
     ("Þórður", "thordur"), ("Kadıköy", "kadikoy"), ("Ħamrun", "hamrun"), ("Ștefănești", "stefanesti")],
)  # fmt: skip
def test_letters_that_do_not_decompose_are_not_lost(typed: str, folded: str) -> None:
    assert slug_of(fold(typed)) == fold(typed) == folded


def test_no_cell_is_a_formula_and_a_number_stays_one() -> None:
    for text in (
        "=1",
        "+1",
        "-1+1",
        "@a",
        "\t=1",
        "\r=1",
        "\n=1",
        "|x",
        "%x",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20a",
    ):
        assert plain_cell(text) == f"'{text}"
    assert plain_cell("a=1") == "a=1"
    assert plain_cell(-5) == -5
    assert [plain_cell(one) for one in ("-783801.26", "-5")] == ["-783801.26", "-5"], "an amount stays one"
    assert [plain_cell(one) for one in ("-5+1", "-1/A", "--5", "-")] == ["'-5+1", "'-1/A", "'--5", "'-"]
    assert plain_cell(None) is None
