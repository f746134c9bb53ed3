"""People hear of a phase once each, whatever happens to the worker, and only if it concerns them."""

from collections import Counter
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import outbox
from civic.extensions import db
from civic.notifications.models import Follow, MailChoice
from civic.outbox import OutboxMessage
from civic.rounds import jobs
from civic.rounds.models import PhaseNotice, Round
from tests.factories import NOON, make_account, make_resident, save
from tests.rounds_support import AFTER, BEFORE, DURING, day, make_draft, make_round

pytestmark = pytest.mark.usefixtures("app")


def sent() -> list[OutboxMessage]:
    return list(db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def addresses() -> Counter:
    return Counter(message.address for message in sent())


def follow(account, round_: Round) -> None:
    save(Follow(account_id=account.id, subject_kind="round", subject_id=round_.id, since=NOON))


def test_nothing_is_told_before_or_after_or_of_a_draft_or_a_recorded_election() -> None:
    make_draft("Ciornă")
    recorded = make_round("Înregistrată")
    recorded.kind = "recorded"
    round_ = make_round("Ediția 2027")
    make_resident()
    db.session.commit()
    round_id = round_.id
    for moment in (BEFORE, DURING["analysis"], DURING["validation"], AFTER):
        jobs.round_notices(moment)
    assert sent() == []
    jobs.round_notices(DURING["voting"])
    assert {n.round_id for n in db.session.scalars(select(PhaseNotice))} == {round_id}


def test_a_beginning_reaches_residents_and_followers_once() -> None:
    round_ = make_round()
    resident, follower, stranger = make_resident(), make_account(), make_account()
    follow(follower, round_)
    follow(resident, round_)
    expected, unconcerned = {resident.email: 1, follower.email: 1}, stranger.email
    for _ in range(3):
        jobs.round_notices(DURING["voting"])
    assert addresses() == expected
    assert unconcerned not in addresses()
    message = sent()[0]
    assert message.subject == "Ediția 2027: a început votul"
    assert "19 martie 2027, ora 23:59" in message.body
    assert "/rounds/editia-2027" in message.body


def test_the_end_is_recalled_once_more_and_names_the_round() -> None:
    make_round()
    resident = make_resident()
    email = resident.email
    jobs.round_notices(DURING["voting"])
    jobs.round_notices(day(66) + timedelta(hours=1))
    jobs.round_notices(day(67))
    assert addresses() == {email: 2}
    assert sent()[-1].subject == "Ediția 2027: ultimele două zile de vot"
    assert "Noi nu știm cine a votat." in sent()[-1].body


def test_each_reads_their_own_language() -> None:
    make_round()
    english = make_resident()
    english.locale = "en"
    db.session.commit()
    jobs.round_notices(DURING["voting"])
    assert sent()[0].subject == "Ediția 2027: voting has begun"


def test_whoever_may_not_take_part_or_wants_no_mail_is_left_alone() -> None:
    round_ = make_round(min_age=16)
    child = make_resident(birth_date=date(2015, 1, 1))
    silent, closed, unconfirmed = make_resident(), make_resident(), make_resident()
    save(MailChoice(account_id=silent.id, wants_mail=False, changed_at=NOON))
    closed.disabled_at, unconfirmed.email_confirmed_at = NOON, None
    db.session.commit()
    round_id, child_id, email = round_.id, child.id, child.email
    jobs.round_notices(DURING["voting"])
    assert sent() == []
    save(Follow(account_id=child_id, subject_kind="round", subject_id=round_id, since=NOON))
    db.session.execute(PhaseNotice.__table__.delete())
    db.session.commit()
    jobs.round_notices(DURING["voting"])
    assert addresses() == {email: 1}


def test_appeals_concern_those_who_follow() -> None:
    round_ = make_round()
    make_resident()
    follower = make_account()
    follow(follower, round_)
    email = follower.email
    jobs.round_notices(DURING["appeals"])
    assert addresses() == {email: 1}


def test_an_old_beginning_is_no_news() -> None:
    make_round()
    make_resident()
    jobs.round_notices(day(56) + timedelta(days=4))
    assert sent() == []


def test_killed_halfway_and_run_twice_everyone_hears_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make_round()
    emails = {make_resident().email for _ in range(11)}
    monkeypatch.setattr(jobs, "BATCH", 4)
    real, calls = outbox.post_many, []

    def dies_in_the_second_batch(messages, now) -> None:
        calls.append(len(messages))
        real(messages, now)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "post_many", dies_in_the_second_batch)
    with pytest.raises(KeyboardInterrupt):
        jobs.round_notices(DURING["voting"])
    assert len(sent()) == 4
    jobs.round_notices(DURING["voting"])
    jobs.round_notices(DURING["voting"])
    assert addresses() == dict.fromkeys(emails, 1)
    assert calls == [4, 4, 4, 3]
    notice = db.session.scalar(select(PhaseNotice))
    assert (notice.told, notice.finished_at) == (11, DURING["voting"])


def test_statements_grow_with_batches_not_with_people(
    statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_round()
    for _ in range(12):
        make_resident()
    monkeypatch.setattr(jobs, "BATCH", 50)
    statements.clear()
    jobs.round_notices(DURING["voting"])
    assert len(sent()) == 12
    assert len(statements) < 30


def test_the_job_is_registered(app: Flask) -> None:
    assert "rounds.notices" in app.extensions["civic_jobs"]
