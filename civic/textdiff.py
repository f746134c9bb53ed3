"""What changed between two versions of a text, word by word within paragraphs. Plain values in, plain values out."""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

#: One paragraph: pieces of ("same" | "add" | "del", text), in reading order.
Paragraph = list[tuple[str, str]]

#: Words, and numbers with their separators: "80.000" changes as a whole.
_WORDS = re.compile(r"\s+|\d+(?:[.,:]\d+)*|\w+|[^\w\s]")


#: Pairs of words up to which the blocks people see are looked for; their cost grows faster than the square of a text.
_BLOCKS = 40_000


def _operations(before: Sequence[str], after: Sequence[str]) -> Iterable[tuple[str, int, int, int, int]]:
    """How one becomes the other: in whole blocks, or, of long ones, by the fewest changes, which takes no time."""
    if len(before) * len(after) <= _BLOCKS:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    from rapidfuzz.distance import Levenshtein

    return (
        (one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end)
        for one in Levenshtein.opcodes(before, after)
    )


def paragraphs_of(text: str) -> list[str]:
    """The text's paragraphs, without the empty lines between them."""
    return [line.strip() for line in text.replace("\r\n", "\n").split("\n") if line.strip()]


def diff_words(old: str, new: str) -> Paragraph:
    """The pieces that two versions of one paragraph share or not."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: Paragraph = []
    for operation, i1, i2, j1, j2 in _operations(before, after):
        if operation == "equal":
            pieces.append(("same", "".join(before[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(("del", "".join(before[i1:i2])))
        if j2 > j1:
            pieces.append(("add", "".join(after[j1:j2])))
    return pieces


def diff_texts(old: str, new: str) -> list[Paragraph]:
    """Every paragraph of both versions, in reading order, with what was added and removed.

    Paragraphs are matched first, so the cost grows with the changes and not with the square of the text.
    """
    before, after = paragraphs_of(old), paragraphs_of(new)
    result: list[Paragraph] = []
    for operation, i1, i2, j1, j2 in _operations(before, after):
        if operation == "equal":
            result += [[("same", text)] for text in before[i1:i2]]
            continue
        for old_text, new_text in zip_longest(before[i1:i2], after[j1:j2]):
            if old_text is None:
                result.append([("add", new_text)])
            elif new_text is None:
                result.append([("del", old_text)])
            else:
                result.append(diff_words(old_text, new_text))
    return result


def collapse_same(paragraphs: list[Paragraph], around: int = 1) -> list[Paragraph | int]:
    """Leave out long unchanged runs: a number stands for that many paragraphs left out.

    ``around`` unchanged paragraphs are kept on each side of a change.
    """
    changed = [any(kind != "same" for kind, _ in paragraph) for paragraph in paragraphs]
    kept = [any(changed[max(0, index - around) : index + around + 1]) for index in range(len(paragraphs))]
    result: list[Paragraph | int] = []
    for keep, paragraph in zip(kept, paragraphs, strict=True):
        if keep:
            result.append(paragraph)
        elif result and isinstance(result[-1], int):
            result[-1] += 1
        else:
            result.append(1)
    return result
