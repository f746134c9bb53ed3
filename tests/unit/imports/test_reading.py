"""Tables are read row by row, whatever program saved them, and what is no table says so."""

import io
import tracemalloc
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from civic.imports.reading import Unusable, opened


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
        (b'a,b\n1,"x\n', "csv", "text"),
        (b"a\0b,c\n1,2\n", "csv", "text"),
        (("a," * 300 + "b\n").encode(), "csv", "columns"),
        (b"PK\x03\x04 not a workbook", "xlsx", "workbook"),
        (b"a,b\n1,2\n", "xlsx", "workbook"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, form: str, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        rows(content, form)
    assert caught.value.code == code


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
