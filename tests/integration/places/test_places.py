"""Neighbourhoods for everyone, reference data for administrators."""

import pytest

from civic.extensions import db
from civic.navigation import Panel, add_panel
from civic.places import queries
from civic.places.models import Category, Department
from tests.factories import make_account, make_category, make_department, make_neighbourhood
from tests.pageclient import PageClient


def test_an_unknown_neighbourhood_is_not_found(client: PageClient) -> None:
    client.get("places.neighbourhood", slug="nicaieri", expect=404)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_city_without_neighbourhoods_says_so(client: PageClient, language: str) -> None:
    client.speak(language)
    client.get("places.index")


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_list_and_the_map_show_the_same_set_in_romanian_order(client: PageClient, language: str) -> None:
    client.speak(language)
    for name in ("Tei", "Țepeș", "Andronache", "Ștefan cel Mare", "Șerban", "Sălaj", "x" * 300):
        make_neighbourhood(name, population=21)
    page = client.get("places.index")
    listed = [
        "".join(link.itertext()) for link in page.all("a") if "/neighbourhoods/" in (link.get("href") or "")
    ]
    assert listed == ["Andronache", "Sălaj", "Șerban", "Ștefan cel Mare", "Tei", "Țepeș", "x" * 300]
    shapes = client.browser.get("/neighbourhoods.json").get_json()
    assert [one["properties"]["name"] for one in shapes["features"]] == listed
    assert shapes["features"][0]["geometry"]["type"] == "Polygon"
    assert ("21 de locuitori" if language == "ro" else "21 residents") in page.main_text


def test_the_list_costs_the_same_for_few_and_many(client: PageClient, statements: list[str]) -> None:
    counts = []
    for more in (1, 30):
        for _number in range(more):
            make_neighbourhood()
        db.session.expire_all()
        statements.clear()
        client.get("places.index")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_neighbourhood_is_made_of_panels(client: PageClient, language: str) -> None:
    client.speak(language)
    place = make_neighbourhood("Obor", population=12000)
    account = make_account(neighbourhood_id=place.id)
    client.get("places.neighbourhood", slug=place.slug)
    client.sign_in(make_account())
    assert "/account/profile" in client.get("places.neighbourhood", slug=place.slug).html
    client.sign_in(account)
    page = client.get("places.neighbourhood", slug=place.slug)
    assert (
        "Acesta este cartierul din contul tău" if language == "ro" else "neighbourhood in your account"
    ) in page.main_text


def test_panels_get_the_neighbourhood(client: PageClient) -> None:
    place, seen = make_neighbourhood(), []

    def provider(context: dict) -> Panel | None:
        seen.append(context["neighbourhood"].id)
        return None

    registry = client.app.extensions["civic_navigation"]
    add_panel(client.app, "neighbourhood", provider)
    try:
        client.get("places.neighbourhood", slug=place.slug)
    finally:
        registry["panel:neighbourhood"].remove(provider)
    assert seen == [place.id]


def test_lists_are_read_once_a_request_and_fresh_in_the_next(
    client: PageClient, statements: list[str]
) -> None:
    make_category("Mediu")
    with client.app.test_request_context():
        statements.clear()
        assert queries.list_categories() is queries.list_categories()
        assert len(statements) == 1
    make_category("Mobilitate")
    with client.app.test_request_context():
        assert len(queries.list_categories()) == 2
    assert len(queries.list_departments()) == 0


# -- administration ------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["staff", "clerk", "auditor"])
def test_only_administrators_change_the_city(client: PageClient, role: str) -> None:
    client.sign_in(make_account(role))
    client.get("city.index", expect=403)
    client.post("city.new_department", {"name": "X"}, expect=403)


@pytest.fixture
def administrator(client: PageClient) -> None:
    client.sign_in(make_account("administrator"))


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_city_page(client: PageClient, administrator: None, language: str) -> None:
    client.speak(language)
    client.get("city.index")
    make_category()
    make_department(email="d@exemplu.ro")
    make_neighbourhood(population=None, vulnerable=True)
    client.get("city.index")


@pytest.mark.parametrize("language", ["ro", "en"])
@pytest.mark.parametrize(
    "what", ["neighbourhood", "department", "category", "new_department", "new_category"]
)
def test_mistakes_are_told_and_kept(
    client: PageClient, administrator: None, what: str, language: str
) -> None:
    client.speak(language)
    made = {"neighbourhood": make_neighbourhood, "department": make_department, "category": make_category}
    values = {"slug": made[what]().slug} if what in made else {}
    client.get(f"city.{what}", **values)
    data = {
        "name": "",
        "name_ro": "",
        "name_en": "Kept",
        "email": "x",
        "population": "mulți",
        "position": "-1",
    }
    page = client.post(f"city.{what}", data, expect=422, **values)
    kept = page.form(f"/staff/city/{'neighbourhoods' if what == 'neighbourhood' else ''}")
    assert kept.get("name_en", "Kept") == "Kept"
    assert kept.get("population", "mulți") == "mulți"
    assert kept.get("email", "x") == "x"


def test_two_of_one_name_are_refused(client: PageClient, administrator: None) -> None:
    for endpoint, name in (("city.new_department", "name"), ("city.new_category", "name_ro")):
        data = {name: "Spații Verzi", "name_en": "Green", "icon": "tree", "tint": "green"}
        client.post(endpoint, data)
        again = client.post(endpoint, {**data, name: "spatii verzi"}, expect=422)
        assert "Există deja unul cu acest nume" in again.main_text
        assert "o literă sau o cifră" in client.post(endpoint, {**data, name: "…"}, expect=422).main_text
    assert (db.session.query(Department).count(), db.session.query(Category).count()) == (1, 1)


def test_changes_are_saved_and_addresses_stay(client: PageClient, administrator: None) -> None:
    place, department, category = make_neighbourhood("Vechi"), make_department(), make_category()
    page = client.get("city.neighbourhood", slug=place.slug)
    client.submit(page, "neighbourhoods", {"name": "Ştefan", "population": "12.400", "vulnerable": "y"})
    slug = place.slug
    assert (place.name, place.population, place.vulnerable, place.slug) == ("Ștefan", 12400, True, slug)
    page = client.get("city.department", slug=department.slug)
    client.submit(page, "departments", {"name": "Mediu", "email": "mediu@exemplu.ro"})
    assert (department.name, department.email) == ("Mediu", "mediu@exemplu.ro")
    page = client.get("city.category", slug=category.slug)
    client.submit(page, "categories", {"name_ro": "Apă", "name_en": "Water", "icon": "water", "tint": "blue"})
    assert (category.name_ro, category.icon, category.tint) == ("Apă", "water", "blue")
