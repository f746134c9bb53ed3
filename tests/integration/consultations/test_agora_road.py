"""The whole road of a debate, page by page, without a script: from a resident's question to a delivery."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, tasks
from civic.accounts.models import Account
from civic.actor import SYSTEM
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.tracker import service as tracker
from consultations.agora import jobs
from consultations.agora.arguing.models import AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import jobs as opinions
from tests.factories import make_account, make_department, make_resident
from tests.pageclient import PageClient


@pytest.fixture
def two_oblige(app: Flask) -> Iterator[None]:
    """Two verified residents oblige the city hall to answer; the clock is put back afterwards."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(before, agora_seconds=2)
    yield
    app.config["SETTINGS"] = before
    clock.travel(timedelta(0))


def publish_what_waits(client: PageClient) -> None:
    client.sign_in(make_account("moderator"))
    for case in db.session.scalars(select(ModerationCase).where(ModerationCase.decided_at.is_(None))).all():
        client.post("moderation.decide", {"decision": "publish"}, case_id=case.id)


def take_part(client: PageClient, person: Account, debate_id: int, stance: str, side: str, body: str) -> None:
    """Ask for the answer, say where one stands, argue, judge the others' arguments, vote on a statement."""
    client.sign_in(person)
    page = client.get("agora.show", debate_id=debate_id)
    if page.find("#seconding form") is not None:
        client.submit(page, "/second")
    client.post("arguing.say_stance", {"value": stance}, debate_id=debate_id)
    client.submit(client.get("arguing.argue", debate_id=debate_id, side=side), "/argue", {"body": body})
    for post in db.session.scalars(select(AgoraPost).where(AgoraPost.body != body)).all():
        client.post("arguing.judge", {"value": "1"}, post_id=post.id)
    client.submit(client.get("statements.index", debate_id=debate_id), "/vote", {"value": "1"})


def test_from_a_question_to_a_delivery(client: PageClient, app: Any, two_oblige: None) -> None:
    author, neighbour, staff = make_resident(), make_resident(), make_account("staff")
    department = make_department("Direcția de drumuri")

    # A resident asks; a moderator opens the debate; the author adds a statement.
    client.sign_in(author)
    client.submit(
        client.get("agora.new"), "/agora/new",
        {"question": "Închidem duminica strada?", "why": "Copiii.", "with_statements": "y", "send": "1"},
    )  # fmt: skip
    publish_what_waits(client)
    number = db.session.scalars(select(AgoraDebate.id)).one()
    client.sign_in(author)
    page = client.get("statements.index", debate_id=number)
    client.submit(page, "/statements", {"text": "O duminică pe lună ar fi un început."})

    # Two residents take part: the second one makes the number full.
    take_part(client, author, number, "1", "for", "Copiii nu au unde merge cu bicicleta.")
    take_part(client, neighbour, number, "-1", "against", "Magazinele pierd clienții cu mașina.")
    shown = client.get("agora.show", debate_id=number).main_text
    assert "2 locuitori verificați din 2 necesari cer răspunsul primăriei" in shown
    assert "Primăria răspunde până" in shown
    opinions.enqueue_due(clock.now())
    tasks.run_waiting(clock.now())
    assert "Încă nu există grupuri stabile" in client.get("statements.index", debate_id=number).main_text

    # The arguments end; the city hall sums them up; the neighbour objects.
    clock.travel(timedelta(days=32))
    client.sign_in(staff)
    cited = [str(one) for one in db.session.scalars(select(AgoraPost.id).order_by(AgoraPost.id))]
    writing = client.get("agora_summary.write", debate_id=number)
    form = {"section": "divisive", "text": "Strada este a copiilor sau a clienților.", "cited": cited}
    client.submit(writing, "/summary", form)
    client.submit(client.get("agora_summary.write", debate_id=number), "/publish")
    client.sign_in(neighbour)
    client.submit(
        client.get("agora_summary.objection", debate_id=number),
        "/objections",
        {"text": "Lipsesc cei în vârstă."},
    )

    # The summary stands; the city hall answers; the answer becomes a delivery.
    clock.travel(timedelta(days=41))
    delivery = tracker.create_delivery(
        "Strada deschisă", Decimal(1000), "RON", None, None, None, SYSTEM, clock.now()
    )
    db.session.commit()
    client.sign_in(staff)
    answer = {
        "answer_form-what": "Închidem strada în prima duminică a lunii.",
        "answer_form-department_id": str(department.id), "answer_form-leads_to": f"/deliveries/{delivery.id}",
    }  # fmt: skip
    client.submit(client.get("staff_agora.show", debate_id=number), "/answer", answer)
    client.sign_out()
    public = client.get("agora.show", debate_id=number)
    for words in (
        "Strada este a copiilor sau a clienților.", "Lipsesc cei în vârstă.", "Direcția de drumuri",
        "Închidem strada în prima duminică a lunii.", "Strada deschisă",
    ):  # fmt: skip
        assert words in public.main_text
    assert "Închidem duminica strada?" in client.get("tracker.show", delivery_id=delivery.id).main_text

    # Long after, nobody can tell any more who stood where.
    assert jobs.archive_due(clock.now() + timedelta(days=100)) == 1
    assert "Arhivată" in client.get("agora.show", debate_id=number).main_text
