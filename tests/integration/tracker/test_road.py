"""From a chapter of the budget to a finished work and back, by links alone."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from civic.extensions import db
from tests import factories
from tests.integration.imports.importkit import loaded, table
from tests.integration.opendata.test_api import make_deliveries
from tests.integration.purchases.purchasekit import buy
from tests.pageclient import PageClient

INDEXES = (
    "activity.index",
    "tracker.index",
    "budget.index",
    "purchases.index",
    "decisions.index",
    "council.members",
    "volumes.index",
    "indicators.index",
    "reports.index",
    "opendata.index_page",
)


@pytest.fixture
def staff(app: Flask) -> Any:
    return factories.make_account("staff").as_actor()


def test_every_page_about_works_and_money_leads_to_the_others(client: PageClient) -> None:
    for endpoint in INDEXES:
        page = client.get(endpoint)
        road = page.html.partition('class="road"')[2].partition("</nav>")[0]
        assert road.count("<a ") == len(INDEXES), endpoint
        assert road.count('aria-current="page"') == 1, endpoint


def test_one_comes_from_a_chapter_to_a_work_its_purchase_and_back(client: PageClient, staff: Any) -> None:
    department = factories.make_department()
    head = "id,kind,chapter,approved,revised,executed,year"
    loaded(
        staff,
        table(f"1,cheltuieli,Plata pentru {department.name},5,5,5,2024", head=head),
        dataset="budget_chapters",
    )
    head = "id,institution,level,budget_title,line_item,approved,executed,year,note"
    loaded(staff, table(f"1,{department.name},total,,,5,5,2024,", head=head), dataset="budget_lines")
    (work,) = make_deliveries(1, department_id=department.id)
    bought = buy(
        staff,
        department_id=department.id,
        delivery_id=work,
        amount_gross=Decimal(7),
        signed_on=date(2024, 5, 5),
    ).id
    db.session.commit()
    address = "/budget/2024"
    for step in (
        "/chapters/", f"/deliveries?department={department.slug}", f"/deliveries/{work}", f"/purchases/{bought}",
        f"/deliveries/{work}", "/chapters/",
    ):  # fmt: skip
        html = client.ask("GET", address).get_data(as_text=True)
        address = next(link for link in re.findall(r'<a [^>]*href="([^"]+)"', html) if step in link)
    assert department.name in client.ask("GET", address).get_data(as_text=True)
