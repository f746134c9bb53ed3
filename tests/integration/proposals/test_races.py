"""What happens when two people, or two presses, arrive at the same moment; and what the night forgets."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from civic import timeline
from civic.errors import Conflict
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.models import ContentReport, ModerationCase
from civic.moderation.rules import Decision, Why
from civic.moderation.subjects import load_all
from civic.unit_of_work import unit_of_work
from proposals import service
from proposals.comments import service as comments
from proposals.comments.models import Comment
from proposals.jobs import forget_drafts
from proposals.models import Proposal
from proposals.queries import get_proposal
from proposals.rules import State
from tests.factories import NOON, make_account, make_resident
from tests.integration.proposals.makers import make_proposal


def together(app: Flask, *works: Callable[[], object]) -> list[BaseException]:
    """Do all at the same moment, each in its own transaction; what went wrong."""
    start, problems = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        with app.test_request_context():
            start.wait()
            try:
                with unit_of_work():
                    work()
            except Exception as error:
                problems.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


def test_two_presses_of_send_submit_once(real_app: Flask) -> None:
    with real_app.app_context():
        author = make_resident()
        draft = make_proposal(State.DRAFT, author)
        actor, draft_id = author.as_actor(), draft.id
    press = lambda: service.submit_proposal(actor, draft_id, NOON)  # noqa: E731
    assert together(real_app, press, press) == []
    with real_app.app_context():
        events = [one.event for one in timeline.list_events("proposal", draft_id)]
        assert events == ["proposal.submitted"]


def test_two_presses_of_begin_make_one_draft(real_app: Flask) -> None:
    with real_app.app_context():
        actor = make_resident().as_actor()
    press = lambda: service.start_draft(actor, NOON)  # noqa: E731
    assert together(real_app, press, press) == []
    with real_app.app_context():
        assert db.session.scalar(select(func.count(Proposal.id))) == 1


def test_a_comment_sent_twice_at_once_is_one(real_app: Flask) -> None:
    with real_app.app_context():
        actor, proposal_id = make_resident().as_actor(), make_proposal().id

    def press() -> None:
        comments.add_comment(actor, get_proposal(proposal_id), "O dată", NOON, form_key="k")

    assert together(real_app, press, press) == []
    with real_app.app_context():
        assert db.session.scalar(select(func.count(Comment.id))) == 1


def test_two_moderators_at_once_decide_once(real_app: Flask) -> None:
    with real_app.app_context():
        first, second = (make_account("moderator").as_actor() for _ in range(2))
        proposal = make_proposal(State.SUBMITTED)
        with unit_of_work():
            case_id = moderation.open_case("proposal", proposal.id, Why.NEW, NOON).id
        proposal_id = proposal.id
    problems = together(
        real_app,
        lambda: moderation.decide(first, case_id, Decision.PUBLISH, NOON),
        lambda: moderation.decide(second, case_id, Decision.HIDE, NOON, text="Nu."),
    )
    assert [type(one) for one in problems] == [Conflict]
    with real_app.app_context():
        case = db.session.get(ModerationCase, case_id)
        state = db.session.get(Proposal, proposal_id).state
        assert (case.decision, state) in [("publish", State.PUBLISHED), ("hide", State.HIDDEN)]


def test_reports_at_once_share_one_case(real_app: Flask) -> None:
    with real_app.app_context():
        actors = [make_account().as_actor() for _ in range(4)]
        proposal_id = make_proposal().id

    def report(actor: object) -> Callable[[], None]:
        def work() -> None:
            subject = load_all([("proposal", proposal_id)])[("proposal", proposal_id)]
            moderation.report(actor, subject, "spam", "", NOON)  # type: ignore[arg-type]

        return work

    assert together(real_app, *(report(actor) for actor in actors)) == []
    with real_app.app_context():
        assert db.session.scalar(select(func.count(ModerationCase.id))) == 1
        assert db.session.scalar(select(func.count(ContentReport.id))) == 4


# --- the night ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "days", "kept"),
    [
        ({"title": "", "problem": "", "idea": ""}, 31, False),
        ({"title": "", "problem": "", "idea": ""}, 29, True),
        ({"title": "Scris", "problem": "", "idea": ""}, 400, True),
    ],
)
def test_only_old_empty_drafts_are_forgotten(
    app: Flask, values: dict[str, str], days: int, kept: bool
) -> None:
    draft_id = make_proposal(State.DRAFT, **values).id
    assert forget_drafts(NOON + timedelta(days=days)) == (not kept)
    assert forget_drafts(NOON + timedelta(days=days)) == 0
    assert (db.session.get(Proposal, draft_id) is not None) is kept


def test_who_leaves_takes_the_drafts_along_and_leaves_the_public(app: Flask) -> None:
    gone = make_account(deleted_at=NOON, disabled_at=NOON)
    draft, published = make_proposal(State.DRAFT, gone), make_proposal(author=gone)
    forget_drafts(NOON)
    assert db.session.get(Proposal, draft.id) is None
    assert db.session.get(Proposal, published.id) is not None
