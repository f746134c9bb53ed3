"""Whoever signs a citizens' draft here and on paper counts once; an author who leaves takes their name along."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, sealing
from civic.accounts.service import delete_account
from civic.errors import Conflict, Invalid
from civic.extensions import db
from consultations.initiatives import leaving, likeness, paper_lines, presenters, queries, signing
from consultations.initiatives.likeness import Line
from consultations.initiatives.models import Initiative, PaperLine, PaperSheet
from tests.factories import make_account, make_resident, save
from tests.integration.consultations.initiativekit import LINE, make_initiative, make_signature
from tests.pageclient import PageClient

SAME = "Ionescu Maria; str Teiul Doamnei nr. 4 bl 2 ap 7; rk123456"
OTHER = "Gheorghe Pană; Șos. Pantelimon 200; XB 777777"


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def make_sheet(one: Initiative, valid: int = 3, number: int = 1) -> PaperSheet:
    return save(
        PaperSheet(initiative_id=one.id, number=number, valid=valid, struck=0, entered_at=clock.now())
    )


def typed(one: Initiative, sheet: PaperSheet, text: str, now: datetime) -> list[PaperLine]:
    rows = paper_lines.enter(make_account("staff").as_actor(), one.id, sheet.id, text, now)
    db.session.commit()
    return rows


def at(one: Initiative, sheet: PaperSheet, **values: Any) -> dict[str, Any]:
    return {"initiative_id": one.id, "sheet_id": sheet.id, **values}


# --- one person, one signature ---------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "why"), [
    (Line("ANA-MARIA POPESCU", "Str. Teiului nr. 4, ap. 7", ""), "name_place"),
    (Line("Popescu Ana Maria", "strada Teiului 4 ap. 7", "rk 123.456"), "document"),
    (Line("A. Pop", "altă stradă", "RK123456"), "document"),
    (Line("Ana Maria Popescu", "Str. Teiului 4, ap. 7", "XB 999999"), "other_document"),
    (Line("Ana Maria Popescu", "Str. Teiului 9, ap. 2", ""), None),
    (Line("Ion Popescu", "Str. Teiului 4, ap. 7", "XB 999999"), None),
    (Line("Ana Maria Popescu", "Șos. Pantelimon 4", ""), None),
])  # fmt: skip
def test_likeness_is_of_documents_first_then_of_names_and_domiciles(line: Line, why: str | None) -> None:
    known = likeness.Known({1: Line("Ana Maria Popescu", "Str. Teiului nr. 4, ap. 7", "RK 123456")})
    assert [one.why for one in known.like(line)] == ([why] if why else [])


def test_the_likely_same_person_is_shown_and_counted_once_when_staff_say_so(
    client: PageClient, now: datetime
) -> None:
    one = make_initiative()
    make_signature(one)
    sheet = make_sheet(one)
    client.sign_in(make_account("staff"))
    page = client.get("initiative_paper.lines", **at(one, sheet))
    assert "Încă nu s-a scris niciun rând" in page.main_text
    bad = client.post("initiative_paper.enter", {"typed": "Maria Ionescu"}, expect=422, **at(one, sheet))
    assert "Rândul 1" in bad.main_text
    assert "Maria Ionescu" in bad.html, "what was typed stays"
    page = client.follow(
        client.post("initiative_paper.enter", {"typed": f"{SAME}\n{OTHER}"}, **at(one, sheet))
    )
    assert "același act de identitate" in page.main_text
    assert LINE["address"] in page.main_text
    assert page.main_text.count("Aceeași persoană") == 1
    assert queries.tally(one.id).valid == 4, "nothing is decided by the program"
    page = client.follow(client.submit(page, "/once"))
    assert queries.tally(one.id).valid == 3
    assert "Numărată o singură dată" in page.main_text
    client.follow(client.submit(page, "/apart"))
    assert queries.tally(one.id).valid == 4
    client.speak("en")
    assert "Likely the same person" in client.get("initiative_paper.lines", **at(one, sheet)).main_text


def test_two_sheets_of_paper_are_compared_too(app: Flask, now: datetime) -> None:
    one, boss = make_initiative(), make_account("staff").as_actor()
    first, second = make_sheet(one), make_sheet(one, number=2)
    (line,) = typed(one, first, OTHER, now)
    (again,) = typed(one, second, OTHER.upper(), now)
    (found,) = paper_lines.compare(one.id, second)
    assert [like.key for like, _line in found.alike] == [("p", line.id)]
    paper_lines.count_once(boss, one.id, second.id, again.id, "p", line.id, now)
    db.session.commit()
    assert queries.tally(one.id).valid == 5
    with pytest.raises(Conflict):
        paper_lines.count_once(boss, one.id, first.id, line.id, "p", again.id, now)
    db.session.rollback()
    signing.remove_sheet(boss, one.id, first.id, now)
    db.session.commit()
    assert queries.tally(one.id).valid == 3, "whoever stood on the sheet taken out counts by the other"


def test_a_person_whose_signature_is_struck_counts_on_paper(app: Flask, now: datetime) -> None:
    one, boss = make_initiative("deposited"), make_account("staff").as_actor()
    signature, sheet = make_signature(one), make_sheet(one)
    (line,) = typed(one, sheet, SAME, now)
    paper_lines.count_once(boss, one.id, sheet.id, line.id, "s", signature.id, now)
    db.session.commit()
    assert queries.tally(one.id).valid == 3
    signing.strike(boss, one.id, signature.id, "Act expirat.", now)
    db.session.commit()
    assert queries.tally(one.id).valid == 3, "once still: by the line of paper"


def test_more_lines_than_the_sheet_has_and_the_same_again_are_refused(app: Flask, now: datetime) -> None:
    one = make_initiative()
    sheet = make_sheet(one, valid=1)
    typed(one, sheet, OTHER, now)
    with pytest.raises(Invalid, match="nu a fost scris încă"):
        typed(one, sheet, OTHER, now)
    db.session.rollback()
    with pytest.raises(Invalid, match="atâtea rânduri: 1"):
        typed(one, sheet, SAME, now)


def test_what_is_typed_is_sealed_and_erased_with_the_signatures(app: Flask, now: datetime) -> None:
    one = make_initiative("refused")
    sheet = make_sheet(one)
    row = save(
        PaperLine(
            sheet_id=sheet.id, place=1, sealed=sealing.seal(paper_lines.SEAL, vars(Line("A", "B", "C")))
        )
    )
    assert paper_lines.read(row) == Line("A", "B", "C")
    signing.erase(one.id, now)
    db.session.commit()
    assert db.session.get_one(PaperLine, row.id).sealed is None


def test_only_the_secretariat_compares(client: PageClient, now: datetime) -> None:
    one = make_initiative()
    sheet = make_sheet(one)
    for who in (make_account("clerk"), make_account("auditor"), make_resident()):
        client.sign_in(who)
        page = client.get("initiative_paper.lines", expect=403, **at(one, sheet))
        assert "Este deschisă pentru" in page.main_text


# --- an author who leaves --------------------------------------------------------------------------------


@pytest.mark.parametrize(("initiators", "name", "left"), [
    ("Ana Pop\nDan Radu", "Ana Pop", "cont șters\nDan Radu"),
    ("Dan Radu\nAna Popescu, profesoară", "Ana P.", "Dan Radu\ncont șters"),
    ("Ana Popescu", "ana77", "cont șters"),
    ("Ana Pop\nDan Radu", "ana77", "Ana Pop\nDan Radu"),
])  # fmt: skip
@pytest.mark.parametrize("kept", [False, True])
def test_the_name_of_an_author_who_leaves_goes_unless_they_keep_it(
    app: Flask, now: datetime, initiators: str, name: str, left: str, kept: bool
) -> None:
    author = make_resident()
    author.display_name = name
    one = make_initiative("collecting", author, initiators=initiators)
    delete_account(author, now, [leaving.KEEP_NAME] if kept else [])
    db.session.commit()
    assert leaving.names_of(one) == (initiators if kept else left)
    gone = not kept and left != initiators
    assert bool(leaving.left_name(one)) is gone, "sealed for the city hall while the procedure needs it"
    signing.erase(one.id, now)
    assert leaving.left_name(one) == ""
    assert one.title


@pytest.mark.parametrize("state", ["draft", "returned", "submitted"])
def test_what_was_never_published_goes_or_is_withdrawn(app: Flask, now: datetime, state: str) -> None:
    author = make_resident()
    one = make_initiative(state, author)
    number = one.id
    delete_account(author, now)
    db.session.commit()
    found = db.session.get(Initiative, number)
    if state == "submitted":
        assert found is not None
        assert found.withdrawn_reason == "Autorul și-a șters contul."
    else:
        assert found is None


def test_the_page_says_deleted_account_and_the_city_hall_goes_on(client: PageClient, now: datetime) -> None:
    author = make_resident()
    author.display_name = "Ana Pop"
    one = make_initiative("collecting", author)
    client.sign_in(author)
    page = client.get("accounts.delete")
    assert "proiectele de hotărâre propuse de tine" in page.main_text
    assert page.find("#keep-initiative-name") is not None
    delete_account(author, now)
    db.session.commit()
    client.sign_out()
    page = client.get("initiatives.show", initiative_id=one.id)
    assert "cont șters" in page.main_text
    assert "Ana Pop" not in page.main_text
    client.sign_in(make_account("staff"))
    assert "Ana Pop și-a șters contul" in client.get("staff_initiatives.show", initiative_id=one.id).main_text
    client.speak("en")
    assert "deleted account" in client.get("initiatives.show", initiative_id=one.id).main_text
    assert presenters.strip(one, now + timedelta(days=1))


def test_whose_name_is_written_otherwise_says_which_one_is_theirs(client: PageClient, now: datetime) -> None:
    author = make_resident()
    author.display_name = "frunza77"
    client.sign_in(author)
    words = {
        "title": "Bănci la umbră", "text": "Art. 1. Se pun bănci.", "reasons": "Lipsesc.", "neighbourhood_id": "",
        "initiators": "Ana Pop\nDan Radu",
    }  # fmt: skip
    made = client.follow(client.post("initiatives.create", words))
    one = db.session.scalars(select(Initiative)).one()
    assert "Scrie care dintre nume este al tău" in client.follow(client.submit(made, "/submit")).html
    wrong = {**words, "own_line": "Ana Popa", "seen": str(one.version)}
    client.post("initiatives.edit", wrong, initiative_id=one.id, expect=422)
    client.post("initiatives.edit", {**wrong, "own_line": "Dan Radu"}, initiative_id=one.id, expect=303)
    client.post("initiatives.submit", initiative_id=one.id, expect=303)
    db.session.refresh(one)
    assert one.submitted_at is not None
    delete_account(author, now)
    assert (one.initiators, one.own_line) == (f"Ana Pop\n{leaving.NO_NAME}", "")
    assert leaving.left_name(one) == "Dan Radu"
