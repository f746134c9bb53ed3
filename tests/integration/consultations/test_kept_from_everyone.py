"""What is taken off one page is on no other: remarks, files, fingerprints, reviews, whole texts, shares of few people."""

from datetime import timedelta
from unittest.mock import patch

from flask import Flask

from civic import clock
from civic.extensions import db
from civic.moderation.rules import Decision
from civic.outbox import OutboxMessage
from consultations.contributions import keeping, reviewing
from consultations.contributions.models import Attachment, Contribution
from consultations.drafting import moderated, queries
from consultations.reporting import presenters as report
from consultations.reporting import queries as counts
from consultations.reporting.rules import AreaCell
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_department, save
from tests.integration.consultations.drafting.draftkit import decide, open_consultation, publish, remark
from tests.integration.consultations.registerkit import make_entry, published, staff
from tests.pageclient import PageClient

SECRET = "Amenda e prea mare pentru vecinul meu Ion."


def test_a_remark_taken_off_the_register_is_not_read_beside_the_text(client: PageClient) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, body=SECRET)
    keeping.hide(staff().as_actor(), made.contribution_id, "personal_data", "Are un nume.", "", clock.now())
    db.session.commit()
    page = client.get("drafting.section", consultation_id=one.id, key=made.key)
    assert "vecinul meu" not in page.main_text
    assert "Are un nume." in page.main_text
    assert made.id not in moderated.load([made.id], for_public=True)


def test_a_dismissed_report_does_not_show_again_what_staff_took_off(app: Flask) -> None:
    one = open_consultation()
    publish(one)
    made = remark(one, body=SECRET)
    keeping.hide(staff().as_actor(), made.contribution_id, "personal_data", "Are un nume.", "", clock.now())
    decide(made, Decision.DISMISS)
    entry = db.session.get_one(Contribution, made.contribution_id)
    assert (entry.body, entry.hidden_for) == ("", "personal_data")


def test_only_those_who_answer_and_the_desk_read_what_is_hidden(client: PageClient) -> None:
    one = make_consultation("answering", clock.now())
    entry = make_entry(one, one.opens_at, body=SECRET)
    keeping.hide(staff().as_actor(), entry.id, "personal_data", "Are un nume.", "", clock.now())
    db.session.commit()
    pages = {
        "staff_contributions.show": {"consultation_id": one.id, "contribution_id": entry.id},
        "staff_contributions.index": {"consultation_id": one.id},
    }
    own, other = one.department, make_department()
    for department, reads in ((own, True), (other, False)):
        client.sign_in(make_account("evaluator", department=department))
        for endpoint, values in pages.items():
            assert ("vecinul meu" in client.get(endpoint, **values).html) is reads, (endpoint, reads)


def test_what_names_a_hidden_text_is_hidden_with_it(client: PageClient) -> None:
    one = make_consultation("answering", clock.now())
    entry = make_entry(one, one.opens_at, body=SECRET)
    name = "buletin-ion-popescu.pdf"
    save(Attachment(contribution_id=entry.id, name=name, file_id=None, not_kept="too_large"))
    where = {"consultation_id": one.id, "number": entry.number}
    page = client.get("contributions.show", **where)
    assert name in page.html
    assert entry.body_sha256.hex() in page.html
    keeping.hide(
        staff().as_actor(), entry.id, "personal_data", "Are un nume.", "Amenda e prea mare", clock.now()
    )
    db.session.commit()
    page = client.get("contributions.show", **where)
    assert name not in page.html
    # Whoever knows all but a telephone number finds it by trying: the fingerprint would say when.
    assert entry.body_sha256.hex() not in page.html


def test_personal_data_in_a_review_is_read_by_staff_alone(client: PageClient) -> None:
    one = make_consultation("answering", clock.now())
    entry = make_entry(one, one.opens_at)
    published(entry, now=clock.now())
    reviewing.ask(entry.id, "Sunați-mă la 0722 123 456, nu ați răspuns.", None, clock.now())
    db.session.commit()
    page = client.get("contributions.show", consultation_id=one.id, number=entry.number)
    assert "0722 123" not in page.html
    client.sign_in(staff())
    page = client.get("staff_contributions.show", consultation_id=one.id, contribution_id=entry.id)
    assert "0722 123" in page.html


def test_shares_of_areas_are_of_the_people_shown(app: Flask) -> None:
    cells = [
        ("Andronache", AreaCell(1, 40, None)),
        ("Colentina", AreaCell(2, 6, None)),
        ("Obor", AreaCell(3, 5, None)),
    ]
    with patch.object(counts, "by_area", return_value=cells):
        first = report._areas(1)[0]
    # 40 of 51 would say how many came from the two areas that are hidden.
    assert first[2].startswith("100")


def test_every_decision_about_a_late_one_is_told(app: Flask) -> None:
    one = make_consultation("answering", clock.now())
    entry = make_entry(one, clock.now())
    for minute, yes in enumerate((True, False, True)):
        keeping.consider(
            staff().as_actor(), entry.id, yes, "Am recitit.", clock.now() + timedelta(minutes=minute)
        )
    db.session.commit()
    told = db.session.query(OutboxMessage).filter(OutboxMessage.dedup_key.contains("considered")).count()
    assert told == 3


def test_a_later_edition_is_not_undone_by_the_work_of_an_earlier_one(app: Flask) -> None:
    one = open_consultation()
    first = publish(one)
    made = remark(one)
    second = publish(one, "Art. 1. Alt text.", "S-a schimbat.")
    made.checked_id = second.id
    db.session.commit()
    assert not queries.list_unchecked(one.id, first.id, 10)
    assert not queries.count_unchecked(one.id, first.id)
