"""What a printed document is made of: plain values, which a template of the typesetter lays out.

A block is a mapping with `type`. Texts are lists of spans; a span is a mapping with `t`, its words, and what they are:
`b` strong, `i` emphasis, `ins` added, `del` taken out, `muted`, `href` an address.
"""

from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from civic.charts import share

Span = dict[str, Any]
Block = dict[str, Any]

#: Letters of its longest cell up to which a row of a table is not cut by the end of a page: about half a page.
ROW_ON_ONE_PAGE = 1200
#: Rows of a table that stays on one page: few of any length, more when none of their cells is longer than a line or two.
FEW_ROWS, SHORT_ROWS, SHORT_CELL = 8, 16, 90

_MARKS = {"strong": "b", "b": "b", "em": "i", "i": "i", "ins": "ins", "del": "del"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "blockquote", "td", "th", "div"}


def span(words: object, **marks: Any) -> Span:
    """Some words and what they are."""
    return {"t": str(words), **{name: value for name, value in marks.items() if value}}


def spans(words: object) -> list[Span]:
    """Words without a mark, or spans as they are."""
    return list(words) if isinstance(words, (list, tuple)) else [span(words)]


def heading(words: object, level: int = 1) -> Block:
    """A heading; level 1 is a part of the document."""
    return {"type": "heading", "level": level, "text": str(words)}


def para(words: object, style: str = "") -> Block:
    """A paragraph; `style` is "lead", "muted", or "before" for words that stay with what follows."""
    return {"type": "para", "spans": spans(words), "style": style}


def facts(rows: Sequence[tuple[object, object]]) -> Block:
    """Facts, one a line: what it is, and the fact."""
    return {"type": "facts", "rows": [[str(term), spans(told)] for term, told in rows]}


def notice(title: object, body: Sequence[Block]) -> Block:
    """Something to be seen before the rest."""
    return {"type": "notice", "title": str(title), "body": list(body)}


def stats(tiles: Sequence[tuple[object, object]]) -> Block:
    """A few figures with what they are."""
    return {"type": "stats", "tiles": [[str(value), str(label)] for value, label in tiles]}


def table(
    title: object, head: Sequence[object], rows: Sequence[Sequence[Any]], *, numbers: Sequence[int] = (),
    widths: Sequence[int] = (),
) -> Block:  # fmt: skip
    """A table with its heading repeated on every page. A cell is words, spans, or blocks.

    The title is empty where the heading right above says the same. `numbers` are the columns of figures; `widths` are shares of the width, 0 for as wide as its words.
    """
    cells = [[_cell(cell) for cell in row] for row in rows]
    return {
        "type": "table",
        "title": str(title),
        "head": [str(name) for name in head],
        "rows": cells,
        "parted": len(cells) > (SHORT_ROWS if _longest(cells) <= SHORT_CELL else FEW_ROWS),
        "whole": [max(map(_letters, row), default=0) <= ROW_ON_ONE_PAGE for row in cells],
        "numbers": list(numbers),
        "widths": list(widths) or [1] * len(head),
    }


def _longest(cells: Sequence[Sequence[Sequence[Block]]]) -> int:
    return max((_letters(cell) for row in cells for cell in row), default=0)


def _letters(cell: Sequence[Block]) -> int:
    return sum(len(one["t"]) for block in cell for one in block.get("spans", ()))


def _cell(cell: Any) -> list[Block]:
    if isinstance(cell, list) and cell and "type" in cell[0]:
        return cell
    return [para(cell)]


def bars(title: object, rows: Sequence[Mapping[str, Any]], alt: str, note: object = "") -> Block:
    """Bars as `components/charts` draws them: rows with label, value and optional text and tone."""
    full = max((float(row["value"]) for row in rows), default=0.0)
    return {
        "type": "bars",
        "title": str(title),
        "alt": alt,
        "note": str(note or ""),
        "rows": [
            {
                "label": str(row["label"]),
                "told": str(row.get("text") or row["value"]),
                "share": share(row["value"], full),
                "tone": row.get("tone") or "brand",
            }
            for row in rows
        ],
    }


def parts(
    title: object, rows: Sequence[Mapping[str, Any]], series: Sequence[str], alt: str, relative: bool = False
) -> Block:
    """Bars made of parts: rows with label and values, one a part."""
    sums = [sum(row["values"]) for row in rows]
    longest = max(sums, default=0)
    return {
        "type": "parts",
        "title": str(title),
        "alt": alt,
        "series": [str(name) for name in series],
        "rows": [
            {
                "label": str(row["label"]),
                "told": str(total),
                "shares": [share(value, total if relative else longest) for value in row["values"]],
            }
            for row, total in zip(rows, sums, strict=True)
        ],
    }


def drawn_alt(title: object, rows: Sequence[tuple[object, object]]) -> str:
    """What a chart shows, for whoever cannot see it."""
    return f"{title}: " + "; ".join(f"{label}: {value}" for label, value in rows)


class _Reader(HTMLParser):
    """Makes blocks of our own safe HTML (`civic.text`). A table's cells become paragraphs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.words: list[Span] = []
        self.marks: list[tuple[str, str, Any]] = []
        self.lists: list[str] = []
        self.strong = False

    def _end(self) -> None:
        while self.words and not self.words[-1]["t"].strip():
            self.words.pop()
        if self.words:
            kind = "item" if self.lists else "para"
            self.blocks.append({"type": kind, "spans": self.words, "style": "", "depth": len(self.lists)})
        self.words = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        if tag in _PARAGRAPHS or tag in ("li", "ul", "ol"):
            self._end()
            self.strong = tag in ("h1", "h2", "h3", "h4", "th")
        if tag in ("ul", "ol"):
            self.lists.append(tag)
        elif tag == "br":
            self.words.append({"t": "\n"})
        elif tag in _MARKS:
            self.marks.append((tag, _MARKS[tag], True))
        elif tag == "a":
            self.marks.append((tag, "href", dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in _PARAGRAPHS or tag == "li":
            self._end()
            self.strong = False
        elif tag in ("ul", "ol"):
            self._end()
            if self.lists:
                self.lists.pop()
        elif self.marks and self.marks[-1][0] == tag:
            self.marks.pop()

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if not self.words and not data.strip():
            return
        words = " ".join(data.split("\n")) if self.words else data.lstrip().replace("\n", " ")
        marks = {name: value for _tag, name, value in self.marks}
        if self.strong:
            marks["b"] = True
        self.words.append(span(words, **marks))


def of_html(html: object, language: str = "") -> list[Block]:
    """Our own safe HTML (`render_plain`, `render_markdown`) as blocks. Headings are strong paragraphs.

    `language` is that of the words where it is not the document's: programs that read aloud change their voice.
    """
    reader = _Reader()
    reader.feed(str(html))
    reader.close()
    reader._end()
    return [{**one, "lang": language} for one in reader.blocks] if language else reader.blocks


def difference(pieces: Sequence[tuple[str, str]]) -> list[Span]:
    """One paragraph of `civic.textdiff`: what was added is underlined, what was taken out struck through."""
    marks, made, before = {"add": "ins", "del": "del"}, [], ""
    for kind, words in pieces:
        if before == "del" and kind == "add":
            made.append(span("\u2009"))
        made.append(span(words, **({marks[kind]: True} if kind in marks else {})))
        before = kind
    return made
