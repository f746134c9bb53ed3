"""A ballot of questions is no edition: no page about one says so, whoever reads it and whatever keeps them out."""

from datetime import date, timedelta

from flask import Flask

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account, make_neighbourhood, make_person
from tests.integration.voting.questionskit import answered, make_ballot
from tests.integration.voting.votingkit import opened, voter_account
from tests.pageclient import PageClient
from voting import round_queries, strikes


def said(client: PageClient, endpoint: str, **values: object) -> str:
    """The page without the way through the site, which leads to editions and ballots alike."""
    main = client.get(endpoint, **values).find("main")
    assert main is not None
    for nav in [one for top in main.iter() for one in top if one.tag.endswith("nav")]:
        nav.clear()
    return " ".join("".join(main.itertext()).split())


def no_edition(text: str) -> None:
    assert "ediți" not in text.lower(), text


def test_whoever_is_kept_out_is_told_of_a_vote(context: Flask) -> None:
    here, there = make_neighbourhood("Tei"), make_neighbourhood("Obor")
    round_ = make_ballot(areas=[here], min_age=18, remote_verification=["letter"], late_registration=False)
    struck = make_person(here).id
    kept_out = {
        "elsewhere": make_person(there).id,
        "weak": make_person(here, method="declaration", confirmed_by="email").id,
        "young": make_person(here, birth_date=date(2020, 1, 1)).id,
        "struck": struck,
    }
    opened(round_)
    round_id, slug = round_.id, round_.slug
    kept_out["late"] = make_person(here).id
    with unit_of_work():
        found = db.session.get_one(Round, round_id)
        actor = make_account("staff").as_actor()
        strikes.strike(actor, found, round_queries.plan_of(found), struck, "Declarație falsă.", clock.now())
    browser = PageClient(context)
    for who in (None, make_account(), *(voter_account(person) for person in kept_out.values())):
        if who is not None:
            browser.sign_in(who)
            no_edition(said(browser, "verifying.index", round=slug))
            no_edition(said(browser, "voting_complaints.complaint", slug=slug))
        for page in ("rounds.show", "voting.ballot", "voting_complaints.check", "voting.results"):
            no_edition(said(browser, page, slug=slug))


def test_before_the_vote_and_after_it(context: Flask) -> None:
    early = make_ballot(opened_ago=timedelta(hours=-1))
    browser = PageClient(context)
    browser.sign_in(make_account())
    for page in ("voting_complaints.check", "voting_complaints.complaint", "voting.ballot"):
        no_edition(said(browser, page, slug=early.slug))
    round_ = answered(context, make_ballot(publication_mode="open"), *[["Q1-DA"]] * 11)
    for page in ("rounds.show", "voting.results", "voting.find_code", "minutes.show", "voting.contest"):
        text = said(browser, page, slug=round_.slug)
        no_edition(text)
        assert "câștigător" not in text.lower(), page


def test_staff_run_a_vote(context: Flask) -> None:
    round_ = make_ballot()
    office = PageClient(context)
    office.sign_in(make_account("staff"))
    pages = ("staff_voting.show", "staff_roll.index", "staff_custody.show", "ceremony.show", "sample.show")
    for page in pages:
        no_edition(said(office, page, round_id=round_.id))
    opened(round_)
    for page in (*pages, "staff_complaints.index"):
        no_edition(said(office, page, round_id=round_.id))
