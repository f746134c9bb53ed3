"""A ballot of questions as residents see it: read, answered, checked, cast; who is asked, and who is told no."""

import pytest
from flask import Flask

from civic import clock
from civic.accounts.models import Person
from civic.actor import SYSTEM
from civic.errors import Invalid
from civic.extensions import db
from civic.rounds import notices
from tests.factories import make_account, make_neighbourhood
from tests.integration.voting.questionskit import HOURS, STAFF, STREET, WISHES, make_ballot
from tests.integration.voting.votingkit import make_round, make_voters, opened, rows, voter_account
from tests.pageclient import PageClient
from voting import opening, round_queries
from voting.models import RollEntry, ballot_box, cast_log
from voting.plan import from_data
from voting.questions import service
from voting.questions.models import Question

MONEY_WORDS = ("lei", "proiect", "buget", "Buget", "Proiect", "câștig")


def voter_browser(app: Flask, **person: object) -> PageClient:
    (voter,) = make_voters(1, **person)
    browser = PageClient(app)
    browser.sign_in(voter_account(voter))
    return browser


def test_the_whole_road_without_javascript(context: Flask) -> None:
    round_ = make_ballot(STREET, HOURS, WISHES)
    browser = voter_browser(context)
    opened(round_)
    page = browser.get("voting.ballot", slug=round_.slug)
    for words in (
        "Strada Teiul Doamnei pietonală în weekend?", "Da", "Mă abțin", "Aer mai curat", "Trafic pe străzile vecine",
        "Alege cel mult 2 răspunsuri", "Un vot secret și consultativ", "Las întrebarea fără răspuns",
    ):  # fmt: skip
        assert words in page.main_text
    assert page.find("strong") is not None
    assert not [word for word in MONEY_WORDS if word in page.main_text]
    review = browser.follow(
        browser.submit(page, "/vote/answers", {"question-1": "Q1-DA", "question-3": ["Q3-B", "Q3-C"]})
    )
    assert "Copaci; Terase" in review.main_text
    assert "Fără răspuns: buletinul tău lasă întrebarea goală." in review.main_text
    assert not [word for word in MONEY_WORDS if word in review.main_text]
    receipt = browser.submit(review, "/vote/cast", expect=200)
    assert "Buletinul tău" in receipt.main_text or "buletin" in receipt.main_text
    assert len(rows(ballot_box)) == len(rows(cast_log)) == 1


def test_answers_come_back_and_can_be_changed_until_the_end(context: Flask) -> None:
    round_ = make_ballot(STREET, HOURS)
    browser = voter_browser(context)
    opened(round_)
    page = browser.get("voting.ballot", slug=round_.slug)
    browser.submit(page, "/vote/answers", {"question-1": "Q1-NU", "question-2": "Q2-C"})
    page = browser.get("voting.ballot", slug=round_.slug)
    assert page.form("/vote/answers") | {"csrf_token": ""} == {
        "csrf_token": "", "question-1": "Q1-NU", "question-2": "Q2-C",
    }  # fmt: skip
    assert "nu este încă" in browser.get("home.index").html or "nu este" in browser.get("home.index").html
    review = browser.follow(browser.submit(page, "/vote/answers", {"question-2": ""}))
    browser.submit(review, "/vote/cast", expect=200)
    page = browser.get("voting.ballot", slug=round_.slug)
    again = browser.follow(browser.submit(page, "/vote/answers", {"question-1": "Q1-DA"}))
    browser.submit(again, "/vote/cast", expect=200)
    assert len(rows(ballot_box)) == 1
    assert sorted(row.kind for row in rows(cast_log)) == ["ballot", "ballot", "void"]


def test_answers_that_do_not_hold_come_back_with_what_was_ticked(context: Flask) -> None:
    round_ = make_ballot(STREET, WISHES)
    browser = voter_browser(context)
    opened(round_)
    page = browser.get("voting.ballot", slug=round_.slug)
    kept = {"question-1": "Q1-DA", "question-2": ["Q2-A", "Q2-B", "Q2-C"]}
    page = browser.submit(page, "/vote/answers", kept, expect=422)
    assert "Întrebarea 2: alege cel mult 2 răspunsuri." in page.main_text
    assert page.title.startswith("Eroare")
    assert {k: v for k, v in page.form("/vote/answers").items() if k != "csrf_token"} == kept
    kept["question-2"] = ["Q2-A", "Q2-ABTIN"]
    page = browser.submit(page, "/vote/answers", kept, expect=422)
    assert "ori te abții, ori alegi dintre răspunsuri" in page.main_text
    page = browser.post("voting.answer", {"question-1": ""}, slug=round_.slug, expect=422)
    assert "Răspunde la cel puțin o întrebare" in page.main_text
    browser.post("voting.answer", {"question-1": "Q2-A"}, slug=round_.slug, expect=400)
    browser.post("voting.choose", {"add": "Q1-DA"}, slug=round_.slug, expect=404)
    assert "Răspunde la cel puțin o întrebare" in browser.get("voting.review", slug=round_.slug).main_text
    assert rows(ballot_box) == []


def test_only_the_residents_of_its_areas_are_on_the_roll(context: Flask) -> None:
    here, there = make_neighbourhood("Tei"), make_neighbourhood("Obor")
    round_ = make_ballot(areas=[here])
    inside, outside = (
        voter_browser(context, neighbourhood_id=here.id),
        voter_browser(context, neighbourhood_id=there.id),
    )
    make_voters(3, neighbourhood_id=there.id)
    opened(round_)
    assert opening.roll_size(round_.id) == 1
    assert "Las întrebarea" in inside.get("voting.ballot", slug=round_.slug).main_text
    page = outside.get("voting.ballot", slug=round_.slug)
    assert "Sunt întrebați numai locuitorii din: Tei." in page.main_text
    assert "Da" in page.main_text
    assert not page.all("fieldset")
    outside.post("voting.answer", {"question-1": "Q1-DA"}, slug=round_.slug, expect=403)
    outside.post("voting.cast", slug=round_.slug, expect=403)


def test_a_minor_and_a_stranger_are_told_why(context: Flask) -> None:
    round_ = make_ballot(min_age=50)
    browser = voter_browser(context)
    opened(round_)
    page = browser.get("voting.ballot", slug=round_.slug)
    assert "50 de ani" in page.main_text
    stranger = PageClient(context)
    assert (
        "Răspunde la întrebări și depune buletinul aici."
        in stranger.get("voting.ballot", slug=round_.slug).main_text
    )
    stranger.post("voting.answer", {"question-1": "Q1-DA"}, slug=round_.slug)
    newcomer = PageClient(context)
    newcomer.sign_in(make_account())
    assert "verific" in newcomer.get("voting.ballot", slug=round_.slug).main_text


def test_a_weaker_check_than_the_ballot_asks_for_is_not_enough(context: Flask) -> None:
    round_ = make_ballot()
    weak, strong = make_voters(1), make_voters(1)
    db.session.get_one(Person, weak[0]).method = "letter"
    db.session.commit()
    opened(round_)
    on_roll = {row.voter_id for row in rows(RollEntry.__table__)}
    assert on_roll == {*strong}
    assert not on_roll & {*weak}


def test_every_page_in_english(context: Flask) -> None:
    round_ = make_ballot(STREET, WISHES)
    browser = voter_browser(context)
    browser.speak("en")
    opened(round_)
    page = browser.get("voting.ballot", slug=round_.slug)
    assert "I abstain" in page.main_text
    assert "Yes" in page.main_text
    review = browser.follow(browser.submit(page, "/vote/answers", {"question-1": "Q1-DA"}))
    assert "Yes" in review.main_text
    browser.submit(review, "/vote/cast", expect=200)
    for endpoint in ("rounds.show", "voting.results"):
        browser.get(endpoint, slug=round_.slug)
    browser.get("rounds.index"), browser.get("home.index")


def test_what_is_asked_is_frozen_with_the_plan(context: Flask) -> None:
    area = make_neighbourhood("Tei")
    round_ = opened(make_ballot(STREET, WISHES, areas=[area]))
    frozen = round_.frozen or {}
    assert frozen["content"] == "questions"
    assert frozen["areas"] == [{"id": area.id, "name": "Tei"}]
    assert [one["text"] for one in frozen["questions"]] == [STREET.text, WISHES.text]
    assert frozen["rule"]["max_winners"] == 0
    assert frozen["rule"]["tie_break"] == "file", "no lot has a say"
    plan = from_data(round_.id, frozen, round_.fingerprint or "")
    assert plan.asks
    assert [one.pot for one in plan.questions] == sorted(plan.pots)
    for statement in (
        "UPDATE question SET text = 'altceva' WHERE round_id = :id",
        "DELETE FROM round_area WHERE round_id = :id",
        "UPDATE round SET content = 'projects' WHERE id = :id",
    ):
        with pytest.raises(Exception, match="does not change"), db.engine.begin() as connection:
            connection.execute(db.text(statement), {"id": round_.id})


def test_a_ballot_without_questions_is_not_opened(context: Flask) -> None:
    round_ = make_ballot(published=False)
    (question,) = db.session.query(Question).filter_by(round_id=round_.id)
    service.remove_question(STAFF, round_, question, clock.now())
    db.session.commit()
    with pytest.raises(Invalid, match="Nu este încă nicio întrebare|There is no question yet"):
        opening.open_round(SYSTEM, round_.id, clock.now())


def test_the_round_and_its_neighbours_say_what_it_is(context: Flask) -> None:
    here, there = make_neighbourhood("Tei"), make_neighbourhood("Obor")
    round_ = make_ballot(areas=[here], name="Strada pietonală?")
    browser = PageClient(context)
    page = browser.get("rounds.show", slug=round_.slug)
    for words in (
        "Un vot secret și consultativ", "Sunt întrebați numai locuitorii cartierului Tei.", STREET.text, "Aer mai curat",
        "nu îl obligă", "Răspunde la întrebări",
    ):  # fmt: skip
        assert words in page.main_text
    assert not [word for word in (*MONEY_WORDS[:-1], "ediți") if word in page.main_text]
    assert "Vot consultativ" in browser.get("rounds.index").main_text
    assert " lei" not in browser.get("rounds.index").main_text
    home = browser.get("home.index")
    assert "Strada pietonală?" in home.main_text
    assert " lei" not in home.text_of("h1")
    assert "Strada pietonală?" in browser.get("places.neighbourhood", slug=here.slug).main_text
    assert "Strada pietonală?" not in browser.get("places.neighbourhood", slug=there.slug).main_text


def test_beside_an_edition_the_ballot_has_its_own_place(context: Flask) -> None:
    edition = make_round(name="Ediția 2026")
    round_ = make_ballot(name="Strada pietonală?")
    browser = PageClient(context)
    home = browser.get("home.index")
    assert "Strada pietonală?" not in home.text_of(".hero")
    assert "Vezi întrebările" in home.main_text
    page = browser.get("voting.current")
    assert edition.name in page.main_text
    assert round_.name in page.main_text


def test_messages_speak_of_questions(context: Flask) -> None:
    round_ = make_ballot()
    for phase in round_.phases:
        said = notices.body(round_, phase, "starts")
        assert "edit" not in said
        assert "project" not in said
    assert round_queries.list_rounds_to_open(clock.now()) == [round_.id]
