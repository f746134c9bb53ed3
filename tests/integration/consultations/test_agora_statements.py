"""Statements are voted on one at a time; the worker computes what is shared; no group is shown that is not there."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock, tasks
from civic.extensions import db
from civic.tasks import Task
from consultations.agora import jobs as agora_jobs
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import jobs
from consultations.agora.statements.models import AgoraOpinions, AgoraPlace, AgoraStatement, AgoraVote
from tests.factories import make_account, make_resident
from tests.integration.consultations.agorakit import (
    make_debate,
    make_participant,
    make_post,
    make_statement,
    make_votes,
)
from tests.pageclient import Page, PageClient


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("open", with_statements=True)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def press(client: PageClient, statement: AgoraStatement, value: int, **options: Any) -> Page:
    return client.post("statements.vote", {"value": str(value)}, statement_id=statement.id, **options)


def compute(debate: AgoraDebate) -> AgoraOpinions:
    jobs.compute({"debate": debate.id}, lambda _done, _total: None)
    db.session.expire_all()
    return db.session.get_one(AgoraOpinions, debate.id)


def test_a_debate_has_statements_only_if_its_opener_wanted_them(client: PageClient) -> None:
    without = make_debate("open")
    client.get("statements.index", debate_id=without.id, expect=404)
    assert "Votează afirmații" not in client.get("agora.show", debate_id=without.id).main_text
    client.sign_in(make_resident())
    page = client.get("agora.new")
    form = {"question": "Ce facem?", "why": "Așa.", "with_statements": "y"}
    client.submit(page, "/agora/new", form)
    assert db.session.scalars(select(AgoraDebate.with_statements).order_by(AgoraDebate.id.desc())).first()


def test_statements_come_one_at_a_time_until_none_is_left(client: PageClient, debate: AgoraDebate) -> None:
    first, second = make_statement(debate, "Numai vara."), make_statement(debate, "Tot anul.")
    client.sign_in(make_resident())
    assert "0 din 2" in client.get("statements.index", debate_id=debate.id).main_text
    press(client, first, 1)
    page = client.get("statements.index", debate_id=debate.id)
    assert "Tot anul." in page.text_of("#vote")
    assert "1 din 2" in page.text_of("#vote")
    part = press(client, second, 0, hx=True, expect=200)
    assert "Ai votat toate afirmațiile." in part.text_of("#vote")
    press(client, first, -1)
    assert count(AgoraVote) == 2
    press(client, first, 5, expect=422)


def test_a_statement_is_added_once_and_what_is_refused_comes_back(
    client: PageClient, debate: AgoraDebate
) -> None:
    client.sign_in(make_resident())
    client.post("statements.add", {"text": "Numai vara."}, debate_id=debate.id)
    assert db.session.scalars(select(AgoraStatement.state)).all() == ["visible"]
    again = client.post("statements.add", {"text": "NUMAI vară."}, debate_id=debate.id, expect=422)
    assert "este deja aici" in again.main_text
    assert again.form(f"/agora/{debate.id}/statements")["text"] == "NUMAI vară."
    client.post("statements.add", {"text": "x" * 141}, debate_id=debate.id, expect=422)
    client.sign_in(make_account())
    client.post("statements.add", {"text": "Niciodată."}, debate_id=debate.id)
    assert count(AgoraStatement) == 2
    client.sign_out()
    assert "Niciodată." not in client.get("statements.index", debate_id=debate.id).main_text


def test_who_speaks_for_the_city_hall_does_not_vote(client: PageClient, debate: AgoraDebate) -> None:
    statement = make_statement(debate, "Numai vara.")
    client.sign_in(make_account("staff"))
    assert "votul tău nu se numără" in client.get("statements.index", debate_id=debate.id).main_text
    press(client, statement, 1, expect=403)
    assert count(AgoraVote) == 0


def test_the_worker_computes_when_somebody_has_voted(app: Flask, debate: AgoraDebate) -> None:
    now = clock.now()
    assert jobs.enqueue_due(now) == 0
    make_votes(debate, [make_statement(debate, "Numai vara.")], 3)
    assert jobs.enqueue_due(now) == 1
    assert jobs.enqueue_due(now) == 0, "one is asked for already"
    tasks.run_waiting(now)
    assert db.session.scalars(select(Task.state)).all() == ["done"]
    found = db.session.scalars(select(AgoraOpinions)).one()
    assert (found.people, found.votes, found.refused, len(found.fingerprint)) == (3, 3, "people", 64)
    assert jobs.enqueue_due(clock.now() + timedelta(minutes=1)) == 0


def test_stable_groups_are_shown_with_what_they_share_and_where_one_is(
    client: PageClient, debate: AgoraDebate
) -> None:
    statements = [make_statement(debate, f"Afirmația {number}.") for number in range(8)]
    people = make_votes(debate, statements, 60)
    found = compute(debate)
    assert found.refused == ""
    hidden = client.get("statements.index", debate_id=debate.id).main_text
    assert "Votează mai întâi tu cel puțin 7 afirmații" in hidden
    assert "Grupul A" not in hidden
    account = make_resident()
    participant = db.session.get_one(AgoraParticipant, people[0])
    participant.account_id = account.id
    db.session.commit()
    client.sign_in(account)
    page = client.get("statements.index", debate_id=debate.id)
    assert "Ce au în comun toate grupurile" in page.main_text
    assert "Ești în: Grupul" in page.main_text
    assert "Ești de acord: „Afirmația 0.”" in page.main_text
    assert "30 de oameni" in page.main_text
    assert page.find(".opinions__drawing") is not None
    assert "Încă nu există grupuri stabile" not in page.main_text


def test_where_groups_are_not_certain_the_page_says_so_and_why(
    client: PageClient, debate: AgoraDebate
) -> None:
    statements = [make_statement(debate, f"Afirmația {number}.") for number in range(3)]
    make_votes(debate, statements, 12)
    compute(debate)
    client.sign_in(make_account("staff"))
    page = client.get("statements.index", debate_id=debate.id)
    assert "Încă nu există grupuri stabile" in page.main_text
    assert "cel puțin 50" in page.main_text
    assert "Grupul A" not in page.main_text
    assert "Afirmația 2." in page.main_text


def test_votes_of_new_accounts_and_of_hidden_statements_do_not_count(app: Flask, debate: AgoraDebate) -> None:
    kept, hidden = make_statement(debate, "Numai vara."), make_statement(debate, "Jignire.", state="hidden")
    make_votes(debate, [kept, hidden], 2)
    newcomer = make_account()
    newcomer.created_at = clock.now()
    one = make_participant(debate, newcomer)
    db.session.add(
        AgoraVote(participant_id=one.id, statement_id=kept.id, debate_id=debate.id, value=1, at=clock.now())
    )
    db.session.commit()
    found = compute(debate)
    assert (found.people, found.votes, found.statements) == (2, 2, 1)


def test_a_hidden_statement_comes_back_with_a_reason(client: PageClient, debate: AgoraDebate) -> None:
    hidden = make_statement(debate, "Nu era jignire.", state="hidden")
    client.sign_in(make_account("moderator"))
    page = client.get("statements.restore", statement_id=hidden.id)
    client.submit(page, "/restore", {"reason": ""}, expect=422)
    client.submit(page, "/restore", {"reason": "Am greșit."})
    assert db.session.scalars(select(AgoraStatement.state)).all() == ["visible"]


def test_the_archive_forgets_the_votes_and_keeps_the_sums(app: Flask) -> None:
    debate = make_debate("answered", with_statements=True)
    make_votes(debate, [make_statement(debate, "Numai vara.")], 3)
    compute(debate)
    assert count(AgoraPlace) == 3
    assert agora_jobs.archive_due(clock.now() + timedelta(days=400)) == 1
    assert (count(AgoraVote), count(AgoraPlace), count(AgoraOpinions)) == (0, 0, 1)


def test_the_page_costs_the_same_whatever_the_votes(
    client: PageClient, debate: AgoraDebate, statements: list[str]
) -> None:
    client.sign_in(make_account("staff"))
    asked = [make_statement(debate, f"Afirmația {number}.") for number in range(2)]
    make_votes(debate, asked, 2)
    compute(debate)

    def cost() -> int:
        client.get("statements.index", debate_id=debate.id)
        statements.clear()
        client.get("statements.index", debate_id=debate.id)
        return len(statements)

    few = cost()
    make_votes(debate, [make_statement(debate, f"Alta {number}.") for number in range(12)], 9)
    compute(debate)
    assert cost() == few


def test_arguments_stand_by_what_convinces_every_group_once_groups_are_stable(
    app: Flask, client: PageClient, debate: AgoraDebate
) -> None:
    asked = [make_statement(debate, f"Afirmația {number}.") for number in range(9)]
    people = make_votes(debate, asked, 60)
    one_group, both = make_post(debate, body="Primul"), make_post(debate, body="Al doilea")

    def judge(post: AgoraPost, group: int, value: int, number: int = 6) -> None:
        for person in people[group::2][:number]:
            db.session.add(
                AgoraJudgement(
                    post_id=post.id,
                    participant_id=person,
                    value=value,
                    stance=0,
                    counted=True,
                    at=clock.now(),
                )
            )
            post.other_seen += 1
            post.other_yes += value == 1
        db.session.commit()

    for group, value in ((0, 1), (1, -1)):
        judge(one_group, group, value, 12 if value == 1 else 6)
    judge(both, 0, 1)
    judge(both, 1, 1, 4)
    assert compute(debate).refused == ""
    client.sign_in(make_resident())
    client.post("arguing.say_stance", {"value": "0"}, debate_id=debate.id)

    def shown() -> str:
        return client.get("agora.show", debate_id=debate.id).text_of("#arguments").replace("\xa0", " ")

    text = shown()
    assert "Grupurile sunt cele găsite în voturile pe afirmații" in text
    assert "Nu fiecare grup de opinie l-a judecat" in text, "one group has judged it four times"
    extra = people[1::2][4]
    db.session.add(
        AgoraJudgement(post_id=both.id, participant_id=extra, value=1, stance=0, counted=True, at=clock.now())
    )
    db.session.commit()
    now = clock.now()
    assert jobs.count_judged(now) == 0, "counted just now"
    assert jobs.count_judged(now + timedelta(minutes=6)) == 1
    assert jobs.count_judged(now + timedelta(minutes=12)) == 0, "nobody has judged since"
    text = shown()
    assert text.find("Al doilea") < text.find("Primul")
    assert "Convinge 100 % dintre oamenii din grupul A (6 din 6)." in text
    assert "conving fiecare grup de opinie" in text
    # Votes that hold no groups any more: the order goes by the declared stances again.
    for vote in db.session.scalars(select(AgoraVote)):
        vote.value = 1
    db.session.commit()
    assert compute(debate).refused != ""
    assert db.session.scalars(select(AgoraPost.by_group)).all() == [None, None]
    assert "Grupurile sunt cele" not in shown()
