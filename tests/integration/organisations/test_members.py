"""Who speaks for an organisation: invitations, roles, leaving, and accounts that are deleted."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, text, update
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.accounts import service as accounts
from civic.accounts.models import Account
from civic.errors import Conflict, NotAllowed
from civic.extensions import db
from civic.organisations import acting, jobs, members, queries, rules
from civic.organisations.models import Organisation, OrganisationInvitation, OrganisationMember
from civic.outbox import OutboxMessage
from tests.factories import make_account
from tests.integration.organisations.orgkit import EMAIL, join, suspended, verified, waiting
from tests.integration.organisations.test_verification import fresh, mails, recorded
from tests.pageclient import PageClient

GUEST = "invitat@civic.example"


def link_in(letter: OutboxMessage) -> str:
    found = re.search(r"/organisations/invitations/\S+", letter.body)
    assert found
    return found.group()


def invite(client: PageClient, made: Organisation, address: str = GUEST, role: str = "spokesperson") -> str:
    client.post("organisations.invite", {"address": address, "role": role}, organisation_id=made.id)
    return link_in(mails(address)[-1])


def roles_of(made: Organisation) -> dict[int, str]:
    db.session.expire_all()
    return {row.account_id: row.role for row, _account in queries.list_members(made.id)}


# --- invitations ----------------------------------------------------------------------------------------


def test_an_invitation_is_accepted_once_by_whoever_opens_the_link(app: Flask, client: PageClient) -> None:
    owner, guest, third = make_account(), make_account(email=GUEST), make_account()
    made = verified(owner)
    client.sign_in(owner)
    link = invite(client, made)
    assert GUEST in client.get("organisations.members", organisation_id=made.id).main_text
    client.sign_out()
    page = client.get(link)
    assert "Intră în cont ca să accepți" in page.main_text
    client.sign_in(guest)
    page = client.get(link)
    assert "purtător de cuvânt" in page.main_text.lower()
    client.submit(page, "/invitations/", {"shown": "y"})
    assert roles_of(made)[guest.id] == "spokesperson"
    assert acting.can_act_as(guest.as_actor(), made.id)
    assert guest.display_name in client.get("organisations.show", organisation_id=made.id).main_text
    letter = mails(owner.email)[-1]
    assert guest.display_name in letter.body
    client.sign_in(third)
    assert "Invitația nu mai e valabilă" in client.get(link, expect=422).main_text
    client.post(link, {}, expect=422)
    assert set(roles_of(made)) == {owner.id, guest.id}
    assert db.session.query(OrganisationInvitation).count() == 0
    assert recorded(made)[-2:] == ["organisation.member_invited", "organisation.member_joined"]


def test_the_letter_says_the_same_to_an_address_with_and_without_an_account(
    app: Flask, client: PageClient
) -> None:
    owner = make_account()
    made = verified(owner)
    make_account(email=GUEST, locale="en", display_name="Nume Cunoscut")
    client.sign_in(owner)
    answers, letters = [], []
    for address in (GUEST, "nimeni@civic.example"):
        data = {"address": address, "role": "administrator"}
        answer = client.post("organisations.invite", data, organisation_id=made.id)
        page = client.follow(answer)
        answers.append((answer.headers["Location"], page.text_of("#messages")))
        letter = mails(address)[-1]
        letters.append((letter.subject, letter.body.replace(link_in(letter), "")))
    assert answers[0] == answers[1]
    assert letters[0] == letters[1]
    assert "Nume Cunoscut" not in letters[0][1]


def test_a_second_invitation_ends_the_first(app: Flask, client: PageClient) -> None:
    owner, guest = make_account(), make_account(email=GUEST)
    made = verified(owner)
    client.sign_in(owner)
    first, second = invite(client, made), invite(client, made, role="administrator")
    client.sign_in(guest)
    client.get(first, expect=422)
    client.post(second, {})
    assert roles_of(made)[guest.id] == "administrator"


def test_an_invitation_ends_and_its_address_is_forgotten(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    link = invite(client, made)
    stored = db.session.execute(text("SELECT i::text FROM organisation_invitation i")).scalar_one()
    assert GUEST not in stored
    assert GUEST.encode().hex() not in stored
    assert link.rsplit("/", 1)[1] not in stored
    db.session.execute(update(OrganisationInvitation).values(expires_at=clock.now()))
    db.session.commit()
    client.sign_in(make_account())
    client.get(link, expect=422)
    jobs.forget_invitations(clock.now() - timedelta(days=1))
    assert db.session.query(OrganisationInvitation).count() == 1
    jobs.forget_invitations(clock.now())
    assert db.session.query(OrganisationInvitation).count() == 0


def test_an_invitation_can_be_taken_back(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    link = invite(client, made)
    page = client.get("organisations.members", organisation_id=made.id)
    client.submit(page, "/withdraw")
    client.get(link, expect=422)
    assert db.session.query(OrganisationInvitation).count() == 0


def test_who_is_a_member_already_keeps_the_role(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    link = invite(client, made)
    page = client.post(link, {}, expect=422)
    assert "Ești deja membru" in page.main_text
    assert roles_of(made) == {owner.id: "administrator"}
    client.sign_in(make_account(confirmed=False))
    assert "Confirmă mai întâi adresa ta" in client.post(link, {}, expect=422).main_text


def test_unverified_names_are_sent_to_nobody(app: Flask, client: PageClient) -> None:
    owner = make_account()
    for made in (waiting(owner), suspended(owner, name="B")):
        client.sign_in(owner)
        page = client.get("organisations.members", organisation_id=made.id)
        assert "după ce primăria a verificat organizația" in page.main_text
        data = {"address": GUEST, "role": "spokesperson"}
        client.post("organisations.invite", data, organisation_id=made.id, expect=403)
    assert mails(GUEST) == []


def test_invitations_have_a_daily_limit(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civic.organisations.policy.INVITATIONS_A_DAY", 1)
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    invite(client, made)
    client.submit(client.get("organisations.members", organisation_id=made.id), "/withdraw")
    data = {"address": "alt@civic.example", "role": "spokesperson"}
    client.post("organisations.invite", data, organisation_id=made.id, expect=403)
    assert rules.INVITATIONS_A_DAY > 1


@pytest.mark.parametrize(
    "data", [{"address": "nimic", "role": "spokesperson"}, {"address": GUEST, "role": "șef"}]
)
def test_a_wrong_invitation_is_said_and_keeps_what_was_typed(
    app: Flask, client: PageClient, data: dict[str, str]
) -> None:
    owner = make_account()
    made = verified(owner)
    client.sign_in(owner)
    page = client.post("organisations.invite", data, organisation_id=made.id, expect=422)
    assert page.form("/members/invite")["address"] == data["address"]


# --- roles and leaving ----------------------------------------------------------------------------------


def test_the_last_administrator_can_neither_leave_nor_step_down(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    other = join(made)
    client.sign_in(owner)
    page = client.get("organisations.members", organisation_id=made.id)
    assert "Acesta este ultimul administrator" in page.main_text
    page = client.post("organisations.leave", organisation_id=made.id, expect=403)
    assert "Numește mai întâi administrator pe alt membru" in page.main_text
    for command in (
        lambda: members.remove(owner.as_actor(), made.id, owner.id, clock.now()),
        lambda: members.change_role(owner.as_actor(), made.id, owner.id, "spokesperson", clock.now()),
    ):
        with app.test_request_context(), pytest.raises(NotAllowed):
            command()
    client.post("organisations.change_role", organisation_id=made.id, account_id=other.id)
    assert roles_of(made)[other.id] == "administrator"
    client.post("organisations.leave", organisation_id=made.id)
    assert roles_of(made) == {other.id: "administrator"}
    assert fresh(made).keeper_id == other.id


def test_the_database_keeps_the_last_administrator_too(app: Flask) -> None:
    owner = make_account()
    made = verified(owner)
    own = (OrganisationMember.organisation_id == made.id, OrganisationMember.account_id == owner.id)
    for statement in (
        delete(OrganisationMember).where(*own),
        update(OrganisationMember).where(*own).values(role="spokesperson"),
        update(Organisation).where(Organisation.id == made.id).values(keeper_id=None),
        update(Organisation).where(Organisation.id == made.id).values(keeper_id=join(made).id),
    ):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(statement)


def test_what_python_has_not_seen_becomes_a_sentence(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = make_account()
    made = verified(owner)
    monkeypatch.setattr(members, "_let_go", lambda _organisation, _member: None)
    with app.test_request_context(), pytest.raises(Conflict):
        members.leave(owner.as_actor(), made.id, clock.now())


def test_a_member_leaves_and_an_administrator_removes(app: Flask, client: PageClient) -> None:
    owner = make_account()
    made = verified(owner)
    first, second = join(made), join(made, email="doi@civic.example")
    client.sign_in(first)
    page = client.get("organisations.members", organisation_id=made.id)
    assert page.find("#invite-title") is None
    client.post("organisations.remove", organisation_id=made.id, account_id=second.id, expect=403)
    client.post("organisations.leave", organisation_id=made.id)
    client.get("organisations.members", organisation_id=made.id, expect=403)
    client.sign_in(owner)
    client.post("organisations.remove", organisation_id=made.id, account_id=second.id)
    assert set(roles_of(made)) == {owner.id}
    assert "te-a eliminat" in mails("doi@civic.example")[-1].body
    client.post("organisations.remove", organisation_id=made.id, account_id=second.id, expect=404)


# --- accounts that are deleted --------------------------------------------------------------------------


def delete_account(app: Flask, account: Account) -> None:
    with app.test_request_context():
        accounts.delete_account(db.session.get(Account, account.id), clock.now())
        db.session.commit()


def test_a_deleted_account_is_a_member_of_nothing(app: Flask, client: PageClient) -> None:
    made = verified()
    member = join(made, email=GUEST)
    member_row = db.session.get(OrganisationMember, (made.id, member.id))
    assert member_row is not None
    member_row.shown = True
    db.session.commit()
    name = member.display_name
    assert name in client.get("organisations.show", organisation_id=made.id).main_text
    delete_account(app, member)
    assert member.id not in roles_of(made)
    assert name not in client.get("organisations.show", organisation_id=made.id).main_text
    assert fresh(made).contact is not None


def test_the_only_administrator_of_others_names_one_first(app: Flask) -> None:
    owner = make_account()
    made = verified(owner)
    other = join(made)
    with pytest.raises(NotAllowed, match="singurul administrator"):
        delete_account(app, owner)
    db.session.rollback()
    with app.test_request_context():
        members.change_role(owner.as_actor(), made.id, other.id, "administrator", clock.now())
        db.session.commit()
    delete_account(app, owner)
    assert roles_of(made) == {other.id: "administrator"}
    assert (fresh(made).keeper_id, fresh(made).deserted_at) == (other.id, None)


def test_an_organisation_nobody_is_left_in_is_shown_to_staff_without_its_contact(
    app: Flask, client: PageClient
) -> None:
    owner = make_account()
    made = verified(owner)
    delete_account(app, owner)
    left = fresh(made)
    assert (left.contact, left.public_email, left.public_phone, left.keeper_id) == (None, "", "", None)
    assert left.deserted_at is not None
    client.get("organisations.show", organisation_id=made.id)
    client.sign_in(make_account("staff"))
    assert "1 fără membri" in client.get("staff.home").main_text
    assert made.name in client.get("organisations_staff.index", view="deserted").main_text
    page = client.get("organisations_staff.show", organisation_id=made.id)
    assert EMAIL not in page.main_text
    page = client.submit(page, "/invite", {"address": "nimic"}, expect=422)
    client.submit(page, "/invite", {"address": GUEST})
    newcomer = make_account()
    client.sign_in(newcomer)
    client.post(link_in(mails(GUEST)[-1]), {})
    again = fresh(made)
    assert (again.keeper_id, again.deserted_at) == (newcomer.id, None)
    client.sign_in(make_account("staff"))
    client.post("organisations_staff.invite", {"address": GUEST}, organisation_id=made.id, expect=409)


def test_nothing_of_a_deleted_address_stays(app: Flask, client: PageClient) -> None:
    owner, guest = make_account(), make_account(email=GUEST)
    made = verified(owner)
    client.sign_in(owner)
    invite(client, made)
    delete_account(app, guest)
    assert db.session.query(OrganisationInvitation).count() == 0
    invite(client, made, "alt@civic.example")
    join(made, "administrator")
    delete_account(app, owner)
    assert db.session.query(OrganisationInvitation).count() == 0
    assert [letter for letter in mails(GUEST) if "/invitations/" in letter.body] == []


def test_who_is_removed_does_not_come_back_by_their_own_invitation(app: Flask) -> None:
    owner = make_account()
    made = verified(owner)
    other = join(made, "administrator")
    members.invite(other.as_actor(), made.id, "alta@civic.example", "administrator", "ro", clock.now())
    members.invite(owner.as_actor(), made.id, "buna@civic.example", "spokesperson", "ro", clock.now())
    members.remove(owner.as_actor(), made.id, other.id, clock.now())
    left = queries.list_invitations(made.id, clock.now())
    assert [members.address_of(one) for one in left] == ["buna@civic.example"]
