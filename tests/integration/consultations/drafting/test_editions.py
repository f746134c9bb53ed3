"""Bringing a text in, publishing editions, and what becomes of remarks when the text changes."""

import io
import zipfile

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.extensions import db
from civic.tasks import Task
from consultations.drafting import importing, queries
from consultations.drafting.models import Annotation, Edition, Stance
from tests.factories import make_account, make_resident
from tests.integration.consultations.drafting.draftkit import (
    TEXT,
    key_of,
    open_consultation,
    publish,
    remark,
    run_tasks,
    upload,
    word_bytes,
)
from tests.pageclient import PageClient


def test_staff_paste_look_over_correct_and_publish(client: PageClient) -> None:
    one = open_consultation()
    client.sign_in(make_account("staff"))
    client.post("staff_drafting.bring_in", {"source": "text", "text": TEXT}, consultation_id=one.id)
    page = client.get("staff_drafting.text", consultation_id=one.id)
    assert "Au fost citite 6 secțiuni" in page.main_text or "6 secțiuni" in page.main_text
    prepared = queries.find_prepared(one.id)
    assert prepared is not None
    key = key_of(prepared, "a)")
    client.submit(page, "/kinds", {f"kind-{key}": "paragraph"})
    assert {row.kind for row in queries.list_keyed(prepared.id)} == {"chapter", "article", "paragraph"}
    assert "Textul nu este încă aici" in client.get("drafting.text", consultation_id=one.id).main_text
    client.post("staff_drafting.publish", consultation_id=one.id)
    page = client.get("drafting.text", consultation_id=one.id)
    assert "Forma 1" in page.main_text
    assert "Câinii pot umbla liberi" in page.main_text
    assert page.text_of(f"#s{key}").startswith("a) punga")


def test_a_word_file_is_read_by_the_worker(client: PageClient) -> None:
    one = open_consultation()
    client.sign_in(make_account("staff"))
    file = (io.BytesIO(word_bytes("Art. 1. Unu.", "Art. 2. Doi.")), "proiect.docx")
    client.post("staff_drafting.bring_in", {"source": "docx", "upload": file}, consultation_id=one.id)
    assert "așteaptă" in client.get("staff_drafting.text", consultation_id=one.id).main_text.lower()
    client.post("staff_drafting.publish", consultation_id=one.id, expect=409)
    assert run_tasks() == 1
    prepared = queries.find_prepared(one.id)
    assert prepared is not None
    assert [row.text for row in queries.list_keyed(prepared.id)] == ["Art. 1. Unu.", "Art. 2. Doi."]
    client.get("staff_drafting.text", consultation_id=one.id)


def test_reading_again_after_a_crash_gives_the_same(app) -> None:
    one = open_consultation()
    actor = make_account("staff").as_actor()
    edition = importing.bring_in(
        actor, one.id, "docx", clock.now(), upload=upload(word_bytes("Art. 1. Unu."))
    )
    for _n in range(2):
        importing.import_file({"edition_id": edition.id}, lambda _done, _total: None)
    assert queries.count_sections(edition.id) == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("macro.docm", word_bytes("x"), "macro"),
        ("vechi.doc", b"x", "formatul Word vechi"),
        ("scan.pdf", b"%PDF-1.4 %%EOF", "Numai fișierele .docx"),
        ("fals.docx", b"nu este un zip", "PDF"),
    ],
)
def test_files_that_are_no_text_are_refused_with_the_reason(
    client: PageClient, name: str, data: bytes, sentence: str
) -> None:
    one = open_consultation()
    client.sign_in(make_account("staff"))
    page = client.post(
        "staff_drafting.bring_in",
        {"source": "docx", "upload": (io.BytesIO(data), name)},
        consultation_id=one.id,
        expect=422,
    )
    assert sentence in page.main_text
    assert queries.find_prepared(one.id) is None


def test_a_file_that_cannot_be_read_fails_with_a_sentence(app) -> None:
    one = open_consultation()
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", "<x/>")
        package.writestr("word/document.xml", "<w:document")
    actor = make_account("staff").as_actor()
    edition = importing.bring_in(actor, one.id, "docx", clock.now(), upload=upload(target.getvalue()))
    run_tasks()
    task = db.session.get_one(Task, edition.task_id)
    assert task.state == "failed"
    assert task.message


def test_pasted_text_that_is_empty_comes_back_with_the_reason(client: PageClient) -> None:
    one = open_consultation()
    client.sign_in(make_account("staff"))
    page = client.post(
        "staff_drafting.bring_in", {"source": "markdown", "text": "  "}, consultation_id=one.id, expect=422
    )
    assert "Lipește mai întâi textul" in page.main_text


def test_a_new_edition_says_what_changed_and_keeps_numbers(client: PageClient) -> None:
    one = open_consultation()
    first = publish(one)
    staff = make_account("staff")
    client.sign_in(staff)
    changed = (
        TEXT.replace("500 de lei", "200 de lei") + "\n\nArt. 3. Regulamentul intră în vigoare la 1 ianuarie."
    )
    importing.bring_in(staff.as_actor(), one.id, "text", clock.now(), text=changed)
    db.session.commit()
    page = client.post("staff_drafting.publish", {"note": ""}, consultation_id=one.id, expect=422)
    assert "Spune ce s-a schimbat" in page.main_text
    client.post("staff_drafting.publish", {"note": "Amenda e mai mică."}, consultation_id=one.id)
    second = queries.current_edition(one.id)
    assert second is not None
    assert second.number == 2
    assert key_of(first, "(2)") == key_of(second, "(2)")
    assert key_of(second, "Art. 3") not in {row.key for row in queries.list_keyed(first.id)}
    client.sign_out()
    page = client.get("drafting.changes", consultation_id=one.id)
    assert "2 locuri" in page.main_text
    assert "Amenda e mai mică." in page.main_text
    assert page.find("ins") is not None
    assert page.find("del") is not None
    older = client.get("drafting.text", consultation_id=one.id, edition=1)
    assert "500 de lei" in older.main_text
    assert "formă mai veche" in older.main_text
    client.get("drafting.text", consultation_id=one.id, edition=9, expect=404)


def test_remarks_follow_their_words_and_those_without_are_listed(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    stays = remark(one, quote="în urma câinelui")
    moved = remark(one, "Art. 2", quote="la registratură în termen de 30 de zile")
    gone = remark(one, "a)", body="De ce numai coșurile marcate?")
    changed = TEXT.replace("a) punga se aruncă în coșurile marcate;\n\n", "").replace(
        "Stăpânul strânge", "Fiecare stăpân strânge de îndată"
    )
    publish(one, changed, "Mai scurt.")
    assert run_tasks() == 1
    for made in (stays, moved, gone):
        db.session.refresh(made)
    second = queries.current_edition(one.id)
    assert second is not None
    text = {row.key: row.text for row in queries.list_keyed(second.id)}
    assert text[stays.key][stays.start : stays.end] == "în urma câinelui"
    assert text[moved.key][moved.start : moved.end] == moved.quote
    assert gone.is_lost
    assert not stays.is_lost
    page = client.get("drafting.lost", consultation_id=one.id)
    assert "Textul s-a schimbat" in page.main_text
    assert "punga se aruncă" in page.main_text
    where = client.get("drafting.section", consultation_id=one.id, key=gone.key)
    assert "nu mai este în forma cea mai nouă" in where.main_text
    assert (
        "1 observație la text care s-a schimbat"
        in client.get("drafting.text", consultation_id=one.id).main_text
    )


def test_a_passage_that_comes_back_is_found_again(app) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, "a)")
    publish(one, TEXT.replace("a) punga se aruncă în coșurile marcate;\n\n", ""), "Fără pungi.")
    run_tasks()
    publish(one, TEXT, "Cu pungi.")
    run_tasks()
    db.session.refresh(made)
    assert not made.is_lost
    assert made.edition_id == queries.current_edition(one.id).id


def test_only_one_edition_is_prepared_at_a_time_and_the_database_says_so(app) -> None:
    one = open_consultation()
    actor = make_account("staff").as_actor()
    for _n in range(2):
        importing.bring_in(actor, one.id, "text", clock.now(), text=TEXT)
    values = {"consultation_id": one.id, "source": "text", "remarks": {}, "created_at": clock.now()}
    db.session.add(Edition(**values))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_database_takes_one_stance_of_one_account(app) -> None:
    one = open_consultation()
    publish(one)
    made, who = remark(one), make_resident()
    values = {"annotation_id": made.id, "account_id": who.id, "at": clock.now()}
    db.session.execute(insert(Stance).values(value=1, **values))
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Stance).values(value=-1, **values))
    db.session.rollback()


def test_residents_and_auditors_change_nothing(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    client.sign_in(make_account("auditor"))
    assert "doar personalul primăriei" in client.get("staff_drafting.text", consultation_id=one.id).main_text
    for endpoint in ("bring_in", "publish", "kinds", "discard"):
        client.post(f"staff_drafting.{endpoint}", {"source": "text"}, consultation_id=one.id, expect=403)
    assert db.session.scalars(select(Annotation)).all() == []
