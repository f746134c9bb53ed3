"""What if: staff and auditors ask, the worker counts, nothing changes, and nobody asks before publication."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event

from civic import clock, tasks
from civic.errors import NotAllowed
from civic.extensions import db, limiter
from civic.rounds.models import Round
from civic.tasks import Task
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import closing, round_queries, what_if_work
from voting.models import RoundResult
from voting.what_if_work import Question


def counted(app: Flask) -> Round:
    """P1 (400 of 600 lei) wins before P2 (300), which does not fit."""
    round_, people = make_round(validation=timedelta(hours=1)), make_voters(6)
    round_ = opened(round_)
    for at, person in enumerate(people):
        vote(app, round_, person, approve("P1") if at < 4 else approve("P2"), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    return db.session.get_one(Round, round_.id, populate_existing=True)


@pytest.mark.parametrize("role", ["staff", "auditor"])
def test_a_question_is_answered_by_the_worker_and_changes_nothing(context: Flask, role: str) -> None:
    round_ = counted(context)
    round_id = round_.id
    before = db.session.query(RoundResult).one().outcome
    office = PageClient(context)
    office.sign_in(make_account(role))
    page = office.get("staff_voting.what_if", round_id=round_id)
    answer = office.submit(page, "/what-if", {"budget": "700"}, expect=303)
    waiting = office.get(answer.headers["Location"])
    assert "Își așteaptă rândul" in waiting.main_text or "Se numără" in waiting.main_text
    assert tasks.run_waiting(clock.now()) == 1
    told = office.get(answer.headers["Location"])
    words = told.main_text.replace("\u00a0", " ")
    assert "700 lei în loc de 600 lei" in words
    assert "Ar câștiga în plus" in words
    assert "Proiectul 2" in words
    assert "Informație fără efect juridic" in words
    part = office.get(answer.headers["Location"], hx=True)
    assert "<html" not in part.html
    db.session.expire_all()
    assert db.session.query(RoundResult).one().outcome == before
    assert office.get("staff_voting.show", round_id=round_id).html.count("/what-if") == 1
    office.speak("en")
    assert "The answer" in office.get(answer.headers["Location"]).main_text


def test_votes_and_projects_left_out_are_counted(context: Flask) -> None:
    round_ = counted(context)
    plan = round_queries.plan_of(round_)
    assert plan is not None
    pot = next(iter(plan.pots))

    def answered(question: Question) -> dict[str, object]:
        params = {"round": round_.id, **question.as_json()}
        return what_if_work.answer(params, lambda _done, _total: None)

    assert answered(Question(pot, more={"P2": 3}))["gained"] == ["P2"]
    assert answered(Question(pot, without=("P1",)))["lost"] == ["P1"]
    same = answered(Question(pot, budget=Decimal(600)))
    assert (same["gained"], same["lost"], same["with_winner"], same["voters"]) == ([], [], 4, 6)


def test_what_cannot_be_asked_is_said_and_kept(context: Flask) -> None:
    round_ = counted(context)
    office = PageClient(context)
    office.sign_in(make_account("staff"))
    page = office.get("staff_voting.what_if", round_id=round_.id)
    for values, sentence in (
        ({}, "Schimbă ceva"),
        ({"budget": "mult"}, "Scrie o sumă"),
        ({"budget": ""}, "Scrie bugetul ca număr"),
        ({"votes": "5"}, "Alege proiectul"),
        ({"project": "P2"}, "Scrie câte voturi"),
        ({"project": "P2", "votes": "2000000"}, "cel mult un milion"),
    ):
        refused = office.submit(page, "/what-if", values, expect=422)
        assert sentence.lower() in refused.main_text.lower(), values
    assert db.session.query(Task).count() == 0


def test_only_staff_and_auditors_ask(context: Flask) -> None:
    round_id = counted(context).id
    browser = PageClient(context)
    browser.get("staff_voting.what_if", round_id=round_id, expect=303)
    for role in ("moderator", "clerk", "administrator"):
        browser.sign_in(make_account(role))
        browser.get("staff_voting.what_if", round_id=round_id, expect=403)
    owner, other = make_account("staff"), make_account("staff")
    browser.sign_in(owner)
    page = browser.get("staff_voting.what_if", round_id=round_id)
    answer = browser.submit(page, "/what-if", {"budget": "700"}, expect=303)
    browser.sign_in(other)
    browser.get(answer.headers["Location"], expect=403)
    browser.sign_in(make_account("auditor"))
    assert browser.get(answer.headers["Location"]).status == 200


def test_nothing_is_answered_before_publication(context: Flask) -> None:
    round_ = opened(make_round())
    plan = round_queries.plan_of(round_)
    assert plan is not None
    office = PageClient(context)
    staff = make_account("staff")
    office.sign_in(staff)
    page = office.get("staff_voting.what_if", round_id=round_.id)
    assert "Nu se numără nimic înainte de publicarea rezultatelor" in page.main_text
    office.post("staff_voting.what_if", {"budget": "700"}, round_id=round_.id, expect=403)
    with pytest.raises(NotAllowed):
        what_if_work.ask(closing.SYSTEM, round_, plan, Question(1, Decimal(7)), clock.now())
    assert db.session.query(Task).count() == 0


def test_questions_are_limited(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    round_id = counted(context).id
    office = PageClient(context)
    office.sign_in(make_account("staff"))
    page = office.get("staff_voting.what_if", round_id=round_id)
    for _at in range(what_if_work.MOST_WAITING):
        office.submit(page, "/what-if", {"budget": "700"}, expect=303)
    refused = office.submit(page, "/what-if", {"budget": "700"}, expect=422)
    assert "încă se numără" in refused.main_text
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    path = f"/staff/rounds/{round_id}/vote/what-if"
    statuses = [
        office.browser.post(path, data={"csrf_token": office.csrf_token(), "budget": "700"}).status_code
        for _at in range(25)
    ]
    limiter.reset()
    assert set(statuses[:20]) == {422}
    assert set(statuses[20:]) == {429}


def test_an_answer_asks_the_same_questions_of_the_database_for_any_number_of_projects(context: Flask) -> None:
    asked, seen = [], []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(*told: object) -> None:
        seen.append(told[2])

    for costs in ((400, 300), tuple(range(100, 700, 25))):
        clock.travel(timedelta(0))
        round_, person = make_round(validation=timedelta(hours=1), costs=costs), make_voters(1)[0]
        round_ = opened(round_)
        vote(context, round_, person, approve("P1"))
        clock.travel(timedelta(hours=3))
        closing.close_round(round_.id, clock.now())
        office = PageClient(context)
        office.sign_in(make_account("staff"))
        office.get("staff_voting.what_if", round_id=round_.id)
        seen.clear()
        office.get("staff_voting.what_if", round_id=round_.id)
        asked.append(len(seen))
    assert asked[0] == asked[1]
