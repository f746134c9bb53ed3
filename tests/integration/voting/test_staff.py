"""Staff put proposals on the ballot, freeze it, and after the council's decision winners are tracked."""

from datetime import timedelta
from decimal import Decimal

from flask import Flask

from civic import clock
from civic.extensions import db
from civic.links import chain
from civic.rounds.models import Round
from civic.unit_of_work import unit_of_work
from proposals.models import Proposal
from tests.factories import make_account, make_category, make_neighbourhood
from tests.integration.voting.votingkit import approve, make_round, make_voters, opened, vote
from tests.pageclient import PageClient
from voting import admission, closing, project_queries
from voting.models import Project


def eligible(round_: Round, title: str, cost: int) -> Proposal:
    now = clock.now()
    proposal = Proposal(
        author_id=make_account().id, title=title, problem="Lipsește.", idea="Se face.",
        neighbourhood_id=make_neighbourhood().id, category_id=make_category().id, estimated_cost=Decimal(cost),
        official_cost=Decimal(cost), state="eligible", state_since=now, round_id=round_.id, created_at=now,
        updated_at=now, submitted_at=now, published_at=now, version=1, editor="", search_text=title,
        author_label="", cost_text="", place="",
    )  # fmt: skip
    db.session.add(proposal)
    db.session.commit()
    return proposal


def test_only_staff_may_and_only_until_the_freeze(context: Flask) -> None:
    round_ = make_round(costs=())
    proposal = eligible(round_, "Parc", 300)
    round_id, proposal_id = round_.id, proposal.id
    browser = PageClient(context)
    for role in ("clerk", "auditor"):
        browser.sign_in(make_account(role))
        browser.get("staff_voting.show", round_id=round_id)
        browser.get("staff_voting.admit", round_id=round_id, proposal_id=proposal_id, expect=403)
    browser.sign_in(make_account("staff"))
    assert round_.name in browser.get("staff_votes.index").main_text
    page = browser.get("staff_voting.show", round_id=round_id)
    assert "Niciun proiect nu este admis la vot" in page.main_text
    form = browser.get("staff_voting.admit", round_id=round_id, proposal_id=proposal_id)
    refused = browser.submit(form, "/vote/admit/", {"cost": "5.000"}, expect=422)
    assert "în limita bugetului" in refused.main_text
    browser.submit(refused, "/vote/admit/", {"cost": "250", "title": "Parc mic"})
    (project,) = project_queries.list_projects(round_id)
    assert (project.code, project.title, project.cost) == ("P01", "Parc mic", Decimal(250))
    assert db.session.get(Proposal, proposal_id).state == "admitted"
    edit = browser.get("staff_voting.edit", round_id=round_id, project_id=project.id)
    browser.submit(edit, "/vote/projects/", {"summary": "Cu bănci."})
    browser.post("staff_voting.prepare", round_id=round_id)
    assert "1 proiect pe buletin" in browser.get("rounds.show", slug=round_.slug).main_text
    assert "Buletinul este înghețat" in browser.get("staff_voting.show", round_id=round_id).main_text
    project_id = project.id
    edit = browser.get("staff_voting.edit", round_id=round_id, project_id=project_id)
    assert (
        "nu se mai schimbă"
        in browser.submit(edit, "/vote/projects/", {"title": "Altul"}, expect=422).main_text
    )
    page = browser.get("staff_voting.show", round_id=round_id)
    assert "Încă se votează" in page.main_text
    stored = db.session.get_one(Round, round_id, populate_existing=True)
    assert stored.fingerprint in page.main_text
    assert stored.roll_fingerprint in page.main_text


def test_winners_become_deliveries_once(context: Flask) -> None:
    round_ = make_round(costs=())
    first, second = eligible(round_, "Parc", 400), eligible(round_, "Pistă", 500)
    staff = make_account("staff").as_actor()
    with unit_of_work():
        for proposal in (first, second):
            admission.admit_project(
                staff, round_, proposal, admission.suggestion(round_, proposal), clock.now()
            )
    ids = {p.proposal_id: p.id for p in db.session.scalars(db.select(Project))}
    first_id, second_id = first.id, second.id
    people = make_voters(3)
    frozen = opened(round_)
    for at, person in enumerate(people):
        vote(context, frozen, person, approve("P01") if at else approve("P02"), bytes([at]) * 16)
    clock.travel(timedelta(hours=2))
    closing.close_round(frozen.id, clock.now())
    assert admission.deliver_due(clock.now()) == 0, "not before the council's decision"
    stored = db.session.get(Round, frozen.id, populate_existing=True)
    stored.adopted_at, stored.adopted_by = clock.now(), "HCL 12 / 01.06.2026"
    db.session.commit()
    assert admission.deliver_due(clock.now()) == 1
    assert admission.deliver_due(clock.now()) == 0
    assert db.session.get(Proposal, first_id).state == "winner"
    assert db.session.get(Proposal, second_id).state == "reserve"
    with context.test_request_context():
        assert [link.kind for link in chain("project", ids[first_id])] == ["proposal", "project", "delivery"]
