"""Pasted text and Markdown as sections. Plain values in, plain values out."""

import re
from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt

from civic.text import clean_line, clean_text
from consultations.drafting.rules import Piece, in_parts

_TITLE = re.compile(r"(?:titlul|partea|anexa)\b", re.IGNORECASE)
_CHAPTER = re.compile(r"(?:capitolul|cap\.)\s*[IVXLC\d]+", re.IGNORECASE)
_SUBSECTION = re.compile(r"(?:secțiunea|sectiunea|subsecțiunea|subsectiunea)\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:art\.|articolul|art)\s*(?:\d+|[IVXLC]+\b)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\(\d+(?:\^\d+)?\)")
_POINT = re.compile(r"(?:[a-zșțăâî]{1,2}\d?\)|\d{1,3}\)|\d{1,3}(?:\.\d{1,3})*\.\s|[-–—•·*]\s|[ivxl]{1,5}\))")
#: A heading is short and does not end as a sentence does.
_HEADING = 160

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def kind_of(line: str) -> str:
    """What a line of a legal text is, by how it begins: article, (1), a), chapter, or simply text.

    >>> [kind_of(line) for line in ("Art. 3. Câinii", "(1) Se interzice", "a) fumatul", "CAPITOLUL II", "Altfel")]
    ['article', 'paragraph', 'point', 'chapter', 'paragraph']
    """
    short = len(line) <= _HEADING and not line.endswith((";", ",", "."))
    if _ARTICLE.match(line):
        return "article"
    if short and _TITLE.match(line):
        return "title"
    if short and _CHAPTER.match(line):
        return "chapter"
    if short and _SUBSECTION.match(line):
        return "subsection"
    if _PARAGRAPH.match(line):
        return "paragraph"
    return "point" if _POINT.match(line) else "paragraph"


def pieces_of(kind: str, text: str) -> Iterator[Piece]:
    """A paragraph as one section, or as several when it is very long; nothing when it is empty."""
    for part in in_parts(clean_line(text)):
        yield Piece(kind, part)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines broken by a narrow window put together again: a line goes on unless the next begins something."""
    held = ""
    for line in lines:
        line = line.strip()
        begins = bool(line) and (kind_of(line) != "paragraph" or bool(_PARAGRAPH.match(line)))
        heading = bool(held) and kind_of(held) in ("title", "chapter", "subsection")
        if held and (not line or begins or heading or held.endswith((".", ";", ":"))):
            yield held
            held = ""
        held = f"{held} {line}".strip()
    if held:
        yield held


def read_plain(text: str) -> list[Piece]:
    """Pasted text: a section an article, paragraph, point or block between empty lines."""
    return [
        piece for line in _joined(clean_text(text).split("\n")) for piece in pieces_of(kind_of(line), line)
    ]


def read_markdown(source: str) -> list[Piece]:
    """Markdown: its headings, paragraphs, list items and rows of tables. Marks of emphasis are left out."""
    pieces: list[Piece] = []
    heading, depth = "", 0
    row: list[str] | None = None
    for token in _markdown.parse(clean_text(source)):
        if token.type == "heading_open":
            heading = ("title", "chapter", "subsection")[min(int(token.tag[1]), 3) - 1]
        elif token.type == "heading_close":
            heading = ""
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            pieces += pieces_of("row", " | ".join(row or []))
            row = None
        elif token.type in ("inline", "code_block", "fence"):
            words = _words(token)
            if row is not None:
                row.append(words)
                continue
            kind = kind_of(words)
            if heading:
                kind = "article" if kind == "article" else heading
            elif depth and kind == "paragraph":
                kind = "point"
            pieces += pieces_of(kind, words)
    return pieces


def _words(token: object) -> str:
    children = getattr(token, "children", None)
    if children is None:
        return clean_line(getattr(token, "content", ""))
    breaks = {"softbreak": " ", "hardbreak": " "}
    return clean_line(
        "".join(breaks.get(child.type, child.content) for child in children if child.type != "image")
    )
