"""Changing deliveries: what is refused, what is recorded, who is told."""

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import IntegrityError

from civic import links, timeline
from civic.actor import SYSTEM, Actor
from civic.audit import AuditRecord
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.links import SubjectLink
from civic.notifications import jobs
from civic.notifications.service import add_follower
from civic.outbox import OutboxMessage
from civic.tracker import queries, rules, service
from civic.tracker.models import Delivery
from civic.tracker.queries import Filters
from tests import factories

NOON = factories.NOON
TODAY = date(2026, 5, 12)


@pytest.fixture
def staff(app: Flask) -> Actor:
    return factories.make_account("staff").as_actor()


def make(actor: Actor = SYSTEM, **values: Any) -> Delivery:
    defaults: dict[str, Any] = {
        "title": "Scuar pe strada Teiul Doamnei", "budget": Decimal("480000"), "currency": "RON",
        "neighbourhood_id": None, "category_id": None, "origin": None,
    }  # fmt: skip
    delivery = service.create_delivery(**{**defaults, **values}, actor=actor, now=NOON)
    db.session.commit()
    return delivery


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": "  "}, "Scrie un titlu"),
        ({"budget": Decimal("-1")}, "Bugetul"),
        ({"budget": Decimal("NaN")}, "Bugetul"),
        ({"started_on": TODAY, "planned_end": TODAY - timedelta(days=1)}, "înaintea începutului"),
        ({"status": "halted"}, "Spune de ce"),
    ],
)
def test_nonsense_is_not_tracked(app: Flask, values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refusal:
        make(**values)
    assert sentence in str(refusal.value.message)
    assert db.session.scalar(select(func.count(Delivery.id))) == 0


def test_the_database_holds_what_the_rules_say(app: Flask) -> None:
    delivery = make()
    for change in (
        {"spent": Decimal(-1)},
        {"status": "asleep"},
        {"status": "halted", "status_reason": ""},
        {"started_on": TODAY, "planned_end": TODAY - timedelta(days=1)},
        {"origin_kind": "project"},
        {"latitude": 44.0},
    ):
        statement = update(Delivery).where(Delivery.id == delivery.id).values(**change)
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(statement)


def test_one_project_makes_one_delivery_however_often_asked(app: Flask) -> None:
    first = make(origin=("project", 7))
    again = make(origin=("project", 7), title="Altfel")
    assert (again.id, again.title) == (first.id, first.title)
    assert make(origin=("project", 8)).id != first.id
    link = db.session.scalar(select(SubjectLink).where(SubjectLink.from_id == 7))
    assert link is not None
    assert (link.from_kind, link.to_kind, link.to_id) == ("project", "delivery", first.id)
    assert [event.event for event in timeline.list_events("delivery", first.id)] == ["delivery.created"]


def test_many_at_once_make_one_delivery(real_app: Flask) -> None:
    gate, made = threading.Barrier(6), []

    def ask() -> None:
        with real_app.app_context():
            gate.wait()
            made.append(make(origin=("project", 7)).id)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


def test_a_stage_needs_its_reason_and_followers_hear_it(app: Flask, staff: Actor) -> None:
    delivery, follower = make(), factories.make_account()
    add_follower(follower.id, "delivery", delivery.id, NOON)
    for status, reason, sentence in (
        ("halted", " ", "Spune de ce"),
        ("asleep", "x", "din listă"),
        ("in_preparation", "", "deja în acest stadiu"),
    ):
        with pytest.raises(Invalid, match=sentence):
            service.change_status(staff, delivery.id, status, reason, NOON)
    service.change_status(staff, delivery.id, "halted", "Contestație la licitație.", NOON)
    db.session.commit()
    event = timeline.list_events("delivery", delivery.id)[-1]
    assert (event.event, event.role, event.reason) == (
        "delivery.halted",
        "staff",
        "Contestație la licitație.",
    )
    record = db.session.scalar(select(AuditRecord).where(AuditRecord.event == "delivery.status_changed"))
    assert record is not None
    assert record.details == {"from": "in_preparation", "to": "halted"}
    jobs.fan_out(NOON)
    message = db.session.scalar(select(OutboxMessage))
    assert message is not None
    assert message.subject == "Sistat: Scuar pe strada Teiul Doamnei"
    assert "Contestație la licitație." in message.body
    assert f"/deliveries/{delivery.id}\n" in message.body


def test_ends_and_reopening(app: Flask, staff: Actor) -> None:
    delivery = make(started_on=TODAY - timedelta(days=90))
    service.change_status(staff, delivery.id, "received", "", NOON)
    assert delivery.done_on == TODAY
    with pytest.raises(Invalid, match="Spune de ce"):
        service.change_status(staff, delivery.id, "in_execution", "", NOON)
    service.change_status(staff, delivery.id, "in_execution", "S-au găsit defecte la recepție.", NOON)
    assert delivery.done_on is None
    later = make()
    service.change_status(staff, later.id, "in_execution", "", NOON)
    assert later.started_on == TODAY


def test_what_somebody_else_changed_is_not_overwritten(app: Flask, staff: Actor) -> None:
    delivery = make()
    seen = delivery.version
    service.edit_details(staff, delivery.id, seen, {"title": "Scuarul nou"}, NOON)
    with pytest.raises(Conflict):
        service.edit_details(staff, delivery.id, seen, {"title": "Altul"}, NOON)
    assert delivery.title == "Scuarul nou"
    before = delivery.version
    service.edit_details(staff, delivery.id, before, {"title": "Scuarul nou"}, NOON)
    assert delivery.version == before  # nothing changed, nothing is told
    with pytest.raises(Invalid, match="înaintea începutului"):
        service.edit_details(
            staff, delivery.id, before, {"started_on": TODAY, "planned_end": date(2020, 1, 1)}, NOON
        )


def test_payments(app: Flask, staff: Actor) -> None:
    delivery = make()
    for wrong in (Decimal("-0.01"), Decimal("NaN"), Decimal(10) ** 13):
        with pytest.raises(Invalid):
            service.record_spent(staff, delivery.id, wrong, NOON)
    service.record_spent(staff, delivery.id, Decimal("212000.50"), NOON)
    db.session.commit()
    assert db.session.scalar(select(Delivery.spent)) == Decimal("212000.50")
    service.record_spent(staff, delivery.id, None, NOON)
    with pytest.raises(NotFound):
        service.record_spent(staff, 10**6, None, NOON)


def test_steps(app: Flask, staff: Actor) -> None:
    delivery = make(started_on=TODAY - timedelta(days=10))

    def step(**values: Any) -> Any:
        defaults = {"milestone_id": None, "title": "Licitație", "planned_on": TODAY, "now": NOON}
        return service.set_milestone(staff, delivery.id, **{**defaults, **values})

    for values, sentence in (
        ({"title": ""}, "Scrie un titlu"),
        ({"replanned_on": TODAY}, "de ce s-a schimbat"),
        ({"done_on": TODAY + timedelta(days=1)}, "viitor"),
        ({"done_on": TODAY - timedelta(days=11)}, "înainte de începutul"),
    ):
        with pytest.raises(Invalid, match=sentence):
            step(**values)
    made = step()
    moved = step(milestone_id=made.id, replanned_on=TODAY + timedelta(days=30), replan_reason="Ploaie.")
    assert moved.due_on == TODAY + timedelta(days=30)
    step(milestone_id=made.id, done_on=TODAY)
    events = [event.sentence for event in timeline.list_events("delivery", delivery.id)]
    assert events[-2:] == ["Dată nouă pentru etapa: Licitație", "Etapă încheiată: Licitație"]
    other = make()
    with pytest.raises(NotFound):
        service.remove_milestone(staff, other.id, made.id, NOON)
    service.remove_milestone(staff, delivery.id, made.id, NOON)
    assert queries.list_milestones(delivery.id) == []


def test_photos_of_others_cannot_be_published(app: Flask, staff: Actor) -> None:
    from civic.files.service import store_upload
    from tests.uploads import image_upload

    delivery = make()
    theirs = store_upload(image_upload(), "image", factories.make_account().as_actor(), NOON)
    own = store_upload(image_upload(), "image", staff, NOON, alt="Șantierul")
    for files in ([theirs.id], [10**6]):
        with pytest.raises(Invalid, match="tocmai le-ai încărcat"):
            service.add_update(staff, delivery.id, "S-a turnat fundația.", files, NOON)
    assert not theirs.public
    with pytest.raises(Invalid, match="Scrie ce"):
        service.add_update(staff, delivery.id, " ", [], NOON)
    told = service.add_update(staff, delivery.id, "S-a turnat fundația.", [own.id], NOON)
    db.session.commit()
    db.session.refresh(own)
    assert own.public
    assert [photo.file_id for photo in told.photos] == [own.id]


def test_search_finds_without_diacritics_and_by_beginnings(app: Flask) -> None:
    school = make(title="Reabilitarea Școlii nr. 85", place="Șoseaua Ștefan cel Mare")
    make(title="Parcul Plumbuita")
    for words in ("scolii", "ȘCOLII 85", "Stefan", "stef mare", "  școl!"):
        found = queries.list_deliveries(Filters(text=words), 1)
        assert [one.id for one in found] == [school.id], words
    for words in ("școlii plumbuita", "'", "&|!", "a\\b:*", "x" * 5000):
        assert list(queries.list_deliveries(Filters(text=words), 1)) == []


def test_late_in_the_list_is_late_by_the_rules(app: Flask) -> None:
    for status in rules.STATUSES:
        for days in (-1, 0, 1, 400):
            make(status=status, status_reason="x", planned_end=TODAY - timedelta(days=days))
        make(status=status, status_reason="x")
    late = {one.id for one in queries.list_deliveries(Filters(late_on=TODAY), 1, 200)}
    everything = queries.list_deliveries(Filters(), 1, 200)
    assert late == {one.id for one in everything if rules.days_late(one.status, one.planned_end, TODAY)}
    rows, total = queries.list_late(TODAY, 5)
    assert total == len(late)
    assert rows[0].planned_end == TODAY - timedelta(days=400)


def test_a_page_counted_off_from_the_end_is_the_same_page(app: Flask) -> None:
    for number in range(24):
        one = make(
            title=f"Strada {number}",
            budget=Decimal(5) if number % 3 else None,
            origin=("project", number) if number % 5 == 0 else None,
            status="other" if number % 4 == 0 else "in_design",
            status_reason="x",
        )
        one.changed_at = NOON + timedelta(days=number % 2)
    db.session.commit()
    size = 5
    for filters, total in ((Filters(), 24), (Filters(status="in_design"), 18), (Filters(text="nimic"), 0)):
        whole = list(queries.list_deliveries(filters, 1, 100))
        assert len(whole) == total
        for page in range(1, total // size + 3):
            expected = whole[(page - 1) * size : page * size]
            assert list(queries.list_deliveries(filters, page, size, total)) == expected, (filters, page)


def test_the_last_page_is_read_off_the_end_of_the_index(app: Flask) -> None:
    make()
    asked: list[tuple[str, Any]] = []
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *heard: asked.append((heard[2], heard[3])))
    queries.list_deliveries(Filters(), 2084, 24, 50_000)
    statement, values = asked[-1]
    assert max(value for value in values.values() if isinstance(value, int)) <= 24  # nothing is counted off
    for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", values))
    assert "Index Only Scan Backward using ix_delivery_list" in plan, plan


def test_others_meet_a_delivery_by_its_title(app: Flask) -> None:
    delivery = make()
    with app.test_request_context():
        link = links.find_link("delivery", delivery.id)
        assert link is not None
        assert (link.title, link.url) == (delivery.title, f"/deliveries/{delivery.id}")
        assert links.find_link("delivery", 10**6) is None
