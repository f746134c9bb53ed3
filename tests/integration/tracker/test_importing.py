"""Works brought in from a table: told once, corrected openly, and followed to their new stage."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, timeline
from civic.extensions import db
from civic.notifications.models import Notice
from civic.tracker.models import Delivery
from tests import factories
from tests.integration.imports.importkit import checked, counts, loaded, table
from tests.pageclient import PageClient

HEAD = "id,title,place,value,status,status_text,department,parent_id,same_as,note"


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


def bring(staff: Any, *rows: str, **more: Any) -> Any:
    return loaded(staff, table(*rows, head=HEAD), dataset="deliveries", **more)


def work(key: str) -> Delivery:
    return db.session.scalars(select(Delivery).filter_by(import_key=key)).one()


def events(one: Delivery) -> list[str]:
    return [event.event for event in timeline.list_events("delivery", one.id)]


def test_a_work_is_told_of_once_and_a_correction_openly(staff: Any) -> None:
    rows = ["A,Parc,Lac,100,în execuție,Se lucrează,,,,", "B,Alee,,,altul,,,A,,"]
    assert counts(bring(staff, *rows)) == (2, 0, 0, 0)
    assert counts(bring(staff, *rows)) == (0, 0, 2, 0)
    assert events(work("A")) == ["delivery.imported"]
    assert work("B").status_reason == "Raportul nu precizează stadiul."
    assert work("B").parent_id == work("A").id
    bring(staff, rows[0].replace("100", "120"))
    assert events(work("A")) == ["delivery.imported", "delivery.corrected"]
    assert work("A").version == 2


def test_followers_hear_of_a_new_stage(app: Flask, staff: Any) -> None:
    bring(staff, "A,Parc,Lac,100,în execuție,Se lucrează,,,,")
    bring(staff, "A,Parc,Lac,100,finalizat,S-a terminat,,,,")
    assert work("A").status == "completed"
    assert events(work("A"))[-1] == "delivery.completed"
    told = db.session.scalars(select(Notice)).one()
    assert (told.subject_kind, told.subject_id) == ("delivery", work("A").id)
    assert "S-a terminat" in told.texts["ro"]["body"]


def test_who_asks_for_what_has_changed_is_given_what_was_just_brought_in(app: Flask, staff: Any) -> None:
    """However old the report is: a program that asked yesterday would never hear of it."""
    before = clock.now()
    bring(staff, "A,Parc,Lac,100,în execuție,Se lucrează,,,,", as_of=date(2025, 1, 31))
    asked = app.test_client().get("/api/v1/deliveries", query_string={"changed_since": before.isoformat()})
    assert [one["id"] for one in asked.json["data"]] == [work("A").id]


def test_a_work_that_goes_on_again_is_not_done_on_a_day(staff: Any, client: PageClient) -> None:
    bring(staff, "A,Parc,Lac,100,finalizat,,,,,")
    work("A").done_on = date(2026, 3, 2)
    bring(staff, "A,Parc,Lac,100,în execuție,Se repară,,,,")
    assert work("A").done_on is None


def test_a_work_that_came_in_at_a_standstill_does_not_say_it_began_that_day(
    client: PageClient, staff: Any
) -> None:
    bring(staff, "A,Parc,Lac,,sistat,Fără bani,,,,", "B,Alee,Lac,,în așteptarea fondurilor,Fără bani,,,,")
    for key in "AB":
        text = client.get("tracker.show", delivery_id=work(key).id).main_text
        assert "cel puțin din" in text
        assert "raportul nu spune de când" in text


def test_a_stage_nobody_knows_and_a_negative_amount_are_refused(staff: Any) -> None:
    one = loaded(
        staff, table("A,Parc,,,doarme,,,,,", "B,Alee,,-5,altul,,,,,", "C,Scuar,,,altul,,,,,", head=HEAD),
        dataset="deliveries", without_refused=True,
    )  # fmt: skip
    assert counts(one) == (1, 0, 0, 2)


def test_a_work_planned_to_end_before_it_began_is_refused_before_the_loading(staff: Any) -> None:
    content = table("A,Parc,altul,31.12.2024,01.12.2024", head="id,titlu,stadiu,inceput,termen")
    assert counts(checked(staff, content, dataset="deliveries")) == (0, 0, 0, 1)


def test_days_long_ago_and_far_ahead_are_days(staff: Any, client: PageClient) -> None:
    head = "id,titlu,stadiu,buget,inceput,termen"
    one = loaded(
        staff, table("A,Metrou,în execuție,100,05.06.1998,31.12.2055", "B,Lac,altul,,01.02.0202,", head=head),
        dataset="deliveries", without_refused=True,
    )  # fmt: skip
    assert counts(one) == (1, 0, 0, 1)
    assert (work("A").started_on, work("A").planned_end) == (date(1998, 6, 5), date(2055, 12, 31))
    page = client.get("tracker.show", delivery_id=work("A").id)
    assert "5 iunie 1998" in page.main_text
    assert "31 decembrie 2055" in page.main_text
    client.sign_in(factories.make_account("staff"))
    report = client.get("imports.show", import_id=one.id, outcome="refused").main_text
    assert "„01.02.0202” este dinainte de 1900 sau de după 2100" in report


def test_an_unknown_department_is_left_out_and_told(staff: Any) -> None:
    from civic.imports.queries import list_remarked

    one = bring(staff, "A,Parc,,,altul,,Direcția Lunii,,,")
    assert [remark["code"] for remark in list_remarked(one.id)[0].remarks] == ["no_department"]
    assert work("A").department_id is None
