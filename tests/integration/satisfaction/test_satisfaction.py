"""One question after something was done: asked rarely, answered once, kept as counts."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from civic import clock
from civic.extensions import db
from civic.indicators.periods import month_of, span_until, year_of
from civic.indicators.registry import find_computed
from civic.notifications.models import MailChoice
from civic.outbox import OutboxMessage
from civic.satisfaction import jobs, occasions, queries, service
from civic.satisfaction.models import (
    SatisfactionCount,
    SatisfactionQuestion,
    SatisfactionTurn,
    SatisfactionWords,
)
from civic.satisfaction.occasions import Occasion
from tests.factories import NOON, TEST_PASSWORD, make_account, save
from tests.pageclient import PageClient

TODAY = clock.city_date(NOON)


def secret_sent_to(address: str) -> str:
    body = db.session.scalar(
        select(OutboxMessage.body).where(OutboxMessage.address == address).order_by(OutboxMessage.id.desc())
    )
    return re.search(r"/satisfaction/answer/(\S+)", body or "")[1]  # type: ignore[index]


def number_of(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_nobody_is_asked_twice_in_thirty_days_or_against_their_will(app: Flask) -> None:
    ana, silent = make_account(), make_account()
    save(MailChoice(account_id=silent.id, wants_mail=False, changed_at=NOON))
    assert service.ask("delivery", [ana.id, ana.id, silent.id], NOON) == 1
    assert service.ask("proposal", [ana.id], NOON + timedelta(days=29)) == 0
    assert service.ask("proposal", [ana.id], NOON + timedelta(days=30)) == 1
    assert service.ask("proposal", [], NOON) == 0


def test_a_link_takes_one_answer_and_leaves_nobody_behind(client: PageClient) -> None:
    ana = make_account()
    service.ask("contribution", [ana.id], clock.now())
    db.session.commit()
    secret = secret_sent_to(ana.email)
    assert "contribuția ta" in client.get("satisfaction.answer", secret=secret).main_text
    client.post("satisfaction.answer", {"step": "", "words": ""}, secret=secret, expect=422)
    client.post("satisfaction.answer", {"step": "6", "words": ""}, secret=secret, expect=422)
    client.post(
        "satisfaction.answer", {"step": "2", "words": " <b>Prea târziu</b> "}, secret=secret, expect=303
    )
    client.get("satisfaction.answer", secret=secret, expect=410)
    client.post("satisfaction.answer", {"step": "5", "words": ""}, secret=secret, expect=410)
    assert [(one.step, one.answers) for one in db.session.scalars(select(SatisfactionCount))] == [(2, 1)]
    assert number_of(SatisfactionQuestion) == 0
    said = db.session.scalars(select(SatisfactionWords)).one()
    assert "Prea târziu" in said.words

    assert client.get("satisfaction_words.index", expect=303).status == 303
    client.sign_in(make_account("staff"))
    assert "Prea târziu" in client.get("satisfaction_words.index").main_text


def test_after_a_cast_nothing_is_written_but_a_count(client: PageClient, statements: list[str]) -> None:
    client.sign_in(make_account())
    client.get("satisfaction.cast")
    statements.clear()
    client.post("satisfaction.cast", {"step": "5", "words": "Eu sunt Ana"}, expect=303)
    written = [one for one in statements if re.match(r"\s*(INSERT|UPDATE|DELETE)", one)]
    assert len(written) == 1
    assert "satisfaction_count" in written[0]
    assert number_of(SatisfactionWords) == number_of(SatisfactionTurn) == 0
    # The browser remembers, the city does not.
    client.get("satisfaction.cast", expect=303)


def test_the_tables_hold_no_person_beside_an_answer(app: Flask) -> None:
    columns = db.session.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_name IN "
            "('satisfaction_count', 'satisfaction_words', 'satisfaction_question')"
        )
    )
    names = {row[1] for row in columns}
    assert names == {"kind", "month", "step", "answers", "id", "words", "mark", "asked_on"}


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_month_is_told_from_ten_answers_on(client: PageClient, language: str) -> None:
    client.speak(language)
    client.get("satisfaction.index")
    month = TODAY.replace(day=1)
    save(SatisfactionCount(kind="cast", month=month, step=5, answers=8))
    save(SatisfactionCount(kind="delivery", month=month, step=1, answers=9))
    page = client.get("satisfaction.index").main_text
    few = "prea puține răspunsuri" if language == "ro" else "too few answers"
    assert page.count(few) == 2
    save(SatisfactionCount(kind="cast", month=month, step=2, answers=2))
    page = client.get("satisfaction.index").text_of("table")
    assert "42" in page
    assert page.count(few) == 2, "what is left of all the answers would be the nine"
    save(SatisfactionCount(kind="delivery", month=month, step=5, answers=1))
    assert "80" in client.get("satisfaction.index").text_of("table")
    span = span_until(month_of(TODAY), TODAY)
    found = find_computed("K6")
    assert span is not None
    assert found is not None
    assert found.compute is not None
    assert found.compute(span).of == 20
    assert queries.counts_between(month, month) == []


def test_the_data_tell_what_the_page_and_the_indicator_tell(app: Flask, statements: list[str]) -> None:
    month, before = date(2026, 4, 1), date(2026, 3, 1)
    for kind, counted, step, answers in [
        ("cast", month, 5, 30), ("cast", month, 1, 10), ("delivery", month, 4, 4), ("cast", before, 3, 6),
    ]:  # fmt: skip
        save(SatisfactionCount(kind=kind, month=counted, step=step, answers=answers))
    statements.clear()
    told = app.test_client().get("/api/v1/satisfaction").get_json()["data"]
    assert len(statements) == 2
    assert [(one["month"], one["kind"], one["answers"], one["satisfied"], one["share"]) for one in told] == [
        ("2026-03-01", "all", None, None, None),
        ("2026-03-01", "cast", None, None, None),
        ("2026-04-01", "all", 44, 34, "77.27"),
        ("2026-04-01", "cast", None, None, None),  # the others would be four
        ("2026-04-01", "delivery", None, None, None),
    ]
    number = told[2]["id"]
    assert app.test_client().get(f"/api/v1/satisfaction/{number}").get_json()["data"] == told[2]
    found = find_computed("K6")
    assert found is not None
    assert found.compute is not None
    year = span_until(year_of(2026), date(2026, 12, 31))
    assert year is not None
    assert found.compute(year).of == 44, "with the six of March it would tell them"
    save(SatisfactionCount(kind="cast", month=date(2026, 2, 1), step=5, answers=4))
    assert found.compute(year).of == 54


def test_the_job_asks_those_whom_features_name_and_forgets_in_time(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for occasion in occasions.occasions():  # each question is one the database understands
        db.session.scalars(occasion.whom(NOON - timedelta(days=1), NOON)).all()
    ana = make_account()
    monkeypatch.setattr(
        jobs, "occasions", lambda: [Occasion("delivery", lambda _since, _until: select(type(ana).id))]
    )
    jobs.ask(NOON)
    assert number_of(SatisfactionTurn) == number_of(SatisfactionQuestion) == 1
    save(SatisfactionWords(kind="delivery", month=TODAY.replace(day=1), step=3, words="Bine"))
    jobs.forget(NOON + timedelta(days=31))
    assert (number_of(SatisfactionTurn), number_of(SatisfactionQuestion), number_of(SatisfactionWords)) == (
        0,
        0,
        1,
    )
    jobs.forget(NOON + timedelta(days=430))
    assert number_of(SatisfactionWords) == 0


def test_who_was_asked_is_forgotten_with_the_account(client: PageClient) -> None:
    ana = make_account()
    service.ask("proposal", [ana.id], clock.now())
    client.sign_in(ana)
    client.post("accounts.delete", {"password": TEST_PASSWORD, "understood": "y"}, expect=303)
    assert number_of(SatisfactionTurn) == 0
