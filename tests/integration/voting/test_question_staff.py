"""Staff plan a ballot of questions: every page, role and refusal; what was typed comes back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from civic import clock
from civic.errors import Conflict
from civic.extensions import db
from civic.rounds import queries as rounds
from civic.rounds import service as plans
from civic.rounds.models import Round
from civic.rounds.planning import PlanRefused
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.questionskit import HOURS, STAFF, STREET, WISHES, answered, make_ballot
from tests.integration.voting.votingkit import make_round, opened
from tests.pageclient import PageClient
from voting.project_queries import list_projects
from voting.questions import queries, service
from voting.questions.rules import QuestionText


@pytest.fixture
def staff(context: Flask) -> PageClient:
    """A browser of the council's staff."""
    browser = PageClient(context)
    browser.sign_in(make_account("staff"))
    return browser


def texts(round_: Round) -> list[str]:
    return [one.text for one in queries.list_questions(round_.id)]


def test_the_whole_road_to_a_public_ballot(staff: PageClient) -> None:
    area = make_neighbourhood("Tei")
    page = staff.get("staff_rounds.create")
    page = staff.follow(staff.submit(page, "/new", {"content": "questions", "name": "Strada pietonală"}))
    page = staff.follow(staff.submit(page, "/edit/basics", {"summary": "Pe scurt."}))
    assert "Nu este încă nicio întrebare" in page.main_text
    round_ = rounds.list_all_rounds().items[0]
    page = staff.get("staff_questions.create", round_id=round_.id)
    page = staff.submit(page, "/questions/new", {"kind": "one", "options-0-text": "Una"}, expect=422)
    assert "Scrie întrebarea." in page.main_text
    assert "Scrie între 2 și 12 variante" in page.main_text
    assert page.form("/questions/new")["options-0-text"] == "Una"
    page = staff.submit(page, "/questions/new", {"add": "1", "text": "Când?"}, expect=200)
    fields = page.form("/questions/new")
    assert (fields["text"], fields["options-4-text"]) == ("Când?", "")
    page = staff.submit(
        page,
        "/questions/new",
        {"options-1-text": "", "options-2-text": "Două", "options-4-text": "una"},
        expect=422,
    )
    assert "Varianta aceasta apare de două ori: „una”." in page.main_text
    page = staff.follow(staff.submit(page, "/questions/new", {"options-4-text": "Trei"}))
    assert "Q1-C" in page.main_text
    assert "Trei" in page.main_text
    page = staff.follow(
        staff.submit(staff.get("staff_questions.create", round_id=round_.id), "/new", {"text": "Pietonală?"})
    )
    assert texts(round_) == ["Când?", "Pietonală?"]
    assert [project.code for project in list_projects(round_.id)] == [
        "Q1-A",
        "Q1-B",
        "Q1-C",
        "Q2-DA",
        "Q2-NU",
    ]
    page = staff.get("staff_rounds.edit", round_id=round_.id, step="people")
    page = staff.follow(staff.submit(page, "/edit/people", {"areas": str(area.id), "min_age": "16"}))
    first = clock.now() + timedelta(days=3)
    page = staff.submit(page, "/edit/dates", {"first_day": f"{first:%d.%m.%Y}", "suggest": "1"}, expect=200)
    assert "submission_starts_at" not in page.html
    page = staff.follow(staff.submit(page, "/edit/dates"))
    staff.submit(page, "/edit/publication")
    page = staff.get("staff_rounds.show", round_id=round_.id)
    assert "Sunt întrebați numai locuitorii cartierului Tei." in page.main_text
    staff.submit(page, "/publish")
    db.session.expire_all()
    assert round_.published_at is not None
    assert [phase.kind for phase in round_.phases] == ["information", "voting", "validation", "results"]
    assert "vot" in staff.get("rounds.show", slug=round_.slug).main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_page_in_both_languages(staff: PageClient, language: str) -> None:
    staff.speak(language)
    make_neighbourhood()
    for round_ in (make_ballot(STREET, WISHES, published=False), make_ballot(STREET, name="Strada Avrig")):
        (first, *_rest) = queries.list_questions(round_.id)
        for endpoint in (
            "staff_questions.index",
            "staff_questions.create",
            "staff_rounds.show",
            "staff_voting.show",
        ):
            staff.get(endpoint, round_id=round_.id)
        for step in ("basics", "people", "dates", "publication"):
            staff.get("staff_rounds.edit", round_id=round_.id, step=step)
        for endpoint in ("staff_questions.edit", "staff_questions.remove"):
            staff.get(endpoint, round_id=round_.id, question_id=first.id)
    staff.get("staff_rounds.index")
    opened(round_)
    for endpoint in (
        "staff_questions.index",
        "staff_questions.create",
        "staff_voting.show",
        "staff_roll.index",
    ):
        staff.get(endpoint, round_id=round_.id)


def test_who_may_plan(context: Flask) -> None:
    round_ = make_ballot(published=False)
    (question,) = queries.list_questions(round_.id)
    auditor = PageClient(context)
    auditor.sign_in(make_account("auditor"))
    page = auditor.get("staff_questions.index", round_id=round_.id)
    assert "/remove" not in page.html
    resident = PageClient(context)
    resident.sign_in(make_account())
    resident.get("staff_questions.index", round_id=round_.id, expect=403)
    for browser in (auditor, resident):
        browser.get("staff_questions.create", round_id=round_.id, expect=403)
        for endpoint in ("edit", "remove", "move"):
            browser.post(
                f"staff_questions.{endpoint}", round_id=round_.id, question_id=question.id, expect=403
            )
    PageClient(context).get("staff_questions.index", round_id=round_.id, expect=303)


def test_moving_and_removing_renumbers_the_codes(staff: PageClient) -> None:
    round_ = make_ballot(STREET, HOURS, published=False)
    first, second = queries.list_questions(round_.id)
    staff.post("staff_questions.move", {"to": "up"}, round_id=round_.id, question_id=second.id)
    staff.post("staff_questions.move", {"to": "up"}, round_id=round_.id, question_id=second.id)
    db.session.expire_all()
    assert texts(round_) == [HOURS.text, STREET.text]
    assert {one.code for one in list_projects(round_.id) if one.code.startswith("Q1")} == {
        "Q1-A",
        "Q1-B",
        "Q1-C",
    }
    page = staff.get("staff_questions.remove", round_id=round_.id, question_id=second.id)
    staff.submit(page, "/remove")
    assert texts(round_) == [STREET.text]
    assert {one.code for one in list_projects(round_.id)} == {"Q1-DA", "Q1-NU", "Q1-ABTIN"}
    staff.get("staff_questions.edit", round_id=round_.id, question_id=second.id, expect=404)
    assert first.id


def test_a_public_ballot_changes_with_a_published_reason(staff: PageClient) -> None:
    round_ = make_ballot(STREET, HOURS, opened_ago=-timedelta(days=1))
    first, second = queries.list_questions(round_.id)
    page = staff.get("staff_questions.edit", round_id=round_.id, question_id=first.id)
    page = staff.submit(page, f"/{first.id}", {"text": "Alta?"}, expect=422)
    assert "Scrie motivarea" in page.main_text
    assert page.form(f"/{first.id}")["text"] == "Alta?"
    staff.submit(page, f"/{first.id}", {"reason": "Era neclară."})
    page = staff.get("staff_questions.remove", round_id=round_.id, question_id=second.id)
    page = staff.submit(page, "/remove", expect=422)
    staff.submit(page, "/remove", {"reason": "Nu mai e nevoie."})
    page = staff.get("rounds.show", slug=round_.slug)
    for words in ("A fost schimbată o întrebare: Alta?", "Era neclară.", "A fost scoasă o întrebare"):
        assert words in page.main_text
    staff.post("staff_questions.move", {"to": "up"}, round_id=round_.id, question_id=first.id, expect=409)
    page = staff.get("staff_questions.remove", round_id=round_.id, question_id=first.id)
    page = staff.submit(page, "/remove", {"reason": "Gata."}, expect=422)
    assert "cel puțin o întrebare" in page.main_text


def test_the_second_of_two_editors_is_told_and_keeps_what_they_wrote(staff: PageClient) -> None:
    round_ = make_ballot(WISHES, published=False)
    (question,) = queries.list_questions(round_.id)
    where, number = {"round_id": round_.id, "question_id": question.id}, question.id
    mine, theirs = (staff.get("staff_questions.edit", **where) for _ in range(2))
    staff.submit(mine, f"/{number}", {"text": "Ce punem în parcul nou?"})
    page = staff.submit(theirs, f"/{number}", {"text": "Ce facem cu parcul?"}, expect=409)
    assert "Între timp, altcineva a schimbat această întrebare." in page.main_text
    assert page.form(f"/{number}")["text"] == "Ce facem cu parcul?"
    assert "punem" in page.text_of(".diff del")
    assert "facem" in page.text_of(".diff ins")
    assert texts(round_) == ["Ce punem în parcul nou?"]
    # Having seen it, they may.
    staff.submit(page, f"/{number}", {"text": "Ce facem cu parcul nou?"})
    assert texts(round_) == ["Ce facem cu parcul nou?"]
    # What comes without saying where it began overwrites nothing.
    bare = {"text": "Altceva?", "kind": "yes_no"}
    staff.post("staff_questions.edit", bare, **where, expect=409)
    assert texts(round_) == ["Ce facem cu parcul nou?"]


def test_once_frozen_nothing_changes(staff: PageClient) -> None:
    round_ = opened(make_ballot(STREET))
    (question,) = queries.list_questions(round_.id)
    page = staff.get("staff_questions.edit", round_id=round_.id, question_id=question.id)
    assert "înghețat" in page.main_text
    for endpoint, data in (
        ("edit", {"text": "Alta?", "kind": "yes_no", "reason": "x"}),
        ("remove", {"reason": "x"}),
    ):
        staff.post(
            f"staff_questions.{endpoint}", data, round_id=round_.id, question_id=question.id, expect=422
        )
    assert texts(round_) == [STREET.text]


def test_questions_and_projects_do_not_mix(staff: PageClient) -> None:
    asks, edition = make_ballot(published=False), make_round()
    for step in ("money", "ballot", "counting", "questions"):
        staff.get("staff_rounds.edit", round_id=asks.id, step=step, expect=404)
    staff.get("staff_questions.index", round_id=edition.id, expect=404)
    staff.get("staff_sets.create", round_id=asks.id, expect=404)
    staff.get("staff_sets.draw", round_id=asks.id, expect=404)
    (first, *_rest) = list_projects(asks.id)
    staff.get("staff_voting.edit", round_id=asks.id, project_id=first.id, expect=404)
    with pytest.raises(PlanRefused):
        plans.edit_plan(STAFF, asks, {"min_cost": None, "groups": []}, clock.now())
    with pytest.raises(PlanRefused):
        plans.edit_plan(STAFF, edition, {"areas": [1]}, clock.now())
    with pytest.raises(Conflict):
        service.save_question(STAFF, edition, None, QuestionText("Da?", "yes_no"), clock.now())
    with pytest.raises(PlanRefused):
        plans.create_round(STAFF, "Copie", clock.now(), content="questions", copy_from=edition)
    page = staff.get("staff_rounds.create")
    assert asks.name not in page.text_of("#copy_from")


def test_what_was_decided_is_told_in_words(staff: PageClient) -> None:
    context = staff.app
    round_ = answered(context, make_ballot(STREET), *[["Q1-DA"]] * 10)
    page = staff.get("staff_rounds.show", round_id=round_.id)
    day = f"{clock.city_date(clock.now()):%d.%m.%Y}"
    decided = {"decision": "HCL 9/2027", "decision_date": day, "url": "ftp://x"}
    page = staff.submit(page, "/adopt", decided, expect=422)
    for words in ("Scrie ce s-a hotărât", "Scrie o adresă care începe cu https://."):
        assert words in page.main_text
    page = staff.follow(
        staff.submit(
            page, "/adopt", {"what": "Strada devine pietonală.", "url": "https://primarie.example/hcl9"}
        )
    )
    for endpoint in ("rounds.show", "voting.results"):
        page = staff.get(endpoint, slug=round_.slug)
        assert "Strada devine pietonală." in page.main_text
        assert "https://primarie.example/hcl9" in page.html
        assert "Consiliul a hotărât" in page.main_text or "Ce a hotărât consiliul" in page.main_text


@pytest.mark.parametrize("page", ["edit", "move", "remove"])
def test_what_somebody_else_removed_meanwhile_is_told(
    staff: PageClient, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    round_ = make_ballot(STREET, WISHES, published=False)
    question_id = queries.list_questions(round_.id)[0].id
    address = f"/staff/rounds/{round_.id}/questions/{question_id}" + ("" if page == "edit" else f"/{page}")
    sent = {"text": "Altă întrebare?", "kind": "yes_no", "to": "down", "csrf_token": staff.csrf_token()}
    lock = queries.lock_round

    def late(round_id: int) -> Round:
        with db.engine.begin() as connection:
            connection.execute(text("DELETE FROM question WHERE id = :id"), {"id": question_id})
        return lock(round_id)

    monkeypatch.setattr(queries, "lock_round", late)
    answer = staff.browser.post(address, data=sent)
    assert answer.status_code == (409 if page == "move" else 422)
    assert "Între timp, altcineva a șters această întrebare." in answer.get_data(as_text=True)
