"""Decisions entered by hand: nobody sees a draft, what is public is corrected with its reason, both ends are tied."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, links, timeline
from civic.budget import service as budget
from civic.council.models import CouncilSitting, CouncilVote
from civic.decisions import queries, service
from civic.decisions.models import CouncilDecision, DecisionRelation
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.tracker.funds import service as funds
from tests import factories
from tests.integration.imports.importkit import decision, loaded, table
from tests.integration.tracker.test_service import make as make_delivery
from tests.pageclient import PageClient
from tests.uploads import pdf_upload

FORM = {
    "kind": "council", "number": "12", "adopted_on-day": "1", "title": "Parc nou", "dimension": "services",
    "body": "**Art. 1** Se înființează un parc. <script>alert(1)</script>", "issuer": "Consiliul Local",
    "register": "decisions", "gazette_address": "https://example.org/mol/12", "year": "2026",
}  # fmt: skip


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


def facts(number: str = "12", **more: Any) -> service.Facts:
    return service.Facts("council", number, "Parc nou", year=2026, **more)


def written(staff: Any, number: str = "12", **more: Any) -> CouncilDecision:
    now = clock.now()
    one = service.create(staff, facts(number, **more), now)
    service.move(staff, one.id, "published", "", now)
    db.session.commit()
    return one


def test_a_decision_is_entered_published_and_read(app: Flask, client: PageClient, staff: Any) -> None:
    form = {name: value for name, value in FORM.items() if not name.startswith("adopted_on")}
    client.post("decisions_staff.create", data=form, expect=303)
    one = db.session.scalars(select(CouncilDecision)).one()
    client.get("decisions.show", decision_id=one.id, expect=404)
    assert "Parc nou" not in client.get("decisions.index").main_text
    assert app.test_client().get("/api/v1/decisions").get_json()["data"] == []
    client.post("decisions_staff.publish", decision_id=one.id, expect=303)
    page = client.get("decisions.show", decision_id=one.id)
    assert "Se înființează un parc." in page.main_text
    assert "<script>alert" not in page.html
    assert "Hotărârile autorității deliberative" in page.main_text
    assert "HCL 12/2026" in client.get("decisions.index", dimension="services").main_text
    assert "Nimic nu se potrivește" in client.get("decisions.index", dimension="policy").main_text
    item = app.test_client().get("/api/v1/decisions").get_json()["data"][0]
    assert (item["state"], item["dimension"], item["register"]) == ("published", "services", "decisions")


def test_what_is_wrong_is_said_beside_what_was_typed(client: PageClient, staff: Any) -> None:
    bad = {"kind": "council", "number": "12", "title": "Parc nou", "dimension": "", "register": ""}
    page = client.post("decisions_staff.create", data=bad, expect=422)
    assert "Scrie ziua adoptării sau măcar anul." in page.main_text
    assert 'value="Parc nou"' in page.html
    written(staff, issuer="Consiliul Local")
    again = {**bad, "year": "2026", "issuer": "consiliul local"}
    page = client.post("decisions_staff.create", data=again, expect=422)
    assert "există deja aici" in page.main_text


def test_a_correction_of_what_is_public_keeps_its_reason(client: PageClient, staff: Any) -> None:
    one = written(staff)
    seen = one.version
    with pytest.raises(Invalid):
        service.edit(staff, one.id, seen, facts(body="Art. 1"), "", clock.now())
    service.edit(staff, one.id, seen, facts(body="Art. 1"), "Lipsea textul", clock.now())
    assert [event.reason for event in timeline.list_events("decision", one.id)] == ["", "Lipsea textul"]
    with pytest.raises(Conflict):
        service.edit(staff, one.id, seen, facts(), "Încă o dată", clock.now())
    assert "Lipsea textul" in client.get("decisions.show", decision_id=one.id).main_text


def test_an_end_has_its_reason_and_can_be_taken_back(client: PageClient, staff: Any) -> None:
    one = written(staff)
    page = client.post(
        "decisions_staff.state", decision_id=one.id,
        data={"state_form-state": "repealed", "state_form-reason": ""}, expect=422,
    )  # fmt: skip
    assert "Scrie de ce: citește toată lumea." in page.main_text
    service.move(staff, one.id, "repealed", "Abrogată de HCL 13/2026", clock.now())
    assert "Abrogată de HCL 13/2026" in client.get("decisions.show", decision_id=one.id).main_text
    with pytest.raises(Conflict):
        service.move(staff, one.id, "annulled", "Altfel", clock.now())
    service.move(staff, one.id, "published", "Trecută din greșeală", clock.now())
    assert one.state_reason == ""


def test_ties_by_hand_show_on_both_pages_and_outlive_an_import(client: PageClient, staff: Any) -> None:
    rows = table(decision(365, relation="rectifică HCL 47/2024"), decision(47))
    loaded(staff, rows)
    imported, one = queries.find_decision("365", 2024), written(staff)
    assert imported is not None
    service.relate(staff, imported.id, "repeals", ("council", "12", 2026), clock.now())
    with pytest.raises(Invalid):
        service.relate(staff, imported.id, "repeals", ("council", "12", 2026), clock.now())
    loaded(staff, rows)
    kinds = db.session.scalars(select(DecisionRelation.kind).order_by(DecisionRelation.kind)).all()
    assert kinds == ["repeals", "revises"]
    assert "Abrogă HCL 12/2026" in client.get("decisions.show", decision_id=imported.id).main_text
    assert "Este abrogată de HCL 365/2024" in client.get("decisions.show", decision_id=one.id).main_text
    relation = queries.list_relations(one.id)[0][3]
    client.post("decisions_staff.unrelate", decision_id=one.id, relation_id=relation.id, expect=303)
    assert not queries.list_relations(one.id)


def test_no_money_is_tied_to_a_draft(staff: Any) -> None:
    draft, work, now = service.create(staff, facts("13"), clock.now()), make_delivery(), clock.now()
    db.session.flush()
    with pytest.raises(NotFound):
        budget.tie_decision(staff, 2026, None, draft.id, "approved", None, now)
    with pytest.raises(NotFound):
        funds.revise_budget(staff, work.id, clock.city_date(now), Decimal(5), draft.id, "", "Indexare", now)


def test_of_a_draft_no_data_tell_that_others_point_at_it(app: Flask, staff: Any) -> None:
    one, draft = written(staff), service.create(staff, facts("13"), clock.now())
    db.session.add(DecisionRelation(from_id=one.id, to_id=draft.id, kind="repeals"))
    sitting = CouncilSitting(kind="ordinary", held_on=date(2026, 3, 2), changed_at=clock.now())
    vote = CouncilVote(
        sitting=sitting, position=1, title="Parc", decision_id=draft.id, changed_at=clock.now()
    )
    db.session.add(vote)
    db.session.commit()
    draft_id = draft.id
    for told in (False, True):
        browser = app.test_client()
        relations = browser.get("/api/v1/decision-relations").get_json()["data"]
        assert [row["to_id"] for row in relations] == ([draft_id] if told else [])
        (row,) = browser.get("/api/v1/council-votes").get_json()["data"]
        assert row["decision_id"] == (draft_id if told else None)
        if not told:
            service.move(staff, draft_id, "published", "", clock.now())
            db.session.commit()


def test_files_are_public_with_their_decision(client: PageClient, staff: Any) -> None:
    now = clock.now()
    one = service.create(staff, facts(), now)
    added = service.add_file(staff, one.id, "Hotărârea semnată", pdf_upload(), now)
    assert not added.file.public
    service.move(staff, one.id, "published", "", now)
    db.session.refresh(added.file)
    assert added.file.public
    assert "Hotărârea semnată" in client.get("decisions.show", decision_id=one.id).main_text
    client.post("decisions_staff.remove_file", decision_id=one.id, file_id=added.id, expect=303)
    assert "Fișier scos: Hotărârea semnată" in client.get("decisions.show", decision_id=one.id).main_text


def test_it_leads_to_what_it_came_from(app: Flask, staff: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(staff, "11")
    with pytest.raises(Invalid), app.test_request_context():
        service.create(staff, facts(came_from=f"/decisions/{first.id}"), clock.now())
    monkeypatch.setitem(
        links._RESOLVERS, "consultation",
        lambda ids: {i: links.Link("consultation", i, "Parcul", f"/consultations/{i}", "") for i in ids},
    )  # fmt: skip
    with app.test_request_context():
        one = written(staff, "13", came_from="https://oras.example/consultations/7")
        assert [(link.kind, link.id) for link in links.chain("decision", one.id)][0] == ("consultation", 7)


def test_residents_do_not_enter_decisions(client: PageClient) -> None:
    client.sign_in(factories.make_account())
    client.get("decisions_staff.index", expect=403)
    client.post("decisions_staff.create", data=FORM, expect=403)
