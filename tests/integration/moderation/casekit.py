"""Texts that a moderator has decided about, for tests of what follows."""

from datetime import datetime

from sqlalchemy import select

from civic import clock
from civic.accounts.models import Account
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.appeals.models import Statement
from civic.moderation.rules import Decision, Why
from civic.moderation.suspensions import service as suspensions
from civic.moderation.suspensions.models import Suspension
from proposals.comments.models import Comment
from tests.factories import make_account
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment

WHY = "Îl jignește pe vecinul de la parter."


def decide_about(
    kind: str,
    number: int,
    moderator: Account,
    decision: Decision = Decision.HIDE,
    now: datetime | None = None,
) -> Statement:
    """A moderator's decision about a text, and what its author was told."""
    now = now or clock.now()
    case = moderation.open_case(kind, number, Why.REPORTED, now)
    moderation.decide(moderator.as_actor(), case.id, decision, now, reason_code="personal_attack", text=WHY)
    db.session.commit()
    found = db.session.scalar(select(Statement).where(Statement.case_id == case.id))
    assert found is not None
    return found


def hide_comment(
    author: Account, moderator: Account, now: datetime | None = None
) -> tuple[Comment, Statement]:
    """A comment of an author's that a moderator hid."""
    comment = make_comment(make_proposal(), author, body="Vecinul de la parter e un nătărău.")
    return comment, decide_about("comment", comment.id, moderator, now=now)


def suspend(author: Account, days: int = 7, now: datetime | None = None) -> Suspension:
    """A suspension that two people have decided."""
    now = now or clock.now()
    _comment, statement = hide_comment(author, make_account("moderator"), now)
    proposed = suspensions.propose(
        make_account("moderator").as_actor(), statement.case_id, "A jignit de trei ori.", days, now
    )
    suspensions.confirm(make_account("staff").as_actor(), proposed.id, now)
    db.session.commit()
    return proposed
