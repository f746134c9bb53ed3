"""Organisations' pages and contributions under the moderators' eyes: reported, hidden with a reason, or kept."""

from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Decision
from civic.outbox import OutboxMessage
from consultations.contributions import keeping
from consultations.contributions.service import Author
from tests.consultations_support import make_consultation
from tests.factories import make_account, make_resident
from tests.integration.consultations.registerkit import TEXT, make_entry
from tests.integration.organisations import orgkit

LINK = "Raportează această"


def decide(client, decision: Decision, **values) -> None:
    case = db.session.scalars(select(ModerationCase)).one()
    moderator = make_account("moderator").as_actor()
    with client.app.test_request_context():
        moderation.decide(moderator, case.id, decision, clock.now(), **values)
        db.session.commit()
    db.session.expire_all()


def test_an_organisation_s_page_is_reported_and_loses_its_own_words_alone(client):
    keeper = make_account()
    one = orgkit.verified(keeper)
    client.sign_in(keeper)
    assert LINK not in client.get("organisations.show", organisation_id=one.id).main_text
    client.sign_in(make_resident())
    assert LINK in client.get("organisations.show", organisation_id=one.id).main_text
    client.post("moderation.send_report", {"reason": "spam"}, kind="organisation", subject_id=one.id)
    client.sign_in(make_account("moderator"))
    assert (
        "Plantăm copaci."
        in client.get(
            "moderation.case", case_id=db.session.scalars(select(ModerationCase.id)).one()
        ).main_text
    )
    decide(client, Decision.HIDE, reason_code="spam", text="Este o reclamă.")
    assert (one.description, one.website, one.state) == ("", "", "verified")
    page = client.get("organisations.show", organisation_id=one.id)
    assert "Moderatorii au scos ce a scris despre ea" in page.main_text
    assert "Este o reclamă." in page.main_text
    letters = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == keeper.email)).all()
    assert any("Este o reclamă." in letter.body for letter in letters)


def test_one_that_is_not_public_cannot_be_reported(client):
    client.sign_in(make_resident())
    waiting = orgkit.waiting()
    client.get("moderation.report", kind="organisation", subject_id=waiting.id, expect=404)


def test_a_contribution_is_reported_and_hidden_with_its_reason(client):
    now, author = clock.now(), make_account()
    one = make_consultation("open", now)
    entry = make_entry(one, now, author=Author("Ana Pop", account_id=author.id))
    where = {"consultation_id": one.id, "number": entry.number}
    client.sign_in(author)
    assert LINK not in client.get("contributions.show", **where).main_text
    client.sign_in(make_resident())
    assert LINK in client.get("contributions.show", **where).main_text
    client.post(
        "moderation.send_report", {"reason": "personal_attack"}, kind="contribution", subject_id=entry.id
    )
    decide(client, Decision.HIDE, reason_code="personal_attack", text="Jignește un vecin.")
    page = client.get("contributions.show", **where)
    assert TEXT not in page.main_text
    assert "Jignește un vecin." in page.main_text
    assert LINK not in page.main_text
    assert keeping.whole_text(entry) == TEXT
    client.get("moderation.report", kind="contribution", subject_id=entry.id, expect=404)


def test_a_report_that_is_dismissed_changes_nothing(client):
    now = clock.now()
    entry = make_entry(make_consultation("open", now), now)
    client.sign_in(make_resident())
    client.post(
        "moderation.send_report", {"reason": "personal_attack"}, kind="contribution", subject_id=entry.id
    )
    decide(client, Decision.DISMISS)
    assert (entry.body, entry.hidden_at) == (TEXT, None)
