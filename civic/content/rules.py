"""Choosing a language's text, cleaning what was written, and addresses of pages. Plain values only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from civic.text import clean_line, clean_text

#: Pages every installation has, at addresses of their own, whether or not somebody wrote them yet.
KNOWN_SLUGS = ("how-it-works", "rules", "ballot-secrecy", "privacy", "accessibility", "contact")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FIELDS = ("title", "summary", "body")


@dataclass(frozen=True)
class Text:
    """One language's words of a page or a piece of news."""

    language: str
    title: str
    summary: str
    body: str


def choose_text(texts: Mapping[str, Mapping[str, str]], wanted: str, languages: Sequence[str]) -> Text:
    """The text in the wanted language, else in the first of the city's languages that has one."""
    for language in (wanted, *languages, *texts):
        found = texts.get(language)
        if found and found.get("title"):
            return Text(language, found["title"], found.get("summary", ""), found.get("body", ""))
    return Text(languages[0], "", "", "")


def clean_texts(raw: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Texts as they are stored; a language in which nothing was written is left out."""
    cleaned = {
        language: {
            "title": clean_line(words.get("title") or "")[:300],
            "summary": clean_line(words.get("summary") or "")[:600],
            "body": clean_text(words.get("body") or "")[:100_000],
        }
        for language, words in raw.items()
    }
    return {language: words for language, words in cleaned.items() if any(words.values())}


def half_written(texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Languages in which a title or a body is missing though the other was written."""
    return [language for language, words in texts.items() if not words.get("title") or not words.get("body")]


def is_slug(slug: str) -> bool:
    """Whether a page may have this address.

    >>> is_slug("buget-2027"), is_slug("../x")
    (True, False)
    """
    return len(slug) <= 80 and bool(SLUG.fullmatch(slug))


class _Writer(HTMLParser):
    """Simple HTML read as Markdown."""

    MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
    BLOCKS = {"p": "", "h2": "## ", "h3": "### ", "h4": "#### ", "li": "- ", "blockquote": "> "}

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self.line = ""
        self.links: list[str] = []

    def _end(self) -> None:
        if text := clean_line(self.line):
            self.blocks.append(text)
        self.line = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a mark or a link."""
        if tag in self.BLOCKS:
            self._end()
            self.line = self.BLOCKS[tag]
        elif tag == "a":
            self.links.append(dict(attrs).get("href") or "")
            self.line += "["
        elif tag == "br":
            self.line += " "
        else:
            self.line += self.MARKS.get(tag, "")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag in self.BLOCKS:
            self._end()
        elif tag == "a" and self.links:
            self.line += f"]({self.links.pop()})"
        else:
            self.line += self.MARKS.get(tag, "")

    def handle_data(self, data: str) -> None:
        """Words."""
        self.line += data


def markdown_from_html(html: str) -> str:
    """Paragraphs, headings, lists, emphasis and links of simple HTML as Markdown.

    >>> markdown_from_html("<p>De <strong>azi</strong></p><ul><li>unu</li></ul>")
    'De **azi**\\n\\n- unu'
    """
    writer = _Writer()
    writer.feed(html)
    writer._end()
    return "\n\n".join(writer.blocks)


def flatten(texts: Mapping[str, Mapping[str, Any]], language: str) -> str:
    """One language's words as one text, to be compared with another version's."""
    words = texts.get(language) or {}
    return "\n\n".join(str(words.get(name, "")) for name in FIELDS if words.get(name))
