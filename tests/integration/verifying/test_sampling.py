"""A random sample of declarations: drawn once, worked on by clerks, read with its uncertainty."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from civic import clock
from civic.accounts.models import Person
from civic.accounts.verifying.models import Declaration
from civic.extensions import db
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from tests.factories import make_account, make_neighbourhood, make_person
from tests.integration.verifying.declaring import accepting, code_by_mail, declare
from tests.integration.voting.votingkit import approve, closed, make_voters, opened
from tests.pageclient import PageClient
from voting import opening, turnout_queries
from voting.models import Participation
from voting.sampling import rules, service
from voting.sampling.models import DeclarationSample, SampleCase


@pytest.fixture
def context(real_app: Flask) -> Iterator[Flask]:
    with real_app.app_context():
        yield real_app
        clock.travel(timedelta(0))


def test_a_sample_from_the_draw_to_its_figures(context: Flask) -> None:
    place = make_neighbourhood("Obor")
    round_ = accepting("declaration_email")
    browser, resident = PageClient(context), make_account()
    browser.sign_in(resident)
    declare(browser, place)
    browser.post("verifying.code", {"code": code_by_mail(resident)})
    weak = [make_person(place, method="declaration", confirmed_by="email").id for _ in range(4)]
    make_voters(3)
    opened(round_)
    staff = PageClient(context)
    staff.sign_in(make_account("staff"))
    page = staff.get("sample.show", round_id=round_.id)
    assert "5 oameni" in page.main_text
    staff.post("sample.show", {"size": "6", "seed": ""}, round_id=round_.id, expect=422)
    staff.post("sample.show", {"size": "5", "seed": "4 4 2 6 1"}, round_id=round_.id)
    page = staff.post("sample.show", {"size": "5", "seed": "1"}, round_id=round_.id, expect=422)
    assert "deja tras" in page.main_text
    sample = service.find_sample(round_.id)
    assert sample is not None
    drawn = db.session.scalars(
        select(SampleCase.voter_id).where(SampleCase.sample_id == sample.id).order_by(SampleCase.position)
    ).all()
    assert list(drawn) == rules.drawn("4 4 2 6 1", [*weak, resident.person_id], 5)

    clerk = PageClient(context)
    clerk.sign_in(make_account("clerk"))
    page = clerk.get("sample_desk.index")
    assert "Zenovia Popescu-Test" in page.main_text
    clerk.post("sample_desk.decide", {"outcome": "maybe"}, sample_id=sample.id, voter_id=drawn[0], expect=422)
    for person, outcome in zip(
        drawn, ("confirmed", "confirmed", "confirmed", "not_found", "false"), strict=True
    ):
        clerk.post("sample_desk.decide", {"outcome": outcome}, sample_id=sample.id, voter_id=person)
    assert "Zenovia" not in clerk.get("sample_desk.index").main_text
    page = staff.get("sample.show", round_id=round_.id)
    assert f"Persoana {drawn[4]}" in page.main_text
    figures = service.find_figures(round_.id)
    assert figures is not None
    assert (figures.checked, figures.confirmed, figures.not_found, figures.false) == (5, 3, 1, 1)
    assert figures.at_most == rules.share_at_most(5, 2)
    staff.speak("en")
    staff.get("sample.show", round_id=round_.id)
    clerk.speak("en")
    clerk.get("sample_desk.index")


def test_the_list_of_checks_has_pages_and_costs_the_same_whatever_its_length(
    client: PageClient, statements: list[str]
) -> None:
    place, clerk = make_neighbourhood(), make_account("clerk")
    client.sign_in(clerk)

    def draw(size: int) -> int:
        round_ = accepting("declaration_email")
        sample = DeclarationSample(
            round_id=round_.id,
            seed="1",
            size=size,
            population=size,
            drawn_at=clock.now(),
            drawn_by_id=clerk.id,
        )
        db.session.add(sample)
        db.session.flush()
        for position in range(1, size + 1):
            person = make_person(place, method="declaration", confirmed_by="email")
            db.session.add(SampleCase(sample_id=sample.id, voter_id=person.id, position=position))
        db.session.commit()
        return sample.id

    costs = []
    for size in (2, 30):
        sample = draw(size)
        statements.clear()
        page = client.get("sample_desk.index")
        costs.append(len(statements))
    assert costs[0] == costs[1]
    assert len(page.all("h3")) == service.PER_PAGE
    second = client.get("sample_desk.index", page=2)
    assert len(second.all("h3")) == 32 - service.PER_PAGE
    last = db.session.scalars(
        select(SampleCase.voter_id).where(SampleCase.sample_id == sample, SampleCase.position == 30)
    ).one()
    back = client.submit(second, f"/{sample}/{last}", {"outcome": "confirmed"})
    assert back.headers["Location"].endswith("/staff/sample?page=2"), "the clerk stays where the work is"


def test_the_contact_is_the_one_that_is_still_kept(context: Flask) -> None:
    """Whoever asked for a letter too and confirmed it has proved the address; what was declared before is left."""
    place = make_neighbourhood("Obor")
    round_ = accepting("declaration_email", "letter")
    browser, resident = PageClient(context), make_account()
    browser.sign_in(resident)
    declare(browser, place)
    browser.post("verifying.code", {"code": code_by_mail(resident)})
    row = db.session.scalars(select(Declaration)).one()
    later = {
        name: getattr(row, name) for name in ("account_id", "made_at", "consent_version", "neighbourhood_id")
    }
    opened(round_)
    with unit_of_work():
        service.draw(
            make_account("staff").as_actor(), db.session.get_one(Round, round_.id), 1, "1", clock.now()
        )
        db.session.add(
            Declaration(
                **later,
                method="letter",
                area_basis="domicile",
                confirmed_at=clock.now(),
                person_id=row.person_id,
            )
        )
    [work], _total = service.list_work(1)
    assert work.contact is not None
    assert work.contact.name == "Zenovia Popescu-Test"


def test_who_may_draw_and_who_may_see_the_contacts(context: Flask) -> None:
    round_ = opened(accepting("declaration_email"))
    browser = PageClient(context)
    for role in ("clerk", "auditor"):
        browser.sign_in(make_account(role))
        browser.post("sample.show", {"size": "1"}, round_id=round_.id, expect=403)
    browser.sign_in(make_account("staff"))
    browser.get("sample_desk.index", expect=403)
    assert "Nu este din ce trage la sorți" in browser.get("sample.show", round_id=round_.id).main_text


def test_the_turnout_tells_the_ways_apart(context: Flask) -> None:
    round_ = closed(context, accepting("declaration_email"), approve("P1"), approve("P2"))
    for person in db.session.scalars(select(Participation.voter_id)).all()[:1]:
        found = db.session.get_one(Person, person)
        found.method, found.confirmed_by = "declaration", "email"
    db.session.commit()
    opening.register_late(clock.now())
    assert sorted(turnout_queries.turnout_by_proof(round_.id)) == [
        ("declaration_email", 1, 1),
        ("desk", 1, 1),
    ]
    page = PageClient(context).get("voting.results", slug=round_.slug)
    assert "După cum s-au verificat" not in page.main_text, "two voters are too few to tell apart"
