"""Residents say whether a work is done: once each, moderated, and who disputes it is answered by a deadline."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import timeline
from civic.actor import SYSTEM, Actor
from civic.errors import Conflict, Invalid, NotAllowed
from civic.extensions import db
from civic.files.service import store_upload
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from civic.notifications.models import Notice
from civic.outbox import OutboxMessage
from civic.tracker import service as tracker
from civic.tracker.checks import queries, service
from civic.tracker.checks.models import DeliveryCheck
from civic.tracker.models import Delivery, DeliveryStage
from tests import factories
from tests.integration.tracker.test_service import make
from tests.pageclient import PageClient
from tests.uploads import image_bytes, image_upload

NOON = factories.NOON
MONTH = timedelta(days=30)


def done(**values: Any) -> Delivery:
    """A work that is said to be done since a month."""
    one = make(**values)
    tracker.change_status(SYSTEM, one.id, "completed", "", NOON - MONTH)
    db.session.commit()
    return one


def resident() -> Actor:
    return factories.make_resident().as_actor()


def dispute(one: Delivery, who: Actor | None = None, text: str = "Lipsesc două bănci.") -> DeliveryCheck:
    return service.say(who or resident(), one.id, False, text, None, NOON)


def events(one: Delivery) -> list[str]:
    return [event.event for event in timeline.list_events("delivery", one.id)]


@pytest.fixture
def staff(app: Flask) -> Actor:
    return factories.make_account("staff").as_actor()


def test_each_verified_resident_speaks_once_of_each_completion(app: Flask, staff: Actor) -> None:
    one, who = done(), resident()
    assert service.say(who, one.id, True, "", None, NOON).state == "visible"
    with pytest.raises(NotAllowed, match="deja ce ai văzut"):
        dispute(one, who)
    with pytest.raises(NotAllowed, match="verificați"):
        dispute(one, factories.make_account().as_actor())
    tracker.change_status(staff, one.id, "in_execution", "Mai e de lucru.", NOON)
    with pytest.raises(NotAllowed, match="nimic de confirmat"):
        dispute(one)
    assert queries.counts(one.id) == {}, "nothing is said to be done"
    tracker.change_status(staff, one.id, "received", "", NOON + MONTH)
    service.say(who, one.id, True, "", None, NOON + MONTH)
    tracker.change_status(staff, one.id, "completed", "", NOON + 2 * MONTH)
    assert queries.counts(one.id) == {True: 1}
    service.say(who, one.id, False, "Lipsesc două bănci.", None, NOON + 2 * MONTH)
    assert queries.counts(one.id) == {False: 1}, "one resident is one resident"


def test_other_words_for_a_stage_are_no_other_completion(app: Flask, staff: Actor) -> None:
    one, who = done(), resident()
    dispute(one, who)
    since, stages = one.status_since, db.session.query(DeliveryStage).count()
    tracker.change_status(staff, one.id, "completed", "Recepția a fost vineri.", NOON)
    assert (one.status_since, one.status_reason) == (since, "Recepția a fost vineri.")
    assert db.session.query(DeliveryStage).count() == stages
    with pytest.raises(NotAllowed, match="deja ce ai văzut"):
        dispute(one, who)
    assert events(one)[-1] == "delivery.corrected"


def test_the_database_keeps_the_second_word_out(app: Flask) -> None:
    one, who = done(), resident()
    dispute(one, who)
    again = DeliveryCheck(
        delivery_id=one.id, account_id=who.id, completed_at=one.status_since, done=True, said_at=NOON
    )
    db.session.add(again)
    with pytest.raises(IntegrityError, match="uq_delivery_check_delivery_id_account_id_completed_at"):
        db.session.flush()
    db.session.rollback()


def test_a_dispute_starts_the_departments_clock(app: Flask) -> None:
    one = done()
    with pytest.raises(Invalid, match="Scrie ce nu e gata"):
        dispute(one, text=" ")
    made = dispute(one)
    assert made.due_at is not None
    assert made.due_at.date() - NOON.date() == MONTH
    assert events(one)[-1] == "delivery.disputed"
    assert service.say(resident(), one.id, True, "Se vede bine.", None, NOON).due_at is None


@pytest.mark.parametrize("outcome", ["kept", "explained"])
def test_an_answer_is_public_and_told(app: Flask, staff: Actor, outcome: str) -> None:
    one, who = done(), resident()
    made = dispute(one, who)
    dispute(one)
    service.answer(staff, one.id, outcome, "Băncile sunt la celălalt capăt.", None, NOON + MONTH)
    assert made.answer is not None
    assert (one.status, made.answer.outcome) == ("completed", outcome)
    assert events(one)[-1] == f"delivery.dispute_{outcome}"
    assert "celălalt capăt" in db.session.scalars(select(Notice)).all()[-1].texts["ro"]["body"]
    letters = db.session.scalars(
        select(OutboxMessage.body).where(OutboxMessage.body.contains("celălalt"))
    ).all()
    assert len(letters) == 2
    with pytest.raises(Conflict, match="Nimeni nu mai așteaptă"):
        service.answer(staff, one.id, outcome, "Încă o dată.", None, NOON + MONTH)


def test_a_work_that_is_reopened_has_a_new_date(app: Flask, staff: Actor) -> None:
    one = done()
    dispute(one)
    for wrong in (None, NOON.date()):
        with pytest.raises(Invalid):
            service.answer(staff, one.id, "reopened", "Mai punem două.", wrong, NOON)
    service.answer(staff, one.id, "reopened", "Mai punem două.", date(2026, 9, 1), NOON)
    assert (one.status, one.planned_end, one.done_on) == ("in_execution", date(2026, 9, 1), None)
    assert events(one)[-2:] == ["delivery.dispute_reopened", "delivery.in_execution"]
    stages = db.session.scalars(select(DeliveryStage.status).order_by(DeliveryStage.id)).all()
    assert stages == ["in_preparation", "completed", "in_execution"]


def test_only_the_department_in_charge_answers(app: Flask) -> None:
    own, other = factories.make_department(), factories.make_department("Altă direcție")
    one = done(department_id=own.id)
    dispute(one)
    stranger = factories.make_account("evaluator", department=other).as_actor()
    with pytest.raises(NotAllowed):
        service.answer(stranger, one.id, "kept", "E gata.", None, NOON)
    assert (queries.count_queue(stranger), queries.list_queue(stranger, 5)) == (0, [])
    colleague = factories.make_account("evaluator", department=own).as_actor()
    assert [row[:2] for row in queries.list_queue(colleague, 5)] == [(one, 1)]
    service.answer(colleague, one.id, "kept", "E gata.", None, NOON)
    assert queries.count_queue(colleague) == 0


def test_what_is_hidden_leaves_the_figures_and_its_photo_the_public(app: Flask) -> None:
    one, who = done(), resident()
    photo = store_upload(image_upload(), "image", who, NOON, alt="Un loc gol")
    made = service.say(who, one.id, False, "Lipsesc bănci.", photo.id, NOON)
    assert photo.public
    moderator = factories.make_account("moderator").as_actor()
    before = service.snapshot(made.id)
    service.carry_out(moderator, made.id, Verdict(Decision.HIDE, "spam", "Reclamă."), NOON)
    db.session.refresh(photo)
    assert (queries.counts(one.id), photo.public, queries.list_open(one.id)) == ({}, False, [])
    service.put_back(moderator, made.id, before, "Nu era.", NOON)
    db.session.refresh(photo)
    assert (queries.counts(one.id), photo.public) == ({False: 1}, True)


def test_the_road_of_a_dispute(app: Flask, client: PageClient) -> None:
    one = done()
    client.get("tracker_checks.check", delivery_id=one.id, expect=303)
    assert "Niciun locuitor" in client.get("tracker.show", delivery_id=one.id).main_text
    client.sign_in(factories.make_resident())
    page = client.get("tracker_checks.check", delivery_id=one.id)
    where = f"/deliveries/{one.id}/check"
    refused = client.submit(page, where, {"done": "no"}, expect=422)
    assert "Scrie ce nu e gata" in refused.main_text
    assert refused.title.startswith(("Eroare: ", "Error: "))
    shot = (io.BytesIO(with_place(image_bytes())), "banca.jpg")
    typed = {"done": "no", "text": "Lipsește <b>banca</b>.", "photo": shot, "alt": "Un loc gol"}
    client.submit(page, where, typed)
    text = client.get("tracker.show", delivery_id=one.id).main_text
    assert "Lipsește <b>banca</b>." in text
    assert "Mulțumim. Ce ai spus se vede mai jos" in text
    stored = db.session.scalars(select(DeliveryCheck)).one().file
    assert stored is not None
    shown = client.browser.get(f"/files/{stored.id}/full").data
    assert not Image.open(io.BytesIO(shown)).getexif()
    assert "deja ce ai văzut" in client.get("tracker_checks.check", delivery_id=one.id).main_text
    client.sign_in(factories.make_account("staff"))
    assert one.title in client.get("staff.home").main_text
    queue = client.get("tracker_disputes.index")
    assert one.title in queue.main_text
    page = client.get("tracker_disputes.answer", delivery_id=one.id)
    where = f"/staff/deliveries/{one.id}/disputes"
    client.submit(page, where, {"outcome": "reopened", "text": "Punem banca."}, expect=422)
    client.submit(page, where, {"outcome": "explained", "text": "Banca vine în martie."})
    shown_text = client.get("tracker.show", delivery_id=one.id).main_text
    assert "Răspunsul direcției" in shown_text
    assert "Banca vine în martie." in shown_text
    assert "Nimeni nu așteaptă" in client.get("tracker_disputes.answer", delivery_id=one.id).main_text
    answer = app.test_client().get(f"/api/v1/delivery-checks?delivery_id={one.id}").json["data"]
    assert [(item["done"], item["answer"]) for item in answer] == [(False, "explained")]


def with_place(data: bytes) -> bytes:
    """A photo that says where and when it was made."""
    picture, out = Image.open(io.BytesIO(data)).convert("RGB"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0132] = "2026:05:12 10:00:00"
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(out.getvalue())).getexif()
    return out.getvalue()


def test_asking_costs_the_same_whoever_spoke(app: Flask, client: PageClient, statements: list[str]) -> None:
    one = done()
    dispute(one)
    db.session.commit()
    client.get("tracker.show", delivery_id=one.id)
    statements.clear()
    client.get("tracker.show", delivery_id=one.id)
    few = len(statements)
    for _number in range(6):
        dispute(one)
    db.session.commit()
    statements.clear()
    client.get("tracker.show", delivery_id=one.id)
    assert len(statements) == few


def test_closing_is_told_once(app: Flask, staff: Actor) -> None:
    from civic.tracker.closing import register_closing

    told: list[int] = []
    before = list(app.extensions.get("civic_delivery_closings", ()))
    register_closing(app, lambda delivery, _now: told.append(delivery.id))
    one = make()
    try:
        for status in ("in_execution", "received", "completed"):
            tracker.change_status(staff, one.id, status, "", NOON)
    finally:
        app.extensions["civic_delivery_closings"] = before
    assert told == [one.id]
