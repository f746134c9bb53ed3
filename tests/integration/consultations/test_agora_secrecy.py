"""What nobody may learn of who takes part in a debate: whose a pseudonym is, who stood where, what was hidden."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from civic import clock
from civic.accounts.service import delete_account
from civic.audit import AuditRecord
from civic.extensions import db
from civic.notifications.models import Follow
from civic.unit_of_work import unit_of_work
from consultations.agora import jobs as agora_jobs
from consultations.agora.arguing import service as arguing
from consultations.agora.arguing.models import AgoraJudgement, AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.statements import computing
from consultations.agora.statements import service as statements
from consultations.agora.statements.models import AgoraPlace, AgoraVote
from tests.factories import make_account, make_department, make_resident
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


def argue(client: PageClient, debate: AgoraDebate, expect: int = 303, **changes: str) -> Page:
    form = {"side": "against", "body": "Magazinele pierd clienți.", "source": "", **changes}
    return client.post("arguing.argue", form, debate_id=debate.id, expect=expect)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_after_the_archive_no_moment_and_no_record_leads_to_a_pseudonym(
    app: Flask, client: PageClient, debate: AgoraDebate
) -> None:
    author = make_resident()
    client.sign_in(author)
    client.post("arguing.say_stance", {"value": "1"}, debate_id=debate.id)
    argue(client, debate, pseudonym="Vecina de la trei")
    assert count(Follow) == 1
    assert agora_jobs.archive_due(clock.now() + timedelta(days=400)) == 1
    db.session.expire_all()
    participant = db.session.scalars(select(AgoraParticipant)).one()
    assert participant.account_id is None
    assert participant.joined_at == debate.opened_at
    assert count(Follow) == 0
    told = select(AuditRecord.event).where(
        AuditRecord.account_id == author.id, AuditRecord.event.startswith("agora")
    )
    assert db.session.scalars(told).all() == []


def test_a_deleted_account_leaves_texts_and_neither_votes_nor_stance(
    client: PageClient, debate: AgoraDebate
) -> None:
    other, closed, now = make_post(debate), make_debate("closing"), clock.now()
    judged, statement = make_post(closed), make_statement(debate, "Numai vara.")
    leaver = make_resident()
    name, account_id = leaver.display_name, leaver.id
    make_debate("draft", leaver)
    client.sign_in(leaver)
    client.post("arguing.say_stance", {"value": "-1"}, debate_id=debate.id)
    argue(client, debate, pseudonym="Vecina de la trei")
    client.post("arguing.judge", {"value": "1"}, post_id=other.id)
    client.post("statements.vote", {"value": "1"}, statement_id=statement.id)
    there = make_participant(closed, leaver, stance=1)
    make_post(closed, participant=there, body="Se poate și altfel, spun eu.")
    db.session.add(
        AgoraJudgement(post_id=judged.id, participant_id=there.id, value=1, stance=1, counted=True, at=now)
    )
    judged.for_yes = judged.for_seen = 1
    db.session.commit()
    assert db.session.get_one(AgoraPost, other.id).against_yes == 1
    with unit_of_work():
        delete_account(leaver, clock.now())
    db.session.expire_all()
    assert (count(AgoraJudgement), count(AgoraVote), count(AgoraPlace)) == (0, 0, 0)
    assert db.session.get_one(AgoraPost, other.id).against_seen == 0, "whoever comes back may judge again"
    assert db.session.get_one(AgoraPost, judged.id).for_yes == 1, "what has ended keeps its sums"
    mine = select(AgoraParticipant.stance).where(AgoraParticipant.account_id == account_id)
    assert db.session.scalars(mine).all() == [None], "by their name, in the debate that has ended"
    drafts = select(func.count()).select_from(AgoraDebate).where(AgoraDebate.submitted_at.is_(None))
    assert db.session.scalar(drafts) == 0
    client.sign_out()
    assert "Vecina de la trei" in client.get("agora.show", debate_id=debate.id).main_text
    shown = client.get("agora.show", debate_id=closed.id).text_of("#arguments")
    assert "cont șters" in shown
    assert name not in shown


def test_the_words_of_a_hidden_position_stand_in_no_choice(client: PageClient, debate: AgoraDebate) -> None:
    make_post(debate, "position", body="Vorbe urâte", state="hidden")
    make_post(debate, "position", body="Numai vara")
    client.sign_in(make_resident())
    for page in (
        client.get("agora.show", debate_id=debate.id),
        client.get("arguing.argue", debate_id=debate.id),
    ):
        assert "Numai vara" in page.html
        assert "Vorbe urâte" not in page.html


def test_a_pseudonym_is_nobodys_name_and_its_refusal_tells_of_nobody_else(client: PageClient) -> None:
    debate = make_debate("open", make_account(display_name="Ștefania Brânză"))
    make_participant(debate, make_account(display_name="Ana Pop"))
    client.sign_in(make_resident())
    refused = argue(client, debate, 422, pseudonym="stefania branza")
    assert "te ia drept altcineva" in refused.main_text
    argue(client, debate, pseudonym="Ana Pop")


def test_an_official_does_not_give_their_own_pseudonym_away(client: PageClient, debate: AgoraDebate) -> None:
    official = make_account("staff")
    make_post(
        debate,
        participant=make_participant(debate, official, pseudonym="Vecina", pseudonym_folded="vecina"),
    )
    client.sign_in(official)
    page = argue(client, debate, 403, function="Consilier", department_id=str(make_department().id))
    assert "sub pseudonim" in page.main_text


def test_a_computation_that_ends_after_the_archive_stores_nothing(app: Flask) -> None:
    debate = make_debate("archived", with_statements=True)
    make_votes(debate, [make_statement(debate, "Numai vara.")], 3)
    found = computing.from_votes(
        [(row[0], row[1], row[2]) for row in statements.queries.list_votes(debate.id, clock.now())]
    )
    assert found.people == 3
    statements.keep(debate.id, found, clock.now())
    assert count(AgoraPlace) == 0


def test_a_stance_said_while_the_clock_counts_takes_the_judgement_along(real_app: Flask) -> None:
    with real_app.app_context():
        debate = make_debate("open")
        debate_id, post_id, person = debate.id, make_post(debate).id, make_account()
        made = make_participant(debate, person)
        now = clock.now()
        db.session.add(
            AgoraJudgement(post_id=post_id, participant_id=made.id, value=1, stance=0, counted=False, at=now)
        )
        db.session.commit()
        actor = person.as_actor()

    def say() -> None:
        with real_app.test_request_context(), unit_of_work():
            arguing.say_stance(actor, debate_id, -1, clock.now())

    saying = Thread(target=say)
    with real_app.app_context(), unit_of_work():
        assert arguing.count_waiting(now + timedelta(days=2), 10) == 1
        saying.start()
        blocked = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not db.session.scalar(blocked) and saying.is_alive():
            pass
    saying.join()
    with real_app.app_context():
        post = db.session.get_one(AgoraPost, post_id)
        assert (post.against_yes, post.against_seen) == (1, 1)
        assert (post.other_yes, post.other_seen) == (0, 0)
