"""Answers in words that lead elsewhere are read before they are shown, and nothing says who wrote them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock
from civic.extensions import db
from civic.moderation.gate.models import GateText
from civic.moderation.models import ModerationCase
from consultations.questionnaires import jobs
from consultations.questionnaires.models import Hidden, Questionnaire, Response
from tests.factories import make_account, make_resident
from tests.integration.consultations.questionnairekit import answer, make_questionnaire, raw_of, work
from tests.integration.consultations.surveytextkit import TREES, say
from tests.pageclient import PageClient

LINK = "Intrați pe www.castiga-usor.ro și câștigați"


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def held(now: datetime, *links: str, **settings: object) -> Questionnaire:
    """A questionnaire whose texts everybody reads, with some that lead elsewhere, let through and put in the queue."""
    one = make_questionnaire(now, **{"results": "open", "texts_public": True, **settings})
    say(one, [f"{TREES} {place}" for place in range(12)] + list(links), now)
    work(now)
    jobs.ask_moderators(now)
    db.session.expire_all()
    return db.session.get_one(Questionnaire, one.id)


def texts(client: PageClient, one: Questionnaire) -> str:
    where = {"consultation_id": one.consultation_id, "questionnaire_id": one.id}
    return client.get("questionnaire_results.texts", key="i3", **where).main_text


def cases() -> list[ModerationCase]:
    db.session.expire_all()
    return list(db.session.scalars(select(ModerationCase).order_by(ModerationCase.id)))


def decide(client: PageClient, case: ModerationCase, decision: str) -> None:
    client.sign_in(make_account("moderator"))
    sent = {"decision": decision, "reason": "spam", "text": ""}
    client.post("moderation.decide", sent, case_id=case.id, expect=303)
    client.sign_out()


def test_a_text_with_a_link_waits_is_read_and_shown_as_it_was_written(
    client: PageClient, now: datetime
) -> None:
    one = held(now, LINK)
    (case,) = cases()
    said = texts(client, one)
    assert "castiga-usor" not in said
    assert "Un moderator citește acest răspuns înainte să fie arătat." in said
    client.sign_in(make_account("moderator"))
    assert LINK in client.get("moderation.case", case_id=case.id).main_text
    client.sign_out()
    decide(client, case, "publish")
    assert LINK in texts(client, one)
    assert not db.session.scalar(select(func.count()).select_from(Hidden))


def test_a_hidden_one_leaves_its_reason_and_undoing_lets_it_wait_again(
    client: PageClient, now: datetime
) -> None:
    one = held(now, LINK)
    before = [(row.id, row.answers) for row in db.session.scalars(select(Response).order_by(Response.id))]
    (case,) = cases()
    decide(client, case, "hide")
    assert "regula 8" in texts(client, one)
    client.sign_in(make_account("moderator"))
    client.post("moderation.undo", {"reason": "Am greșit."}, case_id=case.id, expect=303)
    client.sign_out()
    assert "Un moderator citește acest răspuns" in texts(client, one)
    after = [(row.id, row.answers) for row in db.session.scalars(select(Response).order_by(Response.id))]
    assert after == before
    decide(client, cases()[-1], "publish")
    assert LINK in texts(client, one)


def test_what_comes_while_a_case_is_open_waits_for_the_next(client: PageClient, now: datetime) -> None:
    one = held(now, LINK)
    say(one, [f"{TREES} încă {place}" for place in range(12)] + [f"{LINK} azi"], now)
    work(now)
    jobs.ask_moderators(now)
    (first,) = cases()
    decide(client, first, "publish")
    assert f"{LINK} azi" not in texts(client, one)
    jobs.ask_moderators(now)
    assert len(cases()) == 2
    decide(client, cases()[-1], "publish")
    assert f"{LINK} azi" in texts(client, one)


def test_nobody_reads_what_waits_before_the_results_may_be_seen(now: datetime) -> None:
    one = held(now, LINK, results="closed")
    assert cases() == []
    jobs.ask_moderators(one.consultation.closes_at + timedelta(minutes=1))
    assert len(cases()) == 1


def test_nothing_joins_what_waits_with_who_wrote_it(now: datetime) -> None:
    one = held(now, LINK, "Și aici: bit.ly/abc")
    assert db.session.scalar(select(func.count()).select_from(GateText)) == 0
    (case,) = cases()
    assert case.author_id is None
    rows = db.session.scalars(select(Hidden)).all()
    assert {row.hidden_at for row in rows} == {one.created_at}
    assert {row.account_id for row in rows} == {None}


def test_texts_the_city_hall_alone_reads_do_not_wait(now: datetime) -> None:
    held(now, LINK, texts_public=False)
    assert cases() == []
    assert not db.session.scalar(select(func.count()).select_from(Hidden))


def test_the_author_is_told_at_once_and_a_new_account_is_treated_as_any(app: Flask, now: datetime) -> None:
    from consultations.questionnaires import holding

    one = make_questionnaire(now, results="open", texts_public=True)
    answer(one, make_resident(), raw_of("o2", i3=["Bănci"]), now)
    waits = holding.why_waits(one, {"i3": {"text": LINK}, "i1": {"choices": ["o1"]}})
    assert [(item.key, str(why)) for item, why in holding.labels_of(one, waits)] == [("i3", "link")]
    assert holding.why_waits(one, {"i3": {"text": "Mai mulți copaci, vă rog."}}) == {}
