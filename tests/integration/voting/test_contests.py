"""Results stay provisional until every contest is decided with a reason and the council's decision is cited."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Round
from tests.factories import make_account
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import closing
from voting.models import ResultContest


def counted_round(app: Flask) -> tuple[int, str]:
    parts = [{"name": "Buletinul unic", "ballot_kind": "approval", "max_choices": 2}]
    round_, people = make_round(validation=timedelta(hours=1), groups=parts), make_voters(3)
    round_ = opened(round_)
    for at, person in enumerate(people):
        vote(app, round_, person, approve("P1"), bytes([at]) * 16)
    clock.travel(timedelta(hours=3))
    closing.close_round(round_.id, clock.now())
    return round_.id, db.session.get_one(Round, round_.id, populate_existing=True).slug


@pytest.mark.parametrize("language", ["ro", "en"])
def test_a_contest_is_answered_before_the_council_adopts(context: Flask, language: str) -> None:
    round_id, slug = counted_round(context)
    resident, staff = make_account(), make_account("staff")
    browser, office = PageClient(context), PageClient(context)
    for client in (browser, office):
        client.speak(language)
    browser.get("voting.contest", slug=slug, expect=303)
    browser.sign_in(resident)
    assert f"/rounds/{slug}/results/contest" in browser.get("voting.results", slug=slug).html
    page = browser.get("voting.contest", slug=slug)
    browser.submit(page, "/results/contest", {"text": " "}, expect=422)
    browser.submit(page, "/results/contest", {"text": "Codul meu nu e în listă."}, expect=303)
    browser.submit(page, "/results/contest", {"text": "Încă o dată."}, expect=422)
    assert "Codul meu nu e în listă." in browser.get("voting.contest", slug=slug).main_text
    assert "Codul meu" not in browser.get("voting.results", slug=slug).html
    contest_id = db.session.scalar(select(ResultContest.id).where(ResultContest.round_id == round_id))
    browser.get("staff_voting.contest_list", round_id=round_id, expect=403)

    office.sign_in(staff)
    waiting = office.get("staff_voting.contest_list", round_id=round_id)
    assert "Codul meu nu e în listă." in waiting.main_text
    plan = office.get("staff_rounds.show", round_id=round_id)
    decision = {"decision": "HCL 9/2027", "decision_date": f"{clock.city_date(clock.now()):%d.%m.%Y}"}
    refused = office.submit(plan, "/adopt", decision, expect=422)
    assert ("așteaptă o hotărâre" if language == "ro" else "waits for a decision") in refused.main_text
    where, name = f"/contests/{contest_id}", f"c{contest_id}-"
    office.submit(waiting, where, {f"{name}outcome": "dismissed", f"{name}reason": ""}, expect=422)
    office.submit(waiting, where, {f"{name}outcome": "maybe", f"{name}reason": "Nu."}, expect=422)
    office.submit(waiting, where, {f"{name}outcome": "dismissed", f"{name}reason": "Codul este în listă."})
    office.submit(waiting, where, {f"{name}outcome": "upheld", f"{name}reason": "Altfel."}, expect=422)
    assert "Codul este în listă." in browser.get("voting.results", slug=slug).main_text
    told = db.session.scalars(select(OutboxMessage).where(OutboxMessage.address == resident.email)).all()
    assert any("Codul este în listă." in message.body for message in told)

    office.submit(office.get("staff_rounds.show", round_id=round_id), "/adopt", decision, expect=303)
    browser.sign_in(make_account())
    late = browser.post("voting.contest", {"text": "Prea târziu."}, slug=slug, expect=422)
    assert ("instanță" if language == "ro" else "in court") in late.main_text


def test_nothing_is_contested_before_there_are_results(context: Flask) -> None:
    round_ = opened(make_round())
    browser = PageClient(context)
    browser.sign_in(make_account())
    browser.get("voting.contest", slug=round_.slug, expect=404)
    assert db.session.scalar(select(ResultContest.id)) is None


def test_an_auditor_reads_contests_and_decides_none(context: Flask) -> None:
    round_id, _slug = counted_round(context)
    browser = PageClient(context)
    browser.sign_in(make_account("auditor"))
    assert browser.get("staff_voting.contest_list", round_id=round_id).status == 200
    browser.post("staff_voting.contest_decide", {}, round_id=round_id, contest_id=1, expect=403)
