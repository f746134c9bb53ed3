"""What a page says about the next step: a day people understand, the thing to do, a way that is not a dead end."""

from datetime import timedelta

from civic import clock, timeline
from civic.clock import city_date
from civic.extensions import db
from civic.format import day as format_day
from civic.format import deadline
from tests.consultations_support import make_consultation
from tests.factories import make_account, save
from tests.integration.consultations.drafting.draftkit import publish
from tests.integration.consultations.questionnairekit import make_questionnaire
from tests.integration.consultations.registerkit import make_entry, published
from tests.pageclient import Page, PageClient


def links(page: Page) -> set[str]:
    """Where the links of a page's main part lead."""
    main = page.find("main")
    assert main is not None
    return {link.get("href", "") for link in main.iter() if link.get("href")}


def test_the_end_is_told_as_the_last_minute_of_its_day(client: PageClient) -> None:
    one = make_consultation("open", clock.now())
    asked = make_questionnaire(clock.now(), consultation=one)
    page = client.get("questionnaires.show", consultation_id=one.id, questionnaire_id=asked.id)
    assert one.closes_at is not None
    assert f"încheierea consultării: {deadline(one.closes_at)}" in page.main_text
    assert "ora 00:00" not in page.main_text
    ended = make_consultation("answering", clock.now())
    assert "ora 00:00" not in client.get("consultations.show", consultation_id=ended.id).main_text


def test_a_stranger_is_led_to_sign_in_for_a_questionnaire_only_while_it_is_open(client: PageClient) -> None:
    one = make_consultation("open", clock.now())
    asked = make_questionnaire(clock.now(), consultation=one, access="email")
    page = client.get("consultations.show", consultation_id=one.id)
    way = f"/sign-in?next=/consultations/{one.id}/questionnaires/{asked.id}"
    assert way in links(page)
    one.closes_at = clock.now() - timedelta(minutes=1)
    one.earliest_close_at = one.closes_at
    save(one)
    assert way not in links(client.get("consultations.show", consultation_id=one.id))
    page = client.get("questionnaires.show", consultation_id=one.id, questionnaire_id=asked.id)
    assert way not in links(page)


def test_who_announces_too_late_a_day_is_told_before_and_led_to_it(client: PageClient) -> None:
    now = clock.now()
    client.sign_in(make_account("staff"))
    one = make_consultation("draft", now, closes_on=city_date(now) + timedelta(days=3))
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert f"Ultima zi aleasă acum, {format_day(one.closes_on)}, e prea devreme." in page.main_text
    assert f"/staff/consultations/{one.id}/edit#closes_on" in links(page)
    one.closes_on = city_date(now) + timedelta(days=30)
    save(one)
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert "prea devreme" not in page.main_text


def test_a_refused_report_says_what_to_do(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    one = make_consultation("open", clock.now())
    make_entry(one, clock.now())
    one.opens_at = one.announced_at = clock.now() - timedelta(days=30)
    one.earliest_close_at = one.closes_at = clock.now() - timedelta(days=1)
    save(one)
    page = client.post("staff_consultations.publish_report", {}, consultation_id=one.id, expect=422)
    assert "nu are răspuns publicat" in page.main_text
    assert "Răspunde întâi la tot sau scrie aici de ce raportul se publică înainte." in page.main_text
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert f"/staff/consultations/{one.id}/contributions?state=unanswered" in links(page)
    assert "Lasă gol" not in page.main_text


def test_before_the_report_the_only_ending_is_called_a_withdrawal(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    one = make_consultation("open", clock.now())
    page = client.get("staff_consultations.show", consultation_id=one.id)
    assert "Retrage consultarea" in page.main_text
    assert "Înregistrează cum s-a încheiat" not in page.main_text
    form = {"ending_form-outcome": "withdrawn", "ending_form-reason": "Se rescrie."}
    client.post("staff_consultations.conclude", form, consultation_id=one.id, expect=303)
    page = client.get("consultations.show", consultation_id=one.id)
    assert "Se rescrie." in page.main_text


def test_after_the_report_the_page_says_from_when_the_act_can_be_adopted(client: PageClient) -> None:
    now = clock.now()
    one = make_consultation("reported", now, adopt_from=now + timedelta(days=9))
    timeline.add("consultation", one.id, "consultation.reported", now)
    db.session.commit()
    page = client.get("consultations.show", consultation_id=one.id)
    day = format_day(city_date(now + timedelta(days=9)))
    assert f"Legea îngăduie adoptarea începând cu {day}." in page.main_text
    assert "Nu s-a publicat nicio dată" not in page.main_text


def test_the_work_on_a_consultation_belongs_to_consultations_in_the_staff_s_menu(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    one = make_consultation("open", clock.now())
    for endpoint in (
        "staff_consultations.show", "staff_contributions.index", "staff_drafting.text", "staff_questionnaires.index",
    ):  # fmt: skip
        page = client.get(endpoint, consultation_id=one.id)
        current = [link.get("href") for link in page.all("a") if link.get("aria-current")]
        assert "/staff/consultations" in current, endpoint


def test_nobody_is_invited_to_write_where_nothing_is_received_any_more(client: PageClient) -> None:
    for state, invited in (("open", True), ("reported", False)):
        one = make_consultation(state, clock.now())
        publish(one)
        page = client.get("consultations.show", consultation_id=one.id)
        assert ("Citește-l și scrie pe marginea lui" in page.main_text) is invited, state
        assert ("Registratura primăriei" in page.main_text) is invited, state
        assert "Textul proiectului" in page.main_text


def test_the_pages_of_a_questionnaire_lead_back_to_their_consultation(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    asked = make_questionnaire(clock.now())
    for endpoint in ("staff_questionnaires.show", "staff_questionnaires.settings"):
        page = client.get(endpoint, consultation_id=asked.consultation_id, questionnaire_id=asked.id)
        assert f'href="/staff/consultations/{asked.consultation_id}"' in page.html, endpoint


def test_after_thirty_days_a_receipt_says_that_the_time_to_object_is_over(client: PageClient) -> None:
    entry = make_entry(make_consultation("open", clock.now()), clock.now())
    published(entry, now=clock.now() - timedelta(days=31))
    page = client.get("contributions.receipt", token=entry.token)
    assert "Se putea spune în 30 de zile de la răspuns; au trecut." in page.main_text


def test_an_ended_consultation_offers_no_new_questionnaire(client: PageClient) -> None:
    client.sign_in(make_account("staff"))
    for state, offered in (("open", True), ("adopted", False)):
        one = make_consultation(state, clock.now())
        page = client.get("staff_consultations.show", consultation_id=one.id)
        assert ("Scrie un chestionar" in page.main_text) is offered, state
