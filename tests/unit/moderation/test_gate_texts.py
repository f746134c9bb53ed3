"""What the gate reads in a text: links however written, letters that look alike, copies; and what it leaves alone."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.gate.addresses import HALF, links_in
from civic.moderation.gate.letters import is_disguised, joined, letters, plain, without_digits
from civic.moderation.gate.likeness import FEWEST_LETTERS, KEPT, NEAR, SAME, likeness, sketch
from tests.polis import CONVERSATIONS

#: A link to exemplu.ro, as people and programs write it.
LINKS = [
    "https://exemplu.ro/oferta?x=1",
    "Vezi HTTP://WWW.EXEMPLU.RO",
    "hxxp://exemplu.ro",
    "http : // exemplu.ro",
    "intră pe exemplu.ro acum",
    "exemplu.ro.",
    "(exemplu.ro)",
    "www . exemplu.ro",
    "exemplu punct ro",
    "Exemplu PUNCT Ro, zi de zi",
    "exemplu(punct)ro",
    "exemplu [.] ro",
    "exemplu{dot}ro",
    "exemplu . ro",
    "exemplupunctro",
    "e x e m p l u . r o",
    "e-x-e-m-p-l-u.r-o",
    "ехеmрlu.ro",
    "exem\u200bplu.r\u2060o",
    "ｅｘｅｍｐｌｕ．ｒｏ",
    "𝐞𝐱𝐞𝐦𝐩𝐥𝐮.𝐫𝐨",
    "exemplu。ro",
    "exemplu•ro",
    "exemplu․ro",
    "éxémplu.ro",
    "om@exemplu.ro",
]

#: What residents write, and what is no link in it.
PLAIN = [
    "Strada e plină de gropi.De ce nu vine nimeni?Eu am sunat de trei ori.",
    "Legea 52/2003, art.7 alin.(4) lit.b și H.C.L. nr.12/2024.",
    "Ora 18.30, 12.03.2027, între 8.00 și 20.00, 1.060.000 lei.",
    "Bd.Unirii nr.3, bl.5, sc.B, et.2, ap.14",
    "La acest punct info nu e nimeni. Un alt punct eu nu văd.",
    "S.R.L., S.A., O.N.G., str. Ștefan cel Mare, etc.",
    "Cumpărăm mere, pere ... și altele. Net superior!",
    "Parcul are 2,5 ha; pista 1,2 km. Com. Pantelimon, jud. Ilfov",
    "Și/sau trotuar, km/h, 24/7, intrare/ieșire.",
    "Nu pot. Ro-alert a sunat. Site. Online. Shop.",
    "Să fie pe strada.de la parc.la școală.in curte.it nu e.",
    "",
]


@pytest.mark.parametrize("text", LINKS)
def test_a_link_is_found_however_it_is_written(text: str) -> None:
    assert "exemplu.ro" in links_in(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_link_is_left_alone(text: str) -> None:
    assert links_in(text) == ()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("t.me/canalul_meu", "t.me/canalul_meu"),
        ("bit.ly/abc și wa.me/407", "bit.ly/abc"),
        ("c4s1n0.c0m", "caslno.com"),
        ("http://203.0.113.7/x", "203.0.113.7"),
        ("scrieți la xn--80ak6aa92e.com", "xn--80ak6aa92e.com"),
        ("заходи на сайт пример.рф", "пример.рф"),
        ("intrați pe jocuri.eu și vedeți", "jocuri.eu"),
        ("Cel mai bun preț: jocuri.eu", "jocuri.eu"),
        ("oferta.store/ieftin", "oferta.store"),
    ],
)
def test_other_addresses_are_found_too(text: str, target: str) -> None:
    assert target in links_in(text)


@pytest.mark.parametrize("text", ["punct ro și ai găsit", ".ro/oferta", "Acum scrie: www", "caută https://"])
def test_an_address_begun_in_one_text_and_ended_in_the_next_is_a_link(text: str) -> None:
    assert HALF in links_in(text)


def test_the_citys_own_addresses_are_no_links() -> None:
    assert links_in("pe dezbateri.ps2.ro/a și ps2.ro", ("ps2.ro",)) == ()
    assert links_in("pe aps2.ro", ("ps2.ro",)) == ("aps2.ro",)


def test_a_page_on_a_host_of_everyone_is_its_own_place() -> None:
    assert links_in("https://www.facebook.com/a/b https://facebook.com/c") == (
        "facebook.com/a",
        "facebook.com/c",
    )


@pytest.mark.parametrize(
    "text",
    ["Câștigă bаni", "prе\u200bmiu", "g\u2060ratis", "Ρaște fericit", "𝐂𝐚̂𝐬̦𝐭𝐢𝐠𝐚̆ 𝐛𝐚𝐧𝐢", "ⓒⓐⓢⓘⓝⓞ"],
)
def test_disguised_letters_are_seen(text: str) -> None:
    assert is_disguised(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ștefan, Țăndărei, ÎNCEPUT, Łódź, Ørsted, naïve, straße",
        "Москва și Αθήνα și Երևան",
        "👨‍👩‍👧 mulțumim 🙏🏽 1️⃣ ❤️",
        "20 m², 5 µm, 10 Ω, 30 ℃, ½ kg, № 5, TM™",
        "co\u00adope\u00adrare",
        "\ufeffText lipit dintr-un document",
        "நன்றி धन्यवाद نمی‌خواهم",
    ],
)
def test_other_languages_signs_and_pictures_are_no_disguise(text: str) -> None:
    assert not is_disguised(text)


SPAM = "Câștigă bani ușor de acasă, fără experiență, scrie-mi pe privat chiar acum!"


@pytest.mark.parametrize(
    "copy",
    [
        "CASTIGA BANI USOR DE ACASA FARA EXPERIENTA SCRIE-MI PE PRIVAT CHIAR ACUM",
        "Câștigă  bаni ușоr de аcаsă, fără experiență, scrie-mi pe privat chiar acum!",
        "C4st1ga bani us0r de ac4s4, f4r4 exper1enta, scr1e-m1 pe pr1vat ch1ar acum",
        "Câ\u200bștigă bani ușor de a\u200bcasă, fără experiență, scrie-mi pe privat chiar acum!!!",
        "C â ș t i g ă bani ușor de acasă; fără experiență: scrie-mi pe privat... chiar acum",
    ],
)
def test_a_copy_in_other_letters_is_the_same_text(copy: str) -> None:
    assert likeness(sketch(SPAM), sketch(copy)) >= SAME


def test_a_copy_with_a_few_other_words_is_near() -> None:
    other = "Salut vecini! " + SPAM.replace("chiar acum", "azi") + " 7391"
    assert NEAR <= likeness(sketch(SPAM), sketch(other)) < 1


def test_texts_on_the_same_subject_are_not_near() -> None:
    one = "Vreau mai multe bănci la umbră în parcul Morarilor, pentru cei în vârstă."
    two = "În parcul Morarilor lipsesc toaletele publice și o fântână pentru copii."
    assert likeness(sketch(one), sketch(two)) < 0.2


def test_a_short_text_has_no_copies() -> None:
    assert sketch("Sunt de acord!") == ()
    assert likeness((), ()) == 0


# --- whatever is typed -----------------------------------------------------------------------------------


@given(st.text(max_size=400))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert all(isinstance(one, str) and one for one in links_in(text))
    assert isinstance(is_disguised(text), bool)
    found = sketch(text)
    assert list(found) == sorted(set(found))
    assert len(found) <= KEPT
    assert not found or len(letters(text)) >= FEWEST_LETTERS


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_takes_no_side(one: str, other: str) -> None:
    first, second = sketch(one), sketch(other)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == likeness(second, first)
    assert likeness(first, first) == (1.0 if first else 0.0)


@given(st.text(alphabet="abcdefghij .-", max_size=120))
def test_a_link_among_any_words_is_found(text: str) -> None:
    assert "exemplu.ro" in links_in(f"{text} exemplu.ro {text}")


@given(st.text(max_size=200))
def test_the_plain_form_stays_as_it_is_when_made_again(text: str) -> None:
    assert letters(letters(text)) == letters(text)
    assert without_digits(joined(plain("2026 ore"))) == "2026 ore"


@pytest.mark.parametrize(
    "part", ["a.", "a ", "www", "a-", ".", "(", "a.-", "http", "x", "пример.", " ", "1a", "pe a.", "@"]
)
def test_no_text_keeps_the_gate_busy(part: str) -> None:
    """Work that grows with the square of a text would not end here; with its length it is a moment."""
    assert isinstance(links_in(part * (50_000 // len(part))), tuple)
    assert isinstance(sketch(part * (50_000 // len(part))), tuple)


# --- what real people wrote ------------------------------------------------------------------------------


def test_of_real_statements_few_hold_a_link_a_disguise_or_a_copy(shared_data: Path) -> None:
    texts, held = 0, 0
    for name in CONVERSATIONS:
        with (shared_data / "polis" / name / "comments.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        earlier: list[tuple[str, tuple[int, ...]]] = []
        for row in rows:
            mine = sketch(row["comment-body"])
            alike = [(who, likeness(mine, other)) for who, other in earlier]
            same = any(much >= SAME for who, much in alike if who != row["author-id"])
            own = any(much >= 0.8 for who, much in alike if who == row["author-id"])
            held += bool(links_in(row["comment-body"])) or is_disguised(row["comment-body"]) or same or own
            earlier.append((row["author-id"], mine))
        texts += len(rows)
    assert texts == 915
    assert held / texts <= 0.02
