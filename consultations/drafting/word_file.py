"""A Word file as sections, read as a stream: memory does not grow with the number of pages.

Tracked insertions are accepted, tracked deletions dropped, and both are counted. Numbers that Word makes by
itself ("Art. 3", "(1)", "a)") become part of the text, since the law is quoted by them. Pictures are left out.
"""

import logging
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from flask_babel import gettext as _
from lxml import etree

from civic.errors import Invalid
from civic.text import clean_line
from consultations.drafting.reading import kind_of, pieces_of
from consultations.drafting.rules import MAX_CHARACTERS, MAX_SECTIONS, Piece, Remarks

logger = logging.getLogger(__name__)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: The text of two thousand pages with all its formatting; what unpacks to more is a bomb.
MAX_XML = 120_000_000
MAX_SMALL_PART = 8_000_000
#: XML within one paragraph or table; no document of people has more.
MAX_DEPTH = 250
#: Elements held at once; a paragraph or a row of people has some hundred.
MAX_PARTS = 500_000
_HEADINGS = {"title": "title", "heading 1": "title", "heading 2": "chapter", "heading 3": "subsection"}

Progress = Callable[[int, int], None]


@dataclass
class _Level:
    """One level of automatic numbering: how its number is written, and where it begins."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class Numbering:
    """The automatic numbers of a document, counted as its paragraphs come by."""

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    abstract: dict[str, str] = field(default_factory=dict)
    counters: dict[str, list[int]] = field(default_factory=dict)

    def next(self, number_id: str, depth: int) -> str:
        """The number the next paragraph of a list carries; empty for a bullet."""
        name = self.abstract.get(number_id, "")
        levels = self.levels.get(name, {})
        level = levels.get(depth)
        if level is None or level.form in ("bullet", "none"):
            return "–" if level is not None and level.form == "bullet" else ""
        counts = self.counters.setdefault(name, [])
        while len(counts) <= depth:
            counts.append(levels.get(len(counts), _Level()).start - 1)
        counts[depth] += 1
        del counts[depth + 1 :]
        text = level.text
        for at, count in enumerate(counts):
            text = text.replace(f"%{at + 1}", _written(count, levels.get(at, _Level()).form))
        return text.strip()


def _written(number: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter"):
        letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, sign in (
            (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ):  # fmt: skip
            roman += sign * (number // value)
            number %= value
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def read_word(
    source: IO[bytes], progress: Progress = lambda _done, _total: None
) -> tuple[list[Piece], Remarks]:
    """The sections of a .docx file and what was not taken over. Raises Invalid with a sentence."""
    try:
        with zipfile.ZipFile(source) as package:
            return _read(package, progress)
    except Invalid:
        raise
    except (
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        EOFError,
        OSError,
        NotImplementedError,
    ) as error:
        logger.info("unreadable Word file: %s", type(error).__name__)
        raise Invalid(
            _("The file is damaged and cannot be read. Open it in Word, save it again and try once more.")
        ) from error


def _read(package: zipfile.ZipFile, progress: Progress) -> tuple[list[Piece], Remarks]:
    info = package.getinfo("word/document.xml")
    if info.file_size > MAX_XML:
        raise Invalid(_("The document unpacks to more than we can take. Split it, or paste its text."))
    reader = _Reader(_styles(package), _numbering(package))
    pieces: list[Piece] = []
    characters = 0
    with package.open(info) as part:
        counted = _Counted(part)
        for piece in reader.pieces(counted):
            pieces.append(piece)
            characters += len(piece.text)
            if len(pieces) > MAX_SECTIONS or characters > MAX_CHARACTERS:
                raise Invalid(_("The document has more than two thousand pages. Split it into several."))
            if len(pieces) % 500 == 0:
                progress(counted.read_so_far, info.file_size)
    if not pieces:
        raise Invalid(_("The document has no text. A scanned page has to be typed first."))
    return pieces, reader.remarks()


class _Counted:
    """A file that knows how much of it was read and refuses declarations of entities, which no Word file has."""

    def __init__(self, part: Any) -> None:
        self.part, self.read_so_far = part, 0
        self.tail = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        data: bytes = self.part.read(min(size, 65536) if size > 0 else 65536)
        plain = (self.tail + data).replace(b"\0", b"")
        if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
            raise Invalid(
                _("The file is not one that Word writes. Save it again as .docx and try once more.")
            )
        self.tail = data[-32:]
        self.read_so_far += len(data)
        return data


def _small(package: zipfile.ZipFile, name: str) -> Any:
    """A part that is read whole, or None when there is none."""
    if name not in package.namelist():
        return None
    if package.getinfo(name).file_size > MAX_SMALL_PART:
        raise Invalid(_("The document unpacks to more than we can take. Split it, or paste its text."))
    with package.open(name) as part:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.parse(_Counted(part), parser).getroot()


def _value(element: Any, path: str) -> str:
    found = element.find(path) if element is not None else None
    return "" if found is None else found.get(f"{_W}val", "")


def _styles(package: zipfile.ZipFile) -> dict[str, tuple[str, str, int]]:
    """Style id -> (kind of heading or empty, number id, its level), through the styles it is based on."""
    root = _small(package, "word/styles.xml")
    if root is None:
        return {}
    raw: dict[str, tuple[str, str, str, str]] = {}
    for style in root.iter(f"{_W}style"):
        properties = style.find(f"{_W}pPr")
        heading = _HEADINGS.get(_value(style, f"{_W}name").lower(), "")
        outline = _value(properties, f"{_W}outlineLvl")
        if not heading and outline in ("0", "1", "2"):
            heading = ("title", "chapter", "subsection")[int(outline)]
        number = _value(properties, f"{_W}numPr/{_W}numId")
        depth = _value(properties, f"{_W}numPr/{_W}ilvl")
        raw[style.get(f"{_W}styleId", "")] = (heading, number, depth, _value(style, f"{_W}basedOn"))
    found = {}
    for name in raw:
        heading, number, depth, parent = raw[name]
        seen = {name}
        while parent in raw and parent not in seen and not (heading and number):
            seen.add(parent)
            more = raw[parent]
            heading, number, depth, parent = heading or more[0], number or more[1], depth or more[2], more[3]
        found[name] = (heading, number, int(depth) if depth.isdigit() else 0)
    return found


def _numbering(package: zipfile.ZipFile) -> Numbering:
    root = _small(package, "word/numbering.xml")
    numbering = Numbering()
    if root is None:
        return numbering
    for abstract in root.iter(f"{_W}abstractNum"):
        levels = numbering.levels.setdefault(abstract.get(f"{_W}abstractNumId", ""), {})
        for level in abstract.iter(f"{_W}lvl"):
            start, depth = _value(level, f"{_W}start"), level.get(f"{_W}ilvl", "0")
            if depth.isdigit() and int(depth) < 9:
                levels[int(depth)] = _Level(
                    _value(level, f"{_W}numFmt") or "decimal",
                    _value(level, f"{_W}lvlText"),
                    int(start) if start.isdigit() else 1,
                )
    for number in root.iter(f"{_W}num"):
        numbering.abstract[number.get(f"{_W}numId", "")] = _value(number, f"{_W}abstractNumId")
    return numbering


class _Reader:
    """Goes through the body once; every paragraph or row is forgotten when it was read."""

    def __init__(self, styles: dict[str, tuple[str, str, int]], numbering: Numbering) -> None:
        self.styles, self.numbering = styles, numbering
        self.insertions = self.deletions = self.pictures = self.notes = 0

    def remarks(self) -> Remarks:
        """What was met on the way."""
        return Remarks(self.insertions, self.deletions, self.pictures, self.notes)

    def pieces(self, source: Any) -> Iterator[Piece]:
        """The sections in reading order."""
        wanted = (f"{_W}p", f"{_W}tr", f"{_W}tbl")
        rows = depth = held = 0
        events = etree.iterparse(
            source, events=("start", "end"), tag=None, resolve_entities=False, no_network=True, load_dtd=False
        )
        for event, element in events:
            if event == "start":
                depth += 1
                held += 1
                if depth > MAX_DEPTH or held > MAX_PARTS:
                    raise Invalid(
                        _("The file is not one that Word writes. Save it again as .docx and try once more.")
                    )
                rows += element.tag == f"{_W}tr"
                continue
            depth -= 1
            if element.tag not in wanted:
                continue
            if element.tag == f"{_W}tr":
                rows -= 1
            if rows or any(True for _one in element.iterancestors(f"{_W}p", f"{_W}txbxContent")):
                continue  # read with the row or the paragraph around it
            if element.tag == f"{_W}p":
                yield from self._paragraph(element)
            elif element.tag == f"{_W}tr":
                yield from self._row(element)
            element.clear()
            held = 0
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        text = clean_line(self._text(element))
        properties = element.find(f"{_W}pPr")
        heading, number, depth = self.styles.get(_value(properties, f"{_W}pStyle"), ("", "", 0))
        own = _value(properties, f"{_W}numPr/{_W}numId")
        if own:
            level = _value(properties, f"{_W}numPr/{_W}ilvl")
            number, depth = own, int(level) if level.isdigit() else depth
        if not text:
            return
        mark = self.numbering.next(number, depth) if number not in ("", "0") else ""
        whole = f"{mark} {text}" if mark else text
        kind = kind_of(whole)
        if heading and kind != "article":
            kind = heading
        elif mark and kind == "paragraph" and not mark.startswith("("):
            kind = "point"
        yield from pieces_of(kind, whole)

    def _row(self, element: Any) -> Iterator[Piece]:
        if element.find(f"{_W}trPr/{_W}del") is not None:
            self.deletions += 1
            return
        cells = [
            " ".join(clean_line(self._text(one)) for one in cell.iter(f"{_W}p"))
            for cell in element.iter(f"{_W}tc")
            if next(cell.iterancestors(f"{_W}tr")) is element
        ]
        if any(cell.strip() for cell in cells):
            yield from pieces_of("row", " | ".join(cell.strip() for cell in cells))

    def _text(self, element: Any) -> str:
        """The words of a paragraph: insertions accepted, deletions left out, both counted."""
        parts: list[str] = []
        skipped = element.iter(f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent")
        dropped: set[Any] = set()
        for one in skipped:
            if one not in dropped:
                self.deletions += one.tag != f"{_W}txbxContent" and one.getparent().tag != f"{_W}rPr"
                dropped.update(one.iter())
        for one in element.iter():
            tag = one.tag
            if tag in (f"{_W}ins", f"{_W}moveTo") and one.getparent().tag != f"{_W}rPr":
                self.insertions += 1
            elif tag in (f"{_W}drawing", f"{_W}pict", f"{_W}object"):
                self.pictures += one.getparent() not in dropped
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self.notes += 1
            elif one in dropped:
                continue
            elif tag == f"{_W}t":
                parts.append(one.text or "")
            elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                parts.append(" ")
            elif tag == f"{_W}noBreakHyphen":
                parts.append("-")
        return "".join(parts)
