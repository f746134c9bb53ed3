"""Commands that other features call, and editions."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import clock, links, timeline
from civic.actor import SYSTEM
from civic.errors import Conflict
from civic.extensions import db
from civic.outbox import OutboxMessage
from civic.rounds.models import Phase
from proposals import queries, rounds, service
from proposals.models import Proposal
from proposals.rules import State
from tests.factories import NOON, make_category, make_neighbourhood, make_resident
from tests.integration.proposals.makers import actor_of, make_proposal, make_round
from tests.pageclient import PageClient


def imported(key: str | None = None) -> Proposal:
    return service.create_for_import(
        title="Piste",
        problem="Lipsesc.",
        idea="Să fie.",
        neighbourhood_id=make_neighbourhood().id,
        category_id=make_category().id,
        now=NOON,
        author_label="Grupul de inițiativă",
        estimated_cost=Decimal("690000"),
        import_key=key,
    )


def test_importing_twice_makes_one(client: PageClient) -> None:
    first, second = imported("PR-01"), imported("PR-01")
    db.session.commit()
    assert first.id == second.id
    page = client.get("proposals.show", proposal_id=first.id)
    assert "Grupul de inițiativă" in page.main_text
    assert [one.event for one in timeline.list_events("proposal", first.id)] == [
        "proposal.submitted",
        "proposal.published",
    ]


@pytest.mark.parametrize("outcome", ["winner", "reserve", "not_funded"])
def test_the_vote_s_outcome_is_told_once(app: Flask, outcome: str) -> None:
    proposal = make_proposal(State.ELIGIBLE)
    service.mark_admitted(proposal, SYSTEM, NOON)
    for _ in range(2):
        service.mark_outcome(proposal.id, outcome, NOON)
    assert proposal.state == outcome
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 2


def test_what_was_not_admitted_has_no_outcome(app: Flask) -> None:
    with pytest.raises(Conflict):
        service.mark_outcome(make_proposal(State.ELIGIBLE).id, "winner", NOON)


def test_the_list_for_the_ballot_is_of_its_round_alone(app: Flask) -> None:
    edition = make_round("analysis")
    inside = make_proposal(State.ELIGIBLE, round_id=edition.id)
    make_proposal(State.ELIGIBLE)
    make_proposal(State.REJECTED, round_id=edition.id)
    assert [one.id for one in queries.list_eligible(edition.id)] == [inside.id]


def test_links_leave_out_what_is_not_public(app: Flask) -> None:
    with app.test_request_context():
        shown, hidden = make_proposal(), make_proposal(State.HIDDEN)
        found = links.resolve("proposal", [shown.id, hidden.id])
        assert set(found) == {shown.id}


# --- editions ----------------------------------------------------------------------------------------------


def test_an_author_enters_a_published_proposal(client: PageClient) -> None:
    author, edition = make_resident(), make_round(now=clock.now())
    proposal = make_proposal(author=author)
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    client.submit(page, "/join")
    assert db.session.get(Proposal, proposal.id).round_id == edition.id
    assert "Înscrisă în Ediția de probă" in client.get("proposals.show", proposal_id=proposal.id).main_text
    page = client.post("proposals.join", {"round": str(edition.id)}, proposal_id=proposal.id, expect=403)
    assert "deja înscrisă" in page.main_text


def test_an_edition_not_taking_proposals_is_not_found(client: PageClient) -> None:
    author, edition = make_resident(), make_round("voting", now=clock.now())
    proposal = make_proposal(author=author)
    client.sign_in(author)
    client.post("proposals.join", {"round": str(edition.id)}, proposal_id=proposal.id, expect=404)


def test_only_the_author_enters_it(client: PageClient) -> None:
    edition, proposal = make_round(now=clock.now()), make_proposal()
    client.sign_in(make_resident())
    page = client.post("proposals.join", {"round": str(edition.id)}, proposal_id=proposal.id, expect=403)
    assert "Numai autorul poate înscrie" in page.main_text


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [({"min_age": 60}, "60"), ({"max_cost": Decimal(100)}, "100"), ({"area_basis": "study"}, "")],
)
def test_the_editions_rules_are_told_on_the_button(
    client: PageClient, rules: dict[str, object], sentence: str
) -> None:
    author = make_resident(birth_date=date(2000, 1, 1), area_basis="work")
    edition = make_round(now=clock.now(), **rules)
    proposal = make_proposal(author=author, estimated_cost=Decimal(500))
    client.sign_in(author)
    page = client.get("proposals.show", proposal_id=proposal.id)
    assert sentence in page.text_of(".refused__why")
    client.post("proposals.join", {"round": str(edition.id)}, proposal_id=proposal.id, expect=403)
    assert db.session.get(Proposal, proposal.id).round_id is None


@pytest.mark.parametrize(
    ("born", "allowed"), [(date(2008, 2, 28), True), (date(2008, 2, 29), True), (date(2008, 3, 1), False)]
)
def test_an_age_counts_on_the_last_voting_day(app: Flask, born: date, allowed: bool) -> None:
    """The vote ends at the midnight that begins 1 March, in a year without a 29 February: its last day is the 28th."""
    edition = make_round(min_age=19)
    edition.phases.append(
        Phase(
            kind="voting",
            starts_at=clock.city_moment(date(2027, 2, 14)),
            ends_at=clock.city_moment(date(2027, 3, 1)),
        )
    )
    db.session.flush()
    author = make_resident(birth_date=born)
    proposal = make_proposal(author=author)
    assert bool(rounds.can_join(actor_of(author), proposal, edition, NOON)) is allowed
