"""Drafts as a city hall writes them, and amended as one amends them: beside `soak/redrafts.py`, which edits at random.

Such drafts say nearly the same many times: an article a park, a row a fee, a point a definition. Amending renumbers,
exchanges neighbours, moves and strikes out sentences, articles and one of two equal ones, replaces a term or a number
throughout, writes sections anew out of their old words. The words keep their numbers, so the truth is known as there.
"""

import random
from collections.abc import Callable, Iterable
from itertools import chain

from soak.redrafts import (
    EDITS,
    Draft,
    Paragraph,
    Word,
    copy_words,
    make_draft,
    respell_throughout,
    sentence,
)

_PARKS = (
    "Parcul Național", "Parcul Morarilor", "Parcul Florilor", "Parcul Pantelimon", "Parcul Motodrom", "Parcul Plumbuita",
    "Grădina Icoanei", "Parcul Ioanid", "Parcul Sticlăriei", "Parcul Obor",
)  # fmt: skip
_GOODS = (
    "tonetă", "terasă", "chioșc", "rulotă", "panou publicitar", "stand de carte", "loc de parcare", "scenă", "foișor",
    "aparat de cafea",
)  # fmt: skip
_TERMS = (
    "parc", "administrator", "vizitator", "spațiu verde", "loc de joacă", "câine periculos", "eveniment public",
    "mobilier urban", "deșeu", "zonă liniștită",
)  # fmt: skip
_KINDS = (
    "orice teren amenajat", "persoana care folosește", "suprafața destinată", "bunul aflat în administrarea",
    "activitatea desfășurată pe", "locul stabilit de",
)  # fmt: skip
_WHOSE = (
    "sectorului",
    "primăriei",
    "consiliului local",
    "direcției de specialitate",
    "asociației de proprietari",
)
#: What a term or a number is called from one edition to the next, throughout.
_RENAMED = (
    ("sectorului", "municipiului"), ("primăriei", "autorității"), ("30", "45"), ("5", "10"), ("lei", "euro"),
    ("zile", "ore"), ("parcul", "grădina"), ("Solicitanții", "Petenții"), ("taxa", "tariful"), ("prezentului", "acestui"),
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def make_regulation(chance: random.Random, articles: int) -> Draft:
    """A draft with an article a park, a table of fees and definitions: sections that differ by a word or a number."""
    draft = make_draft(chance, articles)
    for block in chance.sample((_parks, _fees, _definitions), chance.choice((1, 2, 3))):
        at = chance.randrange(len(draft.paragraphs) + 1)
        draft.paragraphs[at:at] = [draft.words(text) for text in block(chance)]
    renumber(chance, draft)
    for paragraph in draft.paragraphs:
        for word in paragraph:  # numbered anew before anybody marks: every word is the first of its number
            draft.born += 1
            word.id = draft.born
    return draft


def _parks(chance: random.Random) -> list[str]:
    """An article a park, with the same rule and other hours."""
    parks = chance.sample(_PARKS, chance.randrange(2, 6))
    return [
        f"Art. 1 Accesul câinilor în {park} este permis între orele {chance.randrange(5, 9)} și "
        f"{chance.randrange(9, 13)}, numai în lesă și însoțiți de un adult, sub sancțiunea amenzii."
        for park in parks
    ]


def _fees(chance: random.Random) -> list[str]:
    """A table of fees, a section a row."""
    goods = chance.sample(_GOODS, chance.randrange(3, 8))
    return ["Nr. | Ocuparea domeniului public cu | Taxa pe zi"] + [
        f"{at} | {good} | {chance.randrange(2, 40) * 5} lei/mp" for at, good in enumerate(goods, 1)
    ]


def _definitions(chance: random.Random) -> list[str]:
    """Definitions, a point each, that begin and end alike."""
    terms = chance.sample(_TERMS, chance.randrange(3, 7))
    return ["Art. 1 În sensul prezentului regulament, termenii de mai jos au următoarele înțelesuri:"] + [
        f"{_LETTERS[at]}) {term} – {chance.choice(_KINDS)} {chance.choice(_WHOSE)}, în condițiile legii;"
        for at, term in enumerate(terms)
    ]


# Amending.


def renumber(_chance: random.Random, draft: Draft) -> None:
    """Articles are counted anew from the first to the last, their paragraphs and points from the first of each."""
    article = inside = 0
    for paragraph in draft.paragraphs:
        first = paragraph[0].text
        if first == "Art." and len(paragraph) > 1:
            article, inside = article + 1, 1
            _relabel(draft, paragraph, 1, str(article))
        elif first.startswith("(") and first[1:-1].isdigit():
            inside += 1
            _relabel(draft, paragraph, 0, f"({inside})")
        elif len(first) == 2 and first[1] == ")" and first[0] in _LETTERS:
            _relabel(draft, paragraph, 0, f"{_LETTERS[inside % 26]})")
            inside += 1


def _relabel(draft: Draft, paragraph: Paragraph, at: int, label: str) -> None:
    if paragraph[at].text != label:
        paragraph[at : at + 1] = draft.words(label)


def swap_paragraphs(chance: random.Random, draft: Draft) -> None:
    """Two paragraphs change places, mostly two neighbours."""
    last = len(draft.paragraphs) - 1
    if last > 0:
        at = chance.randrange(last)
        to = at + 1 if chance.random() < 0.7 else chance.randrange(last + 1)
        paragraphs = draft.paragraphs
        paragraphs[at], paragraphs[to] = paragraphs[to], paragraphs[at]


def swap_texts(chance: random.Random, draft: Draft) -> None:
    """Two neighbours change places and each takes the label that stood there, as in a list put into another order."""
    labelled = [
        at for at in range(len(draft.paragraphs) - 1)
        if min(_label(draft.paragraphs[at]), _label(draft.paragraphs[at + 1])) == 1
    ]  # fmt: skip
    if labelled:
        at = chance.choice(labelled)
        one, other = draft.paragraphs[at : at + 2]
        draft.paragraphs[at : at + 2] = [one[:1] + other[1:], other[:1] + one[1:]]


def _label(paragraph: Paragraph) -> int:
    """How many words its label has."""
    first = paragraph[0].text
    if first == "Art.":
        return 2
    return int(len(paragraph) > 2 and (first.endswith(")") or first.isdigit()))


def _sentences(paragraph: Paragraph) -> list[Paragraph]:
    """Its sentences, the label with the first."""
    parts: list[Paragraph] = [[]]
    for at, word in enumerate(paragraph):
        parts[-1].append(word)
        if word.text.endswith(".") and word.text != "Art." and at < len(paragraph) - 1:
            parts.append([])
    return parts


def _joined(parts: Iterable[Paragraph]) -> Paragraph:
    return list(chain.from_iterable(parts))


def move_sentence(chance: random.Random, draft: Draft) -> None:
    """A sentence that is not the first of its paragraph goes into another one, or to another place in its own."""
    several = [at for at, paragraph in enumerate(draft.paragraphs) if len(_sentences(paragraph)) > 1]
    if several:
        at = chance.choice(several)
        parts = _sentences(draft.paragraphs[at])
        moved = parts.pop(chance.randrange(1, len(parts)))
        draft.paragraphs[at] = _joined(parts)
        to = chance.choice((at, chance.randrange(len(draft.paragraphs))))
        into = _sentences(draft.paragraphs[to])
        into.insert(chance.randrange(1, len(into) + 1), moved)
        draft.paragraphs[to] = _joined(into)


def strike_sentence(chance: random.Random, draft: Draft) -> None:
    """A sentence goes, one that is said twice first."""
    several = [at for at, paragraph in enumerate(draft.paragraphs) if len(_sentences(paragraph)) > 1]
    if not several:
        return
    said = [
        " ".join(word.text for word in part) for at in several for part in _sentences(draft.paragraphs[at])
    ]
    places = [(at, n) for at in several for n in range(len(_sentences(draft.paragraphs[at])))]
    twice = [place for place, words in zip(places, said, strict=True) if said.count(words) > 1]
    at, n = chance.choice(twice if twice and chance.random() < 0.7 else places)
    parts = _sentences(draft.paragraphs[at])
    del parts[n]
    draft.paragraphs[at] = _joined(parts)


def repeat_sentence(chance: random.Random, draft: Draft) -> None:
    """A sentence is said again at the end of another paragraph."""
    if len(draft.paragraphs) > 1:
        one, other = chance.sample(draft.paragraphs, 2)
        other += copy_words(draft, chance.choice(_sentences(one)), beside=False)


def move_block(chance: random.Random, draft: Draft) -> None:
    """An article with its paragraphs to another place."""
    block = _block(chance, draft)
    moved = draft.paragraphs[block]
    del draft.paragraphs[block]
    at = chance.randrange(len(draft.paragraphs) + 1)
    draft.paragraphs[at:at] = moved


def strike_block(chance: random.Random, draft: Draft) -> None:
    """An article with its paragraphs is struck out."""
    block = _block(chance, draft)
    if len(draft.paragraphs) - (block.stop - block.start) >= 3:
        del draft.paragraphs[block]


def _block(chance: random.Random, draft: Draft) -> slice:
    starts = [at for at, paragraph in enumerate(draft.paragraphs) if paragraph[0].text == "Art."] or [0]
    start = chance.choice(starts)
    following = [at for at in starts if at > start]
    return slice(start, following[0] if following else len(draft.paragraphs))


def add_article(chance: random.Random, draft: Draft) -> None:
    """A new article, sometimes another park's or another fee's: like those that are there."""
    text = chance.choice((_parks, lambda one: [f"Art. 1 {sentence(one)}"]))(chance)[0]
    draft.paragraphs.insert(chance.randrange(len(draft.paragraphs) + 1), draft.words(text))


def add_alike(chance: random.Random, draft: Draft) -> None:
    """A section is taken as the pattern of another: copied to after it or further on, a few words changed."""
    at = chance.randrange(len(draft.paragraphs))
    to = chance.choice((at + 1, chance.randrange(at + 1, len(draft.paragraphs) + 1)))
    copy = copy_words(draft, draft.paragraphs[at], beside=to == at + 1)
    for _n in range(chance.randrange(1, 4)):
        where = chance.randrange(len(copy))
        copy[where : where + 1] = draft.words(chance.choice(chance.choice((_PARKS, _GOODS, _TERMS))))
    draft.paragraphs.insert(to, copy)


def rename(chance: random.Random, draft: Draft) -> None:
    """A term or a number is another one throughout."""
    old, new = chance.choice(_RENAMED)
    for paragraph in draft.paragraphs:
        for at, word in enumerate(paragraph):
            if word.text.rstrip(".,;") == old:
                paragraph[at : at + 1] = draft.words(new + word.text[len(old) :])


def change_numbers(chance: random.Random, draft: Draft) -> None:
    """Amounts and hours are others in a few sections."""
    for paragraph in chance.sample(draft.paragraphs, max(1, len(draft.paragraphs) // 4)):
        for at in range(_label(paragraph), len(paragraph)):
            if paragraph[at].text.isdigit():
                paragraph[at : at + 1] = draft.words(str(chance.randrange(2, 400)))


def write_anew(chance: random.Random, draft: Draft) -> None:
    """A section is written anew out of its own words: pieces of it in another order, some gone, new ones between."""
    at = chance.randrange(len(draft.paragraphs))
    rest, pieces = draft.paragraphs[at], []
    while rest:
        size = chance.randrange(3, 9)
        pieces.append(rest[:size])
        rest = rest[size:]
    kept = [piece for piece in pieces if chance.random() < 0.6]
    for _n in range(len(kept) // 3):
        one = kept.pop(chance.randrange(len(kept)))
        kept.insert(chance.randrange(len(kept) + 1), one)
    new = draft.words(sentence(chance))
    for piece in kept:
        put = chance.randrange(0, len(new) + 1)
        new[put:put] = piece
    draft.paragraphs[at] = new


def join_article(chance: random.Random, draft: Draft) -> None:
    """An article's paragraphs become one."""
    block = _block(chance, draft)
    draft.paragraphs[block] = [_joined(draft.paragraphs[block])]


def cut_sentences(chance: random.Random, draft: Draft) -> None:
    """A paragraph becomes as many as it has sentences, each with a label."""
    at = chance.randrange(len(draft.paragraphs))
    parts = _sentences(draft.paragraphs[at])
    draft.paragraphs[at : at + 1] = [
        part if n == 1 else draft.words(f"({n})") + part for n, part in enumerate(parts, 1)
    ]


AMENDMENTS: tuple[tuple[Callable[[random.Random, Draft], None], int], ...] = (
    *((edit, max(1, weight // 3)) for edit, weight in EDITS),
    (renumber, 5), (swap_paragraphs, 3), (swap_texts, 2), (move_sentence, 4), (strike_sentence, 5),
    (repeat_sentence, 2), (move_block, 3), (strike_block, 2), (add_article, 3), (add_alike, 3), (rename, 4),
    (change_numbers, 4), (write_anew, 3), (join_article, 2), (cut_sentences, 2), (respell_throughout, 1),
)  # fmt: skip


def amend(chance: random.Random, draft: Draft, edits: int) -> Draft:
    """The draft after so many amendments, mostly numbered anew at the end; the draft itself stays."""
    new = Draft(
        [[Word(w.text, w.id, w.copied) for w in paragraph] for paragraph in draft.paragraphs], draft.born
    )
    functions = [function for function, weight in AMENDMENTS for _n in range(weight)]
    for _n in range(edits):
        chance.choice(functions)(chance, new)
        new.paragraphs = [paragraph for paragraph in new.paragraphs if paragraph]
    if chance.random() < 0.6:
        renumber(chance, new)
    return new
