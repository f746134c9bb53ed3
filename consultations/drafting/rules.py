"""What a draft's text is made of, and how much of it there may be. Plain values in, plain values out."""

from dataclasses import dataclass

#: Headings of three depths, articles, their paragraphs and points, other text, and rows of tables.
KINDS = ("title", "chapter", "subsection", "article", "paragraph", "point", "row")
#: Kinds that stand in the table of contents, with their depth.
DEPTHS = {"title": 0, "chapter": 1, "subsection": 2, "article": 3}
SOURCES = ("docx", "markdown", "text")
ANNOTATION_KINDS = ("comment", "replacement")
#: How a passage was found in the edition it is in: written there; its words, once, in their section (`exact`); its words
#: where another place is possible (`doubtful`) or elsewhere (`moved`); words alike (`changed`). People then said that
#: the place is right (`confirmed`), or is not (`refused`).
HOWS = ("written", "exact", "doubtful", "moved", "changed", "confirmed", "refused")
#: Places that readers are told of, and that the author and staff look at.
MARKED = ("doubtful", "moved", "changed")

#: Two thousand dense pages.
MAX_SECTIONS = 60_000
MAX_CHARACTERS = 12_000_000
#: A longer paragraph is cut at a space, so that every section can be read, shown and searched at once.
MAX_SECTION = 8_000
#: What fits into one form.
MAX_PASTED = 400_000

MAX_BODY = 3_000
MAX_REPLACEMENT = 3_000
MAX_QUOTE = MAX_SECTION
#: Characters kept of what stands before and after a passage.
CONTEXT = 80


@dataclass(frozen=True)
class Piece:
    """One section as it was read, before it has a number of its own."""

    kind: str
    text: str


@dataclass(frozen=True)
class Remarks:
    """What the reader of a file did not take over, and accepted on the way."""

    insertions: int = 0
    deletions: int = 0
    pictures: int = 0
    notes: int = 0

    def as_dict(self) -> dict[str, int]:
        """Only what there was."""
        return {name: number for name, number in vars(self).items() if number}


def how_now(before: str, found: str) -> str:
    """How a passage stands that was found again, given how it stood: what was marked stays so until people said more.

    >>> how_now("written", "exact"), how_now("moved", "exact"), how_now("confirmed", "changed")
    ('exact', 'moved', 'changed')
    """
    return before if found == "exact" and before in (*MARKED, "confirmed") else found


def in_parts(text: str) -> list[str]:
    """A text cut at spaces into parts that are not too long for a section."""
    parts = []
    while len(text) > MAX_SECTION:
        cut = text.rfind(" ", 1, MAX_SECTION)
        cut = MAX_SECTION if cut < 1 else cut
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*parts, text] if text else parts
