"""Whoever wrote without an account contests a decision by the link of their letter, as others do in their account."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from civic import clock
from civic.accounts.models import Account
from civic.errors import NotAllowed
from civic.extensions import db
from civic.moderation.appeals import service
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.rules import Decision
from civic.outbox import OutboxMessage
from consultations.contributions import keeping
from consultations.contributions.models import Contribution
from tests.consultations_support import make_consultation
from tests.factories import make_account
from tests.integration.consultations.registerkit import make_entry
from tests.integration.moderation.casekit import decide_about
from tests.pageclient import PageClient

ADDRESS = "ana@civic.example"
WHY = "Am scris ce scrie și în proces-verbal."


def letters() -> list[str]:
    wanted = select(OutboxMessage.body).where(OutboxMessage.address == ADDRESS).order_by(OutboxMessage.id)
    return list(db.session.scalars(wanted))


@pytest.fixture
def entry(client: PageClient) -> Contribution:
    with client.app.test_request_context():
        made = make_entry(make_consultation())
        db.session.execute(delete(OutboxMessage))
        db.session.commit()
    return made


def path_in(letter: str) -> str:
    found = re.search(r"/decisions-by-letter/\S+", letter)
    assert found is not None, letter
    return found[0]


def hide(client: PageClient, entry: Contribution, by: str) -> Account:
    """Hidden by a moderator in the queue, or by the staff of the consultation beside it."""
    decider = make_account(by)
    with client.app.test_request_context():
        if by == "moderator":
            decide_about("contribution", entry.id, decider, Decision.HIDE)
        else:
            keeping.hide(decider.as_actor(), entry.id, "offence", "Jignește un vecin.", "", clock.now())
            db.session.commit()
    return decider


@pytest.mark.parametrize("by", ["moderator", "staff"])
def test_who_wrote_without_an_account_contests_by_the_link_of_the_letter(
    client: PageClient, entry: Contribution, by: str
) -> None:
    body = entry.body
    first = hide(client, entry, by)
    (letter,) = letters()
    assert entry.hidden_reason in letter
    assert "contesta decizia" in letter
    path = path_in(letter)
    page = client.get(path)
    assert "Decide alt moderator" in page.main_text
    assert page.headers["Cache-Control"] == "no-store"
    client.submit(page, path, {"text": ""}, expect=422)
    client.submit(page, path, {"text": WHY})
    assert WHY in client.get(path).main_text
    client.submit(page, path, {"text": "Încă o dată."}, expect=409)
    appeal = db.session.scalar(select(ModerationAppeal))
    assert appeal is not None
    with client.app.test_request_context():
        other = make_account("moderator")
        with pytest.raises(NotAllowed):
            service.decide(first.as_actor(), appeal.id, True, "Tot eu.", clock.now())
        service.decide(other.as_actor(), appeal.id, True, "Nu jignește pe nimeni.", clock.now())
        db.session.commit()
    assert (entry.body, entry.hidden_at) == (body, None)
    *_earlier, last = letters()
    assert "Nu jignește pe nimeni." in last
    assert path in last
    client.sign_out()
    assert "Nu jignește pe nimeni." in client.get(path).main_text


def test_the_link_is_good_for_its_decision_and_its_days(client: PageClient, entry: Contribution) -> None:
    hide(client, entry, "moderator")
    path = path_in(letters()[0])
    client.get(f"{path}x", expect=404)
    client.get("appeals_by_link.show", token="1", expect=404)
    page = client.get(path)
    statement = db.session.scalar(select(Statement))
    assert statement is not None
    statement.decided_at -= timedelta(days=30)
    statement.appeal_until -= timedelta(days=30)
    db.session.commit()
    assert "se putea contesta" in client.get(path).main_text
    client.submit(page, path, {"text": WHY}, expect=409)
    statement.account_id = make_account().id
    db.session.commit()
    client.get(path, expect=404)


def test_what_was_written_in_an_appeal_by_link_is_forgotten_too(
    client: PageClient, entry: Contribution
) -> None:
    hide(client, entry, "staff")
    path = path_in(letters()[0])
    client.submit(client.get(path), path, {"text": WHY})
    appeal = db.session.scalar(select(ModerationAppeal))
    assert appeal is not None
    with client.app.test_request_context():
        service.decide(make_account("moderator").as_actor(), appeal.id, False, "Jignește.", clock.now())
        assert service.forget_old(clock.now() + timedelta(days=300)) == 1
        assert appeal.text == ""
        assert service.forget_old(clock.now() + timedelta(days=300)) == 0
