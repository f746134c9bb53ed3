"""Inhabitants brought in from a table, and what other features may ask of them."""

from flask import Flask
from sqlalchemy import func, select

from civic.extensions import db
from civic.population import queries
from civic.population.models import PopulationFigure
from tests.factories import make_account, make_neighbourhood
from tests.integration.imports.importkit import counts, loaded
from tests.pageclient import PageClient

HEAD = "id,zona,varsta,an,locuitori"


def table(*rows: str) -> bytes:
    return "\n".join([HEAD, *rows, ""]).encode()


def test_figures_are_brought_in_once_and_asked_by_area_year_and_age(app: Flask, client: PageClient) -> None:
    obor, tei = make_neighbourhood("Obor"), make_neighbourhood("Tei")
    clerk = make_account("staff", "administrator")
    rows = ["1,Obor,0-15,2023,100", "2,Obor,16+,2023,400", "3,Tei,0-15,2023,50", "4,Tei,16+,2023,150"]
    more = {"dataset": "population", "source": "Recensământul", "name": "locuitori.csv"}
    one = loaded(clerk.as_actor(), table(*rows, "5,Nicăieri,16+,2023,9", "6,Tei,tineri,2023,9"), True, **more)
    assert counts(one) == (4, 0, 0, 2)
    again = loaded(clerk.as_actor(), table(*rows[:3], "4,Tei,16+,2023,160"), **more)
    assert counts(again) == (0, 1, 3, 0)
    assert db.session.scalar(select(func.count()).select_from(PopulationFigure)) == 4

    found = queries.population_of(obor.id, 2026, 16)
    assert found is not None
    assert (found.count, found.year, found.source, found.estimated) == (400, 2023, "Recensământul", False)
    city = queries.population_of(None)
    assert city is not None
    assert city.count == 710
    assert queries.population_of(tei.id, 2022) is None
    assert queries.population_of(None, min_age=18) is None

    told = app.test_client().get(f"/api/v1/population?neighbourhood_id={obor.id}").get_json()["data"]
    assert [(one["year"], one["age_from"], one["age_to"], one["inhabitants"]) for one in told] == [
        (2023, 0, 15, 100), (2023, 16, None, 400),
    ]  # fmt: skip
    assert {one["source"] for one in told} == {"Recensământul"}

    assert client.get("population.index", expect=303).status == 303
    client.sign_in(clerk)
    page = client.get("population.index")
    assert "Recensământul" in page.main_text
    assert "În tot orașul: 710" in page.main_text
