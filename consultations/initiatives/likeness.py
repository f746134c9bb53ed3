"""Whether two lines of lists of supporters are likely of the same person. Suggests; people decide. Plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civic.text import fold

#: How alike (0 to 100) names and domiciles are to be, when the document says nothing.
NAMES, PLACES = 88.0, 82.0
#: A document with fewer letters and digits is none.
LEAST_DOCUMENT = 5
MOST_LINES, MOST_LENGTH = 200, 500


@dataclass(frozen=True)
class Line:
    """What the law asks on the list of supporters."""

    name: str
    address: str
    document: str


@dataclass(frozen=True)
class Alike:
    """Another line and what the two share: the document; the name and the domicile; or these with another document."""

    key: object
    why: str


#: The first says most.
SAME_DOCUMENT, SAME_PERSON, OTHER_DOCUMENT = "document", "name_place", "other_document"
WHY = (SAME_DOCUMENT, SAME_PERSON, OTHER_DOCUMENT)


def read_lines(typed: str) -> list[Line]:
    """Lines as a clerk types them: name; domicile; document. Raises ValueError with the number of one that is none.

    >>> read_lines("Ana Pop; Str. Teiului 4; RK 123456")[0].document
    'RK 123456'
    """
    found = []
    for number, row in enumerate(typed.splitlines(), 1):
        if not row.strip():
            continue
        cells = [cell.strip() for cell in re.split(r"[;\t]", row)]
        if len(cells) < 2 or not cells[0] or not any(cells[1:]) or len(row) > MOST_LENGTH:
            raise ValueError(number)
        found.append(Line(cells[0], cells[1], " ".join(cells[2:])))
    return found


def _words(text: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", fold(text))))


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


class Known:
    """Lines that others are compared with, each under its key."""

    def __init__(self, lines: Mapping[object, Line]) -> None:
        self._lines = {
            key: (_document(line), _words(line.name), _words(line.address), _numbers(line.address))
            for key, line in lines.items()
        }

    def like(self, line: Line, most: int = 5) -> list[Alike]:
        """The lines likely of the same person, those that share the document first."""
        from rapidfuzz import fuzz

        document, name = _document(line), _words(line.name)
        place, numbers = _words(line.address), _numbers(line.address)
        found = []
        for key, (other, names, places, houses) in self._lines.items():
            if document and document == other:
                found.append(Alike(key, SAME_DOCUMENT))
            elif (
                fuzz.ratio(name, names, score_cutoff=NAMES)
                and fuzz.token_set_ratio(place, places, score_cutoff=PLACES)
                and (not numbers or not houses or numbers & houses)
            ):
                found.append(Alike(key, OTHER_DOCUMENT if document and other else SAME_PERSON))
        return sorted(found, key=lambda one: (WHY.index(one.why), str(one.key)))[:most]


def _document(line: Line) -> str:
    kept = re.sub(r"\W", "", fold(line.document)).upper()
    return kept if len(kept) >= LEAST_DOCUMENT else ""


def lines_of(names: str) -> list[str]:
    """The initiators, one each.

    >>> lines_of(" Ana Pop \n\nDan Radu")
    ['Ana Pop', 'Dan Radu']
    """
    return [line.strip() for line in names.split("\n") if line.strip()]


def own_line(lines: Sequence[str], name: str) -> int | None:
    """Which of the initiators' lines is somebody's, known by the name of an account; None when it cannot be told.

    >>> own_line(["Dan Radu", "Ana Popescu, profesoară"], "Ana P."), own_line(["A. B.", "C. D."], "ana77")
    (1, None)
    """
    if len(lines) == 1:
        return 0
    wanted = re.findall(r"\w+", fold(name))
    found = [at for at, line in enumerate(lines) if wanted and _holds(re.findall(r"\w+", fold(line)), wanted)]
    return found[0] if len(found) == 1 else None


def _holds(words: list[str], wanted: list[str]) -> bool:
    """Whether every word of a name, or its initial, stands among words."""
    return all(
        any(word == one or (min(len(word), len(one)) == 1 and word[0] == one[0]) for word in words)
        for one in wanted
    )
