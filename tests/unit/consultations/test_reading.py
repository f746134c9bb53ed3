"""Pasted text and Markdown as sections."""

import pytest

from consultations.drafting.reading import kind_of, read_markdown, read_plain
from consultations.drafting.rules import MAX_SECTION, in_parts


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Art. 3. - Câinii se plimbă în lesă.", "article"),
        ("ART. 12", "article"),
        ("Articolul 7 Sancțiuni", "article"),
        ("Art. II", "article"),
        ("(1) Se interzice fumatul.", "paragraph"),
        ("(2^1) Text introdus.", "paragraph"),
        ("a) punga;", "point"),
        ("ab) altceva;", "point"),
        ("1. primul punct", "point"),
        ("- o liniuță", "point"),
        ("iv) al patrulea", "point"),
        ("TITLUL II Finanțe", "title"),
        ("Anexa nr. 1", "title"),
        ("CAPITOLUL IV Dispoziții finale", "chapter"),
        ("Secțiunea 1 Definiții", "subsection"),
        ("Capitolul acesta nu este un titlu, fiindcă merge mai departe;", "paragraph"),
        ("Artiștii pot cânta în parc.", "paragraph"),
        ("Un paragraf oarecare.", "paragraph"),
    ],
)
def test_a_line_is_known_by_how_it_begins(line: str, kind: str) -> None:
    assert kind_of(line) == kind


def test_lines_broken_by_a_window_are_put_together() -> None:
    pieces = read_plain("Art. 1. Regulamentul se aplică\nîn toate parcurile\ndin sector.\nArt. 2. Altceva.")
    assert [piece.text for piece in pieces] == [
        "Art. 1. Regulamentul se aplică în toate parcurile din sector.",
        "Art. 2. Altceva.",
    ]


def test_a_heading_does_not_swallow_what_follows() -> None:
    pieces = read_plain("CAPITOLUL I\nParcurile sunt deschise mereu.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("chapter", "CAPITOLUL I"),
        ("paragraph", "Parcurile sunt deschise mereu."),
    ]


def test_markdown_gives_headings_paragraphs_points_and_rows() -> None:
    source = (
        "# Regulament\n\n## Capitolul I\n\n### Art. 1. Scop\n\nUn **paragraf**\npe două rânduri.\n\n- unu\n- doi\n\n"
        "| Faptă | Amendă |\n|---|---|\n| Gunoi | 500 lei |\n\n<script>x</script>"
    )
    assert [(piece.kind, piece.text) for piece in read_markdown(source)] == [
        ("title", "Regulament"),
        ("chapter", "Capitolul I"),
        ("article", "Art. 1. Scop"),
        ("paragraph", "Un paragraf pe două rânduri."),
        ("point", "unu"),
        ("point", "doi"),
        ("row", "Faptă | Amendă"),
        ("row", "Gunoi | 500 lei"),
        ("paragraph", "<script>x</script>"),
    ]


def test_cedillas_and_invisible_signs_do_not_come_in() -> None:
    assert read_plain("Art. 1. Ţara\u200e şi\x00 oraşul.")[0].text == "Art. 1. Țara și orașul."


def test_a_very_long_paragraph_becomes_several_and_loses_nothing() -> None:
    words = "cuvânt " * 3_000
    parts = in_parts(words.strip())
    assert all(0 < len(part) <= MAX_SECTION for part in parts)
    assert " ".join(parts) == words.strip()
    assert all(len(part) <= MAX_SECTION for part in in_parts("x" * 20_000))
