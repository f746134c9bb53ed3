"""Cells become values or a reason; headings find their fields; nothing is rounded away."""

from datetime import date
from decimal import Decimal

import pytest

from civic.imports import rules
from civic.imports.rules import Field, Unreadable


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("money", "61332903.84", Decimal("61332903.84")),
        ("money", "1.500.000,5 lei", Decimal("1500000.50")),
        ("money", Decimal("12.3"), Decimal("12.30")),
        ("money", Decimal("0.30000000000000004"), Decimal("0.30")),
        ("balance", "-783801.26", Decimal("-783801.26")),
        ("balance", "(783.801,26)", Decimal("-783801.26")),
        ("balance", "\u2212 5", Decimal("-5.00")),
        ("whole", "1.728", 1728),
        ("whole", Decimal("12"), 12),
        ("year", Decimal("2024"), 2024),
        ("day", "2024-12-17", date(2024, 12, 17)),
        ("day", "17.12.2024", date(2024, 12, 17)),
        ("day", "2024-12-17T00:00:00", date(2024, 12, 17)),
        ("yes", "Da", True),
        ("yes", "n", False),
        ("choice", " În Execuție ", "in_execution"),
        ("currency", "lei", "RON"),
        ("line", "  două\tcuvinte ", "două cuvinte"),
        ("text", "un rând\nși altul", "un rând\nși altul"),
        ("line", Decimal("47"), "47"),
        ("money", "  ", None),
        ("balance", "(500)", Decimal("-500.00")),
        ("money", "1\u202f234\u00a0567,89 lei", Decimal("1234567.89")),
        ("money", Decimal("999999999999.99"), Decimal("999999999999.99")),
        ("day", "31.12.2024 00:00:00", date(2024, 12, 31)),
        ("line", Decimal("1e30"), "1" + "0" * 30),
        ("line", Decimal("0.0000001"), "0.0000001"),
        ("line", "#REFUZ!", "#REFUZ!"),
        ("day", "12 martie 2024", date(2024, 3, 12)),
        ("day", "1 Sept. 1989", date(1989, 9, 1)),
        ("number", "85 %", Decimal(85)),
        ("number", "1.234.567,5", Decimal("1234567.5")),
        ("number", "0,125", Decimal("0.125")),
        ("number", Decimal("1.234"), Decimal("1.234")),
        ("line", rules.Joined("Alfa", 4), "Alfa"),
        ("day", rules.Joined("2024-12-17", 4), date(2024, 12, 17)),
    ],
)
def test_a_cell_is_read_as_what_its_field_asks_for(kind: str, cell: rules.Cell, value: object) -> None:
    assert rules.read_cell(Field("x", "X", kind, choices={"in executie": "in_execution"}), cell) == value


def test_several_choices_stand_in_one_cell_in_no_order() -> None:
    asked = Field("x", "X", "several", choices={"lucrari": "works", "servicii": "services"})
    assert rules.read_cell(asked, "servicii;lucrări") == ["services", "works"]


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("money", "douăzeci", "money"),
        ("money", "-5", "negative"),
        ("money", Decimal("-5"), "negative"),
        ("money", Decimal("12.345"), "decimals"),
        ("money", "1" * 13, "money"),
        ("money", Decimal("1e13"), "money"),
        ("money", Decimal("1e300"), "money"),
        ("money", "--500", "money"),
        ("money", "-(500)", "money"),
        ("money", "NaN", "money"),
        ("money", "1e9", "money"),
        ("whole", Decimal("1.234"), "whole"),
        ("whole", Decimal("1e300"), "whole"),
        ("year", Decimal("1e300"), "year"),
        ("day", "45657", "serial"),
        ("day", Decimal("45657"), "serial"),
        ("line", "#REF!", "formula"),
        ("money", "#VALOARE!", "formula"),
        ("line", rules.NO_RESULT, "formula"),
        ("balance", "--", "money"),
        ("whole", "12,5", "whole"),
        ("whole", "\u0661", "whole"),
        ("year", "24", "year"),
        ("year", "9" * 5000, "year"),
        ("day", "31.02.2024", "day"),
        ("day", "ieri", "day"),
        ("day", "01.02.0202", "far"),
        ("day", "2101-01-01", "far"),
        ("year", "1989", "year"),
        ("year", "2101", "year"),
        ("yes", "poate", "yes"),
        ("choice", "altfel", "choice"),
        ("currency", "€", "currency"),
        ("currency", "XYZ", "currency"),
        ("line", "x" * 1001, "long"),
        ("day", "martie 2024", "day"),
        ("day", "31 februarie 2024", "day"),
        ("number", "1.234", "two_ways"),
        ("number", "-12,345", "two_ways"),
        ("money", "85%", "money"),
        ("money", rules.Joined(Decimal(500), 4), "joined"),
        ("whole", rules.Joined("7", 4), "joined"),
    ],
)
def test_what_cannot_be_read_says_why(kind: str, cell: rules.Cell, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        rules.read_cell(Field("x", "X", kind), cell)
    assert caught.value.reason["code"] == code
    assert caught.value.reason["field"] == "x"


FIELDS = (
    Field("import_key", "Nr", needed=True, guesses=("id",)),
    Field("title", "Titlu", needed=True, guesses=("denumire",)),
    Field("amount", "Valoare", "money", guesses=("valoare lei", "suma")),
)


def test_every_reason_of_a_row_is_told_at_once() -> None:
    values, reasons = rules.read_row(FIELDS, {"import_key": 0, "title": 1, "amount": 2}, ["7", "", "mult"])
    assert values == {"import_key": "7"}
    assert [(one["field"], one["code"]) for one in reasons] == [("title", "missing"), ("amount", "money")]


def test_a_short_row_has_nothing_in_its_last_columns() -> None:
    values, reasons = rules.read_row(FIELDS, {"import_key": 0, "title": 1, "amount": 9}, ["7", "Parc"])
    assert (values["amount"], reasons) == (None, [])


def test_columns_are_guessed_by_their_headings() -> None:
    columns = ["ID", "Denumire", "Valoare (lei)", "Sumă"]
    assert rules.guess_mapping(FIELDS, columns) == {
        "import_key": "ID", "title": "Denumire", "amount": "Valoare (lei)",
    }  # fmt: skip


def test_what_was_corrected_once_is_remembered_while_its_column_stands() -> None:
    remembered = {"amount": "Sumă", "title": "Dispărută"}
    guessed = rules.guess_mapping(FIELDS, ["ID", "Denumire", "Valoare (lei)", "Sumă"], remembered)
    assert guessed == {"import_key": "ID", "title": "Denumire", "amount": "Sumă"}


def test_one_column_is_guessed_for_one_field() -> None:
    fields = (Field("a", "A", guesses=("x",)), Field("b", "B", guesses=("x",)))
    assert rules.guess_mapping(fields, ["x"]) == {"a": "x"}


def test_headings_are_told_apart() -> None:
    assert rules.tell_apart(["Suma", "", "Suma", "Suma (3)"]) == ["Suma", "(2)", "Suma (3)", "Suma (3) (4)"]


def test_problems_of_a_mapping() -> None:
    assert rules.mapping_problems(FIELDS, {"import_key": "A", "amount": "A"}) == (["title"], ["amount"])
    assert rules.mapping_problems(FIELDS, {"import_key": "A", "title": "B"}) == ([], [])


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["id", "denumire", "suma"], ["1", "x", "2"]], 0),
        ([["Primăria"], ["Situația achizițiilor", "2024"], ["ID", "Denumire", "Suma"], ["1", "x", "2"]], 2),
        ([["Primăria"], ["a", "b"], ["1", "x"]], 1),
        ([["a"], ["1"]], 0),
    ],
)
def test_headings_are_found_under_a_title(rows: list[list[str]], place: int) -> None:
    assert rules.find_headings(FIELDS, rows) == place


def test_headings_chosen_by_hand_before_are_found_again() -> None:
    remembered = {"import_key": "Poz.", "title": "Ce"}
    assert rules.find_headings(FIELDS, [["Tabel", "2024"], ["Poz.", "Ce"], ["1", "x"]], remembered) == 1


def test_signs_that_nobody_sees_are_nothing() -> None:
    assert rules.read_cell(Field("x", "X"), "\x01\x02\u202e") is None
    with pytest.raises(Unreadable) as caught:
        rules.read_cell(Field("x", "X", needed=True), "\x01\x02\u202e")
    assert caught.value.code == "missing"


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (Decimal("12.345"), Decimal(12_345)),
        ("1.234,5 mii lei", Decimal(1_234_500)),
        ("12,3456", Decimal("12345.60")),
        ("(0,5)", Decimal(-500)),
        ("1.234", "two_ways"),
        (Decimal("999999999999"), "money"),
        (Decimal("0.0000001"), "decimals"),
        ("multe", "number"),
    ],
)
def test_amounts_in_thousands_are_amounts(cell: rules.Cell, value: object) -> None:
    asked = Field("x", "X", "balance")
    if isinstance(value, Decimal):
        assert rules.read_cell(asked, cell, 1_000) == value
    else:
        with pytest.raises(Unreadable) as caught:
            rules.read_cell(asked, cell, 1_000)
        assert caught.value.code == value


@pytest.mark.parametrize(
    ("row", "key", "said"),
    [
        (["TOTAL", "", "500"], "TOTAL", True),
        (["9", "Total general:", "500"], "9", True),
        (["", "x", "Subtotal"], "", True),
        (["9", "Total Gaz SRL", "500"], "9", False),
        (["9", "Stație", "Total"], "9", False),
        (["", "Stație", "500"], "", False),
    ],
)
def test_a_row_that_adds_up_others_is_known(row: list[str], key: str, said: bool) -> None:
    places = {"import_key": 0, "title": 1, "amount": 2}
    assert rules.says_total(("import_key", "title"), places, row, key) is said
    assert not rules.says_total((), places, row, key)


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["Nr.", "Obiect", "Valoare"], [rules.Joined("Nr.", 1), "", "fără TVA", "cu TVA"],
         ["Nr.", "Obiect", "Valoare fără TVA", "Valoare cu TVA"]),
        (["Nr.", "Obiect", "", "Loc"], ["1", "Parc", "x", "Aici"], None),
        (["Nr.", "Obiect", "Valoare"], ["", "Capitolul A"], None),
        (["Nr.", "Obiect", "", "Loc"], ["", "", "12,5"], None),
        (["Situație"], ["", "Obiect"], None),
    ],
)  # fmt: skip
def test_headings_over_two_rows_are_one(
    first: list[rules.Cell], second: list[rules.Cell], found: list[str] | None
) -> None:
    assert rules.headings_over_two(first, second) == found
