"""Striking from the roll and voiding by two people: who may, what the person is told, what the close does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from civic import clock
from civic.accounts.models import Account
from civic.audit import AuditRecord
from civic.errors import NotAllowed
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.votingkit import (
    approve,
    make_round,
    make_voters,
    opened,
    vote,
    voter_account,
)
from tests.pageclient import PageClient
from voting import closing, publication, result_queries, roll_queries
from voting.models import RollLift, RollStrike, RollVoid

REASON = {"reason": "Locuiește în alt oraș."}


@pytest.fixture
def browser(context: Flask) -> PageClient:
    return PageClient(context)


def running(voters: int = 3) -> tuple[Round, list[int]]:
    """A vote under way with its voters."""
    round_ = make_round(validation=timedelta(days=7))
    people = make_voters(voters)
    return opened(round_), people


def strike_of(voter: int) -> RollStrike | None:
    return db.session.scalar(select(RollStrike).where(RollStrike.voter_id == voter))


def events() -> list[str]:
    found = db.session.scalars(
        select(AuditRecord.event).where(AuditRecord.event.like("roll.%")).order_by(AuditRecord.id)
    )
    return list(found)


def post(browser: PageClient, what: str, round_id: int, voter: int, expect: int = 303, **data: str) -> Any:
    return browser.post(
        f"staff_roll.{what}", data or REASON, round_id=round_id, voter_id=voter, expect=expect
    )


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["clerk", "moderator", "administrator", None])
def test_the_roll_is_closed_to_who_has_no_business_there(browser: PageClient, role: str | None) -> None:
    round_, [voter, *_rest] = running()
    browser.sign_in(make_account(*[role] if role else []))
    browser.get("staff_roll.index", round_id=round_.id, expect=403)
    browser.get("staff_roll.show", round_id=round_.id, voter_id=voter, expect=403)
    for what in ("strike", "lift", "void"):
        post(browser, what, round_.id, voter, 403)


def test_the_auditor_reads_and_changes_nothing(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("auditor"))
    browser.get("staff_roll.index", round_id=round_id)
    browser.post("staff_roll.find", {"who": str(voter)}, round_id=round_id, expect=403)
    page = browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    assert "Doar personalul primăriei suspendă" in page.main_text
    assert not [form for form in page.all("form") if "/roll/" in form.get("action", "")]
    post(browser, "strike", round_id, voter, 403)
    assert strike_of(voter) is None


def test_nobody_decides_about_themselves(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff", person_id=voter))
    page = post(browser, "strike", round_id, voter, 403)
    assert "Despre dreptul tău de vot decide altcineva." in page.main_text


def test_a_strike_needs_a_reason_and_somebody_on_the_list(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff"))
    page = browser.post("staff_roll.strike", {"reason": " "}, round_id=round_id, voter_id=voter, expect=422)
    assert "Scrie motivul: persoana îl citește." in page.main_text
    post(browser, "strike", round_id, 999_999, 404)
    page = browser.post("staff_roll.find", {"who": "nimeni@civic.example"}, round_id=round_id, expect=422)
    assert "Nimeni de pe această listă" in page.main_text
    assert page.form("/roll/find")["who"] == "nimeni@civic.example"
    assert page.headers["Cache-Control"] == "no-store"


def test_before_the_freeze_there_is_no_list(browser: PageClient) -> None:
    round_ = make_round()
    browser.sign_in(make_account("staff"))
    assert (
        "Nu există încă o listă de participanți"
        in browser.get("staff_roll.index", round_id=round_.id).main_text
    )


# --- striking ----------------------------------------------------------------------------------------------


def test_a_struck_person_is_told_why_casts_no_more(context: Flask, browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    resident: Account = voter_account(voter)
    email = resident.email
    browser.sign_in(make_account("staff", display_name="Ana Pop"))
    page = browser.follow(browser.post("staff_roll.find", {"who": email.upper()}, round_id=round_id))
    browser.submit(page, "/strike", REASON)
    again = post(browser, "strike", round_id, voter, 409)
    assert "a fost deja suspendată" in again.main_text
    letter = db.session.scalar(select(OutboxMessage.body).where(OutboxMessage.address == email))
    assert "Locuiește în alt oraș." in letter
    assert "contestă la ghișeu" in letter
    with pytest.raises(NotAllowed, match="suspendat|suspended"):
        vote(context, db.session.get(Round, round_id), voter, approve("P1"))
    browser.sign_in(resident)
    browser.get("voting.ballot", slug=slug)
    browser.sign_in(db.session.scalar(select(Account).where(Account.display_name == "Ana Pop")))
    listed = browser.get("staff_roll.index", round_id=round_id)
    assert "Locuiește în alt oraș." in listed.main_text
    assert "Ana Pop" in listed.main_text
    assert events() == ["roll.struck"]


def test_striking_touches_neither_box_nor_log(context: Flask, browser: PageClient) -> None:
    round_, [voter, other, *_rest] = running()
    round_id = round_.id
    vote(context, round_, voter, approve("P1"))
    vote(context, db.session.get(Round, round_id), other, approve("P2"), b"\x02" * 16)

    def shape(said: str) -> str:
        return re.sub(r"[0-9]+", "N", said)

    def traces() -> list[Any]:
        return [
            db.session.execute(text(f"SELECT ctid::text, xmin::text, * FROM {table} ORDER BY leaf")).all()
            for table in ("ballot_box", "cast_log")
        ]

    before = traces()
    browser.sign_in(make_account("staff"))
    post(browser, "strike", round_id, voter)
    page_of_voter = browser.get("staff_roll.show", round_id=round_id, voter_id=voter).main_text
    assert traces() == before
    # The page of somebody who voted says what the page of somebody who did not says.
    post(browser, "strike", round_id, _rest[0])
    page_of_other = browser.get("staff_roll.show", round_id=round_id, voter_id=_rest[0]).main_text
    assert shape(page_of_voter) == shape(page_of_other)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_the_pages_in_both_languages(browser: PageClient, language: str) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff"))
    browser.speak(language)
    browser.get("staff_roll.index", round_id=round_id)
    browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    for what in ("strike", "lift"):
        post(browser, what, round_id, voter)
        browser.get("staff_roll.index", round_id=round_id)
        browser.get("staff_roll.show", round_id=round_id, voter_id=voter)


# --- lifting -----------------------------------------------------------------------------------------------

LIFT = {"reason": "A dovedit domiciliul."}


def test_a_lift_gives_the_right_to_vote_back_at_once_and_keeps_the_strike(
    context: Flask, browser: PageClient
) -> None:
    round_, [voter, *_rest] = running()
    round_id, slug = round_.id, round_.slug
    resident: Account = voter_account(voter)
    address = resident.email
    vote(context, round_, voter, approve("P1"))
    staff = make_account("staff", display_name="Ana Pop")
    browser.sign_in(staff)
    page = browser.follow(post(browser, "strike", round_id, voter))
    assert "rămâne anulat" in page.main_text
    page = browser.follow(browser.submit(page, "/lift", LIFT))
    assert "persoana poate vota din nou" in page.main_text
    assert "poate vota" in page.main_text
    for kept in ("Locuiește în alt oraș.", "A dovedit domiciliul.", "Ana Pop"):
        assert kept in page.main_text
    letters = db.session.scalars(
        select(OutboxMessage.body).where(OutboxMessage.address == address).order_by(OutboxMessage.id)
    ).all()
    assert len(letters) == 2
    assert "A dovedit domiciliul." in letters[1]
    assert "suspendarea a fost ridicată" in letters[1]
    assert events() == ["roll.struck", "roll.lifted"]
    second = vote(context, db.session.get(Round, round_id), voter, approve("P2"), b"\x02" * 16)
    assert second.outcome == "replaced", "the ballot cast before the strike was still there"
    browser.sign_in(db.session.scalar(select(Account).where(Account.email == address)))
    assert "suspendat" not in browser.get("voting.ballot", slug=slug).main_text
    browser.sign_in(db.session.scalar(select(Account).where(Account.display_name == "Ana Pop")))
    assert "Locuiește în alt oraș." in browser.get("staff_roll.index", round_id=round_id).main_text


def test_who_was_let_in_again_can_be_struck_again(context: Flask, browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff"))
    for _time in range(2):
        post(browser, "strike", round_id, voter)
        post(browser, "strike", round_id, voter, 409)
        post(browser, "lift", round_id, voter, **LIFT)
    post(browser, "strike", round_id, voter)
    with pytest.raises(NotAllowed, match="suspendat|suspended"):
        vote(context, db.session.get(Round, round_id), voter, approve("P1"))
    page = browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    assert page.main_text.count("A dovedit domiciliul.") == 2
    assert [one is None for _strike, one in roll_queries.list_strikes(round_id, 1)[0]] == [True, False, False]


def test_a_lift_needs_a_reason_a_strike_and_a_vote_under_way(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff"))
    assert "nu este suspendată" in post(browser, "lift", round_id, voter, 409).main_text
    post(browser, "strike", round_id, voter)
    page = browser.post("staff_roll.lift", {"reason": " "}, round_id=round_id, voter_id=voter, expect=422)
    assert "Scrie motivul: persoana îl citește." in page.main_text
    clock.travel(timedelta(hours=2))
    page = browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    assert "se ridică doar cât timp se votează" in page.main_text
    assert not [form for form in page.all("form") if "/lift" in form.get("action", "")]
    refused = post(browser, "lift", round_id, voter, 403)
    assert "se ridică doar cât timp se votează" in refused.main_text
    assert events() == ["roll.struck"]


def test_nobody_lifts_their_own_strike_and_the_auditor_reads_it(browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    browser.sign_in(make_account("staff"))
    post(browser, "strike", round_id, voter)
    browser.sign_in(make_account("auditor"))
    page = browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    assert "Locuiește în alt oraș." in page.main_text
    post(browser, "lift", round_id, voter, 403)
    browser.sign_in(make_account("staff", person_id=voter))
    page = post(browser, "lift", round_id, voter, 403)
    assert "Despre dreptul tău de vot decide altcineva." in page.main_text


def test_the_database_keeps_one_open_strike_a_person(context: Flask) -> None:
    round_, [voter, other, *_rest] = running()
    now = clock.now()

    def struck(person: int, after: int | None) -> RollStrike:
        one = RollStrike(round_id=round_.id, voter_id=person, reason="x", at=now, after_id=after)
        db.session.add(one)
        db.session.flush()
        return one

    def lifted(one: RollStrike) -> None:
        db.session.add(
            RollLift(strike_id=one.id, round_id=round_.id, voter_id=one.voter_id, reason="y", at=now)
        )
        db.session.flush()

    first, foreign = struck(voter, None), struck(other, None)
    lifted(foreign)
    for after, constraint in (
        (None, "uq_roll_strike_one_open"),
        (first.id, "fk_roll_strike_after_lift"),
        (foreign.id, "fk_roll_strike_after_lift"),
    ):
        with pytest.raises(IntegrityError, match=constraint), db.session.begin_nested():
            struck(voter, after)
    lifted(first)
    struck(voter, first.id)
    with pytest.raises(IntegrityError, match="uq_roll_strike_one_open"), db.session.begin_nested():
        struck(voter, first.id)
    with pytest.raises(IntegrityError, match="pk_roll_lift"), db.session.begin_nested():
        db.session.execute(
            insert(RollLift).values(
                strike_id=first.id, round_id=round_.id, voter_id=voter, reason="z", at=now
            )
        )
    db.session.rollback()


# --- voiding -----------------------------------------------------------------------------------------------


def test_voiding_waits_for_validation_and_for_a_second_person(context: Flask, browser: PageClient) -> None:
    round_, [voter, *_rest] = running()
    round_id = round_.id
    first, second = make_account("staff", display_name="Ana Pop"), make_account("staff")
    browser.sign_in(first)
    page = post(browser, "void", round_id, voter, 409)
    assert "nu este suspendată" in page.main_text
    post(browser, "strike", round_id, voter)
    page = post(browser, "void", round_id, voter, 403)
    assert "două persoane în timpul validării" in page.main_text
    clock.travel(timedelta(hours=2))
    post(browser, "void", round_id, voter)
    page = post(browser, "void", round_id, voter, 403)
    assert "trebuie să confirme altă persoană" in page.main_text
    assert len(roll_queries.list_voids(strike_of(voter).id)) == 1
    browser.sign_in(second)
    page = browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    assert "Ana Pop a cerut" in page.main_text
    browser.submit(page, "/void")
    assert len(roll_queries.list_voids(strike_of(voter).id)) == 2
    browser.get("staff_roll.show", round_id=round_id, voter_id=voter)
    third = make_account("staff")
    browser.sign_in(third)
    assert "au decis deja" in post(browser, "void", round_id, voter, 403).main_text
    assert events() == ["roll.struck", "roll.void_asked", "roll.void_confirmed"]


def test_the_database_keeps_every_word_and_counts_a_person_once(context: Flask) -> None:
    round_, [voter, *_rest] = running()
    one, now = make_account("staff").id, clock.now()
    struck = RollStrike(round_id=round_.id, voter_id=voter, reason="x", at=now)
    db.session.add(struck)
    db.session.flush()
    db.session.add(RollVoid(strike_id=struck.id, account_id=one, at=now))
    db.session.commit()
    with pytest.raises(IntegrityError, match="pk_roll_void"), db.session.begin_nested():
        db.session.execute(insert(RollVoid).values(strike_id=struck.id, account_id=one, at=now))
    for table in ("roll_strike", "roll_lift", "roll_void"):
        with pytest.raises(ProgrammingError, match="permission denied"), db.session.begin_nested():
            db.session.execute(text(f"DELETE FROM {table}"))


def test_the_close_takes_voided_ballots_out_and_opens_the_others(context: Flask, browser: PageClient) -> None:
    round_, people = running(4)
    round_id, slug = round_.id, round_.slug
    leaves = {}
    for at, voter in enumerate(people[:3]):
        form = bytes([at + 1]) * 16
        leaves[voter] = vote(context, db.session.get(Round, round_id), voter, approve("P1"), form).leaf
    voided, kept, silent = people[0], people[1], people[3]
    accounts = [make_account("staff"), make_account("staff")]
    browser.sign_in(accounts[0])
    for voter in (voided, kept, silent):
        post(browser, "strike", round_id, voter)
    clock.travel(timedelta(hours=2))
    for account in accounts:
        browser.sign_in(account)
        # One who voted and one who did not; the third stays struck without a void, so the ballot counts.
        for voter in (voided, silent):
            post(browser, "void", round_id, voter)
    clock.travel(timedelta(days=8))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    step = next(one for one in result_queries.list_steps(round_id) if one.step == "participation")
    assert step.details == {"participants": 2, "voided": 1}
    opened_leaves = set(db.session.execute(text("SELECT leaf FROM opened_ballot")).scalars())
    assert {bytes(leaf) for leaf in opened_leaves} == {leaves[people[1]], leaves[people[2]]}
    sealed = db.session.scalar(
        text("SELECT count(sealed) FROM closed_leaf WHERE leaf = :leaf"), {"leaf": leaves[voided]}
    )
    assert sealed == 0, "what was voided can never be opened"
    lines = "".join(publication.code_lines(round_id))
    assert f"{leaves[voided].hex()} replaced" in lines
    assert f"void {leaves[voided].hex()}" in lines
    assert lines.count(" void ") == 1
    browser.sign_out()
    page = browser.get("voting.results", slug=slug)
    assert "1 vot a fost anulat de două persoane la validare" in page.main_text
    assert db.session.scalar(select(func.count()).select_from(RollStrike)) == 3
    browser.sign_in(accounts[0])
    page = post(browser, "strike", round_id, people[2], 403)
    assert "nu se mai schimbă" in page.main_text
