"""What an argument is, how arguments are ordered, and which of them say the same. Plain values in, plain values out.

An argument is judged (convincing, not convincing, don't know), not liked. Whose judgement it is counts by where they
stand on the question: an argument stands high when it convinces every camp, not when one camp is large.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from civic.text import fold

#: What moderators and reports call whatever is written in a debate.
KIND = "agora_post"

POSITION, ARGUMENT, REPLY = "position", "argument", "reply"
KINDS = (POSITION, ARGUMENT, REPLY)
#: What an argument does; `note` is a fact stated by an official, pinned above the arguments and not judged.
SIDES = ("for", "against", "consider")
NOTE = "note"

MAX_POSITION = 200
MAX_BODY = 500
MAX_SOURCE = 500
MAX_PSEUDONYM = 40
MAX_FUNCTION = 120

#: Where somebody stands on the question; who has not said so stands with the undecided.
FOR, UNDECIDED, AGAINST = 1, 0, -1
STANCES = (FOR, UNDECIDED, AGAINST)

CONVINCING, UNKNOWN, UNCONVINCING = 1, 0, -1
JUDGEMENTS = (CONVINCING, UNCONVINCING, UNKNOWN)

ORDERS = ("default", "newest", "divisive", "random")
#: Below so many participants an order by judgements would be an order by the first few.
PARTICIPANTS_FOR_ORDER = 30
#: A camp counts once so many people of it judge, an argument's place once each such camp has judged it so often.
ENOUGH = 5
#: Opinion groups there can be.
MOST_GROUPS = 5
#: Every so many places, one is for an argument that too few have judged.
YOUNG_PLACE = 3

AN_HOUR = 40
#: What the gate calls the place.
SPACE = "arguments"


@dataclass(frozen=True)
class Camp:
    """How the people of one stance judged an argument: how many it convinces, and how many judged it at all."""

    yes: int = 0
    seen: int = 0


@dataclass(frozen=True)
class Tally:
    """The counted judgements of an argument by camp, and how many of all judgements were "don't know"."""

    camps: Mapping[int, Camp]
    unknown: int = 0

    @property
    def yes(self) -> int:
        """How many it convinces."""
        return sum(camp.yes for camp in self.camps.values())

    @property
    def seen(self) -> int:
        """How many judged it."""
        return sum(camp.seen for camp in self.camps.values())


@dataclass(frozen=True)
class Basis:
    """By whom the judgements of a debate are told apart: by stances, or by opinion groups where these are stable."""

    by_groups: bool = False
    #: the stances, or the numbers of the groups, that count
    camps: tuple[int, ...] = ()


def active_camps(judges: Mapping[int, int]) -> tuple[int, ...]:
    """The stances of which enough people judge, in the order of `STANCES`."""
    return tuple(stance for stance in STANCES if judges.get(stance, 0) >= ENOUGH)


def basis_of(by_stance: Mapping[int, int], by_group: Sequence[int]) -> Basis:
    """What the order goes by: the opinion groups, once enough people of each judge; the declared stances otherwise.

    `by_group` says how many of each group judged the argument they judged most; it is empty where no group is stable.

    >>> basis_of({1: 9, -1: 2}, [5, 7]), basis_of({1: 9, -1: 2}, [4, 7])
    (Basis(by_groups=True, camps=(0, 1)), Basis(by_groups=False, camps=(1,)))
    """
    if by_group and min(by_group) >= ENOUGH:
        return Basis(True, tuple(range(len(by_group))))
    return Basis(False, active_camps(by_stance))


def share(camp: Camp) -> Fraction:
    """The smoothed share of a camp that an argument convinces: (A + 1) / (S + 2)."""
    return Fraction(camp.yes + 1, camp.seen + 2)


def is_known(tally: Tally, camps: Collection[int]) -> bool:
    """Whether every camp has judged it often enough for its place to mean something."""
    return bool(camps) and all(tally.camps.get(camp, Camp()).seen >= ENOUGH for camp in camps)


def consensus(tally: Tally, camps: Iterable[int]) -> Fraction:
    """Group-informed consensus: the product of the camps' shares. One camp that is not convinced keeps it low."""
    product = Fraction(1)
    for camp in camps:
        product *= share(tally.camps.get(camp, Camp()))
    return product


def divisiveness(tally: Tally, camps: Iterable[int]) -> Fraction:
    """How far the most and the least convinced camp stand apart, 0 to 1."""
    shares = [share(tally.camps.get(camp, Camp())) for camp in camps]
    return max(shares) - min(shares) if shares else Fraction(0)


def priority(tally: Tally) -> float:
    """How much an argument wants to be judged: [ (1 − (P+1)/(S+2)) · (A+1)/(S+2) · (1 + 8·2^(−S/5)) ]²."""
    seen = tally.seen
    undecided = 1 - (tally.unknown + 1) / (seen + 2)
    return float((undecided * (tally.yes + 1) / (seen + 2) * (1 + 8 * 2.0 ** (-seen / 5))) ** 2)


def place_of(known: bool, rank: int) -> int:
    """Where the `rank`-th (from 1) of those known or of those too few have judged stands among all.

    >>> [place_of(True, rank) for rank in (1, 2, 3, 4)], [place_of(False, rank) for rank in (1, 2)]
    ([1, 2, 4, 5], [3, 6])
    """
    return rank + (rank - 1) // (YOUNG_PLACE - 1) if known else rank * YOUNG_PLACE


#: Beginnings of words by which a pseudonym would speak for somebody else, without diacritics.
_OFFICES = (
    "primar",
    "viceprimar",
    "consilier",
    "consiliul",
    "moderator",
    "admin",
    "functionar",
    "prefect",
    "guvern",
)


def speaks_for_an_office(name: str) -> bool:
    """Whether a pseudonym would be taken for somebody of the city hall.

    >>> speaks_for_an_office("Primăria Sectorului 2"), speaks_for_an_office("Vecina de la trei")
    (True, False)
    """
    return any(word.startswith(_OFFICES) for word in fold(name).replace(".", " ").replace("-", " ").split())


# --- arguments that say the same -------------------------------------------------------------------------

#: Words that every second sentence has, without diacritics; beginnings, as `stems` cuts them.
_WORDS = (
    "acest aceas acela aceea acolo aici aceste acest acum adica alte altul apoi asa asta astea atat aveam avem aveti "
    "avea bine cand care catre cum daca deci decat deja despre dintr dintre din doar dupa este eram erau fara fiind "
    "fie fost fiecar foarte inca intre intr iar insa la le mai mult multe multi nici nimic noastr nostru numai oare "
    "ori orice pana parte pe pentru peste poate prea prin sau sunt suntem spre sub toate tot toti trebui unde unei "
    "unele unor unui vor voi the and for that this with not are was were will would should there their because"
)
_STEM = 5
_COMMON = frozenset(word[:_STEM] for word in _WORDS.split())
#: From how much of the smaller text's words two arguments say the same.
ALIKE = 0.6
FEWEST_STEMS = 2
MOST_STEMS = 24


def stems(text: str) -> tuple[str, ...]:
    """The telling words of a text, cut short so that endings make no difference, each once, in order.

    >>> stems("Copiii nu au unde să se plimbe, copiilor le trebuie parc")
    ('copii', 'plimb', 'parc')
    """
    letters = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    cut = (word[:_STEM] for word in letters.split() if len(word) > 3)
    return tuple(dict.fromkeys(word for word in cut if word not in _COMMON))[:MOST_STEMS]


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much of the shorter of two texts' words stands in the other, 0 to 1; 0 for texts of a word or two."""
    first, second = set(one), set(other)
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer >= FEWEST_STEMS else 0.0
