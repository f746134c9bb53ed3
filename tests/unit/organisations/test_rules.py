"""Numbers, addresses and standing of organisations."""

from dataclasses import dataclass

import pytest

from civic.organisations import rules
from civic.organisations.rules import LegalForm, State


@dataclass
class One:
    legal_form: str
    registration_number: str = "1/A/2020"
    state: str = State.VERIFIED


@pytest.mark.parametrize("code", ["4267117", "14399840", "1590082", "38712057", "RO 4267117", "ro14399840"])
def test_a_tax_code_with_its_right_last_digit_is_read(code: str) -> None:
    assert rules.read_tax_code(code) == code.upper().replace("RO", "").strip()


@pytest.mark.parametrize(
    "code", ["4267118", "0426711", "", "RO", "7", "12345678901", "42671١7", "4267117; DROP"]
)
def test_what_is_no_tax_code_is_refused(code: str) -> None:
    assert rules.read_tax_code(code) is None


def test_one_wrong_digit_is_always_seen() -> None:
    for position in range(len("38712057")):
        for digit in "0123456789":
            changed = "38712057"[:position] + digit + "38712057"[position + 1 :]
            assert (rules.read_tax_code(changed) is not None) == (changed == "38712057"), changed


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("verde.ro", "https://verde.ro"),
        ("http://verde.ro/pagina?x=1", "http://verde.ro/pagina?x=1"),
        ("https://grădina.ro", "https://grădina.ro"),
        ("verde.ro:8080", "https://verde.ro:8080"),
        ("HTTPS://verde.ro", "HTTPS://verde.ro"),
    ],
)
def test_an_address_of_the_web_is_http_or_https(typed: str, stored: str) -> None:
    assert rules.read_website(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://verde.ro", "https://", "https://localhost", "//verde.ro",
        "https://ana:parola@verde.ro", "https://verde.ro\\@rău.ro", "https://ver de.ro", "https://verde.ro:99999999",
        "https://127.0.0.1/", "https://[::1", "https://a.ro/" + "x" * 300, "mailto:ana@verde.ro", "https://ana@verde.ro",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(typed: str) -> None:
    assert rules.read_website(typed) is None


@pytest.mark.parametrize("typed", ["", "12345", "0" * 16, "+", "0722 123 456 int. 5", "++40722123456"])
def test_what_is_no_telephone_is_refused(typed: str) -> None:
    assert rules.read_phone(typed) is None


@pytest.mark.parametrize(
    ("form", "number", "code", "missing"),
    [
        (LegalForm.ASSOCIATION, "", "4267117", "registration_number"),
        (LegalForm.ASSOCIATION, "1/A", "", None),
        (LegalForm.AUTHORITY, "1/A", "", "tax_code"),
        (LegalForm.AUTHORITY, "", "4267117", None),
        (LegalForm.INITIATIVE_GROUP, "", "", None),
    ],
)
def test_each_legal_form_has_its_number(form: str, number: str, code: str, missing: str | None) -> None:
    assert rules.missing_number(form, number, code) == missing


@pytest.mark.parametrize("form", list(LegalForm))
@pytest.mark.parametrize("state", list(State))
def test_only_verified_bodies_with_a_number_oblige_to_a_debate(form: LegalForm, state: State) -> None:
    one = One(form, state=state)
    assert rules.is_legally_constituted(one) == (
        state == State.VERIFIED and form not in (LegalForm.INITIATIVE_GROUP, LegalForm.AUTHORITY)
    )
    assert rules.is_authority(one) == (state == State.VERIFIED and form == LegalForm.AUTHORITY)
    assert rules.obliges_debate(one) == (state == State.VERIFIED and form != LegalForm.INITIATIVE_GROUP)
    assert not rules.is_legally_constituted(One(form, "", state))
