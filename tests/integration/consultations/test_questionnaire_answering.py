"""Answering a questionnaire: page by page, back without losing, once each, apart from names."""

import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.datastructures import FileStorage

from civic import clock
from civic.audit import AuditRecord
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.files import policy as files
from civic.files.models import StoredFile
from consultations.questionnaires import answering, drafts, jobs, queries, service
from consultations.questionnaires.definition import Words
from consultations.questionnaires.models import (
    AnswerFile,
    Arrival,
    Draft,
    Questionnaire,
    QuestionnaireParticipation,
    Response,
)
from tests.factories import make_account, make_neighbourhood, make_resident
from tests.integration.consultations.questionnairekit import (
    SECRET,
    STAFF,
    answer,
    crowd,
    make_questionnaire,
    raw_of,
    work,
)
from tests.pageclient import PageClient
from tests.uploads import image_upload


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, "questionnaire_id": one.id, **values}


def go(client: PageClient, one: Questionnaire, number: int, data: dict[str, Any], expect: int = 303) -> Any:
    return client.post("questionnaires.page", data, expect=expect, **at(one, number=number))


def arrived(one: Questionnaire) -> int:
    return queries.count_arrivals(one.id)


def test_a_resident_answers_page_by_page_and_is_told_that_nothing_is_sent_yet(
    client: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    page = client.get("questionnaires.show", **at(one))
    page = client.follow(client.submit(page, "/start"))
    assert "Pagina 1 din 2" in page.main_text
    assert page.find("#i3") is None
    opened = go(client, one, 1, {"i2": "o2", "i4": ["o1", "o2"], "go": "next"})
    page = client.follow(opened)
    assert "deschide alte întrebări" in page.main_text
    assert page.find("#i3") is not None
    page = client.follow(go(client, one, 1, {"i2": "o2", "i3": "Prea scump.", "i4": ["o1"], "go": "next"}))
    assert "Pagina 2 din 2" in page.main_text
    answers = {"i5-o1": "s2", "i6-o1": "1", "i7-o1": "100", "i8": "3", "i9": "Teiul Doamnei", "i10-day": "1",
               "i10-month": "2", "i10-year": "2020", "i11-lat": "44.45", "i11-lon": "26.12", "go": "next"}  # fmt: skip
    page = client.follow(go(client, one, 2, answers))
    assert "Încă netrimise" in page.main_text
    assert "Prea scump." in page.main_text
    assert "3 persoane" in page.main_text
    assert arrived(one) == 0
    page = client.follow(client.submit(page, "/send"))
    assert "au fost primite" in page.title
    assert arrived(one) == 1
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_what_is_missing_or_wrong_is_named_and_what_was_typed_stays(
    client: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    page = go(client, one, 1, {"i4": ["o1", "o2", "o3"], "go": "next"}, expect=422)
    assert page.title.startswith("Eroare:")
    assert "este necesară" in page.main_text
    assert "cel mult 2" in page.main_text
    assert [
        box.get("id")
        for box in page.all("input")
        if box.get("checked") is not None and box.get("type") == "checkbox"
    ] == ["i4-o1", "i4-o2", "i4-o3"]
    go(client, one, 1, {"i2": "o1", "go": "next"})
    page = go(client, one, 2, {"i7-o1": "30", "i7-o2": "30", "i8": "multe", "go": "next"}, expect=422)
    assert "fac 60" in page.main_text
    assert page.form("/pages/2")["i8"] == "multe"
    assert page.form("/pages/2")["i7-o1"] == "30"


def test_going_back_loses_nothing_even_when_it_is_wrong(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    page = client.follow(go(client, one, 2, {"i7-o1": "30", "i9": "Teiul", "go": "back"}))
    assert "Pagina 1" in page.main_text
    page = client.get("questionnaires.page", **at(one, number=2))
    assert page.form("/pages/2")["i7-o1"] == "30"
    assert page.form("/pages/2")["i9"] == "Teiul"
    page = client.get("questionnaires.review", **at(one))
    assert "fac 30" in page.main_text
    client.post("questionnaires.send", {"version": str(one.version)}, expect=422, **at(one))
    assert arrived(one) == 0


def test_somebody_stops_and_goes_on_from_another_device(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, access="anyone")
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    page = client.follow(go(client, one, 2, {"i9": "Teiul", "go": "save"}))
    assert "Continuă de unde te-ai oprit" in page.main_text
    code = (
        page and client.get("questionnaires.page", **at(one, number=2)).main_text.split("acest cod: ")[1][:19]
    )
    client.browser.delete_cookie(f"answers-{one.id}")
    other = client.get("questionnaires.show", **at(one))
    assert "Continuă de unde" not in other.main_text
    client.post("questionnaires.resume", {"code": "AAAA-BBBB-CCCC-DDDD"}, expect=422, **at(one))
    page = client.follow(client.post("questionnaires.resume", {"code": code.lower()}, **at(one)))
    assert page.form("/pages/2")["i9"] == "Teiul"


def test_without_an_account_one_browser_answers_once_and_no_row_says_who(
    client: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now, access="anyone")
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    sent = client.post("questionnaires.send", {"version": str(one.version)}, **at(one))
    assert "/sent" in sent.headers["Location"]
    again = client.post("questionnaires.send", {"version": str(one.version)}, **at(one))
    assert "/sent" in again.headers["Location"]
    assert arrived(one) == 1
    client.post("questionnaires.start", expect=403, **at(one))


def test_every_person_answers_once(client: PageClient, now: datetime) -> None:
    one, someone = make_questionnaire(now), make_resident()
    answer(one, someone, raw_of(), now)
    client.sign_in(someone)
    assert "au fost primite" in client.get("questionnaires.show", **at(one)).main_text
    client.post("questionnaires.start", expect=403, **at(one))
    with pytest.raises(NotAllowed):
        answer(one, someone, raw_of("o2"), now)


def test_the_database_refuses_a_second_answer_also_after_the_first_was_let_through(
    app: Flask, now: datetime
) -> None:
    one = make_questionnaire(now)
    people = crowd(one, 10, now)
    work(now)
    assert arrived(one) == 0
    assert queries.count_responses(one.id) == 10
    mark = answering.who_marks(one, people[0].as_actor())[0]
    with pytest.raises(Conflict):
        answering._arrive(one, mark, one.version, {})


@pytest.mark.parametrize(
    ("access", "who", "told"),
    [
        ("email", "unconfirmed", "Confirmă mai întâi adresa"),
        ("verified", "confirmed", "locuitorii verificați"),
        ("verified", "stranger", "Intră în cont"),
    ],
)
def test_who_may_not_answer_is_told_why(
    client: PageClient, now: datetime, access: str, who: str, told: str
) -> None:
    one = make_questionnaire(now, access=access)
    if who != "stranger":
        client.sign_in(make_account(confirmed=who == "confirmed"))
        client.post("questionnaires.start", expect=403, **at(one))
        client.get("questionnaires.page", expect=403, **at(one, number=1))
        client.post("questionnaires.send", expect=303, **at(one))
    else:
        assert "/sign-in" in client.post("questionnaires.start", **at(one)).headers["Location"]
    assert told in client.get("questionnaires.show", **at(one)).main_text


def test_before_the_opening_and_after_the_end_no_answer_is_received(app: Flask, now: datetime) -> None:
    one, someone = make_questionnaire(now), make_resident()
    for moment in (now - timedelta(days=2), one.consultation.closes_at):
        with pytest.raises(NotAllowed):
            answer(one, someone, raw_of(), moment)
    answer(one, someone, raw_of(), one.consultation.closes_at - timedelta(seconds=1))


def test_a_questionnaire_in_preparation_is_nobody_s(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, published=False, title=SECRET)
    page = client.get("questionnaires.show", expect=403, **at(one))
    assert SECRET not in page.html
    other = make_questionnaire(now)
    client.get(
        "questionnaires.show", expect=404, consultation_id=other.consultation_id, questionnaire_id=one.id
    )


def test_what_the_branch_hides_is_not_stored(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    for number in range(10):
        answer(one, make_resident(), raw_of("o1", i3=["ascuns"], i13=["ascuns"], i8=[str(number + 1)]), now)
    work(now)
    stored = db.session.scalars(select(Response.answers)).all()
    assert all(set(answers) == {"i2", "i8"} for answers in stored)


def test_an_answer_to_an_older_questionnaire_is_kept_and_not_received(
    client: PageClient, now: datetime
) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    page = client.get("questionnaires.review", **at(one))
    service.save_page(STAFF, one, one.asked.pages[0], Words("Alt titlu"), None, now)
    db.session.commit()
    refused = client.submit(page, "/send", expect=409)
    assert "s-a schimbat" in refused.main_text
    assert arrived(one) == 0
    page = client.follow(client.submit(client.get("questionnaires.review", **at(one)), "/send"))
    assert arrived(one) == 1


def test_the_first_answer_freezes_what_is_asked_in_the_database_itself(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    answer(one, make_resident(), raw_of(), now)
    db.session.expire_all()
    assert one.frozen
    with pytest.raises(Conflict):
        service.save_page(STAFF, one, one.asked.pages[0], Words("Alt titlu"), None, now)
    for change in (
        "title = 'x'",
        "definition = '{}'",
        "results = 'open'",
        "frozen = false",
        "access = 'anyone'",
    ):
        with pytest.raises(Exception, match="does not change"), db.session.begin_nested():
            db.session.execute(text(f"UPDATE questionnaire SET {change}"))  # noqa: S608
    with pytest.raises(Exception, match="does not change"), db.session.begin_nested():
        db.session.execute(text("DELETE FROM questionnaire"))


# --- apart from names -----------------------------------------------------------------------------------


def test_nothing_joins_who_answered_and_what_was_answered(real_app: Flask) -> None:
    """Transaction numbers, the order of rows, numbers, records: none says more than that ten were let through."""
    with real_app.app_context():
        now = clock.now()
        one = make_questionnaire(now)
        one_id = one.id
        people = [make_resident() for _number in range(24)]
        for number, account in enumerate(people):
            answer(one, account, raw_of("o1", i9=[f"strada {number}"]), now)
        marks = [answering.who_marks(one, account.as_actor())[0] for account in people]
        before = db.session.scalar(select(func.count()).select_from(AuditRecord))
        sealed = db.session.scalars(select(Arrival.sealed)).all()
        assert len({len(value) for value in sealed}) == 1
        assert not any(b"strada" in value for value in sealed)
        assert jobs.work(now) == 1
        whole = jobs.work(one.consultation.closes_at)
        assert whole == 1
        db.session.rollback()
        said = db.session.execute(
            text("SELECT xmin::text, answers->'i9'->>'text', id FROM questionnaire_response ORDER BY ctid")
        ).all()
        took = db.session.execute(
            text("SELECT xmin::text, who FROM questionnaire_participation ORDER BY ctid")
        ).all()
        assert len(said) == len(took) == 24
        assert len({row.xmin for row in said}) == len({row.xmin for row in took}) == 1, (
            "one transaction for all"
        )
        assert [row.id for row in said] == sorted(row.id for row in said), (
            "the order is that of random numbers"
        )
        assert [row.who for row in took] == sorted(row.who for row in took), "the order is that of the marks"
        # Guessing by place is no better than chance: 24 people give one hit on average, and hardly ever nine.
        hits = sum(said[at][1] == f"strada {marks.index(row.who)}" for at, row in enumerate(took))
        assert hits < 9
        assert {bytes(row.id) for row in said}.isdisjoint(mark[:16] for mark in marks)
        after = db.session.scalar(select(func.count()).select_from(AuditRecord))
        assert after == before, "neither sending nor letting through writes a record"
        columns = {
            table: set(db.session.scalars(text(
                "SELECT data_type FROM information_schema.columns WHERE table_name = :table"), {"table": table}))
            for table in ("questionnaire_response", "questionnaire_participation", "questionnaire_arrival")
        }  # fmt: skip
        assert not any("time" in kind or "date" in kind for kinds in columns.values() for kind in kinds)
        keys = set(db.session.scalars(text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid IN "
            "('questionnaire_response'::regclass, 'questionnaire_participation'::regclass, 'questionnaire_arrival'::regclass)"
        )))  # fmt: skip
        assert all("REFERENCES questionnaire(id)" in key for key in keys)
        assert db.session.get(Questionnaire, one_id).settled


def test_fewer_than_ten_wait_until_others_come_or_the_end(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    crowd(one, 9, now)
    work(now)
    assert arrived(one) == 9
    assert queries.count_responses(one.id) == 0
    crowd(one, 1, now)
    work(now)
    assert arrived(one) == 0
    assert queries.count_responses(one.id) == 10
    crowd(one, 2, now)
    work(now)
    assert arrived(one) == 2
    work(one.consultation.closes_at)
    assert arrived(one) == 0
    assert queries.count_responses(one.id) == 12
    assert db.session.scalar(select(func.count()).select_from(QuestionnaireParticipation)) == 12


def test_area_and_age_stand_beside_the_answers_only_where_the_questionnaire_says_so(
    app: Flask, now: datetime
) -> None:
    kept, plain = make_questionnaire(now, keeps_groups=True), make_questionnaire(now)
    area = make_neighbourhood()
    for one in (kept, plain):
        for _number in range(10):
            answer(one, make_resident(area), raw_of(), now)
    work(now)
    for one, expected in ((kept, {(area.id, "45-54")}), (plain, {(None, "")})):
        rows = db.session.execute(
            select(Response.area, Response.age).where(Response.questionnaire_id == one.id)
        ).all()
        assert {tuple(row) for row in rows} == expected


def test_drafts_open_to_their_owner_alone(client: PageClient, now: datetime) -> None:
    one, owner = make_questionnaire(now), make_resident()
    client.sign_in(owner)
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "other", "i2-other": SECRET, "go": "next"})
    stored = db.session.scalars(select(Draft)).one()
    assert SECRET.encode() not in stored.sealed
    client.sign_in(make_resident())
    assert SECRET not in client.get("questionnaires.show", **at(one)).html
    assert (
        "/questionnaires/" in client.get("questionnaires.review", expect=303, **at(one)).headers["Location"]
    )
    client.sign_in(owner)
    assert SECRET in client.get("questionnaires.review", **at(one)).html
    client.post("questionnaires.discard", **at(one))
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_draft_nobody_comes_back_to_is_forgotten(app: Flask, now: datetime) -> None:
    one, actor = make_questionnaire(now), make_resident().as_actor()
    sitting = drafts.sitting_of(one, actor, None)
    assert sitting is not None
    drafts.keep(one, sitting, drafts.Kept(raw_of()), now)
    db.session.commit()
    jobs.tidy(now + timedelta(days=29))
    assert drafts.find(sitting) is not None
    jobs.tidy(now + timedelta(days=31))
    db.session.expire_all()
    assert drafts.find(sitting) is None


def test_a_file_parts_from_its_account_when_it_is_sent(client: PageClient, now: datetime) -> None:
    one, someone, staff = make_questionnaire(now), make_resident(), make_account("staff")
    client.sign_in(someone)
    client.post("questionnaires.start", **at(one))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    page = go(
        client,
        one,
        2,
        {"i12": FileStorage(io.BytesIO(b"no"), filename="virus.exe"), "go": "next"},
        expect=422,
    )
    assert page.find("#i12-error") is not None
    page = client.follow(go(client, one, 2, {"i12": image_upload("Popescu Ion.jpg"), "go": "next"}))
    assert "Un fișier" in page.main_text
    stored = db.session.scalars(select(StoredFile)).one()
    assert not files.can_read(staff.as_actor(), stored)
    assert files.can_read(someone.as_actor(), stored)
    page = client.get("questionnaires.page", **at(one, number=2))
    assert "Popescu Ion.jpg" in page.main_text
    client.post("questionnaires.send", {"version": str(one.version)}, **at(one))
    db.session.expire_all()
    assert stored.account_id is None
    assert stored.name == "raspuns.jpg"
    assert db.session.get(AnswerFile, stored.id).sent
    assert files.can_read(staff.as_actor(), stored)
    assert not files.can_read(someone.as_actor(), stored)


def test_somebody_else_s_file_is_not_sent_along(app: Flask, now: datetime) -> None:
    from civic.errors import Invalid
    from civic.files.service import store_upload

    one, other = make_questionnaire(now), make_resident()
    with app.test_request_context():
        stored = store_upload(image_upload(), "image", other.as_actor(), now)
    with pytest.raises(Invalid):
        answer(one, make_resident(), raw_of(i12_file=[str(stored.id)]), now)


def test_the_page_is_whole_in_english(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.speak("en")
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    page = client.get("questionnaires.page", **at(one, number=1))
    assert "Page 1 of 2" in page.main_text
    assert any(span.get("lang") == "ro" for span in page.all("span"))
    go(client, one, 1, {"i2": "o1", "go": "next"})
    for endpoint in ("questionnaires.show", "questionnaires.review"):
        client.get(endpoint, **at(one))


# --- what cannot be an answer ----------------------------------------------------------------------------

#: By kind: what is typed wrong, the field it stays in, and what is said.
WRONG = {
    "single": ({"i2": "o9"}, None, "Alege dintre"),
    "multiple": ({"i2": "o1", "i4": ["o1", "o2", "o3"]}, None, "cel mult 2"),
    "other": ({"i2": "other", "i2-other": ""}, None, "Scrie care"),
    "matrix": ({"i5-o1": "s9"}, None, "Alege dintre"),
    "ranking": ({"i6-o1": "1", "i6-o2": "1"}, "i6-o2", "o singură dată"),
    "split": ({"i7-o1": "30", "i7-o2": "30"}, "i7-o1", "100"),
    "number": ({"i8": "douăzeci"}, "i8", "virgulă"),
    "bounds": ({"i8": "21"}, "i8", "cel mult 20"),
    "short_text": ({"i9": "a" * 301}, "i9", "300"),
    "date": ({"i10-day": "31", "i10-month": "2", "i10-year": "2020"}, "i10-day", "o dată care există"),
    "place": ({"i11-lat": "95", "i11-lon": "26"}, "i11-lat", "coordonate"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_answer_is_said_and_stays_typed(client: PageClient, now: datetime, kind: str) -> None:
    one = make_questionnaire(now)
    form, stays, said = WRONG[kind]
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    number = 1 if "i2" in form else 2
    if number == 2:
        client.post("questionnaires.page", {"i2": "o1", "go": "next"}, **at(one), number=1)
    page = client.post("questionnaires.page", {**form, "go": "next"}, expect=422, **at(one), number=number)
    assert said.lower() in page.main_text.lower()
    if stays:
        assert str(page.form("/pages/")[stays]) == str(form[stays])
    assert arrived(one) == 0


def test_a_long_text_too_long_is_said_and_stays_typed(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    client.post("questionnaires.page", {"i2": "o2", "go": "next"}, **at(one), number=1)
    typed = "ă" * 4001
    page = client.post(
        "questionnaires.page", {"i2": "o2", "i3": typed, "go": "next"}, expect=422, **at(one), number=1
    )
    assert "4.000" in page.main_text or "4000" in page.main_text
    assert typed in page.html
