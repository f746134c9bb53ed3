"""A report as files: made by the worker, with their hash, whole, safe to open, and without what was hidden since."""

import csv
import hashlib
import io
import zipfile
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from lxml import etree

from civic import clock
from civic.extensions import db
from civic.files.storage import get_storage
from civic.printing import document
from consultations.contributions import answering, keeping
from consultations.models import Consultation
from consultations.reporting import file_queries, making, presenters, printed
from consultations.reporting.models import ReportFile
from tests.consultations_support import make_consultation
from tests.integration.consultations.registerkit import YES, make_entry, published, staff
from tests.pageclient import PageClient

SECRET = "Locuiesc la numărul 14, scara B."
FORMULA = '=HYPERLINK("https://rau.example")'


@pytest.fixture
def one(app: Flask) -> Consultation:
    """One whose report is public since an hour ago."""
    now = clock.now()
    made = make_consultation("answering", now)
    make_entry(made, made.opens_at, body=FORMULA)
    made.report_published_at = now - timedelta(hours=1)
    db.session.commit()
    return made


def fetched(client: PageClient, path: str) -> bytes:
    """The bytes under the address of consultations."""
    answer = client.browser.get(f"/consultations/{path}")
    assert answer.status_code == 200
    return answer.data


def list_made(one: Consultation) -> list[ReportFile]:
    return list(file_queries.list_files(file_queries.of_consultation(one.id)))


def later(**span: int) -> datetime:
    return clock.now() + timedelta(**span)


def test_the_worker_makes_every_file_once_and_anew_when_something_happened(one: Consultation) -> None:
    assert making.make_due(later(minutes=5)) == 1
    files = list_made(one)
    assert {(file.language, file.format) for file in files} == {
        (language, format_) for language in making.languages() for format_ in ("pdf", "xlsx")
    }
    first = {file.id: file.key for file in files}
    assert making.make_due(later(minutes=10)) == 0
    published(make_entry(one, one.opens_at, body="Încă ceva de spus despre parc."), YES, later(minutes=11))
    assert making.make_due(later(minutes=30)) == 1
    second = {file.id: file.key for file in list_made(one)}
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())
    assert not any(get_storage().exists(key) for key in first.values()), "what was hidden since is gone"


def test_files_are_handed_out_with_the_hash_the_page_tells(client: PageClient, one: Consultation) -> None:
    page = client.get("reporting.show", consultation_id=one.id)
    assert "se fac chiar acum" in page.main_text
    making.make_due(later(minutes=5))
    page = client.get("reporting.show", consultation_id=one.id)
    found = file_queries.get_file(file_queries.of_consultation(one.id), "ro", "pdf")
    assert found.sha256.hex() in page.html
    data = fetched(client, f"{one.id}/report-ro.pdf")
    assert data.startswith(b"%PDF-")
    assert hashlib.sha256(data).digest() == found.sha256


def test_what_was_hidden_is_not_handed_out_from_that_moment(client: PageClient, one: Consultation) -> None:
    entry = make_entry(one, one.opens_at, body=SECRET)
    making.make_due(later(minutes=5))
    keeping.hide(staff().as_actor(), entry.id, "personal_data", "Are o adresă.", "", later(minutes=6))
    db.session.commit()
    client.get("reporting.download", consultation_id=one.id, language="ro", ending="pdf", expect=404)
    making.make_due(later(minutes=20))
    assert fetched(client, f"{one.id}/report-ro.pdf")


def test_no_cell_of_the_tables_is_a_formula(client: PageClient, one: Consultation) -> None:
    text = fetched(client, f"{one.id}/report.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[1][7] == f"'{FORMULA}"
    making.make_due(later(minutes=5))
    data = fetched(client, f"{one.id}/report-ro.xlsx")
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [
            etree.fromstring(book.read(name))
            for name in book.namelist()
            if "/sheet" in name and name.endswith("xml")
        ]
    assert not [cell for sheet in sheets for cell in sheet.iter("{*}f")]
    assert FORMULA in "".join(text for sheet in sheets for text in sheet.itertext())


def test_a_withdrawn_answer_stands_struck_through_with_its_reason(
    client: PageClient, one: Consultation
) -> None:
    answer = published(make_entry(one, one.opens_at, body="Cine udă copacii?"), YES)
    answering.withdraw(staff().as_actor(), answer.id, answer.version, "Am greșit articolul.", clock.now())
    db.session.commit()
    page = client.get("reporting.show", consultation_id=one.id)
    assert "Am greșit articolul." in page.main_text
    assert "Șef serviciu" in page.main_text
    assert "<del>" in page.html
    text = fetched(client, f"{one.id}/report.csv").decode("utf-8-sig")
    assert any("Am greșit articolul." in row for row in csv.reader(io.StringIO(text)))


def test_nobody_outside_takes_it_before_it_is_published(client: PageClient) -> None:
    waiting = make_consultation("answering", clock.now())
    db.session.commit()
    client.get("reporting.matrix", consultation_id=waiting.id, expect=403)
    client.get("reporting.download", consultation_id=waiting.id, language="ro", ending="pdf", expect=403)


@pytest.mark.parametrize(
    "text", ["#panic()[*tare*] $x$ @cheie <eticheta>", "Bravo \U0001f600 中文!", "cuvânt " * 6000]
)
def test_whatever_was_written_is_printed_as_it_stands(one: Consultation, text: str) -> None:
    make_entry(one, one.opens_at, body=text)
    db.session.commit()
    with force_locale("ro"), document.site_addresses():
        context = presenters.report_context(one, clock.now())
        data = document.to_json(printed.document_of(context), clock.now())
    assert text.split()[0] in data
    made = document.pdf_of(data)
    assert b"/MarkInfo" in made or b"/StructTreeRoot" in made
    assert b"/Lang" in made


def test_a_row_stays_on_one_page_unless_it_is_long_and_a_chart_needs_no_table(one: Consultation) -> None:
    make_entry(one, one.opens_at, body="Mai mulți arbori.")
    make_entry(one, one.opens_at, body="cuvânt " * 6000)
    db.session.commit()
    with force_locale("ro"), document.site_addresses():
        blocks = printed.document_of(presenters.report_context(one, clock.now())).blocks
    tables = [block for block in blocks if block["type"] == "table"]
    register = next(block for block in tables if len(block["head"]) == 3)
    assert register["whole"].count(False) == 1 < len(register["whole"])
    assert [block for block in blocks if block["type"] == "bars"]
    assert not [block for block in tables if "Cifrele graficului" in block["title"]]
