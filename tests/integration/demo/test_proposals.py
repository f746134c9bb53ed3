"""The demo's proposals stand where their file says, by the road the services allow."""

from sqlalchemy import func, select

from civic import links, timeline
from civic.demo import proposals as loader
from civic.demo.world import items
from civic.extensions import db
from civic.timeline import TimelineEvent
from proposals.comments.models import Comment
from proposals.evaluation.models import Appeal, Evaluation
from proposals.models import Proposal

STANDS = {
    "draft": {"draft"},
    "submitted": {"published"},
    "needs_changes": {"changes_requested"},
    "in_analysis": {"in_analysis"},
    "eligible": {"eligible"},
    "rejected": {"rejected"},
    "appealed": {"contested"},
    "withdrawn": {"withdrawn"},
    "merged": {"withdrawn"},
    "admitted": {"admitted"},
    "winner": {"winner", "reserve", "not_funded"},
    "reserve": {"winner", "reserve", "not_funded"},
}


def test_every_proposal_stands_where_its_file_says(city):
    for item in items("proposals"):
        proposal = loader.find_proposal(item["id"])
        assert proposal is not None, item["id"]
        assert proposal.state in STANDS[item["state"]], item["id"]
        assert proposal.title == item["title"]


def test_every_project_of_a_ballot_came_from_a_proposal(city):
    for name in ("projects_closed", "projects_open"):
        for project in items(name):
            proposal = loader.find_proposal(project["proposal"] or f"project-{project['id']}")
            assert proposal is not None
            assert proposal.title == project["title"]
            assert proposal.official_cost is not None


def test_histories_run_forward_and_not_into_the_future(city, loaded_at):
    moments = db.session.execute(
        select(TimelineEvent.subject_id, TimelineEvent.at, TimelineEvent.id)
        .where(TimelineEvent.subject_kind == "proposal")
        .order_by(TimelineEvent.id)
    ).all()
    assert len(moments) > 500
    last = {}
    for subject, at, _ in moments:
        assert at <= loaded_at
        assert last.get(subject, at) <= at
        last[subject] = at


def test_rejections_give_reasons_and_one_appeal_was_upheld(city):
    outcomes = dict(db.session.execute(select(Appeal.outcome, func.count()).group_by(Appeal.outcome)).all())
    assert outcomes == {"upheld": 1, "dismissed": 1, None: 2}
    rejected = db.session.scalars(select(Evaluation).where(Evaluation.result == "rejected")).all()
    assert len(rejected) >= 12
    assert all(one.reasons and one.text for one in rejected)
    petricani = [event.event for event in timeline.list_events("proposal", loader.find_proposal("P-43").id)]
    assert petricani.index("proposal.contested") < petricani.index("proposal.appeal_upheld")


def test_nobody_says_anything_before_the_proposal_or_is_left_waiting_for_long(city, loaded_at):
    rows = db.session.execute(
        select(Comment, Proposal).join(Proposal, Proposal.id == Comment.proposal_id)
    ).all()
    assert len(rows) > 100
    for comment, proposal in rows:
        assert proposal.submitted_at <= comment.created_at <= loaded_at
    assert any(comment.parent_id for comment, _ in rows)


def test_what_was_merged_points_at_what_it_joined(city):
    merged, into = loader.find_proposal("P-54"), loader.find_proposal("P-05")
    with city.test_request_context():
        chain = [(link.kind, link.id) for link in links.chain("proposal", merged.id)]
    assert chain[:2] == [("proposal", merged.id), ("proposal", into.id)]


def test_pins_are_inside_their_neighbourhood(city):
    from civic.places import shapes
    from civic.places.models import Neighbourhood

    drawn = {
        place.id: {"type": "Polygon", "coordinates": place.shape}
        for place in db.session.scalars(select(Neighbourhood))
    }
    for proposal in db.session.scalars(select(Proposal)):
        point = (proposal.longitude, proposal.latitude)
        assert shapes.contains(drawn[proposal.neighbourhood_id], point), proposal.import_key
