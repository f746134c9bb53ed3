"""The work with answers and debates as staff see it: whose turn it is, how much each has, how long there is."""

from datetime import timedelta

import pytest

from civic import clock
from civic.errors import Conflict
from civic.extensions import db
from consultations.contributions import answering, listing, presenters, themes
from consultations.debates import presenters as debate_presenters
from consultations.debates import queries as debates
from consultations.debates import speaking
from tests.consultations_support import OPENED, make_consultation
from tests.factories import make_account
from tests.integration.consultations.debatekit import make_debate, make_request
from tests.integration.consultations.registerkit import REFUSAL, YES, drafted, make_entry, staff
from tests.integration.organisations import orgkit


@pytest.fixture
def now():
    return clock.now()


def test_the_next_to_sign_is_another_s_and_the_oldest(app):
    one, writer, signer = make_consultation(), staff(), staff()
    first, second, third = (make_entry(one, body=f"Textul {n}.") for n in range(3))
    mine = drafted(first, signer)
    oldest = drafted(second, writer, now=OPENED + timedelta(hours=1))
    newest = drafted(third, writer, now=OPENED + timedelta(hours=2))
    assert listing.next_to_sign(one.id, signer.id) is oldest
    assert listing.next_to_sign(one.id, signer.id, oldest.id) is newest
    assert listing.next_to_sign(one.id, writer.id) is mine
    assert (listing.count_to_sign(one.id, signer.id), listing.count_to_sign(one.id, writer.id)) == (2, 1)
    answering.sign(signer.as_actor(), oldest.id, oldest.version, OPENED)
    assert listing.next_to_sign(one.id, signer.id) is newest


def test_the_work_list_shows_the_load_the_clock_and_what_to_sign(client, now):
    one, writer, signer = make_consultation("answering", now), staff(), staff()
    one.answers_due_at = now + timedelta(days=2)
    entries = [make_entry(one, now, body=f"Textul {n}.") for n in range(3)]
    themes.assign(writer.as_actor(), one.id, writer.id, [entries[0].id, entries[1].id], now)
    drafted(entries[0], writer)
    db.session.commit()
    client.sign_in(signer)
    page = client.get("staff_contributions.index", consultation_id=one.id)
    assert f"{writer.display_name} 2" in page.main_text
    assert "Încă nimeni 1" in page.main_text
    assert "2 zile" in page.main_text
    assert "1 răspuns așteaptă semnătura ta" in page.main_text
    assert f"/contributions/{entries[0].id}#answer" in page.html
    client.sign_in(writer)
    assert "semnătura ta" not in client.get("staff_contributions.index", consultation_id=one.id).main_text


def test_after_a_signature_the_next_one_is_a_link_away(client, now):
    one, writer, signer = make_consultation("open", now), staff(), staff()
    theme = themes.create(writer.as_actor(), one.id, "Tarife", now)
    entry = make_entry(one, now)
    answer = drafted(entry, writer, now=now)
    drafted(theme, writer, now=now + timedelta(seconds=1))
    db.session.commit()
    client.sign_in(signer)
    where = {"consultation_id": one.id, "contribution_id": entry.id}
    page = client.get("staff_contributions.show", **where)
    page = client.follow(client.submit(page, f"/answers/{answer.id}/sign", {}))
    assert answer.state == "published"
    assert f"/themes/{theme.id}#answer" in page.html


def test_what_waits_for_a_signature_does_not_wait_for_an_author(client, now):
    one, writer = make_consultation("open", now), staff()
    theme = themes.create(writer.as_actor(), one.id, "Tarife", now)
    entry = make_entry(one, now)
    themes.group(writer.as_actor(), one.id, theme.id, [entry.id], now)
    drafted(theme, writer, now=now)
    db.session.commit()
    client.sign_in(writer)
    page = client.get("staff_contributions.theme", consultation_id=one.id, theme_id=theme.id)
    table = page.main_text.partition("contribuție la această temă")[2]
    assert "Așteaptă semnătura" in table
    assert "Așteaptă răspunsul" not in table
    public = client.get("contributions.show", consultation_id=one.id, number=entry.number)
    assert "Așteaptă răspunsul" in public.main_text


def test_its_own_draft_says_where_it_stands_before_its_theme_s(app, now):
    one, writer = make_consultation(), staff()
    theme = themes.create(writer.as_actor(), one.id, "Tarife", now)
    entry = make_entry(one)
    themes.group(writer.as_actor(), one.id, theme.id, [entry.id], now)
    drafted(theme, writer)
    answering.save(writer.as_actor(), entry, REFUSAL, 0, OPENED)
    with app.test_request_context():
        assert presenters.one_item(entry)["stands"] == "În lucru"


def test_the_second_of_two_who_answer_at_once_gets_both_texts(client, now):
    one, first, second = make_consultation("open", now), staff(), staff()
    entry = make_entry(one, now)
    db.session.commit()
    where = {"consultation_id": one.id, "contribution_id": entry.id}
    client.sign_in(second)
    page = client.get("staff_contributions.show", **where)
    answering.save(first.as_actor(), entry, YES, 0, now)
    db.session.commit()
    typed = {"outcome": "partly", "reason": "Cuvintele celui de-al doilea.", "author_function": "Consilier"}
    page = client.submit(page, "/answer", typed, expect=409)
    assert "Cuvintele celui de-al doilea." in page.form("/answer")["reason"]
    assert "Ce este salvat acum" in page.main_text
    assert "art. 4 alin. (2)" in page.main_text
    client.submit(page, "/answer", typed)
    assert "Cuvintele celui" in client.get("staff_contributions.show", **where).main_text


def test_debates_whose_announcement_or_minutes_are_due_stand_on_the_staff_s_home(client, now):
    asked, held, done = (make_consultation("open", now, title=f"Titlul {n}") for n in range(3))
    make_request(
        asked, orgkit.verified(), requested_at=now - timedelta(days=9), announce_by=now - timedelta(days=2)
    )
    make_debate(held, "held")
    organisation = orgkit.verified(name="Alta", registration_number="7/A/2020")
    make_request(
        done, organisation, requested_at=now - timedelta(days=9), announce_by=now - timedelta(days=1)
    )
    make_debate(done)
    rows = debate_presenters_rows(client, now)
    assert [(row["title"], row["days"] < 0) for row in rows] == [("Titlul 0", True), ("Titlul 1", False)]
    client.sign_in(staff())
    page = client.get("staff.home")
    assert "De anunțat: Titlul 0" in page.main_text
    assert "Minută de publicat: Titlul 1" in page.main_text
    client.sign_in(make_account("clerk"))
    assert "De anunțat" not in client.get("staff.home").main_text


def debate_presenters_rows(client, now):
    with client.app.test_request_context():
        return debate_presenters.clock_rows(now, 10)


def test_staff_enter_a_speaker_under_a_verified_organisation_s_name(client, now):
    debate, person = make_debate(), staff()
    verified, waiting = orgkit.verified(name="Asociația Parcul"), orgkit.waiting()
    where = {"consultation_id": debate.consultation_id, "debate_id": debate.id}
    client.sign_in(person)
    page = client.get("staff_debates.show", **where)
    typed = {"speaker_form-name": "Ion Pop", "speaker_form-organisation_id": str(verified.id)}
    client.submit(page, "/speakers", typed)
    (speaker,) = debates.list_speakers(debate.id)
    assert (speaker.name, speaker.organisation_id) == ("Ion Pop", verified.id)
    assert "Asociația Parcul" in client.get("debates.show", **where).main_text
    with pytest.raises(Conflict):
        speaking.enter(person.as_actor(), debate.consultation_id, debate.id, "Ion", now, waiting.id)
