"""An author contests a moderator's decision: once, in time, before somebody else, who revives exactly what was hidden."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from civic import clock, jobs
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.deadlines.clocks import ends_at
from civic.errors import Conflict
from civic.extensions import db
from civic.moderation.appeals import rules, service
from civic.moderation.appeals.models import ModerationAppeal, Statement
from civic.moderation.rules import Decision
from civic.notifications.compose import addresses
from civic.outbox import OutboxMessage
from consultations.contributions.service import Author
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import State
from tests.consultations_support import make_consultation
from tests.factories import make_account
from tests.integration.consultations.registerkit import make_entry
from tests.integration.moderation.casekit import WHY, decide_about, hide_comment, suspend
from tests.integration.organisations import orgkit
from tests.integration.proposals.makers import make_proposal
from tests.pageclient import PageClient

WORDS = "Nu l-am jignit: așa îi spun toți, și el râde."


def letters_to(account: Account) -> list[str]:
    query = (
        select(OutboxMessage.body).where(OutboxMessage.address == account.email).order_by(OutboxMessage.id)
    )
    return list(db.session.scalars(query))


def send(client: PageClient, statement: Statement, expect: int = 303, text: str = WORDS) -> Any:
    return client.post("moderation_appeals.appeal", {"text": text}, statement_id=statement.id, expect=expect)


def appealed(author: Account, moderator: Account) -> tuple[Comment, ModerationAppeal]:
    comment, statement = hide_comment(author, moderator)
    appeal = service.appeal_against_text(author.as_actor(), statement.id, WORDS, clock.now())
    db.session.commit()
    return comment, appeal


def answer(
    client: PageClient,
    appeal: ModerationAppeal,
    outcome: str,
    expect: int = 303,
    reason: str = "Nu jignește.",
) -> Any:
    return client.post(
        "staff_appeals.decide", {"outcome": outcome, "reason": reason}, appeal_id=appeal.id, expect=expect
    )


# --- the author --------------------------------------------------------------------------------------------


def test_the_author_reads_why_and_until_when_by_mail_and_on_the_account(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"))
    assert statement.appeal_until == ends_at(14, "calendar", 24, statement.decided_at)
    (letter,) = letters_to(author)
    assert "Un moderator a ascuns un text scris de tine" in letter
    assert letter.count(WHY) == 1
    assert "contact@" not in letter.split("/account/decisions/")[0], (
        "who contests it does not write to an address"
    )
    assert "în cel mult 14 zile" in letter
    assert f"/account/decisions/{statement.id}" in letter
    client.sign_in(author)
    assert "Moderatorii au decis împotriva unui text al tău." in client.get("accounts.show").main_text
    page = client.get("moderation_appeals.index")
    assert WHY in page.main_text
    assert "O poți contesta până" in page.main_text
    page = client.get("moderation_appeals.show", statement_id=statement.id)
    assert "Vecinul de la parter" in page.main_text
    assert "Regula casei nr. 4" in page.main_text


def test_nobody_reads_the_decisions_about_another(client: PageClient) -> None:
    _comment, statement = hide_comment(make_account(), make_account("moderator"))
    client.sign_in(make_account())
    client.get("moderation_appeals.show", statement_id=statement.id, expect=404)
    send(client, statement, 404)
    assert "Nicio decizie împotriva unui text al tău" in client.get("moderation_appeals.index").main_text


def test_an_appeal_says_something_and_keeps_what_was_typed(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"))
    client.sign_in(author)
    assert "Scrie de ce crezi" in send(client, statement, 422, "  ").main_text
    long = "foarte nedrept " * 300
    assert "foarte nedrept" in send(client, statement, 422, long).html
    assert db.session.scalar(select(func.count(ModerationAppeal.id))) == 0


def test_a_decision_is_contested_once(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"))
    client.sign_in(author)
    page = client.follow(send(client, statement))
    assert "Alt moderator decide până" in page.main_text
    assert WORDS in page.main_text
    assert "o singură dată" in send(client, statement, 409).main_text
    client.post("moderation_appeals.withdraw", statement_id=statement.id, expect=303)
    assert "o singură dată" in send(client, statement, 409).main_text


def test_too_late_is_refused_with_the_day(client: PageClient) -> None:
    author = make_account()
    _comment, statement = hide_comment(author, make_account("moderator"), clock.now() - timedelta(days=16))
    client.sign_in(author)
    page = client.get("moderation_appeals.show", statement_id=statement.id)
    assert "se putea contesta până" in page.main_text
    assert "data-guard" not in page.html
    assert "se putea contesta până" in send(client, statement, 409).main_text


def test_a_suspended_account_contests_both(client: PageClient) -> None:
    author = make_account()
    one = suspend(author)
    statement = db.session.scalar(select(Statement))
    client.sign_in(author)
    send(client, statement)
    client.get("moderation_appeals.suspension", suspension_id=one.id)
    client.post("moderation_appeals.appeal_suspension", {"text": ""}, suspension_id=one.id, expect=422)
    client.post("moderation_appeals.appeal_suspension", {"text": WORDS}, suspension_id=one.id, expect=303)
    assert db.session.scalar(select(func.count(ModerationAppeal.id))) == 2


def test_what_is_deleted_meanwhile_is_contested_all_the_same(client: PageClient) -> None:
    author = make_account()
    comment, statement = hide_comment(author, make_account("moderator"))
    db.session.delete(comment)
    db.session.commit()
    client.sign_in(author)
    assert (
        "Textul nu mai există" in client.get("moderation_appeals.show", statement_id=statement.id).main_text
    )
    send(client, statement)
    appeal = db.session.scalar(select(ModerationAppeal))
    client.sign_in(make_account("moderator"))
    assert "Textul nu mai există" in client.get("staff_appeals.show", appeal_id=appeal.id).main_text
    answer(client, appeal, "uphold")
    assert "Ai avut dreptate" in letters_to(author)[-1]


def test_sent_from_two_windows_at_once_it_is_one(app: Flask) -> None:
    """The row is read as not contested twice; the constraint keeps one."""
    author = make_account()
    _comment, appeal = appealed(author, make_account("moderator"))
    twin = {
        name: getattr(appeal, name)
        for name in (
            "statement_id",
            "account_id",
            "text",
            "filed_at",
            "due_at",
            "deadline_id",
            "first_decider_id",
        )
    }
    with pytest.raises(Conflict):
        service._store(author.as_actor(), ModerationAppeal(**twin), clock.now(), {})


# --- the second person ---------------------------------------------------------------------------------------


def test_upheld_the_text_is_back_exactly_and_the_author_told(client: PageClient) -> None:
    author, first, second = make_account(), make_account("moderator"), make_account("moderator")
    comment, appeal = appealed(author, first)
    assert db.session.get(Comment, comment.id).state == "hidden"
    client.sign_in(second)
    assert "Poți decide" in client.get("staff_appeals.queue").main_text
    page = client.get("staff_appeals.show", appeal_id=appeal.id)
    assert WORDS in page.main_text
    assert WHY in page.main_text
    answer(client, appeal, "uphold")
    db.session.expire_all()
    revived = db.session.get(Comment, comment.id)
    assert (revived.state, revived.body) == ("visible", "Vecinul de la parter e un nătărău.")
    _hidden, upheld = letters_to(author)
    assert "Ai avut dreptate" in upheld
    assert "Textul tău este din nou cum era înainte" in upheld
    assert upheld.count("Nu jignește.") == 1
    client.sign_in(author)
    page = client.get("moderation_appeals.show", statement_id=appeal.statement_id)
    assert "Decizia a fost anulată" in page.main_text
    assert "Contestația este admisă" in page.main_text


@pytest.mark.parametrize(
    ("before", "decision", "after"),
    [
        (State.PUBLISHED, Decision.HIDE, State.PUBLISHED),
        (State.IN_ANALYSIS, Decision.HIDE, State.IN_ANALYSIS),
        (State.REJECTED, Decision.HIDE, State.REJECTED),
        (State.PUBLISHED, Decision.REQUEST_CHANGES, State.PUBLISHED),
    ],
)
def test_a_proposal_goes_back_to_where_it_stood(
    app: Flask, before: State, decision: Decision, after: State
) -> None:
    author = make_account()
    proposal = make_proposal(before, author)
    statement = decide_about("proposal", proposal.id, make_account("moderator"), decision)
    (letter,) = letters_to(author)
    assert letter.count(WHY) == 1
    assert f"/account/decisions/{statement.id}" in letter
    appeal = service.appeal_against_text(author.as_actor(), statement.id, WORDS, clock.now())
    with addresses():
        service.decide(make_account("moderator").as_actor(), appeal.id, True, "Nu jignește.", clock.now())
    db.session.commit()
    assert db.session.get(Proposal, proposal.id).state == after


def test_a_hidden_contribution_is_told_in_one_letter_too(app: Flask) -> None:
    author = make_account()
    entry = make_entry(make_consultation(), author=Author("Ana", account_id=author.id))
    db.session.execute(delete(OutboxMessage))
    with addresses():
        statement = decide_about("contribution", entry.id, make_account("moderator"))
    (letter,) = letters_to(author)
    assert entry.reference in letter
    assert letter.count(WHY) == 1
    assert f"/account/decisions/{statement.id}" in letter


def test_dismissed_it_stays_hidden_and_the_author_reads_why(client: PageClient) -> None:
    author = make_account()
    comment, appeal = appealed(author, make_account("moderator"))
    client.sign_in(make_account("moderator"))
    answer(client, appeal, "reject", 422, "")
    answer(client, appeal, "reject", reason="E jignire, oricine ar râde.")
    assert db.session.get(Comment, comment.id).state == "hidden"
    assert "E jignire, oricine ar râde." in letters_to(author)[-1]
    answer(client, appeal, "uphold", 409)


def test_who_decided_first_does_not_decide_again(client: PageClient) -> None:
    first = make_account("moderator")
    comment, appeal = appealed(make_account(), first)
    client.sign_in(first)
    assert (
        "Ai luat parte la decizia contestată"
        in client.get("staff_appeals.show", appeal_id=appeal.id).main_text
    )
    assert "Ai luat parte" in client.get("staff_appeals.queue").main_text
    answer(client, appeal, "reject", 403)
    with pytest.raises(IntegrityError, match="another_person"), db.session.begin_nested():
        db.session.execute(
            update(ModerationAppeal).values(
                state="rejected", decided_at=clock.now(), decided_by_id=first.id, reason="x"
            )
        )
    assert db.session.get(Comment, comment.id).state == "hidden"


def test_a_moderator_does_not_decide_about_their_own_text(client: PageClient) -> None:
    author = make_account("moderator")
    _comment, appeal = appealed(author, make_account("moderator"))
    client.sign_in(author)
    answer(client, appeal, "uphold", 403)


@pytest.mark.parametrize("role", ["staff", "auditor", "administrator"])
def test_who_oversees_reads_and_decides_nothing(client: PageClient, role: str) -> None:
    _comment, appeal = appealed(make_account(), make_account("moderator"))
    client.sign_in(make_account(role))
    assert "1 așteaptă" in client.get("staff_appeals.queue").main_text
    assert "data-guard" not in client.get("staff_appeals.show", appeal_id=appeal.id).html
    answer(client, appeal, "uphold", 403)


def test_residents_do_not_see_the_queue(client: PageClient) -> None:
    client.get("staff_appeals.queue", expect=303)
    client.sign_in(make_account())
    client.get("staff_appeals.queue", expect=403)


def test_the_queue_says_when_nothing_waits(client: PageClient) -> None:
    client.sign_in(make_account("moderator"))
    assert "Nimic nu așteaptă aici" in client.get("staff_appeals.queue").main_text


def test_an_upheld_suspension_ends_at_once(client: PageClient) -> None:
    author = make_account()
    one = suspend(author)
    appeal = service.appeal_against_suspension(author.as_actor(), one.id, WORDS, clock.now())
    db.session.commit()
    proposer = db.session.get(Account, one.proposed_by_id)
    client.sign_in(proposer)
    answer(client, appeal, "uphold", 403)
    client.sign_in(make_account("moderator"))
    answer(client, appeal, "uphold", reason="Disproporționată.")
    assert db.session.get(Account, author.id).suspended_until is None
    client.sign_in(author)
    assert "Disproporționată." in client.get("suspensions.show", suspension_id=one.id).main_text


def test_everybody_reads_why_a_comment_is_hidden_and_since_when(client: PageClient) -> None:
    comment, _statement = hide_comment(make_account(), make_account("moderator"))
    page = client.get("proposals.show", proposal_id=comment.proposal_id)
    assert WHY in page.main_text
    assert "Ascuns pe" in page.main_text
    assert comment.body not in page.main_text


# --- clocks ----------------------------------------------------------------------------------------------------


def test_an_overdue_answer_is_told_once_to_those_who_oversee(app: Flask) -> None:
    overseer = make_account("staff")
    _comment, appeal = appealed(make_account(), make_account("moderator"))
    run = jobs.registry(app)["moderation.appeals.escalate"].run
    run(appeal.due_at - timedelta(seconds=1))
    assert not letters_to(overseer)
    for _twice in range(2):
        run(appeal.due_at)
    assert len(letters_to(overseer)) == 1
    assert f"/staff/contested/{appeal.id}" in letters_to(overseer)[0]


def test_late_ones_are_marked(client: PageClient) -> None:
    _comment, appeal = appealed(make_account(), make_account("moderator"))
    db.session.execute(
        update(ModerationAppeal).values(
            filed_at=appeal.filed_at - timedelta(days=9), due_at=clock.now() - timedelta(hours=1)
        )
    )
    db.session.commit()
    client.sign_in(make_account("moderator"))
    page = client.get("staff_appeals.queue", state="late")
    assert f"/staff/contested/{appeal.id}" in page.html


def test_whose_text_it_was_is_forgotten_in_time(app: Flask) -> None:
    _comment, appeal = appealed(make_account(), make_account("moderator"))
    run = jobs.registry(app)["moderation.appeals.forget"].run
    later = appeal.filed_at + timedelta(days=400)
    run(later)
    assert db.session.get(Statement, appeal.statement_id).account_id is not None, (
        "an open appeal is remembered"
    )
    service.decide(make_account("moderator").as_actor(), appeal.id, False, "Jignește.", clock.now())
    db.session.commit()
    run(later)
    db.session.expire_all()
    statement, kept = (
        db.session.get(Statement, appeal.statement_id),
        db.session.get(ModerationAppeal, appeal.id),
    )
    assert (statement.account_id, kept.account_id, kept.text) == (None, None, "")
    assert timedelta(days=365) > rules.REMEMBERED


def test_the_record_does_not_say_who_contested(app: Flask) -> None:
    """A pseudonym stays one in a record that is never deleted."""
    author = make_account()
    _comment, _appeal = appealed(author, make_account("moderator"))
    who = db.session.scalars(select(AuditRecord.account_id).where(AuditRecord.event == "appeal.filed")).all()
    assert who == [None]


def test_its_pages_speak_english(client: PageClient) -> None:
    author = make_account(locale="en")
    _comment, appeal = appealed(author, make_account("moderator"))
    client.speak("en")
    client.sign_in(author)
    assert "Decisions about my texts" in client.get("moderation_appeals.index").main_text
    page = client.get("moderation_appeals.show", statement_id=appeal.statement_id)
    assert "Another moderator decides by" in page.main_text
    client.sign_in(make_account("moderator"))
    assert "What its author says" in client.get("staff_appeals.show", appeal_id=appeal.id).main_text


def test_the_list_costs_the_same_however_long(client: PageClient, statements: list[str]) -> None:
    author, moderator = make_account(), make_account("moderator")
    hide_comment(author, moderator)
    client.sign_in(author)
    client.get("moderation_appeals.index")
    statements.clear()
    client.get("moderation_appeals.index")
    one = len(statements)
    for _more in range(3):
        hide_comment(author, moderator)
    statements.clear()
    client.get("moderation_appeals.index")
    assert len(statements) == one


def test_each_administrator_of_an_organisation_gets_one_letter(client: PageClient) -> None:
    keeper = make_account()
    one = orgkit.verified(keeper, description="Sună la vecinul de la parter.")
    other = orgkit.join(one, "administrator")
    db.session.execute(delete(OutboxMessage))
    decide_about("organisation", one.id, make_account("moderator"))
    letters = db.session.execute(select(OutboxMessage.address, OutboxMessage.body)).all()
    told = sorted(address for address, _body in letters)
    assert told == sorted([keeper.email, other.email])
    (mine,) = (body for address, body in letters if address == keeper.email)
    assert "/account/decisions/" in mine
    assert WHY in mine
