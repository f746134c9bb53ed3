"""What a decision is, and what its source's words say about its relation to others. Plain values in and out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from civic.text import fold

KINDS = ("council", "general_council", "order", "other")
#: "amends": this one changes that one. A passive in the source is turned round.
RELATIONS = ("amends", "revises", "carries_out", "repeals")
#: Where a decision stands. A draft is the city hall's own; what ended stays where it was, with the reason.
STATES = ("draft", "published", "repealed", "annulled")
ENDED = ("repealed", "annulled")
#: state -> the states it may go to. A decision is corrected where it stands; only an end by mistake is undone.
STEPS = {
    "draft": ("published",),
    "published": ENDED,
    "repealed": ("published",),
    "annulled": ("published",),
}
#: The parts of Monitorul Oficial Local. Administrative Code (OUG 57/2019), annex 1, art. 1.
REGISTERS = ("statute", "procedures", "decisions", "orders", "financial", "other")
MAX_TITLE, MAX_BODY, MAX_LINE, MAX_REASON = 1_000, 200_000, 300, 3_000

_REFERENCE = re.compile(r"(?:nr\.?\s*)?(\d{1,5})\s*/\s*(?:\d{1,2}\.\d{1,2}\.)?((?:19|20)\d{2})")
_SHORT = {"council": "HCL", "general_council": "HCGMB", "order": "dispoziția", "other": "actul"}


@dataclass(frozen=True)
class Relation:
    """A relation read from words: to the decision of a number and year; `passive` when that one acts on this one."""

    kind: str
    number: str
    year: int
    passive: bool


def kind_of(issuer: str, citation: str, key: str) -> str:
    """What kind of decision a source names, by its issuer and by how it is cited.

    >>> kind_of("Consiliul General al Municipiului București", "HCGMB nr. 120/2010", "")
    'general_council'
    """
    words = fold(f"{issuer} {citation} {key}")
    if "hcgmb" in words or "consiliul general" in words:
        return "general_council"
    if "dispozi" in words or "primar" in fold(issuer):
        return "order"
    return "council" if "consili" in words or "hcl" in re.sub(r"[ .]", "", words) else "other"


def relations_in(words: str) -> Iterator[Relation]:
    """The relations that the source's words name.

    >>> list(relations_in("modificată prin HCL 42/2024"))
    [Relation(kind='amends', number='42', year=2024, passive=True)]
    """
    folded = fold(words)
    for stem, kind in (("modific", "amends"), ("rectific", "revises"), ("aplicarea", "carries_out")):
        for found in re.finditer(
            rf"{stem}(\w*)(.*?)(?={'|'.join(('modific', 'rectific', 'aplicarea'))}|$)", folded
        ):
            passive = found[1] in ("ata", "at", "ate") or "prin" in found[2].split("/")[0].split()
            for number, year in _REFERENCE.findall(found[2]):
                yield Relation(kind, str(int(number)), int(year), passive)


def short_name(kind: str, number: str, year: int) -> str:
    """How a decision is called in a line of text.

    >>> short_name("council", "47", 2024)
    'HCL 47/2024'
    """
    return f"{_SHORT[kind]} {number}/{year}"
