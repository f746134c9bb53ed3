"""Writing a questionnaire, an item a form; its preview; sheets of paper."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock
from civic.audit import AuditRecord
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from consultations.questionnaires import answering, drafts, forms, patterns, queries, service
from consultations.questionnaires.definition import Condition, Definition, Page, Words
from consultations.questionnaires.models import Arrival, Questionnaire, Response
from consultations.questionnaires.service import Refused
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_resident
from tests.integration.consultations.questionnairekit import (
    STAFF,
    answer,
    every_kind,
    make_questionnaire,
    raw_of,
    work,
)
from tests.pageclient import PageClient


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


@pytest.fixture
def staff(client: PageClient) -> PageClient:
    client.sign_in(make_account("staff"))
    return client


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, "questionnaire_id": one.id, **values}


def only() -> Questionnaire:
    db.session.expire_all()
    return db.session.scalars(select(Questionnaire)).one()


def test_staff_write_a_questionnaire_item_by_item_and_publish_it(staff: PageClient, now: datetime) -> None:
    consultation = make_consultation("draft", now)
    page = staff.get("staff_questionnaires.index", consultation_id=consultation.id)
    assert "nu are niciun chestionar" in page.main_text
    settings = {"title": " Parcul  nostru ", "start": "empty", "access": "email", "results": "open"}
    made = staff.post("staff_questionnaires.create", settings, consultation_id=consultation.id)
    one = only()
    assert (one.title, one.access, one.published) == ("Parcul nostru", "email", False)
    page = staff.follow(made)
    assert "Încă nu întreabă nimic" in page.main_text
    staff.post("staff_questionnaires.publish", {"to": "publish"}, expect=422, **at(one))
    new = {"kind": "single", "page": "p1"}
    form = staff.get("staff_questionnaires.create_item", **at(one), **new)
    assert form.find("#options") is not None
    assert form.find("#total") is None
    wrong = staff.submit(form, "/items/new", {"text": "Vii în parc?", "options": "Da"}, expect=422)
    assert "între 2 și 30" in wrong.main_text
    assert wrong.form("/items/new")["text"].strip() == "Vii în parc?"
    staff.submit(form, "/items/new", {"text": "Vii în parc?", "options": "Da\nNu", "required": "y"})
    form = staff.get("staff_questionnaires.create_item", **at(one), kind="long_text", page="p1")
    staff.submit(form, "/items/new", {"text": "De ce nu?", "condition": "i1:o2"})
    assert only().asked.find("i2").condition == Condition("i1", ("o2",))  # type: ignore[union-attr]
    staff.post("staff_questionnaires.create_page", {"title": "Încă ceva", "condition": "i1:o1"}, **at(one))
    page = staff.get("staff_questionnaires.show", **at(one))
    assert "Pagina este goală" in page.main_text
    assert "Apare doar celor care au răspuns „Da”" in page.main_text
    staff.post("staff_questionnaires.remove", **at(one, key="p2"))
    page = staff.follow(staff.post("staff_questionnaires.publish", {"to": "publish"}, **at(one)))
    assert "Apare pe pagina consultării" in page.main_text
    assert only().published


def test_every_kind_has_its_form_and_comes_back_as_it_was_written(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    before = one.definition
    for item in one.asked.items():
        page = staff.get("staff_questionnaires.edit_item", **at(one, key=item.key))
        staff.submit(page, f"/items/{item.key}")
    for page_ in one.asked.pages:
        staff.submit(
            staff.get("staff_questionnaires.edit_page", **at(one, key=page_.key)), f"/pages/{page_.key}"
        )
    staff.submit(staff.get("staff_questionnaires.settings", **at(one)), "/settings")
    assert only().definition == before
    staff.get("staff_questionnaires.edit_item", expect=404, **at(one, key="i99"))
    staff.get("staff_questionnaires.create_item", expect=404, **at(one), kind="poem", page="p1")


def test_no_change_leaves_a_branch_behind(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    refused = staff.post("staff_questionnaires.remove", expect=422, **at(one, key="i2"))
    assert "nu este pusă înainte" in refused.main_text
    staff.post("staff_questionnaires.move", {"to": "up"}, **at(one, key="p3"))
    refused = staff.post("staff_questionnaires.move", {"to": "up"}, expect=422, **at(one, key="p3"))
    assert refused.find(".govuk-error-summary") is not None
    staff.post("staff_questionnaires.move", {"to": "down"}, **at(one, key="p3"))
    page = staff.get("staff_questionnaires.edit_item", **at(one, key="i2"))
    refused = staff.submit(page, "/items/i2", {"options": "Da\nNu\nPoate\nAlta", "other": ""}, expect=422)
    assert "nu o mai are" in refused.main_text
    assert only().asked == one.asked


def test_items_and_pages_move(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    staff.post("staff_questionnaires.move", {"to": "down"}, **at(one, key="i4"))
    staff.post("staff_questionnaires.move", {"to": "up"}, **at(one, key="i6"))
    assert [item.key for item in only().asked.pages[1].items][:3] == ["i4", "i6", "i5"]


def test_a_copy_and_every_pattern_are_questionnaires_of_their_own(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    for start in (f"copy:{one.id}", *(pattern.key for pattern in patterns.patterns())):
        form = {"title": start, "start": start, "access": "verified", "results": "closed"}
        staff.post("staff_questionnaires.create", form, consultation_id=one.consultation_id)
    made = queries.list_of_consultation(one.consultation_id, published=False)[1:]
    assert made[0].definition == one.definition
    assert [row.definition["pages"] != [] for row in made] == [True] * 5
    staff.post("staff_questionnaires.create", {"title": "x", "start": "copy:0"}, expect=422, consultation_id=one.consultation_id)  # fmt: skip


def test_english_is_asked_for_where_it_is_offered(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    page = staff.get("staff_questionnaires.settings", **at(one))
    wrong = staff.submit(page, "/settings", {"english": "y"}, expect=422)
    assert "titlul și în engleză" in wrong.main_text
    staff.submit(page, "/settings", {"english": "y", "title_en": "The park"})
    page = staff.get("staff_questionnaires.show", **at(one))
    assert "în ambele limbi" in page.main_text
    staff.post("staff_questionnaires.publish", {"to": "publish"}, expect=422, **at(one))


def test_after_the_first_answer_only_the_publication_of_words_can_change(
    staff: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now)
    answer(one, make_resident(), raw_of(), now)
    for endpoint, values in (
        ("edit_item", {"key": "i2"}), ("edit_page", {"key": "p1"}), ("remove", {"key": "i4"}), ("remove_whole", {}),
    ):  # fmt: skip
        assert (
            "Cineva a răspuns deja"
            in staff.get(f"staff_questionnaires.{endpoint}", **at(one, **values)).main_text
        )
    staff.post("staff_questionnaires.remove_whole", expect=409, **at(one))
    staff.post("staff_questionnaires.remove", expect=409, **at(one, key="i4"))
    form = staff.get("staff_questionnaires.edit_item", **at(one, key="i9"))
    assert "Cineva a răspuns deja" in staff.submit(form, "/items/i9", {"text": "Alta?"}, expect=422).main_text
    staff.submit(
        staff.get("staff_questionnaires.settings", **at(one)),
        "/settings",
        {"texts_public": "y", "title": "Alt"},
    )
    changed = only()
    assert (changed.title, changed.texts_public) == ("Parcul Plumbuita", True)


def test_a_published_questionnaire_cannot_be_made_unanswerable(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    with pytest.raises(Refused):
        service.save_page(STAFF, one, None, Words("Goală"), None, now)
    db.session.rollback()
    page = staff.get("staff_questionnaires.settings", **at(one))
    assert "cu cont" in staff.submit(page, "/settings", {"access": "anyone"}, expect=422).main_text
    staff.post("staff_questionnaires.publish", {"to": "withdraw"}, **at(one))
    assert not only().published
    staff.post("staff_questionnaires.remove_whole", **at(one))
    assert db.session.scalar(select(func.count()).select_from(Questionnaire)) == 0


def test_the_preview_stores_nothing(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    page = staff.get("staff_questionnaire_sheet.preview", **at(one))
    assert "Apare doar celor care au răspuns „Nu” la „Ești de acord cu parcul?”" in page.main_text
    wrong = staff.post("staff_questionnaire_sheet.try_out", {"i8": "multe"}, expect=422, **at(one))
    assert wrong.form("/preview")["i8"] == "multe"
    fine = staff.post("staff_questionnaire_sheet.try_out", {"i2": "o1"}, expect=200, **at(one))
    assert "ar fi primite" in fine.main_text
    assert db.session.scalar(select(func.count()).select_from(Arrival)) == 0
    assert not only().frozen


def test_a_clerk_enters_sheets_and_the_same_sheet_counts_once(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, access="anyone")
    client.sign_in(make_account("clerk"))
    page = client.get("staff_questionnaire_sheet.paper", **at(one))
    assert page.find("#i12") is None
    wrong = client.submit(page, "/paper", {"i7-o1": "7"}, expect=422)
    assert wrong.form("/paper")["form_id"] == page.form("/paper")["form_id"]
    for _twice in range(2):
        client.submit(page, "/paper", {"i2": "o1", "i9": "Teiul"})
    assert queries.count_arrivals(one.id) == 1
    client.submit(client.get("staff_questionnaire_sheet.paper", **at(one)), "/paper", {"i2": "o2"})
    work(one.consultation.closes_at)
    assert db.session.scalar(select(func.count()).where(Response.channel == "paper")) == 2
    assert queries.counts(one.id)[""]["paper"] == 2


def test_paper_may_come_in_after_the_end_and_until_the_report(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, consultation=make_consultation("answering", now))
    client.sign_in(make_account("clerk"))
    client.get("staff_questionnaire_sheet.paper", **at(one))
    reported = make_questionnaire(now, consultation=make_consultation("reported", now))
    client.get("staff_questionnaire_sheet.paper", expect=403, **at(reported))


def test_the_desk_and_auditors_see_and_do_not_write(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    for role in ("clerk", "auditor"):
        client.sign_in(make_account(role))
        page = client.get("staff_questionnaires.show", **at(one))
        assert not [form for form in page.all("form") if "/move" in form.get("action", "")]
        client.get("staff_questionnaires.edit_item", expect=403, **at(one, key="i2"))
        client.post("staff_questionnaires.publish", expect=403, **at(one))


def test_every_change_is_in_the_audit_record_by_number(staff: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False)
    service.save_page(STAFF, one, None, Words("Alta"), None, now)
    row = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
    assert row is not None
    assert (row.event, row.details) == ("questionnaire.changed", {"version": 2})


def test_pages_branch_on_earlier_pages_and_items_on_earlier_items(app: Flask) -> None:
    with app.test_request_context():
        asked = every_kind()
        assert [value for value, _label in forms.page_choices(asked, "p1")] == [""]
        assert "i2:o1" in dict(forms.page_choices(asked, "p2"))
        assert [value for value, _label in forms.item_choices(asked, "p1", "i2")] == [""]
        assert "i4:o1" in dict(forms.item_choices(asked, "p1", None))
        assert "i4:o1" not in dict(forms.item_choices(asked, "p1", "i3"))


# --- races ----------------------------------------------------------------------------------------------


def test_a_change_and_the_first_answer_never_both_win(real_app: Flask) -> None:
    """Ten times at once: either the answer is to what is asked now, or it was refused and kept."""
    with real_app.app_context():
        now = clock.now()
        people = [make_resident().id for _number in range(10)]
        numbers = [make_questionnaire(now).id for _number in range(10)]
        db.session.remove()
    outcomes = []
    for number, account_id in zip(numbers, people, strict=True):
        barrier, won = threading.Barrier(2), []
        threads = [
            threading.Thread(target=_edits, args=(real_app, number, barrier, won, now)),
            threading.Thread(target=_answers, args=(real_app, number, account_id, barrier, won, now)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with real_app.app_context():
            one = db.session.get_one(Questionnaire, number)
            arrived = db.session.scalar(select(Arrival.version).where(Arrival.questionnaire_id == number))
            assert sorted(won) in (["answer"], ["edit"])
            assert (arrived is not None) == one.frozen
            assert arrived is None or arrived == one.version
            outcomes.append(won[0])
            db.session.remove()
    assert len(outcomes) == 10


def _edits(app: Flask, number: int, barrier: threading.Barrier, won: list[str], now: datetime) -> None:
    with app.app_context():
        one = db.session.get_one(Questionnaire, number)
        page = one.asked.pages[0]
        db.session.rollback()
        barrier.wait()
        try:
            service.save_page(STAFF, one, page, Words("Alt titlu"), None, now)
            db.session.commit()
            won.append("edit")
        except (Conflict, NotAllowed):  # who comes while another is written, and who comes after
            db.session.rollback()
        finally:
            db.session.remove()


def _answers(
    app: Flask, number: int, account_id: int, barrier: threading.Barrier, won: list[str], now: datetime
) -> None:
    from civic.accounts.models import Account

    with app.app_context():
        actor = db.session.get_one(Account, account_id).as_actor()
        db.session.rollback()
        barrier.wait()
        try:
            one = db.session.get_one(Questionnaire, number)
            sitting = drafts.sitting_of(one, actor, None)
            assert sitting is not None
            answering.send(actor, one, sitting, raw_of(), 1, now)
            db.session.commit()
            won.append("answer")
        except (Conflict, NotAllowed):  # who comes while another is written, and who comes after
            db.session.rollback()
        finally:
            db.session.remove()


def test_the_same_person_at_once_is_one_answer(real_app: Flask) -> None:
    with real_app.app_context():
        now = clock.now()
        number, account_id = make_questionnaire(now).id, make_resident().id
        db.session.remove()
    barrier, won = threading.Barrier(4), []
    threads = [
        threading.Thread(target=_answers, args=(real_app, number, account_id, barrier, won, now))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with real_app.app_context():
        assert queries.count_arrivals(number) == 1
        assert won.count("answer") == 1
        db.session.remove()


def test_a_definition_left_half_written_is_no_obstacle_to_mending_it(app: Flask, now: datetime) -> None:
    loose = Definition((Page("p1", items=(), condition=Condition("i9", ("o1",))),))
    one = make_questionnaire(now, definition=loose, published=False)
    service.save_page(STAFF, one, one.asked.pages[0], Words("Titlu"), None, now + timedelta(minutes=1))
    assert one.asked.pages[0].condition is None
