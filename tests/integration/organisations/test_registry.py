"""What everyone reads of organisations: the registry, its table, an organisation's page."""

import csv
import io
from typing import Any

import pytest
from flask import Flask, url_for
from markupsafe import Markup

from civic import clock, links, navigation
from civic.extensions import db
from civic.navigation import Panel
from civic.organisations import acting, queries
from civic.organisations.rules import MINORITIES, Contact, LegalForm
from tests.factories import make_account, make_neighbourhood
from tests.integration.organisations.orgkit import (
    EMAIL,
    TAX_CODE,
    join,
    make_values,
    refused,
    suspended,
    verified,
    waiting,
)
from tests.pageclient import PageClient

EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize("language", ["ro", "en"])
def test_an_empty_registry_says_how_to_be_the_first(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    page = client.get("organisations.index")
    assert (
        "Nu e înregistrată încă" if language == "ro" else "No organisation is registered yet"
    ) in page.main_text
    page = client.get("organisations.index", q="ceva")
    assert (
        "Nicio organizație nu se potrivește" if language == "ro" else "No organisation matches"
    ) in page.main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_page_tells_everything_and_runs_nothing(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    area = make_neighbourhood("Tei")
    made = verified(
        name=f"Asociația {EVIL} {'lungă ' * 20}", description=f"Text {EVIL} https://verde.example", tax_code=TAX_CODE,
        minority="roma", areas=(area.id,), contact=Contact(EMAIL, "021 209 60 00", True, True),
    )  # fmt: skip
    page = client.get("organisations.show", organisation_id=made.id)
    assert EVIL not in page.html
    for expected in (EVIL, "123/A/2019", TAX_CODE, "Tei", EMAIL, "021 209 60 00", "verde.example"):
        assert expected in page.main_text, expected
    assert ("Minoritatea romă" if language == "ro" else "Roma minority") in page.main_text
    assert ("Legea 52/2003" if language == "ro" else "Law 52/2003") in page.main_text
    assert EVIL not in client.get("organisations.index").html


def test_what_is_not_chosen_to_be_public_is_not(app: Flask, client: PageClient) -> None:
    made = verified()
    member = join(made, display_name="Nume Tainic")
    page = client.get("organisations.show", organisation_id=made.id)
    table = client.browser.get(url_for_table(app)).get_data(as_text=True)
    for secret in (EMAIL, "021 209 60 00", member.display_name):
        assert secret not in page.html
        assert secret not in table
    client.sign_in(member)
    client.post("organisations.show_name", organisation_id=made.id)
    assert (
        "Nume Tainic, purtător de cuvânt"
        in client.get("organisations.show", organisation_id=made.id).main_text
    )
    client.post("organisations.show_name", organisation_id=made.id)
    assert "Nume Tainic" not in client.get("organisations.show", organisation_id=made.id).main_text


def url_for_table(app: Flask, **values: Any) -> str:
    with app.test_request_context():
        return url_for("organisations.table", **values)


def test_contact_is_sealed_in_the_database(app: Flask) -> None:
    made = waiting()
    stored = db.session.execute(db.text("SELECT organisation::text FROM organisation")).scalar_one()
    assert EMAIL not in stored
    assert EMAIL.encode().hex() not in stored
    assert "209 60" not in stored
    assert made.contact is not None


@pytest.mark.parametrize("make", [waiting, refused])
def test_only_members_and_the_city_hall_see_what_is_not_verified(
    app: Flask, client: PageClient, make: Any
) -> None:
    owner = make_account()
    made = make(owner)
    client.get("organisations.show", organisation_id=made.id, expect=404)
    assert "Nu e înregistrată încă" in client.get("organisations.index").main_text
    assert made.name not in client.browser.get(url_for_table(app)).get_data(as_text=True)
    with app.test_request_context():
        assert links.find_link("organisation", made.id) is None
    for account, expect in ((make_account(), 404), (make_account("moderator"), 404), (owner, 200),
                            (make_account("auditor"), 200)):  # fmt: skip
        client.sign_in(account)
        client.get("organisations.show", organisation_id=made.id, expect=expect)


def test_a_suspended_one_stays_readable_with_its_reason(app: Flask, client: PageClient) -> None:
    made = suspended()
    page = client.get("organisations.show", organisation_id=made.id)
    assert "Primăria a suspendat această organizațieA fost dizolvată." in page.main_text
    assert "Organizație suspendată" in client.get("organisations.index").main_text


def test_the_registry_is_searched_without_diacritics_and_narrowed(app: Flask, client: PageClient) -> None:
    here, there = make_neighbourhood("Obor"), make_neighbourhood("Tei")
    verified(name="Grădina Școlii", areas=(here.id,), minority="hungarian")
    verified(name="Liceul de Artă", legal_form="authority", tax_code=TAX_CODE, registration_number="")
    verified(name="Vecinii", legal_form="initiative_group", registration_number="", areas=(there.id,))

    def names(**values: Any) -> list[str]:
        page = client.get("organisations.index", **values)
        return [text for text in ("Grădina Școlii", "Liceul de Artă", "Vecinii") if text in page.main_text]

    assert names(q="gradina scolii") == names(q="GRĂDINA ŞCOLII") == names(q="grad") == ["Grădina Școlii"]
    assert names(q=TAX_CODE) == ["Liceul de Artă"]
    assert names(form="initiative_group") == ["Vecinii"]
    assert names(minority="hungarian") == ["Grădina Școlii"]
    # The whole city is everywhere.
    assert names(area=here.slug) == ["Grădina Școlii", "Liceul de Artă"]
    assert names(area=there.slug, q="vecinii") == ["Vecinii"]
    assert names(form="nimic", minority="nimic", area="nimic") == [
        "Grădina Școlii",
        "Liceul de Artă",
        "Vecinii",
    ]
    swap = client.get("organisations.index", hx=True, q="vecinii")
    assert "Vecinii" in swap.main_text
    page = client.get("places.neighbourhood", slug=here.slug)
    assert "Vezi cele 2 organizații care lucrează aici" in page.main_text


def test_a_long_registry_has_pages_and_one_number_of_queries(
    app: Flask, client: PageClient, statements: list[str]
) -> None:
    area = make_neighbourhood()

    def count() -> int:
        statements.clear()
        client.get("organisations.index")
        return len(statements)

    verified(name="Prima", areas=(area.id,))
    few = count()
    for number in range(queries.PAGE_SIZE):
        verified(name=f"Organizația {number:02d}", areas=(area.id,))
    assert count() == few
    page = client.get("organisations.index")
    assert "25 de rezultate" in page.main_text
    assert "Prima" not in page.main_text
    assert "Prima" in client.get("organisations.index", page=2).main_text
    assert "Prima" in client.get("organisations.index", page=999).main_text


def test_the_table_holds_what_the_filters_find_and_no_formula(
    app: Flask, client: PageClient, monkeypatch: Any
) -> None:
    monkeypatch.setattr(queries, "EXPORT_BATCH", 2)
    for name in ("Alfa", "Beta", "Gama", "Delta", '=HYPERLINK("x")'):
        verified(name=name, registration_number="-1/A")
    waiting(name="Nevăzuta")
    answer = client.browser.get(url_for_table(app), buffered=False)
    assert answer.is_streamed
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert sorted(row["name"] for row in rows) == ['\'=HYPERLINK("x")', "Alfa", "Beta", "Delta", "Gama"]
    assert {row["registration_number"] for row in rows} == {"'-1/A"}
    assert rows[0]["url"].startswith("http")
    narrowed = client.browser.get(url_for_table(app, q="gama")).get_data(as_text=True)
    assert narrowed.count("\n") == 2


def test_figures_count_the_verified_alone(app: Flask) -> None:
    verified(minority="roma")
    verified(minority="roma", legal_form="foundation")
    suspended(minority="roma")
    waiting(minority="greek")
    assert queries.verified_by_form() == {"association": 1, "foundation": 1}
    assert queries.verified_by_minority() == {"roma": 2}


def test_every_form_and_minority_of_the_rules_is_known_to_the_database(
    app: Flask, client: PageClient
) -> None:
    author = iter(make_account() for _number in range(100))
    for form in LegalForm:
        numbers = {"authority": ("", TAX_CODE), "initiative_group": ("", "")}.get(form, ("1/A", ""))
        made = waiting(next(author), legal_form=form, registration_number=numbers[0], tax_code=numbers[1])
        assert made.legal_form == form
    for minority in MINORITIES:
        waiting(next(author), minority=minority)
    client.sign_in(make_account("staff"))
    client.get("organisations_staff.index")


def test_features_add_what_an_organisation_took_part_in(
    app: Flask, client: PageClient, monkeypatch: Any
) -> None:
    made = verified()
    seen = []

    def provider(context: dict[str, Any]) -> Panel:
        seen.append(context["organisation"].id)
        return Panel("organisations/_card.html", {"card": acting.card_of(context["organisation"])})

    registry = navigation._registry(app)
    monkeypatch.setitem(registry, "panel:organisation", [provider])
    page = client.get("organisations.show", organisation_id=made.id)
    assert seen == [made.id]
    assert "în numele: Asociația Cartierul Verde (asociație) Verificată de primărie" in page.main_text


def test_the_sitemap_names_public_pages_alone(app: Flask, client: PageClient) -> None:
    public, hidden = verified(), waiting(name="Nevăzuta")
    text = client.browser.get("/sitemap-organisations-1.xml").get_data(as_text=True)
    assert f"/organisations/{public.id}<" in text
    assert f"/organisations/{hidden.id}<" not in text


def test_a_card_says_who_speaks(app: Flask) -> None:
    good, bad, unseen = verified(), suspended(name="Alta"), waiting(name="Nouă")
    with app.test_request_context():
        found = acting.cards([good.id, bad.id, unseen.id, None, 10**6])
        assert (found[good.id].verified, found[good.id].obliges_debate) == (True, True)
        assert (found[bad.id].verified, found[bad.id].suspended, found[bad.id].obliges_debate) == (
            False,
            True,
            False,
        )
        assert found[unseen.id].url == ""
        assert set(found) == {good.id, bad.id, unseen.id}
        assert acting.cards([]) == {}
        html = Markup(app.jinja_env.get_template("organisations/_card.html").render(card=found[unseen.id]))
    assert "<a" not in html
    assert make_values().name in found[good.id].name
    assert clock.now() > good.registered_at
