"""A summary says what was argued and cites it; everybody has days to object; then it stands, with the objections."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from civic import clock
from civic.extensions import db
from civic.moderation.models import ModerationCase
from civic.notifications.models import Notice
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import State, state_of
from consultations.agora.summary.models import AgoraCitation, AgoraObjection, AgoraSentence
from tests.factories import make_account, make_resident
from tests.integration.consultations.agorakit import (
    make_debate,
    make_objection,
    make_participant,
    make_post,
    make_sentence,
)
from tests.pageclient import PageClient

SENTENCE = "Toți vor un loc sigur pentru copii."


@pytest.fixture
def debate(app: Any) -> AgoraDebate:
    return make_debate("closing")


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def fresh(debate: AgoraDebate) -> AgoraDebate:
    db.session.expire_all()
    return db.session.get_one(AgoraDebate, debate.id)


def test_a_sentence_cites_arguments_by_a_tick_or_by_number(client: PageClient, debate: AgoraDebate) -> None:
    first, second = make_post(debate), make_post(debate, body="Există parcul.", side="against")
    client.sign_in(make_account("staff"))
    page = client.get("agora_summary.write", debate_id=debate.id)
    form = {"section": "agreed", "text": SENTENCE, "cited": [str(first.id)], "more": str(second.id)}
    client.submit(page, "/summary", form)
    assert sorted(db.session.scalars(select(AgoraCitation.post_id))) == [first.id, second.id]
    shown = client.get("agora_summary.write", debate_id=debate.id).main_text
    assert SENTENCE in shown
    assert f"Rezumă argumentele {first.id}, {second.id}." in shown
    client.submit(client.get("agora_summary.write", debate_id=debate.id), "/remove")
    assert (count(AgoraSentence), count(AgoraCitation)) == (0, 0)


@pytest.mark.parametrize("wrong", ["none", "elsewhere", "hidden", "words", "empty"])
def test_what_cites_nothing_that_was_argued_here_is_refused_and_comes_back(
    client: PageClient, debate: AgoraDebate, wrong: str
) -> None:
    numbers = {
        "none": "", "elsewhere": str(make_post(make_debate("closing")).id), "words": "toate",
        "hidden": str(make_post(debate, state="hidden").id), "empty": str(make_post(debate).id),
    }  # fmt: skip
    client.sign_in(make_account("staff"))
    typed = "" if wrong == "empty" else SENTENCE
    form = {"section": "agreed", "text": typed, "more": numbers[wrong]}
    page = client.post("agora_summary.add", form, debate_id=debate.id, expect=422)
    assert page.form("/summary")["more"] == numbers[wrong]
    assert page.form("/summary")["text"] == typed
    assert count(AgoraSentence) == 0


def test_the_database_too_keeps_citations_in_their_debate(debate: AgoraDebate) -> None:
    sentence, strange = make_sentence(debate), make_post(make_debate("closing"))
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(insert(AgoraCitation).values(
            sentence_id=sentence.id, post_id=strange.id, debate_id=debate.id, post_kind="argument"
        ))  # fmt: skip


def test_once_published_it_cannot_change_and_the_days_of_objecting_run(
    client: PageClient, debate: AgoraDebate
) -> None:
    first = make_post(debate)
    client.sign_in(make_account("staff"))
    page = client.get("agora_summary.write", debate_id=debate.id)
    empty = client.submit(page, "/publish", expect=422)
    assert "cel puțin o propoziție" in empty.main_text
    sentence = make_sentence(debate, first)
    client.submit(page, "/publish")
    until = fresh(debate).objections_until
    assert until is not None
    assert timedelta(days=6) < until - clock.now() < timedelta(days=8)
    assert count(Notice) == 1
    form = {"section": "agreed", "text": SENTENCE, "more": str(first.id)}
    refused = client.post("agora_summary.add", form, debate_id=debate.id, expect=409)
    assert "nu se mai poate schimba" in refused.main_text
    assert SENTENCE in refused.main_text
    client.post("agora_summary.remove", debate_id=debate.id, sentence_id=sentence.id, expect=409)
    client.sign_out()
    shown = client.get("agora.show", debate_id=debate.id)
    assert "Rezumatul dezbaterii" in shown.main_text
    assert f"/agora/posts/{first.id}" in shown.html


def test_a_summary_is_not_written_while_people_argue(client: PageClient) -> None:
    going = make_debate("open")
    client.sign_in(make_account("staff"))
    assert (
        "după ce s-au încheiat argumentele" in client.get("agora_summary.write", debate_id=going.id).main_text
    )
    client.post("agora_summary.publish", debate_id=going.id, expect=409)


def test_an_objection_stays_with_the_summary(client: PageClient) -> None:
    debate = make_debate("contested")
    sentence = make_sentence(debate, make_post(debate))
    client.sign_in(make_resident())
    page = client.get("agora_summary.objection", debate_id=debate.id)
    assert page.form("/objections")["sentence_id"] == ""
    client.submit(page, "/objections", {"text": ""}, expect=422)
    form = {"sentence_id": str(sentence.id), "text": "Nu toți vor asta."}
    shown = client.follow(client.submit(page, "/objections", form)).main_text
    assert "Nu toți vor asta." in shown
    assert "Despre propoziția 1" in shown
    again = client.submit(page, "/objections", form, expect=409)
    assert "Ai făcut deja o obiecție" in again.main_text
    assert "Nu toți vor asta." in again.main_text
    assert count(AgoraObjection) == 1
    debate.objections_until = clock.now() - timedelta(minutes=1)
    db.session.commit()
    assert state_of(fresh(debate), clock.now()) == State.SUMMARISED
    client.sign_out()
    frozen = client.get("agora.show", debate_id=debate.id).main_text
    assert "Nu toți vor asta." in frozen
    assert "Rezumatul rămâne cum este" in frozen


@pytest.mark.parametrize(
    ("who", "why"), [("staff", "care a scris rezumatul"), ("late", "Se puteau face obiecții până")]
)
def test_who_cannot_object_is_told_why(client: PageClient, who: str, why: str) -> None:
    debate = make_debate("summarised" if who == "late" else "contested")
    client.sign_in(make_account("staff") if who == "staff" else make_resident())
    assert why in client.get("agora_summary.objection", debate_id=debate.id).main_text
    page = client.post("agora_summary.object_to", {"text": "Nu."}, debate_id=debate.id, expect=403)
    assert why in page.main_text
    assert count(AgoraObjection) == 0


def test_a_new_accounts_objection_waits_and_a_hidden_one_comes_back(client: PageClient) -> None:
    debate = make_debate("contested")
    client.sign_in(make_account())
    client.post("agora_summary.object_to", {"text": "Lipsesc magazinele."}, debate_id=debate.id)
    client.sign_out()
    assert "Lipsesc magazinele." not in client.get("agora.show", debate_id=debate.id).main_text
    client.sign_in(make_account("moderator"))
    case = db.session.scalars(select(ModerationCase)).one()
    client.post("moderation.decide", {"decision": "publish"}, case_id=case.id)
    assert "Lipsesc magazinele." in client.get("agora.show", debate_id=debate.id).main_text
    hidden = make_objection(debate, state="hidden", participant=make_participant(debate), text="Altceva.")
    page = client.get("agora_summary.restore", objection_id=hidden.id)
    client.submit(page, "/restore", {"reason": "Am greșit."})
    assert "Altceva." in client.get("agora.show", debate_id=debate.id).main_text
