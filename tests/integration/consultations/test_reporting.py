"""The report of a consultation says what the register says, shows nothing hidden, and is read once published."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from civic import clock
from civic.extensions import db
from consultations.contributions import keeping
from consultations.contributions.service import Author
from consultations.models import Consultation
from consultations.reporting import queries
from consultations.texts.queries import Filters
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_neighbourhood, make_resident
from tests.integration.consultations.registerkit import REFUSAL, YES, make_entry, published, staff
from tests.integration.consultations.surveytextkit import POOL, TREES, ended, put, theme
from tests.pageclient import PageClient

SECRET = "Locuiesc la numărul 14, scara B."


@pytest.fixture
def one(app: Flask) -> Consultation:
    """One whose contributions came in time; its report is made today."""
    return make_consultation("answering", clock.now())


def publish(one: Consultation) -> None:
    one.report_published_at = clock.now()
    db.session.commit()


def test_nobody_outside_reads_it_before_it_is_published(client: PageClient, one: Consultation) -> None:
    page = client.get("reporting.show", consultation_id=one.id, expect=403)
    assert "nu a fost publicat încă" in page.main_text
    client.sign_in(make_account("staff"))
    assert "îl vede doar primăria" in client.get("reporting.show", consultation_id=one.id).main_text


def test_a_draft_has_no_report_at_all(client: PageClient) -> None:
    draft = make_consultation("draft", clock.now())
    client.get("reporting.show", consultation_id=draft.id, expect=404)


def test_an_empty_one_says_so(client: PageClient, one: Consultation) -> None:
    publish(one)
    assert "Nu a contribuit nimeni." in client.get("reporting.show", consultation_id=one.id).main_text


def test_it_counts_what_the_register_holds(client: PageClient, one: Consultation) -> None:
    during = one.opens_at + timedelta(days=1)
    taken = make_entry(one, during)
    make_entry(one, during, body="Vreau bănci la umbră.", channel="mail")
    make_entry(one, clock.now(), body="Am aflat târziu.", channel="post")
    published(taken, YES)
    publish(one)
    totals = queries.totals(one.id)
    assert (totals.received, totals.answered, totals.late) == (3, 1, 1)
    assert queries.by_channel(one.id) == {"form": 1, "mail": 1, "post": 1}
    assert queries.by_outcome(one.id) == {"adopted": 1, "": 2}
    page = client.get("reporting.show", consultation_id=one.id)
    assert (
        "S-au înregistrat 3 contribuții. 1 a fost preluată, în întregime sau în parte. 2 nu au răspuns."
        in (page.main_text)
    )
    assert "art. 4 alin. (2)" in page.main_text
    client.speak("en")
    assert (
        "3 contributions were registered." in client.get("reporting.show", consultation_id=one.id).main_text
    )


def test_no_line_says_that_nobody_wrote_from_an_account(client: PageClient, one: Consultation) -> None:
    make_entry(one, one.opens_at + timedelta(days=1), channel="post")
    publish(one)
    page = client.get("reporting.show", consultation_id=one.id)
    assert "Contribuții după felul în care au venit" in page.main_text
    assert "din conturi" not in page.main_text


def test_texts_of_questionnaires_are_counted_with_their_themes(client: PageClient, app: Flask) -> None:
    one, later = ended(clock.now(), [f"{TREES} {number}" for number in range(11)] + [POOL])
    trees, pool = theme(one, "Copaci", later), theme(one, "Piscină", later)
    put(one, trees, Filters(text="copaci"), later)
    one.consultation.report_published_at = later
    db.session.commit()
    page = client.get("reporting.show", consultation_id=one.consultation_id)
    assert "12 texte au fost scrise în chestionare" in page.main_text
    assert "12 nu sunt sub o temă cu răspuns publicat" in page.main_text
    assert "Nu a contribuit nimeni" not in page.main_text
    assert "11 texte din chestionare" in page.main_text
    put(one, pool, Filters(text="piscina"), later)
    for each in (trees, pool):
        published(each, REFUSAL, later)
    page = client.get("reporting.show", consultation_id=one.consultation_id)
    assert "Fiecare are răspuns, împreună cu tema lui." in page.main_text
    assert "Mai puțin de 10 oameni au scris aici despre asta." in page.main_text


def test_what_is_hidden_stays_hidden_in_the_report(client: PageClient, one: Consultation) -> None:
    entry = make_entry(one, one.opens_at, body=SECRET)
    keeping.hide(staff().as_actor(), entry.id, "personal_data", "Are o adresă.", "", clock.now())
    publish(one)
    client.sign_in(make_account("staff"))
    page = client.get("reporting.show", consultation_id=one.id)
    assert "scara B" not in page.main_text
    assert "date personale" in page.main_text


def test_few_people_of_an_area_are_not_counted_in_public(client: PageClient, one: Consultation) -> None:
    few, many, more = (make_neighbourhood(name) for name in ("Puțini", "Mulți", "Mai mulți"))
    for area, people in ((few, 3), (many, 11), (more, 14)):
        for number in range(people):
            account = make_resident(area)
            make_entry(
                one, one.opens_at, body=f"{area.name} {number}", author=Author("Om", account_id=account.id)
            )
    publish(one)
    told = client.get("reporting.show", consultation_id=one.id).main_text
    areas = {name: cell.people for name, cell in queries.by_area(one.id)}
    assert (areas["Puțini"], areas["Mulți"], areas["Mai mulți"]) == (3, 11, 14)
    assert re.search(r"Puțini\D*sub 10 sau nearătat", told)
    assert re.search(r"Mulți\D*sub 10 sau nearătat", told), "else the total would tell the hidden one"
    assert re.search(r"Mai mulți\D*14", told)


def test_a_report_costs_the_same_however_many_contributed(
    client: PageClient, one: Consultation, statements: list[str]
) -> None:
    publish(one)
    client.sign_in(make_account())
    published(make_entry(one, one.opens_at))
    client.get("reporting.show", consultation_id=one.id)
    statements.clear()
    client.get("reporting.show", consultation_id=one.id)
    few = len(statements)
    for number in range(12):
        published(make_entry(one, one.opens_at, body=f"Altceva, cu numărul {number}."))
    statements.clear()
    client.get("reporting.show", consultation_id=one.id)
    assert len(statements) <= few
