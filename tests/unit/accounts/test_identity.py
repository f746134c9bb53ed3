"""Personal numbers: every valid one is read, every typing mistake is caught, and the number is never shown."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.accounts.identity import (
    CNP_COUNTIES,
    Identity,
    IdentityError,
    check_birth_date,
    cnp_check_digit,
    identity_hash,
    read_cnp,
    read_document,
)

SAMPLES = [
    ("1800101123450", date(1980, 1, 1)),
    ("5090101410013", date(2009, 1, 1)),
    ("5090101410031", date(2009, 1, 1)),
]


def make_cnp(first: int, born: date, county: int, serial: int) -> str:
    twelve = f"{first}{born:%y%m%d}{county:02d}{serial:03d}"
    return twelve + str(cnp_check_digit(twelve))


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, date]:
    first = draw(st.integers(1, 9))
    low, high = {1: (1900, 1999), 2: (1900, 1999), 3: (1800, 1899), 4: (1800, 1899), 5: (2000, 2099), 6: (2000, 2099)}.get(
        first, (1900, 2025)
    )  # fmt: skip
    born = draw(st.dates(date(low, 1, 1), date(high, 12, 31)))
    return make_cnp(first, born, draw(st.sampled_from(sorted(CNP_COUNTIES))), draw(st.integers(1, 999))), born


@pytest.mark.parametrize(("number", "born"), SAMPLES)
def test_published_samples_are_valid(number: str, born: date) -> None:
    assert read_cnp(number, born).warnings == ()


@given(numbers())
def test_every_number_made_by_the_rules_is_read(made: tuple[str, date]) -> None:
    number, born = made
    assert read_cnp(number, born) == Identity(f"cnp|{number}")


@given(numbers(), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_caught_or_changes_what_it_says(
    made: tuple[str, date], place: int, shift: int
) -> None:
    """The check digit misses a single mistake only where two remainders share the digit 1."""
    number, born = made
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    try:
        read = read_cnp(wrong, born)
    except IdentityError:
        return
    assert cnp_check_digit(wrong[:12]) == 1 or place in (0,)
    assert read.text != f"cnp|{number}"


@given(numbers(), st.text(alphabet=" -.\u00a0\t", max_size=3), st.integers(0, 13))
def test_spaces_and_dashes_do_not_matter(made: tuple[str, date], noise: str, place: int) -> None:
    number, born = made
    assert read_cnp(number[:place] + noise + number[place:], born).text == f"cnp|{number}"


@given(numbers(), st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_another_birth_date_is_refused(made: tuple[str, date], other: date) -> None:
    number, born = made
    if number[0] in "789" and (other.year % 100, other.month, other.day) == (
        born.year % 100,
        born.month,
        born.day,
    ):
        assert read_cnp(number, other)
    elif other != born:
        with pytest.raises(IdentityError) as caught:
            read_cnp(number, other)
        assert caught.value.code == "birth_date"


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_code(raw: str) -> None:
    code = ""
    try:
        read_cnp(raw, date(1980, 1, 1))
    except IdentityError as error:
        code = str(error)
    assert code in {"", "length", "century", "check", "serial", "date", "birth_date"}


@pytest.mark.parametrize(
    ("number", "born", "code"),
    [
        ("180010112345", date(1980, 1, 1), "length"),
        ("18001011234500", date(1980, 1, 1), "length"),
        ("", date(1980, 1, 1), "length"),
        ("180010112345O", date(1980, 1, 1), "length"),
        ("1800101123451", date(1980, 1, 1), "check"),
        (make_cnp(1, date(1980, 1, 1), 12, 345)[:9] + "000" + "0", date(1980, 1, 1), None),
        ("5800101123450", date(1980, 1, 1), None),
    ],
)
def test_refusals_name_what_is_wrong(number: str, born: date, code: str | None) -> None:
    with pytest.raises(IdentityError) as caught:
        read_cnp(number, born)
    if code is not None:
        assert caught.value.code == code


def with_digit(twelve: str) -> str:
    return twelve + str(cnp_check_digit(twelve))


def test_a_day_that_does_not_exist_is_refused() -> None:
    for twelve in ("180023112345", "180130112345", "101022912345", "180000112345"):
        with pytest.raises(IdentityError) as caught:
            read_cnp(with_digit(twelve), date(1980, 1, 31))
        assert caught.value.code == "date"


def test_serial_and_century_zero_are_refused() -> None:
    for twelve, code in (("180010112000", "serial"), ("080010112345", "century")):
        with pytest.raises(IdentityError) as caught:
            read_cnp(with_digit(twelve), date(1980, 1, 1))
        assert caught.value.code == code


def test_an_unusual_county_is_a_warning_only() -> None:
    assert read_cnp(make_cnp(1, date(1980, 1, 1), 99, 345), date(1980, 1, 1)).warnings == ("county",)


@pytest.mark.parametrize("first", [7, 8, 9])
def test_a_number_without_a_century_takes_it_from_the_birth_date(first: int) -> None:
    number = make_cnp(first, date(2004, 2, 29), 40, 12)
    assert read_cnp(number, date(2004, 2, 29))
    with pytest.raises(IdentityError):
        read_cnp(number, date(2004, 2, 28))


@pytest.mark.parametrize("born", [date(2026, 5, 13), date(1900, 1, 1)])
def test_an_impossible_birth_date_is_refused(born: date) -> None:
    with pytest.raises(IdentityError, match="birth_date_range"):
        check_birth_date(born, date(2026, 5, 12))
    check_birth_date(date(2026, 5, 12), date(2026, 5, 12))


def test_documents_are_written_one_way() -> None:
    assert read_document("md", "a 123-456 b") == read_document("MD", "A123456B")
    assert read_document("MD", "A123456B") != read_document("UA", "A123456B")
    for country, number, code in (
        ("RO", "XY123456", "use_cnp"),
        ("", "A1234567", "country"),
        ("1D", "A1234567", "country"),
        ("MD", "A1", "document"),
        ("MD", "ABCDEFG", "document"),
        ("MD", "A" * 20 + "1", "document"),
    ):
        with pytest.raises(IdentityError, match=code):
            read_document(country, number)


def test_the_hash_depends_on_the_key_and_the_kind() -> None:
    cnp = read_cnp(*SAMPLES[0])
    hashes = {
        identity_hash(b"k" * 32, cnp),
        identity_hash(b"j" * 32, cnp),
        identity_hash(b"k" * 32, Identity("document|MD|1800101123450")),
    }
    assert len(hashes) == 3
    assert all(len(one) == 32 for one in hashes)
    assert "1800101123450" not in repr(cnp)
