"""A suspension: two people, never in secret, from publishing alone, and it ends by itself."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from civic import clock, jobs
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.moderation.suspensions import service
from civic.moderation.suspensions.models import Suspension
from civic.outbox import OutboxMessage
from civic.policy import PUBLISHING, access_of, is_publishing
from proposals.comments.models import Comment
from tests.factories import make_account, make_resident
from tests.integration.moderation.casekit import hide_comment, suspend
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient

TEXT = "Aș vrea bănci la umbră, lângă locul de joacă."


def comment_on(client: PageClient, expect: int) -> Any:
    return client.post("comments.add", {"body": TEXT}, proposal_id=make_proposal().id, expect=expect)


def count_comments() -> int:
    return db.session.scalar(select(func.count(Comment.id)).where(Comment.body == TEXT)) or 0


# --- two people ----------------------------------------------------------------------------------------------


def test_it_takes_two_people_and_the_person_is_told(client: PageClient) -> None:
    author, first, second = make_account(), make_account("moderator"), make_account("staff")
    _comment, statement = hide_comment(author, make_account("moderator"))
    client.sign_in(first)
    page = client.get("moderation.case", case_id=statement.case_id)
    assert "Propune suspendarea autorului" in page.main_text
    client.post(
        "staff_suspensions.send_proposal",
        {"days": "7", "reason": "A treia jignire."},
        case_id=statement.case_id,
        expect=303,
    )
    one = db.session.scalar(select(Suspension))
    assert one is not None
    assert db.session.get(Account, author.id).suspended_until is None
    page = client.post("staff_suspensions.confirm", suspension_id=one.id, expect=403)
    assert "trebuie să decidă o a doua persoană" in page.main_text
    client.sign_in(second)
    assert "1 așteaptă o a doua persoană" in client.get("staff.home").main_text
    assert "Așteaptă o a doua persoană" in client.get("staff_suspensions.index").main_text
    page = client.follow(client.post("staff_suspensions.confirm", suspension_id=one.id, expect=303))
    assert "Confirmată" in page.main_text
    letter = db.session.scalar(
        select(OutboxMessage.body).where(
            OutboxMessage.address == author.email, OutboxMessage.subject.contains("Pentru un timp")
        )
    )
    assert "A treia jignire." in letter
    assert "să votezi în ediții" in letter
    assert "Decide cineva" in letter
    assert f"/account/suspensions/{one.id}" in letter
    client.sign_in(author)
    assert "Nu poți publica texte pe platformă până" in client.get("accounts.show").main_text
    page = client.get("suspensions.show", suspension_id=one.id)
    assert "A treia jignire." in page.main_text
    assert "Contestă suspendarea" in page.main_text
    events = set(
        db.session.scalars(select(AuditRecord.event).where(AuditRecord.subject_kind == "suspension"))
    )
    assert events == {"suspension.proposed", "suspension.confirmed"}


def test_the_database_refuses_the_same_person_twice(app: Flask) -> None:
    one = suspend(make_account())
    with pytest.raises(IntegrityError, match="two_people"), db.session.begin_nested():
        db.session.execute(update(Suspension).values(decided_by_id=one.proposed_by_id))


@pytest.mark.parametrize("roles", [(), ("clerk",), ("auditor",), ("administrator",)])
def test_only_moderators_and_staff_suspend(client: PageClient, roles: tuple[str, ...]) -> None:
    _comment, statement = hide_comment(make_account(), make_account("moderator"))
    client.sign_in(make_account(*roles))
    asked = {"days": "7", "reason": "x"}
    client.post("staff_suspensions.send_proposal", asked, case_id=statement.case_id, expect=403)
    assert db.session.scalar(select(Suspension)) is None


def test_nobody_is_suspended_by_themselves_or_for_nothing(client: PageClient) -> None:
    moderator = make_account("moderator")
    _comment, statement = hide_comment(moderator, make_account("moderator"))
    client.sign_in(moderator)
    page = client.get("staff_suspensions.propose", case_id=statement.case_id)
    assert "Este despre tine" in page.main_text
    asked = {"days": "7", "reason": "x"}
    client.post("staff_suspensions.send_proposal", asked, case_id=statement.case_id, expect=403)
    statement.account_id = None
    db.session.commit()
    page = client.post("staff_suspensions.send_proposal", asked, case_id=statement.case_id, expect=409)
    assert "se sprijină pe un text ascuns" in page.main_text


def test_a_proposal_keeps_what_was_typed_and_there_is_one_at_a_time(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"))
    client.sign_in(make_account("moderator"))
    asked = {"days": "5", "reason": "Trei jigniri într-o zi."}
    page = client.post("staff_suspensions.send_proposal", asked, case_id=statement.case_id, expect=422)
    assert "Trei jigniri într-o zi." in page.html
    client.post(
        "staff_suspensions.send_proposal", {**asked, "days": "3"}, case_id=statement.case_id, expect=303
    )
    page = client.post(
        "staff_suspensions.send_proposal", {**asked, "days": "3"}, case_id=statement.case_id, expect=403
    )
    assert "așteaptă deja o a doua părere" in page.main_text


def test_the_second_person_declines_with_a_reason_and_nothing_happens(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"))
    one = service.propose(make_account("moderator").as_actor(), statement.case_id, "x", 7, clock.now())
    db.session.commit()
    client.sign_in(make_account("moderator"))
    client.post("staff_suspensions.decline", {"reason": ""}, suspension_id=one.id, expect=422)
    client.post("staff_suspensions.decline", {"reason": "O singură dată."}, suspension_id=one.id, expect=303)
    assert db.session.get(Account, author.id).suspended_until is None
    client.sign_in(author)
    client.get("suspensions.show", suspension_id=one.id, expect=404)
    client.sign_in(make_account("auditor"))
    page = client.get("staff_suspensions.show", suspension_id=one.id)
    assert "O singură dată." in page.main_text
    assert f"/staff/suspensions/{one.id}/" not in page.html


def test_a_proposal_nobody_confirms_lapses(app: Flask) -> None:
    now = clock.now()
    _comment, statement = hide_comment(make_account(), make_account("moderator"), now)
    one = service.propose(make_account("moderator").as_actor(), statement.case_id, "x", 7, now)
    db.session.commit()
    for _twice in range(2):
        jobs.registry(app)["suspensions.lapse"].run(one.confirm_until)
    assert db.session.get(Suspension, one.id).state == "lapsed"
    again = service.propose(make_account("staff").as_actor(), statement.case_id, "y", 3, one.confirm_until)
    assert again.id != one.id


# --- what it takes and what it leaves -----------------------------------------------------------------------------


def test_a_suspended_person_is_told_why_and_gets_the_text_back(client: PageClient) -> None:
    author = make_account()
    one = suspend(author)
    client.sign_in(author)
    page = comment_on(client, 403)
    assert "Acum nu poți publica texte" in page.main_text
    assert "A jignit de trei ori." in page.main_text
    assert TEXT in page.main_text, "what was typed is given back"
    assert f"/account/suspensions/{one.id}" in page.html
    assert count_comments() == 0
    page = client.get("proposals.show", proposal_id=make_proposal().id)
    assert "Nu poți publica texte până" in page.main_text, "the form says so before anything is typed"


def test_it_ends_by_itself(client: PageClient) -> None:
    author, now = make_account(), clock.now()
    one = suspend(author, 3, now - timedelta(days=10))
    assert one.ends_at < now
    client.sign_in(author)
    comment_on(client, 303)
    assert count_comments() == 1
    assert "S-a încheiat." in client.get("suspensions.show", suspension_id=one.id).main_text


def test_reading_the_account_and_leaving_stay(client: PageClient) -> None:
    author = make_resident()
    suspend(author)
    client.sign_in(author)
    for endpoint in (
        "home.index",
        "proposals.index",
        "accounts.show",
        "proposals.mine",
        "moderation_appeals.index",
    ):
        client.get(endpoint)
    proposal = make_proposal(author=author)
    client.post("proposals.withdraw", proposal_id=proposal.id, expect=303)
    other = make_proposal()
    client.post("notifications.start", kind="proposal", subject_id=other.id, expect=303)


def test_lifting_it_takes_one_person_and_a_reason(client: PageClient) -> None:
    author = make_account()
    one = suspend(author)
    client.sign_in(make_account("moderator"))
    client.post("staff_suspensions.lift", {"reason": " "}, suspension_id=one.id, expect=422)
    client.post("staff_suspensions.lift", {"reason": "Și-a cerut scuze."}, suspension_id=one.id, expect=303)
    client.sign_in(author)
    comment_on(client, 303)
    assert "Și-a cerut scuze." in client.get("suspensions.show", suspension_id=one.id).main_text
    client.sign_in(make_account("moderator"))
    client.post("staff_suspensions.lift", {"reason": "x"}, suspension_id=one.id, expect=403)


def test_nobody_reads_the_suspension_of_another(client: PageClient) -> None:
    one = suspend(make_account())
    client.sign_in(make_account())
    client.get("suspensions.show", suspension_id=one.id, expect=404)
    client.get("staff_suspensions.index", expect=403)


def test_its_pages_speak_english(client: PageClient) -> None:
    author = make_account(locale="en")
    one = suspend(author)
    client.speak("en")
    client.sign_in(author)
    assert "You may not publish texts" in client.get("suspensions.show", suspension_id=one.id).main_text
    assert "You may not publish texts now" in comment_on(client, 403).main_text
    client.sign_in(make_account("moderator"))
    assert "Waiting for a second person" in client.get("staff_suspensions.index").main_text
    assert "Lift the suspension" in client.get("staff_suspensions.show", suspension_id=one.id).main_text


# --- one place --------------------------------------------------------------------------------------------------

#: What a suspension leaves open among the actions by which texts reach the public, and why.
OPEN = {
    "proposals.save": "a draft is one's own; sending it is refused by its policy",
    "proposals.autosave": "a draft is one's own",
    "proposals.discard": "takes back",
    "proposals.withdraw": "takes back",
    "proposals.join": "the text is public already",
    "drafting.take_side": "a vote",
    "drafting.judge_place": "says whether one's own remark stands where it belongs; no word is written",
    "agora.second": "a signature",
    "arguing.say_stance": "a vote",
    "arguing.judge": "a vote",
    "statements.vote": "a vote",
    "debates.sign_up": "speaking at a hearing is a right by law",
    "debates.withdraw": "takes back",
    "initiatives.create": "the law gives everybody draft decisions",
    "initiatives.edit": "the law gives everybody draft decisions",
    "initiatives.submit": "the law gives everybody draft decisions",
    "initiatives.discard": "takes back",
    "initiatives.withdraw": "takes back",
    "initiatives.deposit": "the law gives everybody draft decisions",
    "initiatives.sign": "a signature",
    "initiatives.take_back": "takes back",
}


def test_every_post_by_which_texts_reach_the_public_is_closed_or_named(session_app: Flask) -> None:
    posts = {
        rule.endpoint
        for rule in session_app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and access_of(session_app, rule.endpoint) in PUBLISHING
    }
    left_open = {endpoint for endpoint in posts if not is_publishing(session_app, endpoint)}
    assert left_open == set(OPEN)
    assert is_publishing(session_app, "comments.add")
    assert is_publishing(session_app, "organisations.edit")


def test_a_draft_is_kept_but_not_sent(client: PageClient) -> None:
    author = make_account()
    proposal = make_proposal("draft", author)
    suspend(author)
    client.sign_in(author)
    page = client.get("proposals.edit", proposal_id=proposal.id)
    typed = {**page.form("edit"), "title": "Umbră în parc"}
    client.post("proposals.save", {**typed, "action": "save"}, proposal_id=proposal.id, expect=303)
    db.session.expire_all()
    assert db.session.get(type(proposal), proposal.id).title == "Umbră în parc"
