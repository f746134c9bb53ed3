"""What residents read and staff enter about indicators, and definitions brought in as they are."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from civic.imports.queries import list_rows
from civic.indicators import queries, service
from civic.indicators.models import Indicator, IndicatorTarget, IndicatorValue
from civic.indicators.periods import year_of
from civic.tracker.models import Delivery
from tests import factories
from tests.integration.imports.importkit import checked, counts, loaded
from tests.pageclient import PageClient

EVIL = "<script>alert(1)</script>"
LAST = year_of(clock.city_date(clock.now()).year - 1)
HEADINGS = "code,strategy,measure,horizon,name_ro,name_ro_display,name_en,unit,target,computability,how_computed,how_computed_ro,note,source"


@pytest.fixture
def staff(app: Flask, client: PageClient) -> Any:
    account = factories.make_account("staff")
    client.sign_in(account)
    return account.as_actor()


def definition(staff: Any, code: str = "X-1", **values: str) -> Indicator:
    """An indicator of a strategy, brought in."""
    row = {
        "code": code,
        "strategy": "Strategia S",
        "name_ro": "Ceva",
        "name_en": "Something",
        "unit": "%",
        "target": "35",
    } | values
    line = ",".join(f'"{row.get(name, "")}"' for name in HEADINGS.split(","))
    one = loaded(staff, f"{HEADINGS}\n{line}\n".encode(), dataset="indicators")
    assert one.refused == 0
    return db.session.query(Indicator).filter_by(code=code).one()


def enter(client: PageClient, code: str, value: str, expect: int = 303, **values: str) -> Any:
    """Send the form of a value."""
    data = {"entry-period": LAST.code, "entry-value": value, "entry-note": "Registrul direcției."}
    return client.post(
        "indicators_staff.enter", code=code, data=data | {f"entry-{key}": one for key, one in values.items()},
        expect=expect,
    )  # fmt: skip


def test_the_catalogue_is_there_before_anything_is_computed(client: PageClient) -> None:
    page = client.get("indicators.index")
    text = page.main_text
    assert "Locuitori care folosesc platforma" in text
    leads = [link.get("href", "") for link in page.all("a") if link.get("href", "").startswith("#group-")]
    assert "Cine participă" in text
    assert {f"#{box.get('id')}" for box in page.all("div") if box.get("id")} >= set(leads), (
        "contents lead into groups"
    )
    assert len(leads) == len(set(leads)) == 6
    assert "Rata de participare" in text
    assert "Încă nu au fost aduși indicatori" in client.get("indicators.index", of="strategy").main_text
    assert "Încă nu se știe nicio valoare anuală." in client.get("indicators.show", code="K1").main_text
    client.get("indicators.show", code="K99", expect=404)


def test_all_definitions_load_as_they_are_and_once(staff: Any, client: PageClient, shared_data: Path) -> None:
    content = (shared_data / "municipal" / "kpi_definitions.csv").read_bytes()
    assert counts(loaded(staff, content, dataset="indicators")) == (76, 0, 0, 0)
    assert counts(loaded(staff, content, dataset="indicators")) == (0, 0, 76, 0)
    one = db.session.query(Indicator).filter_by(code="S1-12.1-2030-07").one()
    assert (one.computation, one.unit, one.horizon) == ("K4", "număr", "2030")
    assert db.session.query(IndicatorTarget).count() == 26
    page = client.get("indicators.index", of="strategy")
    assert "12.7. Consolidarea parteneriatului cu societatea civilă" in page.main_text
    assert "Răspunde acestor indicatori" in client.get("indicators.show", code="K4").main_text


def test_results_of_projects_are_values_tied_to_their_work(
    staff: Any, client: PageClient, shared_data: Path
) -> None:
    content = (shared_data / "municipal" / "indicators.csv").read_bytes()
    title = content.decode().splitlines()[1].split(",")[2]
    now = clock.now()
    work = factories.save(Delivery(title=title, status_since=now, created_at=now, changed_at=now))
    assert counts(loaded(staff, content, dataset="project_indicators")) == (16, 0, 0, 0)
    one = db.session.query(Indicator).filter_by(code="IND-02").one()
    assert one.delivery_id == work.id
    value = db.session.query(IndicatorValue).filter_by(indicator_id=one.id).one()
    assert (value.value, value.target, value.source) == (300, 300, "imported")
    text = client.get("indicators.show", code="IND-02").main_text
    assert "țintă atinsă" in text
    assert "adus dintr-un tabel" in text
    loaded(staff, content.replace(b",300,300,", b",300,290,"), dataset="project_indicators")
    rows = db.session.query(IndicatorValue).filter_by(indicator_id=one.id).order_by(IndicatorValue.id).all()
    assert [(row.value, row.superseded_at is None) for row in rows] == [(300, False), (290, True)]


def test_a_number_that_is_none_is_refused(staff: Any) -> None:
    content = f'{HEADINGS}\nX-1,S,,,Ceva,,,%,"mult",auto,,,,\n'.encode()
    assert checked(staff, content, dataset="indicators").refused == 1


def test_a_correction_keeps_what_was_said_before(client: PageClient, staff: Any) -> None:
    definition(staff)
    enter(client, "X-1", "30,5", document="Raportul 12", note=f"Numărat {EVIL}")
    enter(client, "X-1", "36", note="Am numărat din nou.")
    reading = queries.value_for(queries.get_indicator("X-1"), LAST)
    assert reading is not None
    assert (reading.value, reading.target, reading.source, reading.account_id) == (
        36,
        35,
        "entered",
        staff.id,
    )
    assert reading.final
    page = client.get("indicators.show", code="X-1")
    for words in ("30,5 %", "36 %", "înlocuită pe", "Raportul 12", "țintă atinsă", "Am numărat din nou."):
        assert words in page.main_text
    assert EVIL not in client.ask("GET", "/indicators/X-1").get_data(as_text=True)
    table = client.ask("GET", "/indicators/X-1/values.csv").get_data(as_text=True)
    assert f"X-1,{LAST.code},36" in table
    client.speak("en")
    assert "Something" in client.get("indicators.show", code="X-1").main_text


def test_what_is_typed_wrong_comes_back(client: PageClient, staff: Any) -> None:
    definition(staff)
    page = enter(client, "X-1", "treizeci", expect=422)
    assert page.title.startswith("Eroare: ")
    assert "Scrie un număr" in page.main_text
    assert page.form("/values")["entry-value"] == "treizeci"
    assert "Spune într-o propoziție" in enter(client, "X-1", "3", expect=422, note="").main_text
    assert queries.value_for(queries.get_indicator("X-1"), LAST) is None


def test_a_computed_one_is_not_entered_by_hand(client: PageClient, staff: Any) -> None:
    assert "nu poate fi introdus de mână" in client.get("indicators_staff.show", code="K4").main_text
    assert "nu poate fi introdus" in enter(client, "K4", "3", expect=422).main_text
    enter(client, "K10", "64")
    assert "64" in client.get("indicators.show", code="K10").main_text


def test_a_target_rests_on_something_and_keeps_its_past(client: PageClient, staff: Any) -> None:
    data = {"aim-target": "40", "aim-basis": "HCL 12/2026"}
    client.post("indicators_staff.aim", code="K1", data=data, expect=303)
    assert (
        "Aceasta este deja ținta."
        in client.post("indicators_staff.aim", code="K1", data=data, expect=422).main_text
    )
    page = client.get("indicators.show", code="K1")
    assert "40 %" in page.main_text
    assert "HCL 12/2026" in page.main_text


def test_staff_choose_what_computes_a_definition(client: PageClient, staff: Any) -> None:
    definition(staff, unit="număr", target="2")
    office = factories.make_department("Direcția Strategie")
    data = {"arrange-computation": "K4", "arrange-department_id": str(office.id), "arrange-responsible": "șef serviciu",
            "arrange-better": "up"}  # fmt: skip
    client.post("indicators_staff.arrange", code="X-1", data=data, expect=303)
    row = service.ensure_row("K4", clock.now())
    db.session.add(
        IndicatorValue(
            indicator_id=row.id, period_kind="year", first_day=LAST.first, through_day=LAST.last, value=Decimal(1),
            source="computed", method_version=1, recorded_at=clock.now(),
        )
    )  # fmt: skip
    db.session.commit()
    reading = queries.value_for(queries.get_indicator("X-1"), LAST)
    assert reading is not None
    assert (reading.value, reading.target, reading.method_version) == (1, 2, 1)
    text = client.get("indicators.show", code="X-1").main_text
    assert "țintă neatinsă" in text
    assert "Direcția Strategie, șef serviciu" in text
    wrong = client.post(
        "indicators_staff.arrange", code="X-1", data=data | {"arrange-computation": "Z"}, expect=422
    )
    assert wrong.main_text


def test_only_staff_enter_values(client: PageClient, app: Flask) -> None:
    client.sign_in(factories.make_account("moderator"))
    client.get("indicators_staff.index", expect=403)
    client.post("indicators_staff.enter", code="K10", data={}, expect=403)


def test_lists_cost_the_same_however_long(client: PageClient, staff: Any, statements: list[str]) -> None:
    definition(staff)
    client.get("indicators_staff.index", of="strategy")
    statements.clear()
    client.get("indicators_staff.index", of="strategy")
    few = len(statements)
    for number in range(5):
        definition(staff, f"Y-{number}", name_ro="Foarte lung " * 14)
        enter(client, f"Y-{number}", "1")
    statements.clear()
    client.get("indicators_staff.index", of="strategy")
    assert len(statements) == few


def test_programs_read_definitions_and_values(client: PageClient, staff: Any) -> None:
    definition(staff)
    enter(client, "X-1", "30,5")
    from civic.opendata.resources import get_resource, page_of

    now = clock.now()
    items, _further = page_of(get_resource("indicators"), 0, 50, {"origin": "strategy"}, now)
    assert [(one["code"], one["target"], one["values_of"]) for one in items] == [("X-1", "35", "X-1")]
    values, _further = page_of(get_resource("indicator-values"), 0, 50, {"indicator_id": items[0]["id"]}, now)
    assert [(one["value"], one["first_day"]) for one in values] == [
        ("30.5", date(LAST.first.year, 1, 1).isoformat())
    ]


def test_a_code_of_another_source_is_refused_before_anything_is_loaded(staff: Any) -> None:
    columns = HEADINGS.split(",")
    row = dict.fromkeys(columns, "") | {"code": "S9-1", "name_ro": "Un indicator"}
    told = f"{HEADINGS}\n{','.join(row[name] for name in columns)}\n".encode()
    loaded(staff, told, dataset="indicators", source="Strategia")
    one = checked(staff, told, dataset="indicators", source="Strategia, altă ediție")
    assert [row.reasons for row in list_rows(one.id, "refused", 0)] == [
        [{"code": "taken", "field": "import_key", "value": "Strategia"}]
    ]
    bad = checked(staff, told.replace(b"S9-1", "Ș 1".encode()), dataset="indicators", source="Strategia")
    assert counts(bad) == (0, 0, 0, 1)
