"""Whole files of the open data: written, written anew, broken, killed, and never held in memory."""

import csv
import hashlib
import io
import json
from datetime import timedelta

import pytest
from flask import Flask

from civic.clock import city_moment
from civic.extensions import db
from civic.files.storage import get_storage
from civic.opendata import bulk, resources
from civic.opendata.models import DataWriting
from tests import factories
from tests.factories import NOON
from tests.integration.opendata.test_api import make_deliveries
from tests.pageclient import PageClient


def fetched(app: Flask, address: str) -> bytes:
    answer = app.test_client().get(f"/open-data/{address}")
    assert answer.status_code == 200, address
    return answer.get_data()


def test_a_kind_is_there_whole_in_both_formats(app: Flask) -> None:
    area = factories.make_neighbourhood()
    made = make_deliveries(3, title='=SUMĂ(A1); "Piața"\nde mâine', neighbourhood_id=area.id)
    bulk.write_due(NOON)
    lines = [json.loads(line) for line in fetched(app, "deliveries.jsonl").splitlines()]
    by_api = app.test_client().get("/api/v1/deliveries?limit=200").get_json()["data"]
    assert lines == by_api
    assert [line["id"] for line in lines][-3:] == made
    table = list(csv.DictReader(io.StringIO(fetched(app, "deliveries.csv").decode("utf-8-sig"))))
    assert [row["id"] for row in table] == [str(line["id"]) for line in lines]
    assert not table[-1]["title"].startswith("="), "no cell is a formula"
    assert table[-1]["budget"] == ""
    file = bulk.find_file("deliveries", "jsonl")
    assert file is not None
    assert file.items == len(lines)
    assert file.sha256 == hashlib.sha256(fetched(app, "deliveries.jsonl")).hexdigest()


def test_what_has_a_point_is_there_for_maps_in_pages_and_whole(app: Flask) -> None:
    (placed,) = make_deliveries(1, latitude=44.45, longitude=26.12)
    make_deliveries(1)
    bulk.write_due(NOON)
    answer = app.test_client().get(f"/api/v1/deliveries.geojson?limit=2&after={placed - 1}")
    assert answer.mimetype == "application/geo+json"
    (feature,) = answer.get_json()["features"]
    assert (feature["id"], feature["geometry"]["coordinates"]) == (placed, [26.12, 44.45])
    item = app.test_client().get(f"/api/v1/deliveries/{placed}").get_json()["data"]
    assert feature["properties"] == {
        name: value for name, value in item.items() if name not in ("id", "latitude", "longitude")
    }
    whole = json.loads(fetched(app, "deliveries.geojson"))
    assert feature in whole["features"]
    assert all(one["geometry"]["coordinates"][0] for one in whole["features"])
    assert json.loads(fetched(app, "neighbourhoods.geojson"))["type"] == "FeatureCollection"
    for path in ("/api/v1/rounds.geojson", "/open-data/rounds.geojson", "/api/v1/deliveries.geojson/1"):
        assert app.test_client().get(path).status_code in (400, 404), path


def test_it_is_written_once_a_day_and_leaves_nothing_behind(app: Flask) -> None:
    make_deliveries(1)
    everything = len(resources.resources())
    assert bulk.write_due(NOON) == everything
    first = bulk.find_file("deliveries", "csv")
    assert first is not None
    old_key = first.key
    assert bulk.write_due(NOON + timedelta(hours=2)) == 0
    make_deliveries(1)
    assert bulk.write_due(NOON + timedelta(days=1)) == everything
    second = bulk.find_file("deliveries", "csv")
    assert second is not None
    assert second.key != old_key
    assert not get_storage().exists(old_key)
    assert get_storage().exists(second.key)


def test_what_breaks_keeps_the_old_file_says_so_and_holds_up_no_other(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_deliveries(1)
    bulk.write_due(NOON)
    before = fetched(app, "deliveries.csv")
    whole = bulk.page_of

    def broken(resource: resources.Resource, *rest: object) -> object:
        if resource.name == "deliveries":
            raise OSError("the disk is full")
        return whole(resource, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "page_of", broken)
    assert bulk.write_due(NOON + timedelta(days=1)) == len(resources.resources()) - 1
    assert fetched(app, "deliveries.csv") == before
    assert "rescrierea nu a reușit" in client.get("opendata.index_page").main_text
    monkeypatch.undo()
    assert bulk.write_due(NOON + timedelta(days=1, hours=1)) == 1
    assert "rescrierea nu a reușit" not in client.get("opendata.index_page").main_text


def test_killed_halfway_it_goes_on_with_what_is_due(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_deliveries(1)
    write, seen = bulk.write_kind, []

    def killed(resource: resources.Resource, now: object) -> None:
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(resource.name)
        write(resource, now)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "write_kind", killed)
    with pytest.raises(KeyboardInterrupt):
        bulk.write_due(NOON)
    monkeypatch.undo()
    assert bulk.write_due(NOON) == len(resources.resources()) - 3


class Killed(BaseException):
    pass


@pytest.mark.parametrize("harm", ["", "longer", "shorter"])
def test_killed_in_the_middle_of_a_kind_it_goes_on_from_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(bulk, "TOGETHER", 2)
    monkeypatch.setattr(bulk, "KEPT_EVERY", 2)
    made = make_deliveries(9, latitude=44.45, longitude=26.12, title="Ținta")
    whole, asked = bulk.page_of, []

    def killed(resource: resources.Resource, after: int, *rest: object) -> object:
        asked.append(after)
        if after == made[5]:
            raise Killed
        return whole(resource, after, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "page_of", killed)
    deliveries = resources.get_resource("deliveries")
    with pytest.raises(Killed):
        bulk.write_kind(deliveries, NOON)
    db.session.rollback()
    assert bulk.find_file("deliveries", "csv") is None
    part = app.config["SETTINGS"].data_dir / "opendata-parts" / "deliveries.csv"
    if harm == "longer":  # what was written after it was last kept
        part.write_bytes(part.read_bytes() + b"half a row")
    elif harm == "shorter":
        part.write_bytes(part.read_bytes()[:10])
    asked.clear()
    monkeypatch.setattr(bulk, "page_of", lambda *one: (asked.append(one[1]), whole(*one))[1])
    bulk.write_kind(deliveries, NOON + timedelta(minutes=5))
    assert asked[0] == (0 if harm == "shorter" else made[3])
    lines = [json.loads(line) for line in fetched(app, "deliveries.jsonl").splitlines()]
    assert [line["id"] for line in lines] == made
    table = list(csv.DictReader(io.StringIO(fetched(app, "deliveries.csv").decode("utf-8-sig"))))
    assert [row["id"] for row in table] == [str(number) for number in made]
    assert [one["id"] for one in json.loads(fetched(app, "deliveries.geojson"))["features"]] == made
    assert not part.exists()
    assert db.session.get(DataWriting, "deliveries") is None


def test_what_was_begun_before_the_night_is_begun_anew(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "TOGETHER", 1)
    monkeypatch.setattr(bulk, "KEPT_EVERY", 1)
    made = make_deliveries(3)
    whole = bulk.page_of

    def broken(resource: resources.Resource, after: int, *rest: object) -> object:
        if after == made[1]:
            raise OSError("the disk is full")
        return whole(resource, after, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "page_of", broken)
    bulk.write_due(NOON)
    asked: list[int] = []
    monkeypatch.setattr(bulk, "page_of", lambda *one: (asked.append(one[1]), whole(*one))[1])
    bulk.write_kind(resources.get_resource("deliveries"), NOON + timedelta(days=1))
    assert asked[0] == 0


def test_what_never_could_be_written_is_told_to_everybody(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_deliveries(1)
    whole = bulk.page_of

    def broken(resource: resources.Resource, *rest: object) -> object:
        if resource.name == "deliveries":
            raise OSError("the disk is full")
        return whole(resource, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "page_of", broken)
    bulk.write_due(NOON)
    assert "încercarea din" in client.get("opendata.index_page").main_text
    client.sign_in(factories.make_account("staff"))
    page = client.get("staff.home").main_text
    assert "Date deschise care nu s-au putut scrie" in page
    assert "nu primesc încă niciun fișier" in page
    monkeypatch.undo()
    bulk.write_due(NOON + timedelta(minutes=5))
    assert "Date deschise care nu s-au putut scrie" not in client.get("staff.home").main_text


def test_pages_are_read_and_forgotten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "TOGETHER", 2)
    made = make_deliveries(5)
    sizes = []
    whole = bulk.page_of

    def noted(*asked: object) -> object:
        items, last = whole(*asked)  # type: ignore[arg-type]
        sizes.append(len(items))
        return items, last

    monkeypatch.setattr(bulk, "page_of", noted)
    bulk.write_kind(resources.get_resource("deliveries"), NOON)
    assert max(sizes) == 2
    lines = [json.loads(line)["id"] for line in fetched(app, "deliveries.jsonl").splitlines()]
    assert lines[-5:] == made


@pytest.mark.parametrize(
    ("now", "since"), [((3, 59), (-1, 4)), ((4, 0), (0, 4)), ((23, 59), (0, 4)), ((0, 0), (-1, 4))]
)
def test_a_day_begins_at_four_on_the_citys_clock(now: tuple[int, int], since: tuple[int, int]) -> None:
    day = NOON.date()
    expected = city_moment(day + timedelta(days=since[0]), since[1])
    assert bulk.due_since(city_moment(day, *now)) == expected


def test_portals_find_everything(app: Flask) -> None:
    make_deliveries(1)
    assert app.test_client().get("/open-data/deliveries.csv").status_code == 404
    bulk.write_due(NOON)
    answer = app.test_client().get("/open-data/catalogue.jsonld")
    assert answer.mimetype == "application/ld+json"
    sets = {one["dct:identifier"]: one for one in answer.get_json()["dcat:dataset"]}
    assert set(sets) == {one.name for one in resources.resources()}
    for one in sets["deliveries"]["dcat:distribution"]:
        path = one["dcat:accessURL"]["@id"].partition("//")[2].partition("/")[2]
        found = app.test_client().get(f"/{path}")
        assert found.status_code == 200
        if "spdx:checksum" in one:
            body = found.get_data()
            assert hashlib.sha256(body).hexdigest() == one["spdx:checksum"]["spdx:checksumValue"]
            assert str(len(body)) == one["dcat:byteSize"]["@value"]
    again = app.test_client().get(
        "/open-data/deliveries.csv",
        headers={"If-None-Match": app.test_client().get("/open-data/deliveries.csv").headers["ETag"]},
    )
    assert again.status_code == 304
    assert app.test_client().get("/open-data/nothing.csv").status_code == 404
    assert app.test_client().get("/open-data/deliveries.pdf").status_code == 404
