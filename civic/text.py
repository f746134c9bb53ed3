"""The one place where people's text becomes what we store, search and show. The only user of bleach."""

import re
import unicodedata
from typing import TypeVar

import bleach
from bleach.linkifier import Linker
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

Cell = TypeVar("Cell")

# Control characters other than tab and newline; PostgreSQL refuses NUL, terminals obey escapes, HTML has no
# place for a code that is no character.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
# Overrides of the reading direction can make a text say something else than it stores.
_BIDI = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")

# ș and ț with a cedilla are what old keyboards type; the language has a comma below.
_CEDILLA = str.maketrans({"ş": "ș", "Ş": "Ș", "ţ": "ț", "Ţ": "Ț"})

# Letters that are no base letter with a mark, so that decomposing leaves them whole.
_WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "đ": "d", "ħ": "h", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ð": "d", "ı": "i"}
)

_RICH_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h2", "h3", "h4", "blockquote", "table", "thead",
              "tbody", "tr", "th", "td", "hr", "code"}  # fmt: skip
_ALPHABET = "aăâbcdefghiîjklmnopqrsștțuvwxyz"
_RANKS = {letter: chr(0x100 + rank) for rank, letter in enumerate(_ALPHABET)}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def without_controls(raw: str) -> str:
    """Text as it was typed, without what no page can show: control characters and halves of characters."""
    return _LONE_SURROGATES.sub("", _CONTROLS.sub("", raw))


def clean_text(raw: str) -> str:
    """Text over several lines as it is stored: NFC, no control or direction marks, comma-below ș and ț."""
    text = unicodedata.normalize("NFC", without_controls(raw).replace("\r\n", "\n").replace("\r", "\n"))
    text = _BIDI.sub("", text).translate(_CEDILLA)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip()


def clean_line(raw: str) -> str:
    """Text on one line as it is stored: as `clean_text`, with every run of white space a single space."""
    return _SPACES.sub(" ", clean_text(raw).replace("\n", " ")).strip()


def fold(text: str) -> str:
    """The form in which text is searched: lower case, without diacritics, one kind of space.

    >>> fold("Ștefan") == fold("Ştefan") == fold("stefan")
    True
    >>> fold("Łódź, Smørbrød, Straße")
    'lodz, smorbrod, strasse'
    """
    decomposed = unicodedata.normalize("NFKD", clean_line(text).casefold().translate(_WHOLE_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def romanian_sort_key(text: str) -> str:
    """A stored key that sorts as a Romanian dictionary does: ă and â after a, ș after s, ț after t.

    PostgreSQL as embedded has no Romanian collation, so lists order by this column.
    """
    return "".join(_RANKS.get(char, char) for char in clean_line(text).lower())[:200]


def search_words(text: str) -> list[str]:
    """The words of what was typed, folded; at most twelve.

    >>> search_words("Școala nr. 85!")
    ['scoala', 'nr', '85']
    """
    return re.findall(r"[^\W_]+", fold(text[:200]))[:12]


def search_terms(text: str) -> str:
    """What was typed as a full-text query: every word, without diacritics, from its beginning.

    >>> search_terms("Școala nr. 85!")
    'scoala:* & nr:* & 85:*'
    """
    return " & ".join(f"{word}:*" for word in search_words(text))


def _outbound(attrs: dict, new: bool = False) -> dict:
    attrs[(None, "rel")] = "nofollow ugc noopener"
    return attrs


# Only what says http(s) itself: `verify.py` and `art.7` are no addresses, though .py is a country.
_linker = Linker(
    callbacks=[_outbound], url_re=re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)]""", re.IGNORECASE)
)


def render_plain(text: str) -> Markup:
    """People's plain text as safe HTML: paragraphs, line breaks and links that pass no reputation on."""
    paragraphs = (
        "<p>" + str(escape(paragraph)).replace("\n", "<br>") + "</p>"
        for paragraph in text.split("\n\n")
        if paragraph
    )
    return Markup(_linker.linkify("".join(paragraphs)))  # noqa: S704 - escaped above, linkified by bleach


def render_markdown(source: str) -> Markup:
    """Staff's Markdown as safe HTML. Raw HTML in the source is shown as text, images are left out."""
    html = _markdown.render(clean_text(source))
    cleaner = bleach.Cleaner(
        tags=_RICH_TAGS,
        attributes={"a": ["href", "title"], "th": ["scope"]},
        protocols={"http", "https", "mailto", "tel"},
        strip=True,
    )
    return Markup(cleaner.clean(html))  # noqa: S704 - cleaned by bleach


def excerpt(text: str, length: int = 200) -> str:
    """The beginning of a text, cut at a word, with an ellipsis when something was left out."""
    line = clean_line(text)
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


#: A number below zero told as a text: no formula.
_NEGATIVE = re.compile(r"-\d{1,20}(\.\d{1,10})?", re.ASCII)
#: What a spreadsheet may take for the beginning of a formula, a command or a link, the full-width signs too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def plain_cell(value: Cell) -> Cell:
    """A cell of a table that no spreadsheet takes for a formula. Numbers stay numbers: a negative one is no formula,
    not as text either, as which amounts are told; with a mark before it a spreadsheet would leave it out of its sums.

    >>> plain_cell("=1+1"), plain_cell("Verde"), plain_cell(-5), plain_cell("-783801.26"), plain_cell("-2+3")
    ("'=1+1", 'Verde', -5, '-783801.26', "'-2+3")
    """
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NEGATIVE.fullmatch(value):
        return f"'{value}"  # type: ignore[return-value]
    return value
