"""The money of a delivery: its history is kept, its sums are compared, and nothing is corrected in silence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from civic import timeline
from civic.actor import Actor
from civic.decisions.models import CouncilDecision
from civic.errors import Invalid, NotFound
from civic.extensions import db
from civic.notifications.models import Notice
from civic.purchases import service as purchases
from civic.purchases.models import Purchase
from civic.tracker import service as tracker
from civic.tracker.funds import queries, rules, service
from civic.tracker.funds.models import BudgetRevision, DeliveryPayment
from civic.tracker.models import Delivery
from tests import factories
from tests.integration.imports.importkit import loaded, table
from tests.integration.tracker.test_service import make
from tests.pageclient import PageClient

NOON = factories.NOON
DAY = date(2026, 5, 4)


@pytest.fixture
def staff(app: Flask) -> Actor:
    return factories.make_account("staff").as_actor()


def decision() -> CouncilDecision:
    return factories.save(CouncilDecision(number="47", year=2026, title="Rectificare", changed_at=NOON))


def revise(staff: Actor, one: Delivery, amount: int, **values: Any) -> BudgetRevision:
    given: dict[str, Any] = {
        "decision_id": None,
        "decision_text": "HCL 9/2026",
        "reason": "Indexare.",
        **values,
    }
    day = given.pop("revised_on", DAY)
    return service.revise_budget(staff, one.id, day, Decimal(amount), **given, now=NOON)


def pay(
    staff: Actor, one: Delivery, amount: str, recovered: bool = False, reason: str = "Lucrări"
) -> DeliveryPayment:
    return service.add_payment(staff, one.id, DAY, Decimal(amount), recovered, "OP 12", reason, NOON)


def test_a_revision_keeps_what_was_before_and_by_which_decision(app: Flask, staff: Actor) -> None:
    one = make(budget=Decimal(100))
    revise(staff, one, 150, decision_id=decision().id, decision_text="")
    revise(staff, one, 120)
    rows = [(row.amount_before, row.amount_after, row.reason) for row in queries.list_revisions(one.id)]
    assert rows == [(100, 150, "Indexare."), (150, 120, "Indexare.")]
    assert one.budget == 120
    assert [event.event for event in timeline.list_events("delivery", one.id)].count(
        "delivery.budget_revised"
    ) == 2
    notices = db.session.scalars(select(Notice)).all()
    assert "Buget nou" in notices[-1].texts["ro"]["subject"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"amount": 100}, "deja bugetul"),
        ({"amount": -1}, "cel puțin zero"),
        ({"decision_text": " "}, "prin ce hotărâre"),
        ({"reason": " "}, "de ce se schimbă"),
        ({"revised_on": date(2026, 12, 1)}, "nu a venit"),
    ],
)
def test_a_revision_without_its_grounds_is_refused(
    app: Flask, staff: Actor, values: dict[str, Any], sentence: str
) -> None:
    one = make(budget=Decimal(100))
    with pytest.raises(Invalid) as refusal:
        revise(staff, one, **{"amount": 150, **values})
    assert sentence in str(refusal.value.message)
    with pytest.raises(NotFound):
        revise(staff, one, 150, decision_id=10**6)


def test_revisions_are_written_in_the_order_of_their_days(app: Flask, staff: Actor) -> None:
    one = make(budget=Decimal(100))
    revise(staff, one, 150)
    with pytest.raises(Invalid) as refusal:
        revise(staff, one, 120, revised_on=date(2026, 5, 3))
    assert "în ordinea zilelor" in str(refusal.value.message)
    assert one.budget == 150


def test_only_the_last_revision_is_taken_back(app: Flask, staff: Actor) -> None:
    one = make(budget=Decimal(100))
    first, last = revise(staff, one, 150), revise(staff, one, 120)
    with pytest.raises(NotFound):
        service.take_back_revision(staff, one.id, first.id, NOON)
    service.take_back_revision(staff, one.id, last.id, NOON)
    assert one.budget == 150


def test_the_stated_total_moves_only_where_it_was_the_sum(app: Flask, staff: Actor) -> None:
    one = make()
    pay(staff, one, "40.10")
    last = pay(staff, one, "60")
    assert one.spent == Decimal("100.10")
    pay(staff, one, "10.10", recovered=True, reason="Plătit de două ori")
    assert one.spent == Decimal(90)
    service.remove_payment(staff, one.id, last.id, NOON)
    assert one.spent == Decimal(30)
    one.spent = Decimal(500)
    pay(staff, one, "5")
    assert one.spent == 500
    assert rules.paid(one.spent, [row.amount for row in queries.list_payments(one.id)]).difference == 465
    with pytest.raises(NotFound):
        service.remove_payment(staff, make().id, queries.list_payments(one.id)[0].id, NOON)


def test_more_never_comes_back_than_was_paid(app: Flask, staff: Actor) -> None:
    one = make()
    first = pay(staff, one, "40")
    pay(staff, one, "30", recovered=True, reason="Lucrări nefăcute")
    with pytest.raises(Invalid, match="mai mulți bani"):
        pay(staff, one, "20", recovered=True, reason="Lucrări nefăcute")
    with pytest.raises(Invalid, match="mai mulți bani"):
        service.remove_payment(staff, one.id, first.id, NOON)
    with pytest.raises(Invalid, match="de ce s-au întors"):
        pay(staff, one, "5", recovered=True, reason=" ")
    for wrong in ("0", "NaN", "-3", "1e13"):
        with pytest.raises(Invalid):
            pay(staff, one, wrong)


def test_the_database_refuses_a_recovery_without_reason(app: Flask) -> None:
    row = DeliveryPayment(delivery_id=make().id, paid_on=DAY, amount=Decimal(-1), recorded_at=NOON)
    db.session.add(row)
    with pytest.raises(IntegrityError, match="ck_delivery_payment_recovery_reasoned"):
        db.session.flush()
    db.session.rollback()


def test_the_page_shows_sums_beside_their_parts(app: Flask, client: PageClient, staff: Actor) -> None:
    one = make(budget=Decimal(100000), responsible="Șef serviciu Investiții")
    revise(staff, one, 150000, decision_id=decision().id, decision_text="")
    service.record_contracted(staff, one.id, Decimal(140000), NOON)
    pay(staff, one, "40000")
    pay(staff, one, "1000", recovered=True, reason="Plătit de două ori")
    one.budget, one.spent = Decimal(160000), Decimal(50000)
    for amount in (100000, 30000):
        factories.save(
            Purchase(title="Bănci", procedure="direct", amount_net=Decimal(amount), year=2026, delivery_id=one.id,
                     created_at=NOON, changed_at=NOON)
        )  # fmt: skip
    db.session.commit()
    text = client.get("tracker.show", delivery_id=one.id).main_text
    for expected in (
        "Primul buget aprobat 100.000 lei", "HCL 47/2026", "o diferență de 10.000 lei", "Recuperat",
        "Plătit de două ori", "fac împreună 39.000 lei", "o diferență de 11.000 lei", "Contractat 140.000 lei",
        "Împreună 130.000 lei", "Șef serviciu Investiții",
    ):  # fmt: skip
        assert expected in text, expected


def test_payments_keep_their_currency(app: Flask, staff: Actor) -> None:
    one = make()
    pay(staff, one, "40")
    with pytest.raises(Invalid, match="moneda de acum"):
        tracker.edit_details(staff, one.id, one.version, {"currency": "EUR"}, NOON)


def test_amounts_told_in_different_ways_are_not_added_up(app: Flask, client: PageClient) -> None:
    one = make()
    for way in ("amount_net", "amount_gross"):
        factories.save(
            Purchase(title="Bănci", procedure="direct", year=2026, delivery_id=one.id, created_at=NOON,
                     changed_at=NOON, **{way: Decimal(5)})
        )  # fmt: skip
    db.session.commit()
    text = client.get("tracker.show", delivery_id=one.id).main_text
    assert "Aceste sume nu se adună" in text
    assert "Împreună" not in text


def test_a_changed_contract_counts_with_what_it_came_to(app: Flask, client: PageClient, staff: Actor) -> None:
    one = make()
    service.record_contracted(staff, one.id, Decimal(120), NOON)
    for amount in (100, 10, None):
        bought = factories.save(
            Purchase(title="Bănci", procedure="direct", year=2026, delivery_id=one.id, created_at=NOON,
                     changed_at=NOON, amount_net=amount and Decimal(amount))
        )  # fmt: skip
        if amount == 100:
            purchases.add_amendment(staff, bought.id, date(2026, 4, 1), Decimal(110), "Lucrări în plus", NOON)
            purchases.add_amendment(staff, bought.id, date(2026, 4, 2), None, "Alt termen", NOON)
    db.session.commit()
    text = client.get("tracker.show", delivery_id=one.id).main_text.replace("\u00a0", " ")
    assert "100 lei fără TVA; 110 lei după ce contractul s-a schimbat" in text
    assert "Împreună 120 lei; o achiziție nu are sumă publicată." in text
    assert "o diferență de" not in text
    assert "Încă" not in text
    for _number in range(20):
        factories.save(
            Purchase(
                title="Bănci",
                procedure="direct",
                year=2026,
                delivery_id=one.id,
                created_at=NOON,
                changed_at=NOON,
            )
        )
    db.session.commit()
    assert "Încă 3 achiziții" in client.get("tracker.show", delivery_id=one.id).main_text


def test_staff_keep_the_money_by_forms(app: Flask, client: PageClient) -> None:
    one, tied = make(budget=Decimal(100)), decision()
    db.session.commit()
    client.sign_in(factories.make_account("staff"))
    page = client.get("tracker_funds.index", delivery_id=one.id)
    where = f"/staff/deliveries/{one.id}/money"
    typed: dict[str, Any] = {"revision-amount": "1.500", "revision-revised_on": ["4", "5", "2026"]}
    refused = client.submit(page, f"{where}/revisions", typed, expect=422)
    assert "prin ce hotărâre" in refused.main_text
    typed |= {"revision-decision_id": str(tied.id), "revision-reason": "Indexare."}
    client.submit(page, f"{where}/revisions", typed)
    paid: dict[str, Any] = {"payment-amount": "700", "payment-paid_on": ["4", "5", "2026"]}
    client.submit(page, f"{where}/payments", paid)
    client.submit(page, f"{where}/payments", {**paid, "payment-recovered": "y"}, expect=422)
    page = client.get("tracker_funds.index", delivery_id=one.id)
    payment, revision = queries.list_payments(one.id)[0], queries.list_revisions(one.id)[0]
    client.submit(page, f"{where}/payments/{payment.id}/remove", {})
    client.submit(page, f"{where}/revisions/{revision.id}/remove", {})
    db.session.refresh(one)
    assert (one.budget, one.spent) == (100, None)


def test_open_data_says_the_same(app: Flask, client: PageClient, staff: Actor) -> None:
    one = make(budget=Decimal(100))
    revise(staff, one, 150)
    pay(staff, one, "40")
    pay(staff, one, "10", recovered=True, reason="Plătit de două ori")
    db.session.commit()
    tracker.set_milestone(staff, one.id, None, "Recepția", DAY, NOON, date(2026, 6, 1), "A plouat.")
    one.own_share, one.note = Decimal(20), "Suma e a întregului consorțiu."
    db.session.commit()
    (step,) = app.test_client().get(f"/api/v1/delivery-milestones?delivery_id={one.id}").json["data"]
    assert (step["planned_on"], step["replanned_on"], step["replan_reason"], step["done_on"]) == (
        "2026-05-04", "2026-06-01", "A plouat.", None,
    )  # fmt: skip
    told = app.test_client().get(f"/api/v1/deliveries/{one.id}").json["data"]
    assert (told["own_share"], told["note"]) == ("20.00", "Suma e a întregului consorțiu.")
    asked = app.test_client().get(f"/api/v1/delivery-payments?delivery_id={one.id}").json
    assert [item["amount"] for item in asked["data"]] == ["40.00", "-10.00"]
    asked = app.test_client().get(f"/api/v1/delivery-budget-revisions?delivery_id={one.id}").json
    assert [(item["amount_before"], item["amount_after"]) for item in asked["data"]] == [("100.00", "150.00")]
    assert app.test_client().get(f"/api/v1/deliveries/{one.id}").json["data"]["spent"] == "30.00"


def test_an_empty_cell_leaves_what_staff_wrote(app: Flask, staff: Actor) -> None:
    head = "id,title,status,contractat,platit,obiectiv"
    loaded(staff, table("A,Parc,în execuție,90,10,Umbră", head=head), dataset="deliveries")
    one = db.session.scalars(select(Delivery)).one()
    assert (one.contracted, one.spent, one.objective) == (90, 10, "Umbră")
    loaded(staff, table("A,Parcul,în execuție,,20,", head=head), dataset="deliveries")
    db.session.refresh(one)
    assert (one.title, one.contracted, one.spent, one.objective) == ("Parcul", 90, 20, "Umbră")
