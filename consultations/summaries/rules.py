"""How a summary is read: sentences, each with the sources that stand in brackets behind it. Plain values.

`Cei mai mulți cer bănci la umbră [3, 8, T2].` rests on the entries 3 and 8 of the register and on theme T2.
"""

import re
from dataclasses import dataclass, replace

MAX_TEXT = 20_000
#: Numbers larger than any register has, so that a slip of the finger is no question to the database.
MAX_NUMBER = 1_000_000_000

_SOURCE = r"[Tt]?\d{1,10}"
_GROUP = re.compile(rf"\s*\[\s*({_SOURCE}(?:\s*,\s*{_SOURCE})*)\s*\]([.!?…]*)")
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"”»)]*\s+(?=[\"„«(]?[A-ZĂÂÎȘȚ0-9])")
#: After its sources a sentence goes on with a comma or a small letter, and is over with its full stop.
_GOES_ON = re.compile(r"\s*(?:[,;:]|[a-zăâîșț–-])")
_CLOSED = re.compile(r"[.!?…][\"”»)]*$")
#: Words after which a full stop ends no sentence.
_SHORT = {
    "art", "alin", "lit", "nr", "pct", "cap", "anexa", "str", "bd", "șos", "bl", "sc", "ap", "et", "dl", "dna", "dr",
    "prof", "ing", "arh", "sf", "pag", "vol", "ex", "tel", "mil", "mld", "cca", "aprox",
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence, the paragraph it stands in, and what it rests on."""

    text: str
    paragraph: int
    numbers: tuple[int, ...] = ()
    themes: tuple[int, ...] = ()

    @property
    def rests(self) -> bool:
        """Whether it names any source."""
        return bool(self.numbers or self.themes)


def split(text: str) -> list[str]:
    """The sentences of a text. "art. 4", "nr. 12" and initials end none.

    >>> split("Se cere o bancă. Art. 4 alin. (2) o prevede! Cine plătește?")
    ['Se cere o bancă.', 'Art. 4 alin. (2) o prevede!', 'Cine plătește?']
    """
    found, start = [], 0
    for end in _END.finditer(text):
        # Near the stop alone: a search that begins at every letter of a long text takes its square.
        before = re.search(r"([^\W\d_]+)$", text[max(start, end.start() - 40) : end.start()])
        word = before.group(1) if before else ""
        stop = end.group().lstrip()[0]
        if stop == "." and word and (word.casefold() in _SHORT or (len(word) == 1 and word.isupper())):
            continue
        found.append(text[start : end.end()].strip())
        start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def read(text: str) -> list[Sentence]:
    """The sentences of a summary with their sources, in their order; one without sources has none.

    Sources may stand in the middle of a sentence too: it goes on after them unless a new one begins.

    >>> [(one.text, one.numbers, one.themes) for one in read("Mulți cer umbră [3, T2]. Alții nu.")]
    [('Mulți cer umbră.', (3,), (2,)), ('Alții nu.', (), ())]
    >>> [(one.text, one.numbers) for one in read("Unii cer umbră [3], alții apă [4].")]
    [('Unii cer umbră, alții apă.', (3, 4))]
    """
    made: list[Sentence] = []
    paragraphs = [" ".join(one.split()) for one in text.split("\n") if one.strip()]
    for at, paragraph in enumerate(paragraphs):
        made += _read_paragraph(paragraph, at)
    return made


def _read_paragraph(paragraph: str, at: int) -> list[Sentence]:
    made: list[Sentence] = []
    begun: Sentence | None = None
    start = 0
    for group in _GROUP.finditer(paragraph):
        words = paragraph[start : group.start()]
        numbers, themes = _sources(group.group(1))
        start = group.end()
        if begun is not None:
            words = begun.text + words
            numbers, themes = (*begun.numbers, *numbers), (*begun.themes, *themes)
            begun = None
        elif not words.strip() and made:
            last = made.pop()
            words, numbers, themes = last.text, (*last.numbers, *numbers), (*last.themes, *themes)
        said = split(words)
        if not said:
            continue
        made += [Sentence(one, at) for one in said[:-1]]
        found = Sentence(said[-1], at, _once(numbers), _once(themes))
        if _GOES_ON.match(paragraph[start:]) and not group.group(2) and not _CLOSED.search(said[-1]):
            begun = found
        else:
            made.append(_closed(found, group.group(2)))
    rest = split((begun.text if begun else "") + paragraph[start:])
    if begun and rest:
        made.append(_closed(Sentence(rest.pop(0), at, begun.numbers, begun.themes), ""))
    return [*made, *(Sentence(one, at) for one in rest if re.search(r"\w", one))]


def _closed(sentence: Sentence, stop: str) -> Sentence:
    return (
        sentence if _CLOSED.search(sentence.text) else replace(sentence, text=sentence.text + (stop or "."))
    )


def _sources(group: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    names = [one.strip().upper() for one in group.split(",")]
    numbers = tuple(min(int(one), MAX_NUMBER) for one in names if not one.startswith("T"))
    return numbers, tuple(min(int(one[1:]), MAX_NUMBER) for one in names if one.startswith("T"))


def _once(values: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(values))
