"""Turnout by age: what the result page says, and that it does not move when people are erased later."""

from datetime import date, timedelta

from flask import Flask

from civic import clock
from civic.accounts.models import Person
from civic.extensions import db
from civic.rounds.models import Round
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import Page, PageClient, text_in
from voting import closing


def rows(page: Page) -> dict[str, str]:
    """The lines of the page's tables of two columns."""
    return {text_in(tr[0]): text_in(tr[1]) for tr in page.all("tr") if len(tr) == 2}


def test_the_result_page_counts_ages_at_the_close_and_joins_small_bands(context: Flask) -> None:
    round_ = make_round()
    born = {1990: 12, 1975: 11, 1950: 3}
    voters = [
        voter
        for year, count in born.items()
        for voter in make_voters(count + 1, birth_date=date(year, 1, 1))[1:]
    ]
    round_ = opened(round_)
    round_id, slug = round_.id, round_.slug
    for at, voter in enumerate(voters):
        vote(context, db.session.get(Round, round_id), voter, approve("P1"), bytes([at + 1]) * 16)
    clock.travel(timedelta(hours=2))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    browser = PageClient(context)
    page = browser.get("voting.results", slug=slug)
    assert "După vârsta din ultima zi de vot" in page.main_text
    told = rows(page)
    assert (told["35–44"], told["45 de ani și peste"]) == ("12", "14")
    assert "65 de ani și peste" not in told
    for person in db.session.query(Person).filter(Person.id.in_(voters)):
        person.birth_date = date(1930, 1, 1)
    db.session.commit()
    assert rows(browser.get("voting.results", slug=slug)) == told
    browser.speak("en")
    assert rows(browser.get("voting.results", slug=slug))["45 and over"] == "14"


def test_too_few_voters_are_not_told_apart(context: Flask) -> None:
    round_ = opened(make_round()) if make_voters(3) else None
    assert round_ is not None
    round_id, slug = round_.id, round_.slug
    clock.travel(timedelta(hours=2))
    db.session.rollback()
    closing.close_round(round_id, clock.now())
    assert "După vârsta" not in PageClient(context).get("voting.results", slug=slug).main_text
