"""The counts people see, when they see them, small cells, words without names, and the files of an export."""

import csv
import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import select

from civic import clock, tasks
from civic.extensions import db
from civic.files.storage import get_storage
from civic.navigation import Panel, panels
from consultations.questionnaires import export, jobs, queries, results
from consultations.questionnaires.models import Count, Questionnaire
from tests.factories import make_account, make_neighbourhood, make_resident
from tests.integration.consultations.questionnairekit import (
    SECRET,
    answer,
    crowd,
    make_questionnaire,
    raw_of,
    work,
)
from tests.pageclient import PageClient


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, "questionnaire_id": one.id, **values}


def many(now: datetime, number: int = 30, **settings: Any) -> Questionnaire:
    """Thirty residents of two neighbourhoods answer everything; the job counts."""
    one = make_questionnaire(now, **{"results": "open", **settings})
    areas = [make_neighbourhood("Andronache"), make_neighbourhood("Ței")]
    for person in range(number):
        raw = raw_of(
            ("o1", "o1", "other")[person % 3],
            i2_other=["nu știu"], i4=["o1", "o2"] if person % 2 else ["o3"], i5_o1=["s2"], i5_o2=["s1"],
            i6_o2=["1"], i6_o1=["2"], i7_o1=["30"], i7_o2=["70"], i8=[str(person % 4 + 1)], i9=[f"strada {person}"],
            i10_day=["1"], i10_month=["2"], i10_year=["2020"], i11_lat=[str(areas[0].latitude)],
            i11_lon=[str(areas[0].longitude)], i13=[f"{SECRET} {person}"],
        )  # fmt: skip
        answer(one, make_resident(areas[0 if person < 24 else 1]), raw, now)
    work(now)
    return db.session.get_one(Questionnaire, one.id)


def test_the_counts_are_those_of_the_answers(client: PageClient, now: datetime) -> None:
    one = many(now)
    counts = {
        item: {cell: int(value) for cell, value in cells.items()}
        for item, cells in queries.counts(one.id).items()
    }
    assert counts[""] == {"responses": 30, "paper": 0}
    assert counts["i2"] == {"answered": 30, "o1": 20, "other": 10}
    assert counts["i4"] == {"answered": 30, "o1": 15, "o2": 15, "o3": 15}
    assert counts["i5"] == {"answered": 30, "o1:s2": 30, "o2:s1": 30}
    assert counts["i6"] == {"answered": 30, "o2:1": 30, "o1:2": 30}
    assert counts["i7"] == {"answered": 30, "o1": 900, "o2": 2100}
    assert counts["i10"] == {"answered": 30, "2020-02": 30}
    assert counts["i13"] == {"answered": 10}
    page = client.get("questionnaire_results.show", **at(one))
    assert "30 de seturi de răspunsuri" in page.main_text
    assert "20 (67" in page.main_text
    assert "30 puncte" in page.main_text
    assert "Andronache" in page.main_text
    assert SECRET not in page.html


def test_a_page_of_results_asks_the_same_few_questions_whatever_its_size(
    client: PageClient, now: datetime, statements: list[str]
) -> None:
    one = many(now, 12)
    client.get("questionnaire_results.show", **at(one))
    statements.clear()
    client.get("questionnaire_results.show", **at(one))
    assert len(statements) <= 9
    told = [statement for statement in statements if "questionnaire_response" in statement]
    assert told == [], "the page reads what was counted, never the answers, however many there are"


@pytest.mark.parametrize(("settings", "who", "told"), [
    ({"results": "closed"}, "stranger", "după încheierea"),
    ({"results": "closed"}, "staff", "după încheierea"),
    ({"results": "open", "answer_first": True}, "stranger", "Răspunde întâi"),
    ({"results": "open", "answer_first": True}, "staff", "Răspunde întâi"),
    ({"results": "open", "answer_first": True}, "answered", ""),
])  # fmt: skip
def test_results_are_shown_when_they_were_promised_and_no_earlier(
    client: PageClient, now: datetime, settings: dict[str, Any], who: str, told: str
) -> None:
    one = make_questionnaire(now, **settings)
    people = crowd(one, 10, now)
    work(now)
    if who != "stranger":
        client.sign_in(people[0] if who == "answered" else make_account("staff"))
    page = client.get("questionnaire_results.show", **at(one))
    assert ("10 seturi" in page.main_text) == (told == "")
    assert told in page.main_text
    if told:
        client.get("questionnaire_results.texts", expect=403, **at(one, key="i13"))
        if who == "staff":
            client.post("staff_questionnaire_sheet.export_answers", {"format": "csv"}, expect=403, **at(one))


def test_nine_answers_are_not_published_even_at_the_end(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, results="open")
    crowd(one, 9, now)
    work(one.consultation.closes_at)
    page = client.get("questionnaire_results.show", **at(one))
    assert "cel puțin 10" in page.main_text
    assert "9 seturi" not in page.main_text


def test_a_question_that_few_saw_is_not_counted_apart(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, results="open")
    crowd(one, 12, now, ("o1", "o1", "o1", "o2"))
    work(now)
    page = client.get("questionnaire_results.show", **at(one))
    assert "mai puțin de zece" in page.text_of("#result-i4") or "mai puțin de zece" in page.main_text


def test_small_cells_by_neighbourhood_are_not_shown(client: PageClient, now: datetime) -> None:
    one = many(now, keeps_groups=True)
    found = queries.group_counts(one.id, "i2", "area")
    assert sorted(sum(cells.values()) for cells in found.values()) == [6, 24]
    crossed = results.crossed(one, one.asked.find("i2"), "area")  # type: ignore[arg-type]
    assert crossed.hidden
    assert all(value is None or value >= 10 for _label, cells in crossed.rows for value in cells)
    page = client.get("questionnaire_results.by_group", **at(one, key="i2", grouping="area"))
    assert "liniuță" in page.main_text
    client.get("questionnaire_results.by_group", **at(one, key="i2", grouping="age"))
    client.get("questionnaire_results.by_group", expect=404, **at(one, key="i2", grouping="street"))
    client.get(
        "questionnaire_results.by_group", expect=404, **at(make_questionnaire(now), key="i2", grouping="age")
    )


def test_words_are_read_by_the_city_hall_and_by_all_when_it_says_so(
    client: PageClient, now: datetime
) -> None:
    one = many(now, 90, title="Parc", results="open")
    client.get("questionnaire_results.texts", expect=403, **at(one, key="i13"))
    client.sign_in(make_account("staff"))
    page = client.get("questionnaire_results.texts", **at(one, key="i13"))
    assert page.html.count(SECRET) == 25
    assert "30 de rezultate" in page.main_text
    last = queries.list_texts(one.id, "i13").after
    assert client.get("questionnaire_results.texts", **at(one, key="i13"), after=last).html.count(SECRET) == 5
    assert "nu știu" in client.get("questionnaire_results.texts", **at(one, key="i2")).main_text
    client.get("questionnaire_results.texts", expect=404, **at(one, key="i4"))
    client.sign_out()
    one.texts_public = True
    db.session.commit()
    assert SECRET in client.get("questionnaire_results.texts", **at(one, key="i13")).html


# --- export ---------------------------------------------------------------------------------------------


def exported(one: Questionnaire, format_: str, now: datetime, spoken: str = "ro") -> bytes:
    task = export.ask(make_account("staff").as_actor(), one, format_, now, spoken)
    db.session.commit()
    assert tasks.run_waiting(now) == 1
    db.session.expire_all()
    found = tasks.get_task(task.id)
    assert (found.state, found.done) == ("done", found.total), found.message
    with get_storage().open(found.result["key"]) as content:
        return content.read()


def test_the_export_holds_every_answer_and_its_counts_equal_the_page_s(
    client: PageClient, now: datetime
) -> None:
    one = many(now, 30, keeps_groups=True)
    answer_formula(one, now)
    with zipfile.ZipFile(io.BytesIO(exported(one, "csv", now))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("raspunsuri.csv").decode("utf-8-sig"))))
        book = archive.read("dictionar.csv").decode("utf-8-sig")
    counts = queries.counts(one.id)
    assert len(rows) == counts[""]["responses"] == 40
    for item in one.asked.questions:
        if item.kind in ("single", "multiple"):
            for key in item.choices:
                code = "altceva" if key == "other" else key
                told = sum(
                    row[item.key] == code if item.kind == "single" else row[f"{item.key}_{code}"] == "1"
                    for row in rows
                )
                assert told == counts[item.key].get(key, 0)
        if item.kind == "split":
            assert sum(int(row["i7_o1"] or 0) for row in rows) == counts["i7"]["o1"]
    assert {row["i9"] for row in rows} >= {"'=HYPERLINK(1)", "strada 7"}
    assert not any(value.startswith(("=", "@", "+")) for row in rows for value in row.values())
    assert {row["cartier"] for row in rows} != {""}
    assert "Ești de acord cu parcul?" in book
    assert "Andronache" in book


def test_the_export_speaks_the_language_that_was_asked_for(app: Flask, now: datetime) -> None:
    one = many(now, 12, keeps_groups=True)
    files = {}
    for spoken, names in (("ro", ("raspunsuri", "dictionar")), ("en", ("answers", "codebook"))):
        with zipfile.ZipFile(io.BytesIO(exported(one, "csv", now, spoken))) as archive:
            files[spoken] = [archive.read(f"{name}.csv").decode("utf-8-sig") for name in names]
    (ro, book_ro), (en, book_en) = files["ro"], files["en"]
    assert ro.startswith("canal,cartier,varsta,")
    assert en.startswith("channel,area,age,")
    assert [("pe_site" in told, "online," in told) for told in (ro, en)] == [(True, False), (False, True)]
    assert ["i2_altceva_text" in ro, "i2_other_text" in en] == [True, True]
    assert "Cum au venit răspunsurile" in book_ro
    assert "How the answers came in" in book_en
    assert "altceva, în cuvinte" in book_ro
    assert "cel puțin 1; cel mult 20; în: persoane" in book_ro
    assert "at least 1; at most 20" in book_en
    assert ro.count("\n") == en.count("\n") == 13


def answer_formula(one: Questionnaire, now: datetime) -> None:
    for _number in range(10):
        answer(one, make_resident(), raw_of(i9=["=HYPERLINK(1)"], i7_o1=["100"]), now)
    work(now)


def test_a_workbook_holds_numbers_as_numbers_and_no_formula(app: Flask, now: datetime) -> None:
    one = many(now, 12)
    answer_formula(one, now)
    with zipfile.ZipFile(io.BytesIO(exported(one, "xlsx", now))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "'=HYPERLINK" in sheet or "&#39;=HYPERLINK" in sheet
    assert sheet.count("<row ") == 23


def test_an_export_is_fetched_by_those_who_may_and_forgotten_after_a_week(
    client: PageClient, now: datetime
) -> None:
    one, other = many(now, 12), make_questionnaire(now)
    client.sign_in(make_account("staff"))
    asked = client.post("staff_questionnaire_sheet.export_answers", {"format": "xlsx"}, **at(one))
    assert "/staff/tasks/" in asked.headers["Location"]
    client.post("staff_questionnaire_sheet.export_answers", {"format": "exe"}, expect=422, **at(one))
    tasks.run_waiting(now)
    db.session.expire_all()
    assert "Descarcă fișierul" in client.follow(asked).main_text
    task = db.session.scalars(select(tasks.Task).where(tasks.Task.kind == queries.EXPORT_KIND)).one()
    with client.app.test_request_context():
        address = url_for("staff_questionnaire_sheet.download", **at(one, task_id=task.id))
    got = client.browser.get(address)
    assert (got.status_code, got.headers["Cache-Control"], got.data[:2]) == (200, "no-store", b"PK")
    assert got.content_length == task.result["size"] == len(got.data)
    client.get("staff_questionnaire_sheet.download", expect=404, **at(other, task_id=task.id))
    assert "xlsx" in client.get("staff_questionnaire_sheet.export_answers", **at(one)).main_text
    client.sign_in(make_account("auditor"))
    client.get("staff_questionnaire_sheet.download", expect=403, **at(one, task_id=task.id))
    key = task.result["key"]
    jobs.tidy(clock.now() + timedelta(days=8))
    assert not get_storage().exists(key)
    client.sign_in(make_account("staff"))
    client.get("staff_questionnaire_sheet.download", expect=404, **at(one, task_id=task.id))
    assert (
        "nu se mai păstrează" in client.get("staff_questionnaire_sheet.export_answers", **at(one)).main_text
    )


def own(shown: list[Panel]) -> Panel | None:
    return next((panel for panel in shown if panel.template.startswith("questionnaires/")), None)


def test_the_consultation_s_pages_say_what_can_be_answered(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    hidden = make_questionnaire(now, published=False, title=SECRET, consultation=one.consultation)
    with app.test_request_context():
        from flask import g

        g.actor = make_resident().as_actor()
        context = {"consultation": one.consultation, "state": "open", "now": now}
        panel = own(panels(app, "consultation", context))
        assert panel is not None
        assert [line["title"] for line in panel.context["lines"]] == ["Parcul Plumbuita"]
        assert SECRET not in panel.html
        assert own(panels(app, "staff.consultation", context)) is None
        g.actor = make_account("staff").as_actor()
        panel = own(panels(app, "staff.consultation", context))
        assert panel is not None
        assert panel.context["rows"] == [one, hidden]


def test_counting_again_gives_the_same(app: Flask, now: datetime) -> None:
    one = many(now, 12)
    before = db.session.execute(
        select(Count.item, Count.cell, Count.value).order_by(Count.item, Count.cell)
    ).all()
    work(one.consultation.closes_at)
    work(one.consultation.closes_at)
    again = db.session.execute(
        select(Count.item, Count.cell, Count.value).order_by(Count.item, Count.cell)
    ).all()
    assert before == again


def test_words_of_few_people_are_not_read_apart(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, results="open", texts_public=True)
    crowd(one, 12, now, ("o2",))
    answer(one, make_resident(), raw_of("other", i2_other=["altceva"], i13=["Numai eu am scris aici."]), now)
    work(one.consultation.closes_at)
    client.get("questionnaire_results.texts", expect=403, **at(one, key="i13"))
