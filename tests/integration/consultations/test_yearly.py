"""The yearly report: every figure is what the registers hold, what staff typed is kept, what is published stays."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from civic import clock
from civic.clock import city_date
from civic.extensions import db
from consultations.models import Announcement
from consultations.yearly import forms, making, queries, rules
from consultations.yearly.clocks import bounds
from tests.consultations_support import make_consultation
from tests.factories import make_account, save
from tests.integration.consultations.debatekit import make_debate, make_request
from tests.integration.consultations.registerkit import REFUSAL, YES, make_entry, published, staff
from tests.integration.organisations.orgkit import verified
from tests.pageclient import PageClient

YEAR = city_date(clock.now()).year - 1
TYPED: dict[str, Any] = {
    **{forms.name_of(item.key): "0" for item in rules.TYPED},
    "meetings_public": "21",
    "evaluation_partnership": "A mers bine.\n\n<script>alert(1)</script>",
    "evaluation_measures": "=1+1",
}


@pytest.fixture
def june() -> datetime:
    """The middle of the year that is reported."""
    return bounds(YEAR)[0] + timedelta(days=160, hours=12)


def send(client: PageClient, expect: int, do: str = "publish", **values: str) -> Any:
    return client.post(
        "staff_yearly.edit", {**TYPED, "version": "0", "do": do, **values}, year=YEAR, expect=expect
    )


def test_drafts_are_counted_in_the_year_they_were_announced_and_ended(app: Flask, june: datetime) -> None:
    one = make_consultation("adopted", june, urgent_reason="Nu suportă amânare.")
    make_consultation("withdrawn", june)
    make_consultation("open", june, kind="survey")
    make_consultation("open", june - timedelta(days=365))
    for channel in ("site", "site", "media"):
        save(
            Announcement(
                consultation_id=one.id, channel=channel, place="" if channel == "site" else "Ziarul",
                text="x" if channel == "site" else "", announced_at=june, sha256=b"0" * 32, noted_at=june,
                file_id=None if channel == "site" else _file(june),
            )
        )  # fmt: skip
    found = queries.draft_figures(YEAR)
    assert (found["drafts.announced"], found["drafts.urgent"]) == (2, 1)
    assert (found["drafts.adopted"], found["drafts.rejected"], found["drafts.withdrawn"]) == (1, 0, 1)
    assert (found["drafts.on_site"], found["drafts.in_media"], found["drafts.on_premises"]) == (1, 1, 0)


def _file(now: datetime) -> int:
    from civic.files.models import StoredFile

    made = StoredFile(
        key=f"x/{now.timestamp():.0f}", name="a.pdf", media_type="application/pdf", size=1, sha256=b"0" * 32, created_at=now
    )  # fmt: skip
    return save(made).id


def test_recommendations_are_counted_in_the_year_they_were_received(app: Flask, june: datetime) -> None:
    one = make_consultation("answering", june)
    published(make_entry(one, june), YES, june)
    published(make_entry(one, june, body="Altceva despre parc."), REFUSAL, june)
    make_entry(one, june, body="Fără răspuns încă.")
    survey = make_consultation("answering", june, kind="survey")
    make_entry(survey, june, body="La un sondaj nu se fac recomandări.")
    make_entry(one, bounds(YEAR)[1], body="În anul următor.")
    found = queries.recommendation_figures(YEAR)
    assert found == {
        "recommendations.received": 3, "recommendations.taken_up": 1, "recommendations.of_organisations": 0,
        "recommendations.of_organisations_taken_up": 0, "recommendations.unanswered": 1,
    }  # fmt: skip


def test_the_last_moment_of_a_year_is_its_own(app: Flask) -> None:
    since, until = bounds(YEAR)
    one = make_consultation("answering", since)
    make_entry(one, since)
    make_entry(one, until - timedelta(microseconds=1), body="La miezul nopții, aproape.")
    make_entry(one, until, body="La miezul nopții.")
    assert queries.recommendation_figures(YEAR)["recommendations.received"] == 2
    assert queries.recommendation_figures(YEAR + 1)["recommendations.received"] == 1


def test_debates_are_counted_with_those_who_asked_and_those_who_came(app: Flask, june: datetime) -> None:
    asked, other = make_consultation("open", june), make_consultation("open", june)
    make_request(asked, verified(), requested_at=june, announce_by=june + timedelta(days=5))
    for one, people in ((asked, 34), (other, 6)):
        starts_at = june + timedelta(days=9)
        make_debate(
            one, "held", starts_at=starts_at, sign_up_until=starts_at, announced_at=june, attendance=people,
            ended_at=starts_at + timedelta(hours=2), minutes_due_at=starts_at + timedelta(days=10),
        )  # fmt: skip
    assert queries.debate_figures(YEAR) == {
        "debates.requested": 1, "debates.held": 2, "debates.held_on_request": 1, "debates.participants": 40,
    }  # fmt: skip


def test_interventions_of_organisations_and_of_minorities_are_counted(app: Flask, june: datetime) -> None:
    plain, roma = verified(), verified(minority="roma", name="Drumul Bun", registration_number="9/A/2020")
    one = make_consultation("answering", june)
    quiet = make_consultation("open", june)
    for organisation, words, body in (
        (plain, REFUSAL, "Bănci."), (roma, YES, "Mediatori."), (roma, None, "Și afișe."),
    ):  # fmt: skip
        entry = make_entry(one, june, body=body)
        entry.by_organisation, entry.organisation_id = True, organisation.id
        if words is not None:
            published(entry, words, june)
    make_entry(quiet, june)
    one.report_published_at, one.outcome, one.outcome_at = june, "adopted", june + timedelta(days=1)
    db.session.flush()
    found = {key.removeprefix("society."): value for key, value in queries.society_figures(YEAR).items()}
    assert (found["consultations"], found["minority_consultations"]) == (1, 1)
    assert (found["interventions"], found["interventions_taken_up"]) == (3, 1)
    assert (found["minority_interventions"], found["minority_interventions_taken_up"]) == (2, 1)
    assert found["minority_decisions"] == 1


@pytest.fixture
def writer(client: PageClient, june: datetime) -> PageClient:
    """Council staff of a city that consulted in the year."""
    make_consultation("answering", june)
    db.session.commit()
    client.sign_in(staff())
    return client


def test_a_published_year_is_read_by_everyone_with_the_year_before_beside_it(writer: PageClient) -> None:
    send(writer, 303)
    writer.sign_out()
    page = writer.get("yearly.show", year=YEAR)
    assert f"Raport privind transparența decizională, {YEAR}" in page.main_text
    assert "A mers bine." in page.main_text
    assert "<script>alert" not in page.html
    assert str(YEAR - 1) in page.main_text
    assert str(YEAR) in writer.get("yearly.index").main_text
    text = writer.browser.get(f"/transparency/{YEAR}.csv").data.decode("utf-8-sig")
    rows = {row[1]: row for row in csv.reader(io.StringIO(text))}
    assert rows["Ședințe publice ținute"][2:] == ["21", "", "completat"]
    assert rows["Ce se va face mai bine"][2] == "'=1+1"


def test_what_is_published_stays_until_it_is_corrected_with_a_reason(
    writer: PageClient, june: datetime
) -> None:
    send(writer, 303)
    make_consultation("open", june)
    db.session.commit()
    assert queries.find_report(YEAR).published["drafts.announced"] == 1
    page = send(writer, 422, version="1")
    assert "Spune ce se corectează" in page.main_text
    send(writer, 303, version="1", correction="O consultare a fost numărată târziu.")
    page = writer.get("yearly.show", year=YEAR)
    assert "O consultare a fost numărată târziu." in page.main_text
    assert queries.find_report(YEAR).published["drafts.announced"] == 2


def test_what_is_missing_or_does_not_add_up_is_named_and_what_was_typed_is_kept(writer: PageClient) -> None:
    wrong = {"evaluation_partnership": "", "court_sued": "1", "court_lost": "2", "meetings_not_public": "3",
             "drafts_asked_for": ""}  # fmt: skip
    page = send(writer, 422, **wrong)
    for sentence in (
        "Completează, chiar dacă este 0.",
        "Scrie: citește oricine.",
        "Mai puține decât cazurile",
    ):
        assert sentence in page.main_text
    assert page.form("transparency")["court_lost"] == "2"
    assert queries.find_report(YEAR) is None
    page = send(writer, 422, meetings_public="multe")
    assert page.form("transparency")["meetings_public"] == "multe"


def test_a_draft_is_kept_and_nobody_outside_reads_it(writer: PageClient) -> None:
    send(writer, 303, do="save", evaluation_partnership="")
    assert writer.get("staff_yearly.edit", year=YEAR).form("transparency")["meetings_public"] == "21"
    assert "îl vede doar primăria" in writer.get("yearly.show", year=YEAR).main_text
    writer.sign_out()
    writer.get("yearly.show", year=YEAR, expect=403)
    assert "Nu s-a publicat încă" in writer.get("yearly.index").main_text


def test_a_year_that_runs_is_not_published(writer: PageClient) -> None:
    year = YEAR + 1
    page = writer.get("staff_yearly.edit", year=year)
    assert "Raportul se publică după încheierea anului" in page.main_text
    writer.post("staff_yearly.edit", {**TYPED, "version": "0", "do": "publish"}, year=year, expect=403)


def test_the_worker_makes_its_files(writer: PageClient) -> None:
    send(writer, 303)
    db.session.commit()
    assert making.make_due(clock.now() + timedelta(minutes=2)) == 1
    assert making.make_due(clock.now() + timedelta(minutes=3)) == 0
    data = writer.browser.get(f"/transparency/{YEAR}-ro.pdf").data
    assert data.startswith(b"%PDF-")
    assert writer.browser.get(f"/transparency/{YEAR}-ro.xlsx").data.startswith(b"PK")


def test_the_counts_of_civil_society_are_a_page_with_their_method(client: PageClient) -> None:
    page = client.get("yearly.society")
    assert "Nicio organizație nu a contribuit încă." in page.main_text
    assert "Cum se numără" in page.main_text
    client.speak("en")
    assert "How it is counted" in client.get("yearly.society").main_text


def test_only_council_staff_write_it(client: PageClient, june: datetime) -> None:
    make_consultation("answering", june)
    db.session.commit()
    client.sign_in(make_account("auditor"))
    client.get("staff_yearly.index")
    client.get("staff_yearly.edit", year=YEAR, expect=403)


def test_a_consultation_of_another_year_makes_no_difference(app: Flask, june: datetime) -> None:
    before = queries.computed(YEAR)
    make_entry(make_consultation("answering", june - timedelta(days=365)), june - timedelta(days=365))
    assert queries.computed(YEAR) == before
    assert set(before) == {item.key for item in rules.ITEMS if item.source == "computed"}
