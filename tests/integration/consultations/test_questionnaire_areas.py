"""An area on the map: chosen from a list, or drawn; read with limits, counted by neighbourhood, shown with its list."""

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.places.models import Neighbourhood
from consultations.questionnaires import drawn, export, queries, rules
from consultations.questionnaires.definition import Definition, Item, Page, Words
from consultations.questionnaires.models import Questionnaire
from tests.factories import make_neighbourhood, make_resident
from tests.integration.consultations.questionnairekit import answer, make_questionnaire, work
from tests.pageclient import PageClient

WHERE = Item("i1", "area", Words("În ce zonă?"), required=True)
ASKED = Definition((Page("p1", items=(WHERE, Item("i2", "short_text", Words("De ce?")))),))


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def at(one: Questionnaire, **values: Any) -> dict[str, Any]:
    return {"consultation_id": one.consultation_id, "questionnaire_id": one.id, **values}


def square(lon: float, lat: float, side: float = 0.01) -> list[list[float]]:
    """The outline of a square with its corner in the south-west."""
    return [[lon, lat], [lon + side, lat], [lon + side, lat + side], [lon, lat + side], [lon, lat]]


def geojson(ring: list[list[float]]) -> str:
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def bordered(name: str, lon: float, lat: float) -> Neighbourhood:
    """A neighbourhood that is a square."""
    place = make_neighbourhood(name)
    place.shape = [square(lon, lat)]
    place.latitude, place.longitude = lat + 0.005, lon + 0.005
    db.session.commit()
    return place


BOW = [[26.1, 44.4], [26.11, 44.41], [26.11, 44.4], [26.1, 44.41], [26.1, 44.4]]


@pytest.mark.parametrize(("text", "code"), [
    ("un pătrat", "text"), ("[" * 4000, "text"), ("null", "kind"), ('{"type": "Point", "coordinates": [26, 44]}', "kind"),
    (json.dumps({"type": "Polygon", "coordinates": [square(26, 44), square(26.002, 44.002, 0.001)]}), "kind"),
    (geojson([[26.1, 44.4], [26.11, 44.4], [26.1, 44.4]]), "corners"),
    (geojson([[26 + step / 1000, 44] for step in range(102)]), "corners"), ("x" * 10_001, "corners"),
    (geojson([[26.1, 44.4], [26.11, 44.4], ["a", 1]]), "place"), (geojson([[26.1, 44.4], [26.11, 44.4], [200, 44]]), "place"),
    (geojson([[26.1, 44.4], [26.11, 44.4], [True, 44]]), "place"),
    ('{"type": "Polygon", "coordinates": [[[26.1, 44.4], [26.11, 44.4], [NaN, 44]]]}', "place"),
    (geojson(BOW), "crossing"), (geojson(square(26.1, 44.4, 0.00005)), "surface"), (geojson(square(20, 40, 3)), "surface"),
])  # fmt: skip
def test_what_is_no_area_is_refused(text: str, code: str) -> None:
    with pytest.raises(drawn.NotDrawn) as refused:
        drawn.read(text)
    assert refused.value.code == code
    assert str(rules._DRAWN[code])


def test_an_area_is_kept_closed_rounded_and_one_way_round() -> None:
    ring = list(reversed(square(26.1234567, 44.4)))[:-1]
    read = drawn.read(
        json.dumps({"type": "Feature", "properties": {}, "geometry": json.loads(geojson(ring))})
    )
    assert read["coordinates"][0][0] == read["coordinates"][0][-1]
    assert all(round(value, 5) == value for corner in read["coordinates"][0] for value in corner)
    assert drawn.read(json.dumps(read)) == read


@pytest.mark.parametrize(("west", "touched"), [(26.105, True), (26.099, True), (26.2, False)])
def test_a_drawn_area_touches_what_it_overlaps(west: float, touched: bool) -> None:
    shape, area = drawn.read(geojson(square(west, 44.402, 0.005))), drawn.read(geojson(square(26.1, 44.4)))
    assert drawn.touches(shape, area) is touched
    assert drawn.touches(area, shape) is touched


def test_two_areas_that_cross_without_a_corner_in_each_other_touch() -> None:
    lying = drawn.read(geojson([[26.0, 44.404], [26.2, 44.404], [26.2, 44.406], [26.0, 44.406]]))
    standing = drawn.read(geojson([[26.1, 44.3], [26.102, 44.3], [26.102, 44.5], [26.1, 44.5]]))
    assert drawn.touches(lying, standing)


def test_areas_are_chosen_from_a_list_without_a_script(client: PageClient, now: datetime) -> None:
    first, second = bordered("Andronache", 26.1, 44.4), bordered("Colentina", 26.12, 44.4)
    one = make_questionnaire(now, definition=ASKED)
    client.sign_in(make_resident())
    client.post("questionnaires.start", **at(one))
    page = client.get("questionnaires.page", **at(one), number=1)
    assert "Andronache" in page.text_of("#i1")
    refused = client.post("questionnaires.page", {"go": "next"}, expect=422, **at(one), number=1)
    assert "Răspunde la această întrebare" in refused.main_text
    typed = {"i1": [str(first.id), str(second.id)], "i1-shape": geojson(BOW), "go": "next"}
    page = client.post("questionnaires.page", typed, expect=422, **at(one), number=1)
    assert "se taie pe sine" in page.main_text
    assert page.html.count(" checked") == 2, "what was chosen stays chosen"
    assert json.loads(page.form("/pages/")["i1-shape"]) == json.loads(geojson(BOW)), (
        "and what was drawn, drawn"
    )
    typed["i1-shape"] = geojson(square(26.1, 44.4))
    page = client.follow(client.post("questionnaires.page", typed, **at(one), number=1))
    assert "Andronache" in page.main_text
    assert "O zonă desenată cu 4 colțuri" in page.main_text
    client.post("questionnaires.page", {"i1": "x", "go": "next"}, expect=422, **at(one), number=1)


def test_areas_are_counted_and_shown_on_a_map_and_in_a_list(client: PageClient, now: datetime) -> None:
    here, there, far = (
        bordered("Andronache", 26.1, 44.4),
        bordered("Colentina", 26.12, 44.4),
        bordered("Tei", 26.2, 44.4),
    )
    one = make_questionnaire(now, definition=ASKED, results="open")
    both = geojson(square(26.105, 44.402, 0.02))
    for person in range(24):
        raw: dict[str, list[str]] = {"i1": [str(here.id)]} if person % 2 else {"i1-shape": [both]}
        if person < 3:
            raw = {"i1": [str(far.id), str(here.id), "999999"]}
        answer(one, make_resident(), raw, now)
    work(now)
    counts = {cell: int(value) for cell, value in queries.counts(one.id)["i1"].items()}
    assert counts == {
        "answered": 24,
        str(here.id): 24,
        str(there.id): 10 + (0 if 24 % 2 else 0),
        str(far.id): 3,
    }
    page = client.get("questionnaire_results.show", **at(one))
    assert "Andronache" in page.main_text
    assert "24 (100" in page.main_text
    assert "Tei" not in page.text_of(".map-twin__list"), "three people would be told apart"
    assert "mai puțin de 10" in page.main_text
    shown = next(one_ for one_ in page.all("div") if one_.get("data-map") is not None)
    areas = json.loads(shown.get("data-areas", ""))
    assert {area["properties"]["name"]: area["properties"]["text"] for area in areas["features"]}["Tei"] == ""
    client.speak("en")
    assert "counts for every neighbourhood" in client.get("questionnaire_results.show", **at(one)).main_text


def test_areas_are_exported_by_number_and_as_geojson(app: Flask, now: datetime) -> None:
    names = [column.name for column in export.columns(ASKED)]
    assert names == ["i1_zone", "i1_contur", "i2"]
    shape = drawn.read(geojson(square(26.1, 44.4)))
    answered = {"areas": [3, 7], "shape": shape}
    assert [column.read(answered) for column in export.columns(ASKED)[:2]] == ["3 7", json.dumps(shape)]
    assert [column.read({"areas": [3]}) for column in export.columns(ASKED)[:2]] == ["3", None]
