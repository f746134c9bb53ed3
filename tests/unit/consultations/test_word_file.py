"""Word files as sections: numbers, tracked changes, tables, and files that mean harm."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from civic.errors import Invalid
from consultations.drafting import word_file
from consultations.drafting.rules import Piece
from consultations.drafting.word_file import read_word
from tests.support import ROOT

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def package(body: str, **parts: str) -> io.BytesIO:
    """A Word file of the bare parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("[Content_Types].xml", "<x/>")
        zipped.writestr("word/document.xml", f"<w:document {NS}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            zipped.writestr(f"word/{name}.xml", content)
    target.seek(0)
    return target


def run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def texts(source: io.BytesIO) -> list[str]:
    return [piece.text for piece in read_word(source)[0]]


def saved(document: docx.document.Document) -> io.BytesIO:
    target = io.BytesIO()
    document.save(target)
    target.seek(0)
    return target


@pytest.fixture(autouse=True)
def sentences(session_app):
    """Refusals are sentences of the application."""
    with session_app.app_context():
        yield


def test_headings_articles_and_tables_as_word_writes_them() -> None:
    document = docx.Document()
    document.add_heading("Regulamentul parcurilor", 0)
    document.add_heading("Capitolul I", 2)
    document.add_paragraph("Art. 1. Se aplică în sector.")
    document.add_paragraph("")
    table = document.add_table(2, 2)
    for row, words in enumerate((("Faptă", "Amendă"), ("Gunoi", "500 lei"))):
        for column, cell in enumerate(words):
            table.cell(row, column).text = cell
    document.add_paragraph("După tabel.")
    pieces, remarks = read_word(saved(document))
    assert pieces == [
        Piece("title", "Regulamentul parcurilor"),
        Piece("chapter", "Capitolul I"),
        Piece("article", "Art. 1. Se aplică în sector."),
        Piece("row", "Faptă | Amendă"),
        Piece("row", "Gunoi | 500 lei"),
        Piece("paragraph", "După tabel."),
    ]
    assert remarks.as_dict() == {}


def test_tracked_insertions_stay_deletions_go_and_both_are_counted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Amenda este de ")
    paragraph._p.append(
        parse_xml(f'<w:del {nsdecls("w")} w:id="1"><w:r><w:delText>500</w:delText></w:r></w:del>')
    )
    paragraph._p.append(parse_xml(f'<w:ins {nsdecls("w")} w:id="2"><w:r><w:t>200</w:t></w:r></w:ins>'))
    paragraph.add_run(" de lei.")
    pieces, remarks = read_word(saved(document))
    assert pieces == [Piece("paragraph", "Amenda este de 200 de lei.")]
    assert remarks.as_dict() == {"insertions": 1, "deletions": 1}


def test_moved_text_is_read_where_it_went() -> None:
    body = (
        f"<w:p><w:moveFrom>{run('Vechi loc')}</w:moveFrom></w:p><w:p>{run('Mijloc')}</w:p>"
        f"<w:p><w:moveTo>{run('Vechi loc')}</w:moveTo></w:p>"
    )
    assert texts(package(body)) == ["Mijloc", "Vechi loc"]


def test_numbers_that_word_makes_are_part_of_the_text() -> None:
    numbering = (
        f'<w:numbering {NS}><w:abstractNum w:abstractNumId="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Art. %1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="(%2)"/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%3)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )

    def numbered(depth: int, words: str) -> str:
        return f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="5"/></w:numPr></w:pPr>{run(words)}</w:p>'

    body = "".join(
        numbered(depth, words)
        for depth, words in (
            (0, "Unu"),
            (1, "alfa"),
            (1, "beta"),
            (2, "x"),
            (2, "y"),
            (0, "Doi"),
            (1, "gama"),
        )
    )
    pieces = read_word(package(body, numbering=numbering))[0]
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("article", "Art. 1. Unu"), ("paragraph", "(1) alfa"), ("paragraph", "(2) beta"), ("point", "a) x"),
        ("point", "b) y"), ("article", "Art. 2. Doi"), ("paragraph", "(1) gama"),
    ]  # fmt: skip


def test_text_within_tables_within_rows_is_read_once() -> None:
    inner = f"<w:tbl><w:tr><w:tc><w:p>{run('dedesubt')}</w:p></w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc><w:p>{run('sus')}</w:p>{inner}<w:p/></w:tc><w:tc><w:p>{run('alături')}</w:p></w:tc></w:tr></w:tbl>"
    assert texts(package(body)) == ["sus dedesubt | alături"]


@pytest.mark.parametrize(
    "document",
    [
        f'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><w:document {NS}><w:body/></w:document>',
        f"<w:document {NS}><w:body><w:p>",
        f"<w:document {NS}><w:body/></w:document>",
        f"<w:document {NS}><w:body>{'<w:p>' * 400}{'</w:p>' * 400}</w:body></w:document>",
        "niciun XML",
    ],
)
def test_a_file_that_means_harm_or_nothing_is_refused_with_a_sentence(document: str) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        zipped.writestr("word/document.xml", document)
    with pytest.raises(Invalid) as refusal:
        read_word(target)
    assert str(refusal.value.message).endswith(".")


def test_no_entity_opens_a_file_of_this_machine(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("parola")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as zipped:
        zipped.writestr(
            "word/document.xml",
            f'<!DOCTYPE w [<!ENTITY s SYSTEM "file://{secret}">]>'
            f"<w:document {NS}><w:body><w:p><w:r><w:t>&s;</w:t></w:r></w:p></w:body></w:document>",
        )
    with pytest.raises(Invalid):
        read_word(target)


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_file, "MAX_XML", 1_000_000)
    with pytest.raises(Invalid):
        read_word(package(f"<w:p>{run('0' * 2_000_000)}</w:p>"))


#: What a process of its own does with a file and with the edition before, and how much memory it took at most.
MEASURED = """
import json, resource, sys
from consultations.drafting.matching import match_sections
from consultations.drafting.word_file import read_word
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before, seen = peak(), []
with open(sys.argv[1], "rb") as source:
    pieces, _remarks = read_word(source, lambda done, total: seen.append((done, total)))
read = peak()
old = [piece.text.replace("lege", "cod", at % 3) for at, piece in enumerate(pieces)]
same = len(match_sections(old, [piece.text for piece in pieces]))
json.dump([len(pieces), seen, read - before, peak() - before, same], sys.stdout)
"""


def test_two_thousand_pages_are_read_and_matched_in_bounded_memory_with_progress(tmp_path: Path) -> None:
    """Memory as the machine counts it, of a process of its own: what lxml holds is not Python's."""
    paragraphs = "".join(
        f'<w:p><w:pPr><w:jc w:val="both"/></w:pPr>{run(f"{at} Un paragraf de lege cu câteva cuvinte. " * 8)}</w:p>'
        for at in range(20_000)
    )
    file = tmp_path / "mare.docx"
    file.write_bytes(package(paragraphs).getvalue())
    command = [sys.executable, "-c", MEASURED, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT)
    count, seen, read, matched, same = json.loads(done.stdout)
    assert count == same == 20_000
    assert read < 60_000_000
    assert matched < 250_000_000
    assert len(seen) == 40
    assert seen == sorted(seen)
    assert seen[-1][0] <= seen[-1][1]


def test_a_paragraph_of_endless_empty_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_file, "MAX_PARTS", 1_000)
    assert texts(package("<w:p><w:r><w:t>Art. 1.</w:t></w:r></w:p>" * 2_000))
    with pytest.raises(Invalid, match="scris de Word"):
        read_word(package("<w:p>" + "<w:r/>" * 2_000 + "</w:p>"))
