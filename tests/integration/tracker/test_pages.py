"""What residents and staff see: every state, both languages, one number of queries."""

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from civic import clock, links
from civic.actor import ANONYMOUS, SYSTEM
from civic.extensions import db
from civic.navigation import panels
from civic.text import fold
from civic.tracker import queries, rules, service
from civic.tracker.models import Delivery, DeliveryUpdate, Milestone
from tests import factories
from tests.pageclient import PageClient
from tests.uploads import image_bytes

NOON = factories.NOON
EVIL = "<script>alert(1)</script>"
LONG = "x" * 300


def make(**values: Any) -> Delivery:
    defaults: dict[str, Any] = {
        "title": "Scuar pe strada Teiul Doamnei", "budget": Decimal("480000"), "currency": "RON",
        "neighbourhood_id": None, "category_id": None, "origin": None,
    }  # fmt: skip
    delivery = service.create_delivery(**{**defaults, **values}, actor=SYSTEM, now=NOON)
    db.session.commit()
    return delivery


def full(**values: Any) -> Delivery:
    """A delivery with something in every place."""
    area, domain = factories.make_neighbourhood(), factories.make_category()
    department = factories.make_department()
    staff = factories.make_account("staff").as_actor()
    delivery = make(
        title=f"Grădina {LONG} {EVIL}", objective=f"Umbră.\n\nȘi bănci {EVIL}", indicator="100 de copaci",
        neighbourhood_id=area.id, category_id=domain.id, department_id=department.id, funding_source="Buget local",
        council_decision="HCL 12/2026", place="Lângă lac", planned_end=clock.city_date(clock.now()) - timedelta(days=41),
        started_on=date(2020, 1, 1), source_reference="000:1", budget_basis="cu TVA", **values,
    )  # fmt: skip
    service.change_status(staff, delivery.id, "halted", f"Contestație {EVIL} {LONG}", NOON)
    service.record_spent(staff, delivery.id, Decimal("500000"), NOON)
    service.add_update(staff, delivery.id, f"S-a săpat. {EVIL} http://civic.example/x", [], NOON)
    service.set_milestone(staff, delivery.id, None, f"Licitație {EVIL}", date(2026, 5, 1), NOON)
    service.set_milestone(
        staff,
        delivery.id,
        None,
        "Proiect tehnic",
        date(2026, 3, 1),
        NOON,
        date(2026, 4, 1),
        "A plouat.",
        date(2026, 4, 2),
    )
    part = make(title="O parte")
    part.parent_id, delivery.same_as_id = delivery.id, part.id
    db.session.commit()
    return delivery


@pytest.mark.parametrize("language", ["ro", "en"])
def test_an_empty_list_says_what_will_come(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    page = client.get("tracker.index")
    expected = "Încă nu se implementează nimic" if language == "ro" else "Nothing is being carried out yet"
    assert expected in page.main_text
    client.get("tracker.index", q="școală", status="halted", late=1, area="nowhere")
    client.get("tracker.index", view="map")
    client.get("tracker.show", delivery_id=1, expect=404)
    client.get("/deliveries/99999999999", expect=404)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_delivery_tells_everything_and_runs_nothing(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    delivery = full()
    page = client.get("tracker.show", delivery_id=delivery.id)
    assert EVIL not in page.html
    text = page.main_text
    for expected in ("Contestație", "S-a săpat", "A plouat", "HCL 12/2026", "Licitație", "O parte", EVIL):
        assert expected in text, expected
    assert ("Întârziere: 41" in text or "41 de zile" in text) if language == "ro" else "41 days late" in text
    assert 'rel="nofollow' in page.html
    for view in ("list", "map"):
        page = client.get("tracker.index", view=view)
        assert EVIL not in page.html
        assert "Contestație" not in page.title
    client.sign_in(factories.make_account("staff"))
    client.get("tracker_staff.edit", delivery_id=delivery.id)
    client.get("tracker_staff.index")


def test_unknown_money_is_said_not_guessed(app: Flask, client: PageClient) -> None:
    delivery = make(budget=None)
    page = client.get("tracker.show", delivery_id=delivery.id)
    assert "Bugetul nu a fost publicat." in page.main_text
    assert "Neanunțat încă" in page.main_text
    assert "Scrisoarea ta este o petiție" in page.main_text


@pytest.mark.parametrize("status", sorted(rules.STATUSES))
def test_every_stage_has_its_page(app: Flask, client: PageClient, status: str) -> None:
    delivery = make(status=status, status_reason="Motivul.")
    service.change_status(SYSTEM, delivery.id, status, "Alt motiv.", NOON)
    db.session.commit()
    for language in ("ro", "en"):
        client.speak(language)
        page = client.get("tracker.show", delivery_id=delivery.id)
        assert "Alt motiv." in page.main_text
        assert "delivery." not in page.main_text
        client.get("tracker.index", status=status)


def test_the_list_is_narrowed_and_paged_at_a_constant_cost(
    app: Flask, client: PageClient, statements: list[str]
) -> None:
    area = factories.make_neighbourhood("Tei")
    counts = []
    for number in (3, 60):
        for i in range(number):
            make(title=f"Lucrarea {i}", neighbourhood_id=area.id)
        statements.clear()
        page = client.get("tracker.index")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6
    assert page.main_text.count("Lucrarea") == 24
    last = client.get("tracker.index", page=99)
    assert last.main_text.count("Lucrarea") == 63 - 48
    assert client.get("tracker.index", area=area.slug, q="lucrarea 59").main_text.count("Lucrarea") == 1
    assert (
        client.get("tracker.index", view="map").main_text.count("Lucrarea") == 63
    )  # map and list say the same
    statements.clear()
    client.get("tracker.index", view="map")
    assert len(statements) <= 6


def test_a_delivery_costs_a_constant_number_of_queries(
    app: Flask, client: PageClient, statements: list[str]
) -> None:
    delivery = full()
    counts = []
    for number in (1, 30):
        for i in range(number):
            db.session.add(
                DeliveryUpdate(delivery_id=delivery.id, at=NOON, text=f"Noutatea {i}", role="staff")
            )
            db.session.add(Milestone(delivery_id=delivery.id, title=f"E{i}", planned_on=date(2026, 1, 1)))
        db.session.commit()
        statements.clear()
        client.get("tracker.show", delivery_id=delivery.id)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_chain_leads_back_to_the_idea(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(ids: Any) -> dict[int, links.Link]:
        return {i: links.Link("project", i, "Proiectul meu", "/deliveries", "Fel de probă") for i in ids}

    monkeypatch.setitem(links._RESOLVERS, "project", resolve)
    delivery = make(origin=("project", 5))
    page = client.get("tracker.show", delivery_id=delivery.id)
    assert "Proiectul meu" in page.text_of(".chain")


def test_shared_pages_get_their_panels(app: Flask) -> None:
    area = factories.make_neighbourhood()
    staff = factories.make_account("staff").as_actor()

    def html(page: str, **context: Any) -> str:
        return "".join(
            panel.html for panel in panels(app, page, context) if panel.template.startswith("tracker/")
        )

    with app.test_request_context("/"):
        g.actor = staff
        assert html("home.became") == ""
        assert html("neighbourhood", neighbourhood=area) == ""
        assert "Nicio implementare nu și-a depășit termenul" in html("staff.home")
        delivery = full()
        delivery.neighbourhood_id = area.id
        db.session.commit()
        assert "Grădina" in html("home.became")
        assert "Ce se face aici" in html("neighbourhood", neighbourhood=area)
        assert "41 de zile" in html("staff.home")
        g.actor = ANONYMOUS
        assert html("staff.home") == ""


STAFF_PAGES = [
    ("tracker_staff.index", {}),
    ("tracker_staff.create", {}),
    ("tracker_staff.edit", {"delivery_id": 1}),
]


@pytest.mark.parametrize(("endpoint", "values"), STAFF_PAGES)
def test_only_staff_may_change(app: Flask, client: PageClient, endpoint: str, values: dict[str, int]) -> None:
    client.get(endpoint, expect=303, **values)
    for role in ("moderator", "auditor", "clerk"):
        client.sign_in(factories.make_account(role))
        client.get(endpoint, expect=403, **values)
    client.post("tracker_staff.status", {"status-status": "completed"}, delivery_id=1, expect=403)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_staff_add_and_keep_up_to_date(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    client.sign_in(factories.make_account("staff"))
    area = factories.make_neighbourhood()
    page = client.get("tracker_staff.create")
    refused = client.submit(page, "/new", {"details-budget": "mult"}, expect=422)
    assert 'value="mult"' in refused.html
    assert refused.title.startswith(("Eroare: ", "Error: "))
    facts = {
        "details-title": "Parcul nou", "details-budget": "1.060.000,50", "details-neighbourhood_id": str(area.id),
        "details-started_on": ["1", "2", "2026"], "details-planned_end": ["1", "2", "2025"],
    }  # fmt: skip
    client.submit(page, "/new", facts, expect=422)
    done = client.submit(page, "/new", {**facts, "details-planned_end": ["1", "12", "2026"]})
    delivery = db.session.scalar(select(Delivery))
    assert delivery is not None
    assert (delivery.budget, delivery.neighbourhood_id) == (Decimal("1060000.50"), area.id)
    edit = client.follow(done)
    where = f"/staff/deliveries/{delivery.id}"
    refused = client.submit(
        edit, f"{where}/status", {"status-status": "halted", "status-reason": ""}, expect=422
    )
    expected = "Spune de ce" if language == "ro" else "Say why"
    assert expected in refused.text_of("#status-reason-error")
    client.submit(edit, f"{where}/status", {"status-status": "halted", "status-reason": "Ploaie."})
    money = client.get("tracker_funds.index", delivery_id=delivery.id)
    client.submit(money, f"{where}/money/stated", {"stated-spent": "-5"}, expect=422)
    typed = "250,000" if language == "en" else "250 000"
    client.submit(money, f"{where}/money/stated", {"stated-spent": typed, "stated-contracted": "300000"})
    client.submit(edit, f"{where}/details", {"details-title": "Altul"}, expect=409)  # the page is old by now
    edit = client.get("tracker_staff.edit", delivery_id=delivery.id)
    assert client.submit(edit, f"{where}/details", {"details-title": ""}, expect=422)
    client.submit(edit, f"{where}/details", {"details-title": "Parcul cel nou"})
    client.submit(edit, f"{where}/milestones", {"milestone-title": "Licitație"}, expect=422)
    client.submit(
        edit, f"{where}/milestones", {"milestone-title": "Licitație", "milestone-planned_on": ["31", "2", "2026"]},
        expect=422,
    )  # fmt: skip
    client.submit(
        edit,
        f"{where}/milestones",
        {"milestone-title": "Licitație", "milestone-planned_on": ["1", "3", "2026"]},
    )
    db.session.refresh(delivery)
    assert (delivery.title, delivery.spent, delivery.status) == ("Parcul cel nou", Decimal(250000), "halted")
    assert (delivery.started_on, delivery.planned_end) == (date(2026, 2, 1), date(2026, 12, 1))
    shown = client.get("tracker_staff.edit", delivery_id=delivery.id).form(f"{where}/details")
    assert (shown["details-budget"], shown["details-started_on"]) == ("1.060.000,50", ["01", "02", "2026"])
    assert delivery.search_text.startswith(fold("Parcul cel nou"))
    step = db.session.scalar(select(Milestone))
    assert step is not None
    page = client.get("tracker_staff.milestone", delivery_id=delivery.id, milestone_id=step.id)
    moved = {"milestone-replanned_on": ["1", "4", "2026"]}
    client.submit(page, f"/milestones/{step.id}", moved, expect=422)
    client.submit(page, f"/milestones/{step.id}", {**moved, "milestone-replan_reason": "Ploaie."})
    client.post("tracker_staff.remove_milestone", delivery_id=delivery.id, milestone_id=step.id)
    assert db.session.scalar(select(func.count(Milestone.id))) == 0
    client.get("tracker.show", delivery_id=delivery.id)


def test_news_with_photos(app: Flask, client: PageClient) -> None:
    client.sign_in(factories.make_account("staff"))
    delivery = make()
    target = {"delivery_id": delivery.id}

    def news(*photos: tuple[bytes, str], text: str = "S-a turnat fundația.") -> dict[str, Any]:
        files = [(io.BytesIO(data), name) for data, name in photos]
        return {"update-text": text, "update-alt": "Fundația", "update-photos": files}

    client.post("tracker_staff.update", news(text=""), expect=422, **target)
    refused = client.post("tracker_staff.update", news((b"<html>", "a.jpg")), expect=422, **target)
    assert "Nu este o imagine" in refused.main_text
    assert "S-a turnat fundația." in refused.html
    client.post("tracker_staff.update", news(*[(image_bytes(), "a.jpg")] * 7), expect=422, **target)
    assert db.session.scalar(select(func.count(DeliveryUpdate.id))) == 0
    client.post("tracker_staff.update", news((image_bytes(), "a.jpg"), (image_bytes(), "b.jpg")), **target)
    client.sign_out()
    page = client.get("tracker.show", delivery_id=delivery.id)
    images = [image for image in page.all("img") if "/files/" in (image.get("src") or "")]
    assert [image.get("alt") for image in images] == ["Fundația", "Fundația"]
    assert client.browser.get(images[0].get("src") or "").status_code == 200


def test_search_engines_find_every_delivery(app: Flask, client: PageClient) -> None:
    delivery = make()
    part = client.browser.get("/sitemap-deliveries-1.xml")
    assert f"/deliveries/{delivery.id}</loc>" in part.text
    assert "sitemap-deliveries-1.xml" in client.browser.get("/sitemap.xml").text


def test_a_search_that_very_many_have_is_counted_up_to_a_limit(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_COUNTED", 3)
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    made = [make(title=f"Aleea {number}") for number in range(5)]
    service.change_status(SYSTEM, made[0].id, "in_execution", "", factories.NOON)
    page = client.get("tracker.index", q="aleea")
    assert "Peste 3 rezultate" in page.main_text
    assert 'class="stages"' not in page.html
    assert "Aleea" in client.get("tracker.index", q="aleea", page=2).main_text
    assert "1 rezultat" in client.get("tracker.index", q="aleea", status="in_execution").main_text
    assert "5 rezultate" in client.get("tracker.index").main_text
