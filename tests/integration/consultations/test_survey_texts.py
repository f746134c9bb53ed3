"""What was written in questionnaires is put under themes by people, answered by theme, and told to who asked."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from civic import clock, tasks
from civic.audit import AuditRecord
from civic.errors import Conflict, Invalid
from civic.extensions import db
from civic.outbox import OutboxMessage
from consultations import gates
from consultations import service as consultations
from consultations.contributions import themes
from consultations.contributions.models import Theme
from consultations.questionnaires import answering, drafts
from consultations.questionnaires.models import Follower, Questionnaire, Response
from consultations.texts import jobs, queries, rules, service
from consultations.texts.models import SurveyText
from tests.factories import make_account, make_department, make_resident
from tests.integration.consultations.questionnairekit import (
    SECRET,
    crowd,
    make_questionnaire,
    raw_of,
    work,
)
from tests.integration.consultations.registerkit import REFUSAL, drafted, make_entry, published, staff
from tests.integration.consultations.surveytextkit import (
    POOL,
    TREES,
    at,
    ended,
    keys,
    put,
    say,
    settle,
    theme,
)
from tests.pageclient import PageClient


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


# --- registering -----------------------------------------------------------------------------------------


def test_long_texts_are_registered_after_the_end_and_not_before(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now, results="open")
    crowd(one, 10, now)
    say(one, [TREES], now)
    work(now)
    jobs.work(now)
    assert queries.standing(one.consultation_id).total == 0
    one, _later = settle(one)
    assert queries.standing(one.consultation_id) == queries.Standing(1, 1, 0)
    assert one.texts_of == one.counted == 11


def test_registering_again_changes_nothing_and_a_late_sheet_is_added(app: Flask, now: datetime) -> None:
    one, later = ended(now)
    trees = theme(one, "Copaci", later)
    put(one, trees, keys(one), later)
    clerk = make_account("clerk").as_actor()
    answering.send_paper(
        clerk, one, "a" * 32, raw_of("o2", i3=["Bănci la umbră"]), one.version, later, [b"s" * 32]
    )
    db.session.commit()
    assert queries.is_incomplete(one.consultation_id)
    one, later = settle(one)
    assert queries.standing(one.consultation_id) == queries.Standing(4, 1, 0)
    assert queries.list_unregistered() == []
    assert not queries.is_incomplete(one.consultation_id)


def test_the_order_of_texts_is_that_of_random_numbers(app: Flask, now: datetime) -> None:
    one, _later = ended(now, [f"{TREES} {number}" for number in range(12)])
    stored = db.session.scalars(select(SurveyText.key)).all()
    assert list(stored) == sorted(stored)
    columns = set(SurveyText.__table__.columns.keys())
    assert not {name for name in columns if name.endswith("_at") or "account" in name or "person" in name}


# --- the report waits ------------------------------------------------------------------------------------


def test_the_report_waits_for_every_text(app: Flask, now: datetime) -> None:
    one, later = ended(now)
    said = gates.reasons(one.consultation, later)
    assert said == ["3 texte din chestionare nu sunt sub o temă cu răspuns publicat."]
    trees = theme(one, "Copaci", later)
    put(one, trees, keys(one), later)
    assert len(gates.reasons(one.consultation, later)) == 1, "a theme without an answer answers nothing"
    given = drafted(trees, staff(), REFUSAL, later)
    assert len(gates.reasons(one.consultation, later)) == 1, "nor does one that nobody signed"
    from consultations.contributions import answering as register

    register.sign(staff().as_actor(), given.id, given.version, later)
    assert gates.reasons(one.consultation, later) == []
    register.withdraw(staff().as_actor(), given.id, given.version, "Era greșit articolul.", later)
    assert len(gates.reasons(one.consultation, later)) == 1


def test_publishing_earlier_needs_a_public_reason(app: Flask, now: datetime) -> None:
    one, later = ended(now)
    with pytest.raises(Invalid, match="3 texte din chestionare"):
        consultations.publish_report(staff().as_actor(), one.consultation_id, "", later)
    done = consultations.publish_report(
        staff().as_actor(), one.consultation_id, "Termenul legal expiră azi.", later
    )
    assert done.early_reason == "Termenul legal expiră azi."


def test_the_report_waits_while_answers_are_being_put_together(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    say(one, [TREES], now)
    later = one.consultation.closes_at + timedelta(seconds=1)
    assert "se pun împreună" in gates.reasons(one.consultation, later)[0]


def test_nobody_answered_and_nothing_holds_the_report_back(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    assert gates.reasons(one.consultation, one.consultation.closes_at) == []


# --- under themes ----------------------------------------------------------------------------------------


def test_texts_come_under_the_themes_of_the_register(client: PageClient, now: datetime) -> None:
    one, later = ended(now)
    entry = make_entry(one.consultation, now)
    client.sign_in(staff())
    page = client.get("staff_survey_texts.index", **at(one))
    assert TREES in page.main_text
    trees = keys(one, "copaci")
    page = client.post(
        "staff_survey_texts.put",
        {"keys": trees, "theme": "", "new_theme": "Copaci", "go": "chosen"},
        **at(one),
    )
    assert "2 texte" in client.follow(page).main_text
    made = db.session.scalars(select(Theme)).one()
    themes.group(staff().as_actor(), one.consultation_id, made.id, [entry.id], later)
    db.session.commit()
    page = client.get("staff_contributions.theme", **at(one, theme_id=made.id))
    assert "2 texte din chestionare la această temă" in page.main_text
    assert "1 contribuție la această temă" in page.main_text
    page = client.get("staff_contributions.theme_list", **at(one))
    assert "Texte din chestionare" in page.main_text
    record = db.session.scalars(
        select(AuditRecord).where(AuditRecord.event == "questionnaire.texts_grouped")
    ).one()
    assert record.details["texts"] == 2


def test_everything_a_search_found_comes_under_a_theme_at_once(client: PageClient, now: datetime) -> None:
    one, _later = ended(now, [f"{TREES} {number}" for number in range(30)] + [POOL])
    client.sign_in(staff())
    page = client.get("staff_survey_texts.index", **at(one), q="copaci")
    assert "30 de rezultate" in page.main_text
    done = client.post(
        "staff_survey_texts.put", {"theme": "", "new_theme": "Copaci", "go": "all"}, **at(one), q="copaci"
    )
    assert "30 de texte" in client.follow(done).main_text
    assert queries.standing(one.consultation_id).unthemed == 1


@pytest.mark.parametrize(("form", "said"), [
    ({"go": "chosen", "new_theme": "Umbră"}, "Alege cel puțin"),
    ({"go": "chosen", "keys": ["x"], "theme": ""}, "Alege o temă"),
    ({"go": "chosen", "keys": ["x"], "theme": "999999"}, None),
])  # fmt: skip
def test_what_was_typed_stays_when_something_is_missing(
    client: PageClient, now: datetime, form: dict[str, Any], said: str | None
) -> None:
    one, _later = ended(now)
    client.sign_in(staff())
    chosen = keys(one)[:1]
    form = {**form, "keys": chosen} if "keys" in form else form
    page = client.post("staff_survey_texts.put", form, expect=422 if said else 404, **at(one))
    if said:
        assert said in page.main_text
        assert form.get("new_theme", "") in page.html
        if "keys" in form:
            assert page.html.count(" checked") == 1
    assert queries.standing(one.consultation_id).unthemed == 3


def test_a_text_answered_with_its_theme_stays_there(app: Flask, now: datetime) -> None:
    one, later = ended(now)
    trees, pool = theme(one, "Copaci", later), theme(one, "Piscină", later)
    put(one, trees, keys(one, "copaci"), later)
    published(trees, REFUSAL, later)
    with pytest.raises(Conflict, match="rămân"):
        put(one, pool, keys(one, "copaci"), later)
    db.session.rollback()
    assert put(one, pool, keys(one), later) == service.Moved(1, 2)


def test_only_the_department_in_charge_and_staff_put_texts_under_themes(
    client: PageClient, now: datetime
) -> None:
    one, later = ended(now)
    trees = theme(one, "Copaci", later)
    client.sign_in(make_account("evaluator", department=make_department()))
    page = client.get("staff_survey_texts.index", **at(one))
    assert "Direcția responsabilă" in page.main_text or "direcția" in page.main_text.lower()
    assert page.find("form.queue") is None
    form = {"keys": keys(one), "theme": str(trees.id), "go": "chosen"}
    client.post("staff_survey_texts.put", form, expect=403, **at(one))
    client.sign_in(make_account("auditor"))
    assert TREES in client.get("staff_survey_texts.index", **at(one)).main_text
    client.post("staff_survey_texts.compare", expect=403, **at(one))
    client.sign_in(make_account("moderator"))
    client.get("staff_survey_texts.index", expect=403, **at(one))


def test_texts_of_another_consultation_are_not_moved(app: Flask, now: datetime) -> None:
    one, later = ended(now)
    other, _later = ended(now)
    mine = theme(other, "Alta", later)
    assert put(other, mine, keys(one), later).moved == 0


def test_empty_pages_say_what_will_be_there(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(staff())
    assert "după încheierea" in client.get("staff_survey_texts.index", **at(one)).main_text
    client.get("staff_survey_texts.groups", **at(one))
    page = client.get("survey_texts.answers", **at(one, questionnaire_id=one.id))
    assert "Încă nu s-a răspuns la nimic" in page.main_text
    client.speak("en")
    assert "No text yet" in client.get("staff_survey_texts.index", **at(one)).main_text


def test_a_list_asks_the_same_few_questions_whatever_its_length(
    client: PageClient, now: datetime, statements: list[str]
) -> None:
    one, _later = ended(now, [f"{TREES} {number}" for number in range(3)])
    client.sign_in(staff())
    client.get("staff_survey_texts.index", **at(one))
    statements.clear()
    client.get("staff_survey_texts.index", **at(one))
    few = len(statements)
    many(one, 400)
    last = keys(one)[-1]
    statements.clear()
    page = client.get("staff_survey_texts.index", **at(one), after=last)
    assert len(statements) <= few <= 22
    assert page.html.count('name="keys"') == queries.PER_PAGE


def many(one: Questionnaire, number: int) -> None:
    """So many sets of answers more, registered, without the way there."""
    values = [
        {"questionnaire_id": one.id, "id": place.to_bytes(16), "channel": "online", "age": "", "area": None,
         "answers": {"i3": {"text": f"{POOL} {place}"}}}
        for place in range(1, number + 1)
    ]  # fmt: skip
    db.session.execute(insert(Response), values)
    service.register_batch(one, ["i3"], b"")
    db.session.commit()


# --- likeness --------------------------------------------------------------------------------------------


def test_the_system_proposes_groups_and_people_decide(client: PageClient, now: datetime) -> None:
    one, later = ended(now, [TREES, TREES.upper() + "!", POOL, "Copaci mai mulți pe bulevardul Colentina"])
    client.sign_in(staff())
    page = client.post("staff_survey_texts.compare", **at(one))
    assert "/staff/tasks/" in page.headers["Location"]
    again = client.post("staff_survey_texts.compare", **at(one))
    assert again.headers["Location"] == page.headers["Location"], "one comparison at a time"
    assert tasks.run_waiting(later) == 1
    db.session.expire_all()
    page = client.get("staff_survey_texts.groups", **at(one))
    assert "3 texte" in page.main_text
    assert queries.standing(one.consultation_id).unthemed == 4, "nothing is decided by itself"
    number = queries.list_groups(one.consultation_id, 5)[0].number
    page = client.get("staff_survey_texts.index", **at(one), group=number)
    assert POOL not in page.main_text
    client.post("staff_survey_texts.put", {"new_theme": "Copaci", "go": "all"}, **at(one), group=number)
    assert queries.standing(one.consultation_id).unthemed == 1
    assert queries.list_groups(one.consultation_id, 5) == []


# --- telling ---------------------------------------------------------------------------------------------


def send(one: Questionnaire, text: str, now: datetime, *, tell: bool) -> str:
    """Somebody answers with a long text; their address."""
    person = make_resident()
    sitting = drafts.sitting_of(one, person.as_actor(), None)
    assert sitting is not None
    answering.send(person.as_actor(), one, sitting, raw_of("o2", i3=[text]), one.version, now, tell=tell)
    db.session.commit()
    return person.email


def written_to() -> set[str]:
    return set(
        db.session.scalars(select(OutboxMessage.address).where(OutboxMessage.dedup_key.like("text-answer:%")))
    )


def test_whoever_asked_is_told_their_theme_s_answer_and_nobody_else(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    asked, silent = send(one, TREES, now, tell=True), send(one, TREES, now, tell=False)
    other = send(one, POOL, now, tell=True)
    one, later = settle(one)
    trees = theme(one, "Copaci", later)
    put(one, trees, keys(one, "copaci"), later)
    published(trees, REFUSAL, later)
    tasks.run_waiting(later)
    assert written_to() == {asked}
    tasks.run_waiting(later)
    message = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.dedup_key.like("text-answer:%"))
    ).one()
    assert REFUSAL.reason in message.body
    assert silent != other
    put(one, trees, keys(one, "piscina"), later)
    tasks.run_waiting(later)
    assert written_to() == {asked, other}, "who comes to an answered theme is told"


def test_who_did_not_ask_leaves_no_trace(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    send(one, TREES, now, tell=False)
    settle(one)
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 0


def test_without_an_account_nobody_can_ask_to_be_told(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now, access="anyone")
    assert not answering.can_be_told(one, {"i3": {"text": "x"}})
    named = make_questionnaire(now)
    assert answering.can_be_told(named, {"i3": {"text": "x"}})
    assert not answering.can_be_told(named, {"i9": {"text": "a short text needs no answer"}})


def test_the_offer_stands_where_answers_are_sent(client: PageClient, now: datetime) -> None:
    one = make_questionnaire(now)
    client.sign_in(make_resident())
    place = at(one, questionnaire_id=one.id)
    client.post("questionnaires.start", **place)
    client.post("questionnaires.page", {"i2": "o2", "go": "next"}, **place, number=1)
    client.post("questionnaires.page", {"i2": "o2", "i3": SECRET, "go": "next"}, **place, number=1)
    page = client.get("questionnaires.review", **place)
    assert page.find("#tell") is not None
    client.submit(page, "/send", {"tell": "1"})
    one, _later = settle(one)
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 1


def test_who_asked_is_forgotten_some_months_after_the_report(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now)
    send(one, TREES, now, tell=True)
    one, later = settle(one)
    consultations.publish_report(staff().as_actor(), one.consultation_id, "Termenul expiră.", later)
    db.session.commit()
    jobs.forget(later + timedelta(days=100))
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 1
    jobs.forget(later + timedelta(days=190))
    assert db.session.scalar(select(func.count()).select_from(Follower)) == 0


# --- what everybody reads ---------------------------------------------------------------------------------


def test_everybody_reads_the_answers_by_theme_and_no_text(client: PageClient, now: datetime) -> None:
    one, later = ended(now, [f"{TREES} {SECRET}"] * 11 + [POOL])
    trees, pool = theme(one, "Copaci", later), theme(one, "Piscină", later)
    put(one, trees, keys(one, "copaci"), later)
    put(one, pool, keys(one, "piscina"), later)
    published(trees, REFUSAL, later)
    page = client.get("survey_texts.answers", **at(one, questionnaire_id=one.id))
    assert REFUSAL.reason in page.main_text
    assert "11 texte" in page.main_text
    assert "mai puțin de 10" in page.main_text.lower()
    assert "Așteaptă răspunsul" in page.main_text
    assert SECRET not in page.html
    client.speak("en")
    assert (
        "Answers to what was written"
        in client.get("survey_texts.answers", **at(one, questionnaire_id=one.id)).main_text
    )


def test_a_key_names_a_set_of_answers_and_its_item(app: Flask) -> None:
    assert rules.key_of(b"\x01" * 16, "i3") == "01" * 16 + "-i3"
