"""Drafts rewritten at random, with the truth about every passage known from the rewriting itself.

Every word carries a number from its birth. Rewriting moves, removes and makes words; where a passage went is read
off the numbers of its words. Nothing here looks for text, so the truth owes nothing to whoever looks for it.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

_SUBJECTS = (
    "Persoanele fizice", "Persoanele juridice", "Deținătorii de animale", "Administratorii parcurilor",
    "Solicitanții", "Beneficiarii", "Asociațiile de proprietari", "Organizatorii de evenimente", "Locuitorii sectorului",
    "Vizitatorii", "Agenții economici", "Furnizorii de servicii", "Părinții", "Proprietarii", "Chiriașii",
)  # fmt: skip
_VERBS = (
    "au obligația să respecte", "pot solicita", "sunt obligați să anunțe", "depun la registratură", "primesc",
    "plătesc", "păstrează", "prezintă", "comunică în scris", "nu pot deteriora", "răspund pentru", "declară",
)  # fmt: skip
_OBJECTS = (
    "programul de funcționare", "taxa de utilizare", "autorizația", "cererea însoțită de acte", "mobilierul urban",
    "spațiile verzi", "locurile de joacă", "planul de acces", "raportul anual", "lista bunurilor", "avizul tehnic",
    "contractul de salubritate", "dovada plății", "regulamentul intern", "câinii fără lesă", "vehiculele staționate",
    "deșeurile colectate separat", "nivelul de zgomot admis", "arborii aflați pe domeniul public",
)  # fmt: skip
#: Share of a paragraph's letters up to which nothing is left of it that anybody would know again.
GONE = 0.125
#: Said again and again, as in any regulation.
_PHRASES = (
    "în termen de 30 de zile", "în termen de 5 zile lucrătoare", "potrivit legii", "în condițiile prezentului regulament",
    "la sediul primăriei", "sub sancțiunea amenzii", "cu excepția zilelor de sărbătoare legală", "prin decizie motivată",
    "după caz", "de la data publicării", "pe domeniul public al sectorului", "în intervalul orar 22:00–6:00",
)  # fmt: skip
_PLACES = (
    "în Parcul Național", "în cartierul Pantelimon", "pe Șoseaua Iancului", "în zona Obor", "lângă Lacul Tei", "în piețe",
    "în școli", "pe malul lacului Fundeni", "în Parcul Morarilor", "pe Bulevardul Ferdinand", "în curțile blocurilor",
)  # fmt: skip
_OTHER = [
    "anual",
    "trimestrial",
    "imediat",
    "provizoriu",
    "gratuit",
    "integral",
    "parțial",
    "temporar",
    "electronic",
    "personal",
    "colectiv",
    "direct",
    "cel",
    "puțin",
    "doar",
    "inclusiv",
    "numai",
    "separat",
    "public",
    "verbal",
    "scris",
]


@dataclass(frozen=True)
class Copied:
    """Where a copied word comes from: the first word's number, which copying it was, and whether it was set right beside."""

    of: int
    act: int
    beside: bool


@dataclass
class Word:
    """A word with the number it was born with, and what it is a copy of."""

    text: str
    id: int
    copied: Copied | None = None


Paragraph = list[Word]


@dataclass
class Draft:
    """A text as the numbered words of its paragraphs."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    born: int = 0

    def words(self, text: str) -> Paragraph:
        """New words."""
        made = []
        for word in text.split():
            self.born += 1
            made.append(Word(word, self.born))
        return made

    def texts(self) -> list[str]:
        """The paragraphs as anybody reads them."""
        return [" ".join(word.text for word in paragraph) for paragraph in self.paragraphs]


@dataclass(frozen=True)
class Marked:
    """A passage somebody marked: its paragraph, its characters, the numbers of its words."""

    paragraph: int
    start: int
    end: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Truth:
    """Where a passage went: the share of its letters that survive together, and where its words are."""

    share: float
    paragraph: int
    words: tuple[tuple[int, int], ...] = ()


def sentence(chance: random.Random) -> str:
    """A sentence of a regulation, with phrases that come again in others."""
    parts = [chance.choice(_SUBJECTS), chance.choice(_VERBS), chance.choice(_OBJECTS)]
    if chance.random() < 0.4:
        parts += ["și", chance.choice(_OBJECTS)]
    if chance.random() < 0.3:
        parts.append(chance.choice(_OTHER))
    parts += [chance.choice(_PHRASES) for _n in range(chance.choice((0, 1, 1, 2)))]
    if chance.random() < 0.6:
        parts.append(chance.choice(_PLACES))
    if chance.random() < 0.3:
        parts.append(f"în limita a {chance.randrange(2, 400)} lei")
    return " ".join(parts) + "."


def make_draft(chance: random.Random, articles: int) -> Draft:
    """A regulation with articles, paragraphs and points; some sentences stand in it word for word twice."""
    draft = Draft()
    said: list[str] = []
    for number in range(1, articles + 1):
        count = chance.choice((1, 2, 2, 3, 4))
        for at in range(count):
            sentences = [
                chance.choice(said) if said and chance.random() < 0.06 else sentence(chance)
                for _n in range(chance.choice((1, 1, 2, 3)))
            ]
            said += sentences
            lead = f"Art. {number}" if at == 0 else chance.choice((f"({at + 1})", f"{'abcdefg'[at]})"))
            draft.paragraphs.append(draft.words(f"{lead} {' '.join(sentences)}"))
    return draft


def mark(chance: random.Random, draft: Draft) -> Marked:
    """A passage of two to forty words, or a whole paragraph."""
    at = chance.randrange(len(draft.paragraphs))
    paragraph = draft.paragraphs[at]
    length = min(len(paragraph), chance.choice((2, 3, 4, 5, 6, 8, 10, 14, 20, 30, 40, 999)))
    first = chance.randrange(len(paragraph) - length + 1)
    start = sum(len(word.text) + 1 for word in paragraph[:first])
    words = paragraph[first : first + length]
    end = start + sum(len(word.text) + 1 for word in words) - 1
    return Marked(at, start, end, tuple(word.id for word in words))


# Rewriting.


def _pick(chance: random.Random, draft: Draft) -> Paragraph:
    return chance.choice([paragraph for paragraph in draft.paragraphs if paragraph])


def insert_words(chance: random.Random, draft: Draft) -> None:
    """One to four new words within a paragraph."""
    paragraph = _pick(chance, draft)
    at = chance.randrange(len(paragraph) + 1)
    words = chance.choice((chance.choice(_PHRASES), chance.choice(_OTHER), chance.choice(_PLACES)))
    paragraph[at:at] = draft.words(words)


def delete_words(chance: random.Random, draft: Draft) -> None:
    """One to four words less."""
    paragraph = _pick(chance, draft)
    at = chance.randrange(len(paragraph))
    del paragraph[at : at + chance.randrange(1, 5)]


def change_words(chance: random.Random, draft: Draft) -> None:
    """One to three words replaced by others."""
    paragraph = _pick(chance, draft)
    at = chance.randrange(len(paragraph))
    count = chance.randrange(1, 4)
    paragraph[at : at + count] = draft.words(" ".join(chance.choice(_OTHER) for _n in range(count)))


def add_paragraph(chance: random.Random, draft: Draft) -> None:
    """A new paragraph of one or two sentences."""
    text = " ".join(sentence(chance) for _n in range(chance.choice((1, 2))))
    draft.paragraphs.insert(chance.randrange(len(draft.paragraphs) + 1), draft.words(f"(n) {text}"))


def remove_paragraph(chance: random.Random, draft: Draft) -> None:
    """A paragraph taken out."""
    if len(draft.paragraphs) > 3:
        del draft.paragraphs[chance.randrange(len(draft.paragraphs))]


def replace_paragraph(chance: random.Random, draft: Draft) -> None:
    """A paragraph written anew: nothing of it is left."""
    at = chance.randrange(len(draft.paragraphs))
    draft.paragraphs[at] = draft.words(f"(r) {sentence(chance)}")


def move_paragraph(chance: random.Random, draft: Draft) -> None:
    """A paragraph to another place."""
    paragraph = draft.paragraphs.pop(chance.randrange(len(draft.paragraphs)))
    draft.paragraphs.insert(chance.randrange(len(draft.paragraphs) + 1), paragraph)


def split_paragraph(chance: random.Random, draft: Draft) -> None:
    """One paragraph becomes two."""
    at = chance.randrange(len(draft.paragraphs))
    paragraph = draft.paragraphs[at]
    if len(paragraph) > 6:
        cut = chance.randrange(2, len(paragraph) - 2)
        draft.paragraphs[at : at + 1] = [paragraph[:cut], paragraph[cut:]]


def merge_paragraphs(chance: random.Random, draft: Draft) -> None:
    """Two paragraphs become one."""
    if len(draft.paragraphs) > 3:
        at = chance.randrange(len(draft.paragraphs) - 1)
        draft.paragraphs[at : at + 2] = [draft.paragraphs[at] + draft.paragraphs[at + 1]]


def copy_paragraph(chance: random.Random, draft: Draft) -> None:
    """A paragraph repeated later in the text, word for word. The first one is the one that was there."""
    at = chance.randrange(len(draft.paragraphs))
    to = chance.randrange(at + 1, len(draft.paragraphs) + 1)
    draft.paragraphs.insert(to, copy_words(draft, draft.paragraphs[at], beside=to == at + 1))


def copy_words(draft: Draft, words: Paragraph, *, beside: bool) -> Paragraph:
    """The same words once more, which know what they are a copy of."""
    copy, act = [], draft.born
    for word in words:
        draft.born += 1
        root = word.copied.of if word.copied else word.id
        copy.append(Word(word.text, draft.born, Copied(root, act, beside)))
    return copy


_RESPELT = str.maketrans("șțȘȚ", "şţŞŢ")
_BARE = str.maketrans("ășțâîĂȘȚÂÎ", "astaiASTAI")
_SIGNS = str.maketrans({"–": "-", "„": '"', "”": '"'})
_SPELLINGS = (_RESPELT, _BARE, _SIGNS, None)


def respell(chance: random.Random, draft: Draft) -> None:
    """Old cedillas, no marks, other signs or doubled spaces throughout a few paragraphs: the same words."""
    how = chance.choice(_SPELLINGS)
    _spell(how, chance.sample(draft.paragraphs, max(1, len(draft.paragraphs) // 4)))


def respell_throughout(chance: random.Random, draft: Draft) -> None:
    """The same in the whole text."""
    _spell(chance.choice(_SPELLINGS), draft.paragraphs)


def _spell(how: dict[int, int] | None, paragraphs: list[Paragraph]) -> None:
    for paragraph in paragraphs:
        for word in paragraph:
            word.text = word.text.translate(how) if how else word.text.upper()


EDITS: tuple[tuple[Callable[[random.Random, Draft], None], int], ...] = (
    (insert_words, 20), (delete_words, 16), (change_words, 16), (add_paragraph, 8), (remove_paragraph, 5),
    (replace_paragraph, 3), (move_paragraph, 6), (split_paragraph, 6), (merge_paragraphs, 6), (copy_paragraph, 4),
    (respell, 3),
)  # fmt: skip


def rewrite(chance: random.Random, draft: Draft, edits: int) -> Draft:
    """The draft after so many random edits; the draft itself stays."""
    new = Draft(
        [[Word(w.text, w.id, w.copied) for w in paragraph] for paragraph in draft.paragraphs], draft.born
    )
    functions = [function for function, weight in EDITS for _n in range(weight)]
    for _n in range(edits):
        chance.choice(functions)(chance, new)
        new.paragraphs = [paragraph for paragraph in new.paragraphs if paragraph]
    return new


def truths_of(marked: Marked, old: Draft, new: Draft, written: "Written | None" = None) -> list[Truth]:
    """Where the passage went, by the numbers of its words alone: once, or once for each history that tells the same.

    A copy set right beside what it was copied from, and the only copy of a paragraph or of a sentence of which no word
    is left, are as much as the first one: exchange the two, or say "moved", and every text stays as it is.
    """
    written = written or Written(new)
    letters = {word.id: len(word.text) for word in old.paragraphs[marked.paragraph] if word.id in marked.ids}
    whole = {word.id for word in old.paragraphs[marked.paragraph]}
    left = sum(len(written.words[one].text) for one in whole if one in written.words)
    gone = left <= GONE * sum(len(word.text) for word in old.paragraphs[marked.paragraph])
    acts = {
        act: beside
        for one in (letters if gone else whole)
        for act, beside in written.acts.get(one, {}).items()
    }
    own = {act for one in letters for act in written.acts.get(one, {})}
    heirs = [
        act
        for act, beside in acts.items()
        if beside or (gone and len(acts) == 1) or (own == {act} and written.is_all_there_is(act))
    ]
    return [_truth(letters, written, act) for act in (None, *heirs)]


class Written:
    """A rewritten draft by the numbers of its words: in which paragraphs each stands, and what copied it."""

    def __init__(self, new: Draft) -> None:
        self.paragraphs = new.paragraphs
        self.words: dict[int, Word] = {}
        #: for every word that was copied, which copyings made another of it, and whether right beside it
        self.acts: dict[int, dict[int, bool]] = {}
        self._sources: dict[int, dict[int, int]] = {}
        self._held: dict[tuple[int, int | None], set[int]] = {}
        for at, paragraph in enumerate(new.paragraphs):
            for word in paragraph:
                self.words[word.id] = word
                self._held.setdefault((word.id, None), set()).add(at)
                if word.copied is not None:
                    self.acts.setdefault(word.copied.of, {})[word.copied.act] = word.copied.beside
                    self._sources.setdefault(word.copied.act, {})[word.copied.of] = len(word.text)
                    self._held.setdefault((word.copied.of, word.copied.act), set()).add(at)

    def is_all_there_is(self, act: int) -> bool:
        """Whether what one copying copied is gone where it was copied from."""
        left = sum(len(self.words[one].text) for one in self._sources[act] if one in self.words)
        return left <= GONE * sum(self._sources[act].values())

    def holding(self, ids: Iterable[int], act: int | None) -> list[int]:
        """The paragraphs in which some of these words stand, or what one copying made of them, in their order."""
        return sorted(set().union(*(self._held.get((one, act), ()) for one in ids)))


def _truth(letters: dict[int, int], written: Written, act: int | None) -> Truth:
    """Where most of these words stand together: the words themselves, or what one copying made of them."""
    best = Truth(0.0, -1)
    for at in written.holding(letters, act):
        place, spans, kept = 0, [], 0
        for word in written.paragraphs[at]:
            born = word.id if act is None else None
            if word.copied is not None and word.copied.act == act:
                born = word.copied.of
            if born in letters:
                spans.append((place, place + len(word.text)))
                kept += letters[born]
            place += len(word.text) + 1
        share = kept / sum(letters.values())
        if share > best.share:
            best = Truth(share, at, tuple(spans))
    return best
