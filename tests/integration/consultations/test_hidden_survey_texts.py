"""One text of a questionnaire is hidden with a reason that everybody reads, and shown again."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock, cursors
from civic.audit import AuditRecord
from civic.errors import Conflict
from civic.extensions import db
from consultations.questionnaires.models import Questionnaire, Response
from consultations.texts import hiding, queries, rules
from tests.factories import make_account, make_department, make_resident
from tests.integration.consultations.questionnairekit import (
    SECRET,
    answer,
    make_questionnaire,
    raw_of,
    work,
)
from tests.integration.consultations.registerkit import staff
from tests.integration.consultations.surveytextkit import TREES, at, say, settle
from tests.pageclient import PageClient


@pytest.fixture
def now(app: Flask) -> datetime:
    return clock.now()


def shown(now: datetime, number: int = 12) -> tuple[Questionnaire, str]:
    """A questionnaire whose texts everybody reads while it is answered, and the key of one with a telephone."""
    one = make_questionnaire(now, results="open", texts_public=True)
    say(one, [f"{TREES} {place}" for place in range(number - 1)] + [SECRET], now)
    work(now)
    rows = queries_of(one)
    return db.session.get_one(Questionnaire, one.id), next(
        key for key, said in rows.items() if said == SECRET
    )


def queries_of(one: Questionnaire, item: str = "i3") -> dict[str, str]:
    from consultations.questionnaires import queries as questionnaires

    found, at = {}, cursors.FIRST
    while True:
        page = questionnaires.list_texts(one.id, item, at)
        found.update({rules.key_of(line.response, item): line.text for line in page.rows})
        if page.after is None:
            return found
        at = cursors.Cursor(after=page.after)


WHY = {"why": "personal_data", "reason": "Are un număr de telefon."}


@pytest.mark.parametrize("role", ["moderator", "staff"])
def test_one_text_is_hidden_with_a_reason_and_shown_again(
    client: PageClient, now: datetime, role: str
) -> None:
    one, key = shown(now)
    place = at(one, questionnaire_id=one.id)
    client.sign_in(make_account(role))
    assert SECRET in client.get("questionnaire_results.texts", **place, key="i3").html
    client.post("staff_survey_text.hide", WHY, **place, key=key)
    assert SECRET in client.get("staff_survey_text.text", **place, key=key).main_text, "who hides may read it"
    client.sign_out()
    page = client.get("questionnaire_results.texts", **place, key="i3")
    assert SECRET not in page.html
    assert "Are un număr de telefon." in page.main_text
    assert "12 rezultate" in page.main_text, "the answer stays counted"
    stored = db.session.scalars(select(Response.answers).where(Response.questionnaire_id == one.id)).all()
    assert SECRET not in str(stored)
    client.sign_in(make_account(role))
    client.post("staff_survey_text.show", **place, key=key)
    assert SECRET in client.get("questionnaire_results.texts", **place, key="i3").html
    events = db.session.scalars(
        select(AuditRecord.event)
        .where(AuditRecord.event.like("questionnaire.text_%"))
        .order_by(AuditRecord.id)
    ).all()
    assert events == ["questionnaire.text_hidden", "questionnaire.text_shown"]
    assert SECRET not in str(db.session.scalars(select(AuditRecord.details)).all())


def test_a_hidden_text_stays_hidden_through_the_end_and_in_the_export(
    client: PageClient, now: datetime
) -> None:
    from consultations.questionnaires import export
    from consultations.questionnaires import queries as questionnaires

    one, key = shown(now)
    hiding.hide(make_account("moderator").as_actor(), one, key, **WHY, now=now)
    db.session.commit()
    one, _later = settle(one)
    assert questionnaires.counts(one.id)["i3"]["answered"] == 12
    known = export.columns(one.asked)
    place = [column.name for column in known].index("i3") + 1
    cells = [row[place] for row in export.rows(one, known)]
    assert SECRET not in str(cells)
    assert sum("ascuns" in str(cell) for cell in cells) == 1
    client.sign_in(staff())
    page = client.get("staff_survey_texts.index", **at(one))
    assert SECRET not in page.html
    assert "Are un număr de telefon." in page.main_text
    assert queries.count(one.consultation_id, queries.Filters(text=SECRET)) == 0, "nor is it found"


def test_words_beside_an_option_are_hidden_as_well(app: Flask, now: datetime) -> None:
    one = make_questionnaire(now, results="open")
    for _number in range(10):
        answer(one, make_resident(), raw_of("other", i2_other=[SECRET]), now)
    work(now)
    key = next(iter(queries_of(one, "i2")))
    hiding.hide(staff().as_actor(), one, key, **WHY, now=now)
    db.session.commit()
    assert sorted(queries_of(one, "i2").values()) == ["", *[SECRET] * 9]
    hiding.show(staff().as_actor(), one, key, now)
    assert queries_of(one, "i2")[key] == SECRET


@pytest.mark.parametrize(("form", "said"), [
    ({"why": "spam", "reason": ""}, "Scrie de ce"),
    ({"why": "", "reason": "Așa."}, "Alege una"),
    ({"why": "curiosity", "reason": "Așa."}, ""),
])  # fmt: skip
def test_nothing_is_hidden_without_a_reason(
    client: PageClient, now: datetime, form: dict[str, str], said: str
) -> None:
    one, key = shown(now)
    client.sign_in(make_account("moderator"))
    page = client.post(
        "staff_survey_text.hide", form, expect=422, **at(one, questionnaire_id=one.id), key=key
    )
    assert said in page.main_text
    assert form["reason"] in page.html
    assert SECRET in queries_of(one).values()


def test_only_moderators_and_staff_hide(client: PageClient, now: datetime) -> None:
    one, key = shown(now)
    place = at(one, questionnaire_id=one.id, key=key)
    for role in ("evaluator", "clerk", "auditor", "administrator"):
        client.sign_in(
            make_account(role, department=make_department()) if role == "evaluator" else make_account(role)
        )
        client.get("staff_survey_text.text", expect=403, **place)
        client.post("staff_survey_text.hide", WHY, expect=403, **place)
    client.sign_in(make_account("moderator"))
    for key in ("nimic", f"{'0' * 32}-i3", f"{place['key'][:32]}-i4"):
        client.get("staff_survey_text.text", expect=404, **{**place, "key": key})
    with pytest.raises(Conflict):
        hiding.show(staff().as_actor(), one, place["key"], now)
