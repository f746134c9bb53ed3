"""A summary rests on the register: no sentence without a source is published, and what was typed is kept."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.extensions import db
from consultations.contributions.themes import create
from consultations.models import Consultation
from consultations.summaries import queries, service
from consultations.summaries.models import SummarySentence
from tests.consultations_support import make_consultation
from tests.factories import make_account
from tests.integration.consultations.registerkit import make_entry, staff
from tests.pageclient import PageClient

BARE = "Toată lumea este mulțumită."


@pytest.fixture
def one(app: Flask) -> Consultation:
    """One with two entries in its register."""
    made = make_consultation("answering", clock.now())
    make_entry(made, made.opens_at)
    make_entry(made, made.opens_at, body="Vreau bănci la umbră.")
    db.session.commit()
    return made


def test_every_sentence_links_to_what_it_rests_on(client: PageClient, one: Consultation) -> None:
    clerk = staff()
    theme = create(clerk.as_actor(), one.id, "Umbră și bănci", clock.now())
    db.session.commit()
    client.sign_in(clerk)
    text = f"Se cere un trotuar mai lat [1]. Se cer bănci la umbră [2, T{theme.id}]."
    client.post(
        "staff_summaries.edit",
        {"text": text, "version": "0", "do": "publish"},
        consultation_id=one.id,
        expect=303,
    )
    client.sign_out()
    page = client.get("consultations.show", consultation_id=one.id)
    assert "Se cere un trotuar mai lat." in page.main_text
    assert f'/consultations/{one.id}/contributions/2"' in page.html
    assert "tema: Umbră și bănci" in page.main_text
    client.speak("en")
    assert "What was said, in short" in client.get("consultations.show", consultation_id=one.id).main_text


def test_a_sentence_without_a_source_is_refused_by_name_and_the_text_is_kept(
    client: PageClient, one: Consultation
) -> None:
    client.sign_in(staff())
    data = {"text": f"Se cere un trotuar [1]. {BARE}", "version": "0", "do": "publish"}
    page = client.post("staff_summaries.edit", data, consultation_id=one.id, expect=422)
    assert f"Fără sursă (1): „{BARE}”" in page.main_text
    assert page.form("summary")["text"] == data["text"]
    assert queries.list_sentences(one.id) == []
    page = client.post("staff_summaries.edit", data | {"do": "save"}, consultation_id=one.id, expect=303)
    assert queries.find_summary(one.id).text == data["text"], "a draft may still lack its sources"
    client.sign_out()
    assert BARE not in client.get("consultations.show", consultation_id=one.id).main_text


@pytest.mark.parametrize("source", ["7", "T999", "99999999999"])
def test_a_source_that_the_register_does_not_have_is_refused(
    client: PageClient, one: Consultation, source: str
) -> None:
    client.sign_in(staff())
    data = {"text": f"Se cere un trotuar [{source}].", "version": "0", "do": "publish"}
    page = client.post("staff_summaries.edit", data, consultation_id=one.id, expect=422)
    assert "nu are" in page.main_text or "Fără sursă" in page.main_text


def test_the_database_keeps_no_sentence_without_a_source(one: Consultation) -> None:
    service.save(staff().as_actor(), one.id, "x", 0, clock.now())
    bare = SummarySentence(consultation_id=one.id, position=0, paragraph=0, text=BARE, numbers=[], themes=[])
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.add(bare)


def test_who_saw_an_older_text_does_not_save_over_a_newer_one(client: PageClient, one: Consultation) -> None:
    client.sign_in(staff())
    for expect in (303, 409):
        page = client.post(
            "staff_summaries.edit",
            {"text": "Ceva [1].", "version": "0"},
            consultation_id=one.id,
            expect=expect,
        )
    assert page.form("summary")["text"] == "Ceva [1]."


def test_only_council_staff_write_it(client: PageClient, one: Consultation) -> None:
    client.sign_in(make_account("auditor"))
    client.get("staff_summaries.edit", consultation_id=one.id, expect=403)


def test_it_stands_in_the_report(client: PageClient, one: Consultation) -> None:
    clerk = staff()
    service.publish(clerk.as_actor(), one.id, "Se cere un trotuar mai lat [1].", 0, clock.now())
    one.report_published_at = clock.now()
    db.session.commit()
    page = client.get("reporting.show", consultation_id=one.id)
    assert "Ce s-a spus, pe scurt" in page.main_text
