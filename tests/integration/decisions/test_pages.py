"""The register of decisions: found, tied to each other, honest about what the source does not say."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic.decisions import queries
from civic.decisions.models import CouncilDecision, DecisionRelation
from civic.extensions import db
from tests import factories
from tests.integration.imports.importkit import counts, decision, loaded, table
from tests.pageclient import Page, PageClient


@pytest.fixture
def three(app: Flask) -> None:
    staff = factories.make_account("staff").as_actor()
    rows = (
        "A-47,47,2024-02-14,2024,Consiliul Local,Bugetul pe 2024,rectificat prin HCL 365/2024,HCL 47/2024,000:1",
        decision(365, "Rectificarea bugetului"),
        "A-9,9,,2023,Consiliul Local,,,HCL 9/2023,",
    )
    loaded(staff, table(*rows))


def names(page: Page) -> list[str]:
    """The decisions of the register's page."""
    links = (link for link in page.all("a") if re.fullmatch(r"/decisions/[0-9]+", link.get("href", "")))
    return [link.text or "" for link in links]


def test_an_empty_register_says_so(client: PageClient) -> None:
    assert "Încă nu s-a publicat aici nicio hotărâre" in client.get("decisions.index").main_text


def test_the_register_is_narrowed_and_searched(client: PageClient, three: None) -> None:
    page = client.get("decisions.index")
    assert names(page) == ["HCL 365/2024", "HCL 47/2024", "HCL 9/2023"]
    assert names(client.get("decisions.index", year=2023)) == ["HCL 9/2023"]
    assert names(client.get("decisions.index", q="bugetului")) == ["HCL 365/2024"]
    assert "Nimic nu se potrivește" in client.get("decisions.index", q="nimic de găsit").main_text


def test_further_pages_follow_a_key(client: PageClient, three: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 1)
    monkeypatch.setattr(queries.list_decisions, "__defaults__", (1,))
    seen, page = [], client.get("decisions.index")
    for _time in range(3):
        seen += names(page)
        further = [link.get("href", "") for link in page.all("a") if "after=" in link.get("href", "")]
        if further:
            page = client.get(further[-1])
    assert seen == ["HCL 365/2024", "HCL 47/2024", "HCL 9/2023"]


def test_a_decision_says_what_changed_it_and_where_it_stands(client: PageClient, three: None) -> None:
    one = queries.find_decision("47", 2024)
    assert one is not None
    page = client.get("decisions.show", decision_id=one.id)
    assert "14 februarie 2024" in page.main_text
    assert "Bugetul ei este rectificat de HCL 365/2024" in page.main_text
    older = queries.find_decision("9", 2023)
    assert older is not None
    page = client.get("decisions.show", decision_id=older.id)
    assert "Sursa spune anul, nu și ziua." in page.main_text
    assert "Sursa nu spune despre ce este." in page.main_text
    client.get("decisions.show", decision_id=one.id + 1000, expect=404)
    client.speak("en")
    assert "Its budget is revised by" in client.get("decisions.show", decision_id=one.id).main_text


def test_the_report_s_decisions_load_as_they_are(app: Flask, shared_data: Path) -> None:
    staff = factories.make_account("staff").as_actor()
    content = (shared_data / "municipal" / "council_decisions.csv").read_bytes()
    assert counts(loaded(staff, content)) == (37, 0, 0, 0)
    assert counts(loaded(staff, content)) == (0, 0, 37, 0)
    dated = db.session.scalar(select(func.count()).where(CouncilDecision.adopted_on.is_not(None)))
    assert dated == 5
    assert db.session.scalar(select(func.count()).where(CouncilDecision.kind == "general_council")) == 1
    own = queries.find_decision("225", 2022)
    assert own is not None
    told = [(kind, acts, other.number) for kind, acts, other, _one in queries.list_relations(own.id)]
    assert told == [("amends", False, "229"), ("carries_out", False, "288"), ("carries_out", False, "353")]
    assert db.session.scalar(select(func.count(DecisionRelation.id))) == 10
