"""What stays in the register of somebody who deletes the account, and what its database says of those who wrote."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from civic.accounts.service import delete_account
from civic.errors import Invalid, NotFound
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations.contributions import jobs, presenters, queries, sending, service
from consultations.contributions.leaving import KEEP_NAME
from consultations.contributions.models import PendingContribution
from consultations.contributions.service import Author
from consultations.debates import queries as debates
from consultations.debates import speaking
from tests.consultations_support import OPENED, make_consultation
from tests.factories import TEST_PASSWORD, make_account, save
from tests.integration.consultations.debatekit import make_debate
from tests.integration.consultations.registerkit import TEXT, make_entry

pytestmark = pytest.mark.usefixtures("app")

NAME = "Ștefania Brândușă"
#: After the end of what was opened.
LATER = OPENED + timedelta(days=40)


def sent(account, state: str = "open", **author):
    """A contribution of an account to a consultation in a state."""
    one = make_consultation()
    entry = make_entry(one, author=Author(NAME, account_id=account.id, **author))
    if state == "reported":
        one.report_published_at = one.closes_at
    return save(entry)


def shown(entry) -> str:
    return presenters.author_of(entry)


@pytest.mark.parametrize(
    ("shown_as", "kept", "state", "public", "sealed"),
    [
        ("full", False, "open", "cont șters", NAME),
        ("initials", False, "open", "cont șters", NAME),
        ("full", True, "open", NAME, None),
        ("initials", True, "open", "Ș. B.", NAME),
        ("full", False, "reported", "cont șters", None),
        ("initials", False, "reported", "cont șters", None),
        ("full", True, "reported", NAME, None),
        ("initials", True, "reported", "Ș. B.", None),
    ],
)
def test_the_name_follows_its_owner_and_the_law_alone_keeps_it_sealed(shown_as, kept, state, public, sealed):
    account = make_account()
    entry = sent(account, state, shown_as=shown_as)
    delete_account(account, LATER, [KEEP_NAME] if kept else [])
    assert shown(entry) == public
    assert (None if entry.contact is None else service.contact_of(entry)) == (sealed and (sealed, ""))
    assert ("brandusa" in entry.search_text) is (public == NAME)
    assert (entry.body, entry.number) == (TEXT, 1)


def test_what_the_law_kept_goes_when_the_report_is_out():
    account = make_account()
    entry = sent(account, shown_as="full")
    delete_account(account, LATER)
    jobs.forget(LATER)
    assert entry.contact is not None
    queries.get_consultation(entry.consultation_id).report_published_at = LATER
    jobs.forget(LATER)
    assert entry.contact is None


def test_an_organisation_s_name_is_not_its_member_s_to_take_away():
    account = make_account()
    entry = sent(account, organisation=True)
    delete_account(account, LATER)
    assert (shown(entry), entry.contact) == (NAME, None)


def test_what_was_never_confirmed_is_forgotten_with_the_address():
    account, one = make_account(), make_consultation()
    message = sending.Message(NAME, TEXT)
    sending.ask_to_confirm(one, message, account.email, "ro", OPENED)
    sending.ask_to_confirm(one, message, "alta@civic.example", "ro", OPENED)
    delete_account(account, LATER)
    assert len(db.session.scalars(select(PendingContribution)).all()) == 1


def test_a_place_among_speakers_is_given_up_and_the_name_goes():
    account = make_account()
    debate = make_debate(make_consultation())
    speaker = speaking.sign_up(account.as_actor(), debate.consultation_id, debate.id, NAME, None, OPENED)
    delete_account(account, LATER, [KEEP_NAME])
    assert (speaker.state, speaker.public_name) == ("withdrawn", "cont șters")
    assert debates.find_own(debate.id, account.id) is None


def test_the_page_asks_those_who_sent_something_alone(client):
    client.sign_in(make_account())
    assert "Păstrează-mi numele" not in client.get("accounts.delete").main_text
    account = make_account()
    entry = sent(account, shown_as="full")
    db.session.commit()
    client.sign_in(account)
    page = client.get("accounts.delete")
    assert "legea transparenței o cere" in page.main_text
    typed = {"password": "alta parolă", "understood": "y", "keep": KEEP_NAME}
    page = client.post("accounts.delete", typed, expect=422)
    assert page.form("delete")["keep"] == KEEP_NAME
    client.post("accounts.delete", {**typed, "password": TEST_PASSWORD})
    assert shown(entry) == NAME


def test_the_database_opens_no_receipt():
    entry = make_entry()
    row = (
        db.session.execute(text("SELECT * FROM contribution WHERE id = :id"), {"id": entry.id})
        .mappings()
        .one()
    )
    stored = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row.values())
    assert entry.token.partition(".")[2] not in stored
    assert queries.find_by_token(entry.token) is entry


@pytest.mark.parametrize(
    "forged", ["{id}.", "{id}.AAAA", "{next}.{mark}", ".{mark}", "x.{mark}", "{mark}", "ă.ă"]
)
def test_a_forged_link_opens_nothing(forged):
    entry, other = make_entry(), make_entry()
    mark = entry.token.partition(".")[2]
    with pytest.raises(NotFound):
        queries.find_by_token(forged.format(id=entry.id, next=other.id, mark=mark))


def test_a_link_sent_before_still_opens(client):
    entry = make_entry()
    entry.old_token_sha256 = hashlib.sha256(b"o-legatura-veche").digest()
    db.session.commit()
    assert entry.reference in client.get("contributions.receipt", token="o-legatura-veche").main_text


@pytest.mark.parametrize(
    "contact", ["ana@x.example, ion@x.example", "ana@x.example;ion@x.example", "Ana <ana@x.example>"]
)
def test_a_clerk_s_contact_is_one_address_or_a_postal_one(contact):
    one, clerk = make_consultation(), make_account("clerk").as_actor()
    message = sending.Message(NAME, TEXT)
    with pytest.raises(Invalid, match="o singură adresă"):
        sending.enter(clerk, one, "post", message, contact, OPENED, [], OPENED)
    sending.enter(clerk, one, "post", message, "str. Horea 3, Cluj, jud. Cluj", OPENED, [], OPENED)
    entry = sending.enter(clerk, one, "post", message, " Ana@X.example ", OPENED, [], OPENED)
    assert service.contact_of(entry)[1] == "ana@x.example"
    assert [row.address for row in db.session.scalars(select(OutboxMessage))] == ["ana@x.example"]
