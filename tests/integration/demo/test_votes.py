"""The demo's votes: cast through the casting service, counted by the product, followed to the works."""

import csv
import hashlib
from decimal import Decimal

from sqlalchemy import func, select, text

from civic import links
from civic.demo import ballots, outcome
from civic.demo.rounds import find_round
from civic.extensions import db
from civic.rounds.queries import current_round
from civic.tracker.funds.queries import list_revisions
from civic.tracker.models import Delivery, Milestone
from proposals.models import Proposal
from tests.demo_city import DEMO_VOTERS
from tests.pageclient import PageClient
from voting import keys, project_queries, round_queries
from voting.ballot_text import leaf_of, parse
from voting.models import Participation, Project, ProjectOutcome, RollEntry, closed_leaf, opened_ballot


def test_the_closed_round_is_counted_published_and_adopted(city):
    round_ = find_round("2025")
    assert round_.results_at is not None
    assert round_.adopted_at is not None
    assert outcome.DECISION in round_.adopted_by
    voters = db.session.scalar(select(func.count()).where(Participation.round_id == round_.id))
    opened = db.session.scalars(
        select(opened_ballot.c.text).where(opened_ballot.c.round_id == round_.id)
    ).all()
    assert voters == len(opened) == DEMO_VOTERS
    assert voters < db.session.scalar(select(func.count()).where(RollEntry.round_id == round_.id))
    assert not keys.path_of(city.config["SETTINGS"], round_.id).exists()


def read_pb(text_):
    """Votes of each project in a `.pb` file, counted from its ballots, and who it says was selected."""
    sections = {"META": [], "PROJECTS": [], "VOTES": []}
    for row in csv.reader(text_.splitlines(), delimiter=";"):
        if len(row) == 1 and row[0] in sections:
            rows = sections[row[0]]
        else:
            rows.append(row)
    votes = dict.fromkeys((row[0] for row in sections["PROJECTS"][1:]), 0)
    column = sections["VOTES"][0].index("vote")
    for row in sections["VOTES"][1:]:
        for code in filter(None, row[column].split(",")):
            votes[code] += 1
    place = sections["PROJECTS"][0].index("selected")
    return votes, {row[0] for row in sections["PROJECTS"][1:] if row[place] == "1"}


def test_the_outcome_is_what_a_count_of_the_exported_files_says(city):
    """Group winners first, then by votes, what fits: over the published files alone, in twenty lines."""
    round_, client = find_round("2025"), PageClient(city)
    least = int(round_.counting_rule["min_score"])
    rows = db.session.execute(
        select(Project, ProjectOutcome)
        .join(ProjectOutcome, ProjectOutcome.project_id == Project.id)
        .where(Project.round_id == round_.id)
    ).all()
    assert len(rows) == 36
    for pot in find_round("2025").pots:
        votes, selected = read_pb(
            client.browser.get(f"/rounds/2025/results/{pot.id}.pb").get_data(as_text=True)
        )
        mine = [project for project, _ in rows if project.pot_id == pot.id]
        stored = {project.code: found for project, found in rows if project.pot_id == pot.id}
        assert {code: found.votes for code, found in stored.items()} == votes
        able = sorted(
            (one for one in mine if votes[one.code] >= least),
            key=lambda one: (-votes[one.code], stored[one.code].rank),
        )
        firsts = {one.group_id: one for one in reversed(able)}
        left, winners = pot.amount, set()
        for one in [
            *(o for o in able if firsts[o.group_id] is o),
            *(o for o in able if firsts[o.group_id] is not o),
        ]:
            if one.cost <= left:
                winners.add(one.code)
                left -= one.cost
        assert winners == selected
        assert winners == {code for code, found in stored.items() if found.standing == "winner"}


def test_every_published_leaf_is_the_hash_of_its_ballot(city):
    round_ = find_round("2025")
    for leaf, one in db.session.execute(
        select(opened_ballot.c.leaf, opened_ballot.c.text).where(opened_ballot.c.round_id == round_.id)
    ):
        assert bytes(leaf) == leaf_of(one) == hashlib.sha256(b"\0" + one.encode()).digest()
        assert parse(one).fingerprint == round_.fingerprint
    kinds = db.session.scalars(select(closed_leaf.c.kind).where(closed_leaf.c.round_id == round_.id)).all()
    assert kinds.count("ballot") == DEMO_VOTERS
    assert kinds.count("replaced") == kinds.count("void")


def test_nothing_links_the_closed_round_to_its_box(city):
    round_ = find_round("2025")
    for table in ("ballot_box", "cast_log"):
        name = f"{table}_round_{round_.id}"
        assert db.session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None


def test_winners_are_being_carried_out_and_proposals_say_how_it_ended(city):
    rows = db.session.execute(
        select(Project, ProjectOutcome, Proposal)
        .join(ProjectOutcome, ProjectOutcome.project_id == Project.id)
        .join(Proposal, Proposal.id == Project.proposal_id)
    ).all()
    expected = {"winner": "winner", "reserve": "reserve", "not_selected": "not_funded"}
    for project, found, proposal in rows:
        assert proposal.state == expected[found.standing]
        delivery = db.session.scalar(
            select(Delivery).where(Delivery.origin_kind == "project", Delivery.origin_id == project.id)
        )
        assert (delivery is not None) == (found.standing == "winner")
        if delivery is not None:
            revisions = list_revisions(delivery.id)
            assert (revisions[0].amount_before if revisions else delivery.budget) == project.cost
            assert (delivery.spent or Decimal(0)) <= project.cost
            with city.test_request_context():
                kinds = [link.kind for link in links.chain("delivery", delivery.id)]
            assert kinds == ["proposal", "project", "delivery"]
    assert sum(found.standing == "winner" for _, found, _ in rows) >= 6


def test_works_stand_where_the_file_says(city):
    for delivery, code in db.session.execute(
        select(Delivery, Project.code).join(
            Project, (Delivery.origin_kind == "project") & (Delivery.origin_id == Project.id)
        )
    ):
        item = ballots.facts_by_code("2025")[code]
        told = item["delivery"] or {"milestones": []}
        steps = db.session.scalars(select(Milestone).where(Milestone.delivery_id == delivery.id)).all()
        assert len(steps) == len(told["milestones"])
        assert sum(one.done_on is not None for one in steps) == sum(
            one["done_day"] is not None for one in told["milestones"]
        )


def test_the_open_round_takes_ballots_and_shows_no_count(city):
    round_ = find_round("2026")
    assert round_.frozen_at is not None
    assert round_.closed_at is None
    assert project_queries.count_projects(round_.id) == 48
    assert not db.session.scalar(select(func.count()).where(opened_ballot.c.round_id == round_.id))
    assert not db.session.scalar(select(func.count()).where(Participation.round_id == round_.id))
    assert db.session.scalar(select(func.count()).where(ProjectOutcome.round_id == round_.id)) == 0
    client = PageClient(city)
    page = client.get("/rounds/2026/projects/P01")
    cast = db.session.scalar(text("SELECT count(*) FROM ballot_box WHERE round_id = :id"), {"id": round_.id})
    assert cast > 10
    assert f"{cast} " not in page.main_text
    results = client.get("/rounds/2026/results")
    assert results.find("table") is None
    assert f"{cast} " not in results.main_text
    for path in ("results.csv", "results/codes.txt", f"results/{round_.pots[0].id}.pb"):
        assert client.browser.get(f"/rounds/2026/{path}").status_code in (403, 404, 409), path


def test_generated_ballots_are_the_same_at_every_loading(city, loaded_at):
    from civic.demo.world import Days, World

    world = World(Days(loaded_at), voters=DEMO_VOTERS)
    from civic.demo import city as places

    places.load_places(world)
    frozen = round_queries.plan_of(find_round("2026"))
    first = [(v.id, n, c, ch) for v, n, c, ch in ballots.ballots(world, "2026", frozen)]
    again = [(v.id, n, c, ch) for v, n, c, ch in ballots.ballots(world, "2026", frozen)]
    assert first == again
    assert len({voter for voter, *_ in first}) == len(first) - sum(
        voter == following for (voter, *_), (following, *_) in zip(first, first[1:], strict=False)
    )


def test_home_is_about_the_vote_that_is_open(city, loaded_at):
    """Another edition takes proposals at the same time and began later; the vote ends sooner and comes first."""
    assert current_round(loaded_at).slug == "2026"
    assert "/rounds/2026/vote" in PageClient(city).get("/").html


def test_the_advisory_ballots_are_told_and_one_is_open(city):
    """A stranger reads what a neighbourhood answered, and what another one is being asked."""
    client = PageClient(city)
    page = client.get("/rounds/strada-teiul-doamnei/results")
    assert "HCL 58 (demonstrativă)" in page.main_text
    assert "„Da” a primit" in page.main_text or "„Nu” a primit" in page.main_text
    assert "lei" not in page.main_text.split()
    page = client.get("/rounds/vatra-luminoasa-30/vote")
    assert "30 km/h" in page.main_text
    client.get("/rounds/vatra-luminoasa-30/results")
