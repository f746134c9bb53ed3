"""Where a passage of one edition stands in the next, and that nothing is put on other words."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consultations.drafting.anchoring import Passage, Reanchoring
from consultations.drafting.matching import match_sections
from consultations.drafting.wording import Edition, plain
from soak.amendments import amend, make_regulation
from soak.reanchoring import Tally, one_draft

FIRST = "Art. 1. Prezentul regulament se aplică în toate parcurile din sectorul 2."
DOGS = "(1) Câinii pot umbla liberi între orele 6 și 8 dimineața, fără lesă."
FINE = (
    "(2) Stăpânul strânge în urma câinelui, sub sancțiunea amenzii de 500 de lei, aplicată de poliția locală."
)
REQUESTS = "Art. 2. Cererile se depun la registratură în termen de 30 de zile de la publicare."
ANSWERS = "(1) Primăria răspunde la cereri în termen de 30 de zile, prin poștă."
OLD = [FIRST, DOGS, FINE, REQUESTS, ANSWERS]


def find(new: list[str], section: int, words: str, old: list[str] | None = None) -> str | None:
    """The words a passage stands on in the new text, with how it was found; None when it is given up."""
    before = old or OLD
    back = match_sections(before, new)
    keys = [back.get(at, len(before) + at) for at in range(len(new))]
    search = Reanchoring(Edition(enumerate(before)), Edition(zip(keys, new, strict=True)))
    start = before[section].index(words)
    place = search.find(Passage(section, start, start + len(words)))
    return (
        None
        if place is None
        else f"{place.how}: {dict(zip(keys, new, strict=True))[place.key][place.start : place.end]}"
    )


@pytest.mark.parametrize(
    ("what", "new", "section", "words", "found"),
    [
        ("nothing changed", OLD, 2, "amenzii de 500 de lei", "exact: amenzii de 500 de lei"),
        ("words before", [FIRST, DOGS, FINE.replace("Stăpânul", "Orice stăpân, oricare ar fi el,"), REQUESTS, ANSWERS],
         2, "amenzii de 500 de lei", "exact: amenzii de 500 de lei"),
        ("a word within", [FIRST, DOGS, FINE.replace("500 de", "cel mult 500 de"), REQUESTS, ANSWERS],
         2, "sub sancțiunea amenzii de 500 de lei", "changed: sub sancțiunea amenzii de cel mult 500 de lei"),
        ("old cedillas and other signs", [FIRST, DOGS, FINE.replace("ț", "ţ").upper(), REQUESTS, ANSWERS],
         2, "sancțiunea amenzii", "exact: SANCŢIUNEA AMENZII"),
        ("the paragraph moved", [FIRST, FINE, REQUESTS, ANSWERS, DOGS],
         1, "între orele 6 și 8", "doubtful: între orele 6 și 8"),
        ("two paragraphs joined", [FIRST, f"{DOGS} {FINE}", REQUESTS, ANSWERS],
         2, "strânge în urma câinelui, sub sancțiunea", "exact: strânge în urma câinelui, sub sancțiunea"),
        ("a paragraph cut in two", [FIRST, DOGS, FINE[:39], FINE[39:], REQUESTS, ANSWERS],
         2, "sub sancțiunea amenzii de 500", "exact: sub sancțiunea amenzii de 500"),
        ("the sentence moved to another paragraph",
         [FIRST, DOGS, "(2) Câinii agresivi poartă botniță.", REQUESTS, f"{ANSWERS} {FINE[4:]}"],
         2, "strânge în urma câinelui, sub sancțiunea", "moved: strânge în urma câinelui, sub sancțiunea"),
        ("the paragraph is gone", [FIRST, DOGS, REQUESTS, ANSWERS], 2, "amenzii de 500 de lei", None),
        ("the words are gone", [FIRST, DOGS, "(2) Stăpânul strânge în urma câinelui.", REQUESTS, ANSWERS],
         2, "sub sancțiunea amenzii", None),
        ("written anew", [FIRST, DOGS, "(2) Se interzice hrănirea păsărilor pe alei.", REQUESTS, ANSWERS],
         2, "amenzii de 500 de lei", None),
        ("gone here, said elsewhere", [FIRST, DOGS, FINE, ANSWERS], 3, "în termen de 30 de zile", None),
        ("the other one changed", [FIRST, DOGS, FINE, REQUESTS, ANSWERS.replace("30", "10")],
         3, "în termen de 30 de zile", "exact: în termen de 30 de zile"),
        ("the words are said twice now", [FIRST, DOGS, FINE, REQUESTS, ANSWERS, "(2) Taxa se plătește în termen de 30 de zile."],
         4, "în termen de 30 de zile", "doubtful: în termen de 30 de zile"),
        ("a whole paragraph, changed a little", [FIRST, DOGS.replace("8", "9"), FINE, REQUESTS, ANSWERS],
         1, DOGS, f"changed: {DOGS.replace('8', '9')}"),
    ],
)  # fmt: skip
def test_a_passage_is_found_or_given_up(
    what: str, new: list[str], section: int, words: str, found: str | None
) -> None:
    assert find(new, section, words) == found, what


def test_one_of_two_equal_phrases_is_not_mistaken_for_the_other() -> None:
    old = ["Taxa se plătește în termen de 30 de zile. Cererea se depune în termen de 30 de zile."]
    new = ["Cererea se depune în termen de 30 de zile."]
    search = Reanchoring(Edition([(0, old[0])]), Edition([(0, new[0])]))
    first = old[0].index("în termen")
    assert search.find(Passage(0, first, first + 23)) is None
    second = old[0].rindex("în termen")
    place = search.find(Passage(0, second, second + 23))
    assert place is not None
    assert new[0][place.start : place.end] == "în termen de 30 de zile"


def test_a_copy_beside_a_changed_original_is_not_taken_for_it() -> None:
    assert (
        find([FIRST, DOGS.replace("liberi", "oricum"), DOGS, FINE, REQUESTS, ANSWERS], 1, "fără lesă") is None
    )


def test_every_letter_is_compared_for_one_letter() -> None:
    for text in ("Ţărmul „Mării” – ﬁ ½ ß İ", "a\u00a0b", "", "🙂 da"):  # noqa: RUF001
        assert len(plain(text)) == len(text)
    assert plain("ŞTEFAN ştefan Ștefan") == "stefan stefan stefan"


def test_sections_keep_their_numbers_when_equal_or_alike() -> None:
    new = ["Art. 0. Ceva cu totul nou, dinainte.", FIRST, FINE.replace("500", "200"), DOGS, REQUESTS]
    assert match_sections(OLD, new) == {1: 0, 2: 2, 3: 1, 4: 3}
    assert match_sections([], new) == {}
    assert match_sections(OLD, []) == {}


def test_no_two_sections_get_one_number() -> None:
    old = ["a b c d e f", "x", "x", "a b c d e g", "x"]
    new = ["x", "a b c d e h", "x", "a b c d e i", "x", "x", "a b c d e f"]
    back = match_sections(old, new)
    assert len(set(back.values())) == len(back)
    assert all(0 <= source < len(old) for source in back.values())


@pytest.mark.parametrize(
    ("what", "new", "section", "words", "old"),
    [
        ("copied to the end, the one left in its place was changed",
         [FIRST, "(1) Câinii pot umbla liberi prin parc dimineața.", FINE, REQUESTS, ANSWERS, DOGS], 1, "fără lesă", None),
        ("copied to the end, the one left in its place was joined with the next",
         [FIRST, "(1) Câinii umblă liberi între orele 6 și 8 dimineața. " + FINE, REQUESTS, ANSWERS, DOGS],
         1, "fără lesă", None),
        ("copied to the end, of the one left in its place only a piece remains",
         ["din sectorul 2.", DOGS, FINE, REQUESTS, ANSWERS, FIRST], 0, "toate parcurile", None),
        ("a copy stands whole in another paragraph, the first one was cut up",
         ["(2) Stăpânul strânge în fiecare zi", "aplicată de poliția locală.", FIRST, DOGS, REQUESTS, f"{ANSWERS} {FINE}"],
         2, FINE, None),
        ("said twice where it ends, the other words came in",
         [FIRST, DOGS, FINE.replace("sub sancțiunea amenzii", "sub sancțiunea amenzii sub sancțiunea amenzii"), REQUESTS],
         2, "strânge în urma câinelui, sub sancțiunea amenzii", None),
        ("was said twice where it ends, one of the two went",
         ["Art. 1 Se plătește dovada în intervalul orar 22:00–6:00 pe malul lacului."], 0, "dovada în intervalul orar",
         ["Art. 1 Se plătește dovada în intervalul orar 22:00–6:00 în intervalul orar 22:00–6:00 pe malul lacului."]),
        ("ended its paragraph, and stood within another that has changed",
         [FIRST, "b) Proprietarii respectă planul de acces separat, potrivit legii. Nimeni nu declară altceva acolo."],
         2, "respectă planul de acces",
         [FIRST, "b) Proprietarii respectă planul de acces separat, potrivit legii. Vecinii declară locurile de joacă.",
          "Art. 5 Beneficiarii arată vehiculele. Proprietarii respectă planul de acces separat, potrivit legii."]),
    ],
)  # fmt: skip
def test_what_may_be_a_copy_or_one_of_two_is_given_up(
    what: str, new: list[str], section: int, words: str, old: list[str] | None
) -> None:
    assert find(new, section, words, old) is None, what


def test_words_alike_elsewhere_are_taken_to_their_end() -> None:
    rest = "d) Agenții economici depun la registratură regulamentul intern, prin decizie motivată, în curțile blocurilor."
    old = [
        FIRST,
        "(3) Părinții anunță planul, cu excepția zilelor de sărbătoare legală în Parcul Național în limita a 276 lei.",
        rest,
    ]
    new = [
        FIRST,
        old[1].replace("Național", "Național în termen de 30 de zile") + " " + rest + " " + REQUESTS,
    ]
    found = find(new, 1, "sărbătoare legală în Parcul Național în limita a 276 lei.", old)
    assert found is None or found.endswith("în termen de 30 de zile în limita a 276 lei.")


@pytest.mark.parametrize(
    "seed",
    [
        95_000_147,
        96_000_369,
        101_000_103,
        102_000_177,
        106_000_237,
        109_000_337,
        113_000_305,
        116_000_126,
        110_000_314,
        118_000_106,
        118_000_367,
        120_000_021,
        122_000_235,
        123_000_147,
        307_000_062,
        309_000_183,
        309_000_191,
        422_000_106,
        82_000_008,
        82_000_019,
        82_000_389,
        83_000_116,
        83_000_299,
        83_000_375,
        86_000_084,
        86_000_394,
        88_000_195,
        18,
        33_000_003,
        36_000_237,
        39_000_250,
        41_000_180,
        2_000_309,
        4_000_347,
        5_000_291,
        6_000_011,
        7_000_193,
        11_000_060,
        11_000_111,
    ],
)
def test_copies_doublings_and_paragraphs_written_anew_mislead_nobody(seed: int) -> None:
    """Drafts in which a passage stood on other words once: copied, cut up, doubled by what came beside it."""
    tally = Tally()
    one_draft(seed, tally)
    assert not tally.misplaced


@pytest.mark.parametrize(
    "seed",
    [
        1_000_244,
        1_000_255,
        1_000_306,
        1_000_323,
        2_000_088,
        2_000_154,
        2_000_214,
        2_000_236,
        2_000_320,
        2_000_384,
        123_000_182,
        301_000_134,
        301_000_342,
        302_000_254,
        303_000_063,
        303_000_283,
        303_000_363,
        304_000_292,
        306_000_254,
        309_000_014,
        310_000_123,
        310_000_323,
        313_000_184,
        402_000_133,
        421_000_114,
        441_000_033,
    ],
)
def test_amended_drafts_that_say_nearly_the_same_many_times_mislead_nobody(seed: int) -> None:
    tally = Tally()
    one_draft(seed, tally, amended=True)
    assert not tally.misplaced


def test_amending_never_loses_the_truth_about_a_word() -> None:
    """Every word of an amended draft has a number of its own, and keeps it from the first draft."""
    for seed in range(40):
        chance = random.Random(seed)
        old = make_regulation(chance, 8)
        new = amend(chance, old, 30)
        before = {word.id: word.text for paragraph in old.paragraphs for word in paragraph}
        ids = [word.id for paragraph in new.paragraphs for word in paragraph]
        assert len(before) == sum(map(len, old.paragraphs))
        assert len(ids) == len(set(ids))
        kept = [word for paragraph in new.paragraphs for word in paragraph if word.id in before]
        assert all(plain(word.text) == plain(before[word.id]) for word in kept)


PARKS = [
    f"Art. {at} Accesul câinilor în {park} este permis între orele {hour} și 12, numai în lesă, sub sancțiunea amenzii."
    for at, park, hour in ((1, "Parcul Florilor", 5), (2, "Grădina Icoanei", 6), (3, "Parcul Motodrom", 7))
]


@pytest.mark.parametrize(
    ("what", "new", "section", "found"),
    [
        ("the first is struck out, the others are counted anew",
         [FIRST, PARKS[1].replace("2 A", "1 A"), PARKS[2].replace("3 A", "2 A"), REQUESTS], 1, None),
        ("the others are counted anew and keep their remarks",
         [FIRST, PARKS[1].replace("2 A", "1 A"), PARKS[2].replace("3 A", "2 A"), REQUESTS], 3, "exact: numai în lesă"),
        ("one became what another one says",
         [FIRST, PARKS[0], PARKS[1].replace("Grădina Icoanei", "Parcul Florilor").replace("6", "5"), PARKS[2], REQUESTS],
         2, None),
        ("nothing but other hours in all of them",
         [FIRST, *(one.replace("12", "13") for one in PARKS), REQUESTS], 2, "exact: numai în lesă"),
        ("another park's article in its place",
         [FIRST, PARKS[0], PARKS[1].replace("Grădina Icoanei", "Parcul Obor").replace("6", "8"), PARKS[2], REQUESTS], 2, None),
        ("other hours in one",
         [FIRST, PARKS[0], PARKS[1].replace("6", "8").replace("12", "14"), PARKS[2], REQUESTS], 2, "exact: numai în lesă"),
        ("one is as it was, between the same two", [FIRST, *PARKS, FINE], 2, "exact: numai în lesă"),
    ],
)  # fmt: skip
def test_sections_that_say_nearly_the_same_are_not_taken_for_one_another(
    what: str, new: list[str], section: int, found: str | None
) -> None:
    assert find(new, section, "numai în lesă", [FIRST, *PARKS, REQUESTS]) == found, what


def test_a_word_that_stands_twice_is_taken_where_the_passage_goes_on() -> None:
    old = [
        "(2) Vecinii plătesc taxa în termen de 5 zile lucrătoare de la publicare în cartier.",
        "Art. 5 Vizitatorii primesc programul de funcționare în școli. Locuitorii răspund pentru planul de acces.",
    ]
    new = [
        "(2) Vecinii plătesc taxa în termen de 5 zile lucrătoare de la publicare în 5 de funcționare în școli. "
        "Locuitorii răspund pentru planul de acces."
    ]
    found = find(
        new,
        1,
        "5 Vizitatorii primesc programul de funcționare în școli. Locuitorii răspund pentru planul",
        old,
    )
    assert found is None or found.startswith(("changed: 5 de funcționare", "changed: de funcționare"))


def test_what_was_said_twice_elsewhere_takes_nothing_from_a_section_that_reads_as_it_did() -> None:
    twice = "Primăria răspunde la cereri în termen de 30 de zile, prin poștă."
    old = [FIRST, f"(1) {twice}", FINE, REQUESTS, f"(2) {twice} Apoi se publică."]
    new = [FIRST, f"(1) {twice}", FINE, REQUESTS, "(2) Apoi se publică un anunț."]
    assert find(new, 1, "răspunde la cereri în termen", old) == "exact: răspunde la cereri în termen"


@given(st.integers(min_value=0, max_value=2**31))
@settings(max_examples=40, derandomize=True, deadline=None)
def test_no_passage_is_ever_put_on_other_words(seed: int) -> None:
    tally = Tally()
    one_draft(seed, tally, passages=12)
    assert not tally.misplaced


def test_drafts_rewritten_at_random_misplace_nothing() -> None:
    tally = Tally()
    for seed in range(60):
        one_draft(seed, tally)
    assert not tally.misplaced
    assert tally.counts["right"] / tally.all >= 0.95
