"""What the words of a source say about decisions and each other."""

import pytest

from civic.decisions import rules
from civic.decisions.rules import Relation


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("modificată și completată prin HCL 12/2020", [Relation("amends", "12", 2020, True)]),
        ("modifică HCL 52/2017", [Relation("amends", "52", 2017, False)]),
        ("rectificat prin HCL 365/17.12.2024", [Relation("revises", "365", 2024, True)]),
        ("rectifică HCL 47/14.02.2024", [Relation("revises", "47", 2024, False)]),
        ("în aplicarea HCL 225/2022", [Relation("carries_out", "225", 2022, False)]),
        ("pusă în aplicare din 25.06.2024", []),
        ("emitentul nu este numit în sursă; presupus Consiliul Local Sector 2", []),
        ("", []),
    ],
)
def test_relations_are_read_from_the_words_of_the_source(words: str, expected: list[Relation]) -> None:
    assert list(rules.relations_in(words)) == expected


@pytest.mark.parametrize(
    ("issuer", "citation", "kind"),
    [
        ("Consiliul Local Sector 2", "H.C.L. Sector 2 nr. 17/2016", "council"),
        ("", "H C.L. Sector 2 nr. 309/2022", "council"),
        ("Consiliul General al Municipiului București", "HCGMB nr. 120/2010", "general_council"),
        ("Primarul Sectorului 2", "Dispoziția nr. 3", "order"),
        ("Ministerul Finanțelor", "OMF 1", "other"),
    ],
)
def test_the_kind_is_known_by_issuer_and_citation(issuer: str, citation: str, kind: str) -> None:
    assert rules.kind_of(issuer, citation, "") == kind
