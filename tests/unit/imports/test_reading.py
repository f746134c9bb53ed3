"""Tables are read row by row, whatever program saved them, and what is no table says so."""

import io
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from civic.imports import layout
from civic.imports.reading import Unusable, look_into, opened
from civic.imports.rules import Joined


def rows(content: bytes, form: str = "csv") -> list[Any]:
    with opened(io.BytesIO(content), form) as found:
        return list(found)


def workbook(cells: list[list[Any]], **options: Any) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for number, row in enumerate(cells):
            for place, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
    return target.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_any_encoding_of_its_letters(encoding: str) -> None:
    found = rows("număr;denumire\n1;Șosea țigănească\n".encode(encoding))
    assert found == [(1, ["număr", "denumire"]), (2, ["1", "Șosea țigănească"])]


def test_the_code_page_of_an_old_spreadsheet_is_read_too() -> None:
    assert rows("număr;oraș\n1;Mărășești\n".replace("ș", "ş").encode("cp1250"))[1][1][1] == "Mărăşeşti"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_sign_between_columns_is_found(mark: str) -> None:
    assert rows(f'a{mark}b\n1{mark}"x{mark}y"\n'.encode())[1] == (2, ["1", f"x{mark}y"])


def test_rows_keep_the_numbers_of_a_spreadsheet() -> None:
    assert [number for number, _cells in rows(b"a,b\n1,2\n\n,\n5,6\n")] == [1, 2, 5]


def test_a_cell_over_several_lines_is_one_row() -> None:
    assert rows(b'a,b\n1,"x\ny"\n2,z\n') == [(1, ["a", "b"]), (2, ["1", "x\ny"]), (3, ["2", "z"])]


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        (b'a,b\n1,"x\n', "csv", "quotes:2"),
        (b'a,b\n1,2\n3,"x" y\n', "csv", "quotes:3"),
        (b"a,b\n1,2\n3," + b"x" * 1_000_000 + b"\n", "csv", "quotes:3"),
        (b"a\0b,c\n1,2\n", "csv", "text"),
        (b"a,b\n1,2\n3,x\0y\n", "csv", "signs:3"),
        (b"%PDF-1.4\n%x\n", "csv", "text"),
        (("a," * 300 + "b\n").encode(), "csv", "columns:1"),
        (b"PK\x03\x04 not a workbook", "xlsx", "workbook"),
        (b"a,b\n1,2\n", "xlsx", "workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, form: str, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        rows(content, form)
    assert caught.value.stored == code


@pytest.mark.parametrize(
    ("content", "widths"),
    [
        ("Raport, 2024, toate\n\nnr;suma\n1;2,5\n2;3,5\n", {3: 2, 4: 2, 5: 2}),
        ("sep=;\nnr;suma\n1;2,5\n", {2: 2, 3: 2}),
        ('nr;"Obiect, descriere, fel, loc";suma\n1;x;2\n', {1: 3, 2: 3}),
        ('nr,"a;b;c;d;e"\n1,x\n', {1: 2, 2: 2}),
    ],
)
def test_a_sign_in_a_title_or_between_quotes_is_none_between_columns(content: str, widths: Any) -> None:
    found = {number: len(cells) for number, cells in rows(content.encode())}
    assert {number: found[number] for number in widths} == widths
    assert 1 not in found or not content.startswith("sep")


def test_the_sheet_that_is_read_is_the_first_that_anybody_sees_with_a_table() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("Copertă").write(0, 0, "Raport")
        hidden = book.add_worksheet("Ciornă")
        hidden.write_row(0, 0, ["nr", "text"])
        hidden.write_row(1, 0, [1, "ascuns"])
        hidden.hide()
        shown = book.add_worksheet("Date")
        shown.write_row(0, 0, ["nr", "text"])
        shown.write_row(1, 0, [1, "văzut"])
    assert rows(target.getvalue(), "xlsx")[1][1][1] == "văzut"
    book = look_into(target)
    assert (book.sheet, book.sheets) == ("Date", ["Copertă", "Date"])
    target.seek(0)
    with opened(target, "xlsx", "Copertă") as found:
        assert [cells for _number, cells in found] == [["Raport"]]


def test_days_formulas_and_escapes_of_a_workbook() -> None:
    from datetime import datetime

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["zi", "sumă", "formulă", "eroare", "text"])
        sheet.write_datetime(1, 0, datetime(2024, 3, 31), book.add_format({"num_format": "dd.mm.yyyy"}))  # noqa: DTZ001
        sheet.write_number(1, 1, 45_657, book.add_format({"num_format": '[Yellow]#,##0 "lei/day"'}))
        sheet.write_formula(1, 2, "=1+2", None, "")
        sheet.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        sheet.write_string(1, 4, "a\r\nb\x00")
    assert rows(without_results(target.getvalue()), "xlsx")[1][1] == [
        "2024-03-31", Decimal("45657.0"), "#FORMULA!", "#DIV/0!", "a \nb",
    ]  # fmt: skip


def without_results(content: bytes) -> bytes:
    """A workbook as programs write it that do not compute: formulas without what they give."""
    return rewritten(content, lambda data: data.replace(b"<v></v>", b"").replace(b"<v/>", b""))


def rewritten(content: bytes, change: Any, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w") as made:
        for entry in source.infolist():
            data = source.read(entry)
            made.writestr(entry.filename, change(data) if entry.filename == part else data)
    return target.getvalue()


def test_rows_whose_numbers_go_back_are_still_other_rows() -> None:
    content = rewritten(workbook([["nr"], [1], [2]]), lambda data: data.replace(b'<row r="3"', b'<row r="1"'))
    assert [number for number, _cells in rows(content, "xlsx")] == [1, 2, 3]


def test_a_locked_workbook_says_so() -> None:
    content = bytearray(workbook([["nr", "text"], [1, "x"]]))
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + place] |= 1
            start += 4
    with pytest.raises(Unusable) as caught:
        rows(bytes(content), "xlsx")
    assert caught.value.code == "locked"


def test_a_workbook_keeps_what_was_typed() -> None:
    from datetime import datetime

    content = workbook(
        [
            ["nr", "suma", "zi", "text"],
            [1, 61332903.84, datetime(2024, 12, 17), "două"],
            [2, 0.1 + 0.2, None, None],
        ]  # noqa: DTZ001
    )
    assert rows(content, "xlsx") == [
        (1, ["nr", "suma", "zi", "text"]),
        (2, [Decimal("1.0"), Decimal("61332903.84"), "2024-12-17", "două"]),
        (3, [Decimal("2.0"), Decimal("0.3")]),
    ]


def test_cells_joined_over_rows_hold_for_each_of_them() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:C2", "Situația achizițiilor")
        sheet.write_row("A3", ["nr", "furnizor", "suma"])
        for row in range(4):
            sheet.write_row(3 + row, 0, [row + 1])
        sheet.merge_range("B4:B6", "Alfa")
        sheet.merge_range("C5:C6", 500)
        sheet.set_row(5, None, None, {"hidden": True})
    alfa, sum_of_two = Joined("Alfa", 4), Joined(Decimal("500.0"), 5)
    assert rows(target.getvalue(), "xlsx") == [
        (1, ["Situația achizițiilor"]),
        (3, ["nr", "furnizor", "suma"]),
        (4, [Decimal("1.0"), "Alfa"]),
        (5, [Decimal("2.0"), alfa, Decimal("500.0")]),
        (6, [Decimal("3.0"), alfa, sum_of_two]),
        (7, [Decimal("4.0")]),
    ]
    assert look_into(target).hidden == 1


def test_joined_cells_and_hidden_rows_are_found_across_the_pieces_a_sheet_is_read_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for row in range(300):
            sheet.write_row(row, 0, [row, "x" * (row % 7)])
            sheet.set_row(row, None, None, {"hidden": row % 3 == 0})
            if row % 2 == 0:
                sheet.merge_range(row, 2, row + 1, 2, row)
    monkeypatch.setattr(layout, "CHUNK", 1000)
    with zipfile.ZipFile(target) as package:
        found = layout.layout_of(package, "xl/worksheets/sheet1.xml")
    assert (len(found.joined), found.hidden) == (150, 100)


def test_a_percentage_of_a_workbook_is_what_it_shows() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, 0.07, book.add_format({"num_format": "0%"}))
        sheet.write_number(0, 1, 1.125, book.add_format({"num_format": "0.00%"}))
        sheet.write_number(0, 2, 0.5, book.add_format({"num_format": '0.0" %"'}))
    assert rows(target.getvalue(), "xlsx") == [(1, ["7%", "112.5%", Decimal("0.5")])]


def test_inline_texts_of_a_workbook_are_read() -> None:
    content = workbook([["nr", "text"], [1, "alt șir"]], constant_memory=True)
    assert rows(content, "xlsx")[1][1][1] == "alt șir"


def test_a_workbook_with_an_entity_of_a_file_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SECRET")
    original, target = workbook([["nr", "text"], [1, "vechi"]]), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(original)) as source, zipfile.ZipFile(target, "w") as made:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                head = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
                data = data.replace(b"<sst", head + b"<sst", 1).replace(b"vechi", b"&x;")
            made.writestr(entry, data)
    assert "SECRET" not in str(rows(target.getvalue(), "xlsx"))


def test_macros_are_refused() -> None:
    target = io.BytesIO(workbook([["a"], [1]]))
    with zipfile.ZipFile(target, "a") as made:
        made.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(Unusable) as caught:
        rows(target.getvalue(), "xlsx")
    assert caught.value.code == "macros"


def _peak(content: bytes, form: str) -> int:
    source = io.BytesIO(content)
    tracemalloc.start()
    with opened(source, form) as found:
        for _row in found:
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(form: str) -> None:
    def made(count: int) -> bytes:
        if form == "csv":
            return ("nr,text\n" + "".join(f"{n},{'x' * 100}{n}\n" for n in range(count))).encode()
        return workbook([["nr", "text"], *([n, f"{'x' * 100}{n}"] for n in range(count))])

    assert _peak(made(4_000), form) < _peak(made(400), form) + 300_000
