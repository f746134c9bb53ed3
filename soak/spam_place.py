"""Where the spam script writes, at which paces, and what of it can be read at the end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from civic.extensions import db
from consultations.agora.arguing.models import AgoraParticipant, AgoraPost
from consultations.agora.models import AgoraDebate
from consultations.agora.statements.models import AgoraStatement
from consultations.contributions.models import Contribution
from consultations.drafting.models import Annotation
from consultations.models import Consultation
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import LISTED
from tests.factories import make_category, make_neighbourhood
from tests.integration.consultations.agorakit import make_debate
from tests.integration.consultations.drafting.draftkit import key_of, open_consultation, publish
from tests.integration.proposals.makers import make_proposal

POSTS, ACCOUNTS = 500, 20
NETWORKS = 4


@dataclass
class Place:
    """Where the script writes."""

    proposal: Proposal
    debate: AgoraDebate
    consultation: Consultation
    key: int
    neighbourhood_id: int
    category_id: int


def make_place() -> Place:
    """A proposal, a debate with statements and a consultation with a text, all open."""
    consultation = open_consultation()
    edition = publish(consultation)
    return Place(
        proposal=make_proposal(),
        debate=make_debate(with_statements=True),
        consultation=consultation,
        key=key_of(edition, "Art. 2"),
        neighbourhood_id=make_neighbourhood().id,
        category_id=make_category().id,
    )


#: When each post comes after the first, by its number.
PACES: dict[str, Callable[[int], timedelta]] = {
    "at once": lambda at: timedelta(seconds=at),
    "as fast as it may": lambda at: timedelta(
        days=at // ACCOUNTS // 5, seconds=70 * (at // ACCOUNTS % 5) + at % ACCOUNTS
    ),
    "one a day": lambda at: timedelta(days=at // ACCOUNTS, minutes=at % ACCOUNTS),
}


def count_visible(ids: list[int]) -> int:
    """How many texts of the accounts anyone can read."""
    people = select(AgoraParticipant.id).where(AgoraParticipant.account_id.in_(ids))
    wanted = (
        select(func.count(Comment.id)).where(Comment.author_id.in_(ids), Comment.state == "visible"),
        select(func.count(AgoraPost.id)).where(
            AgoraPost.participant_id.in_(people), AgoraPost.state == "visible"
        ),
        select(func.count(AgoraStatement.id)).where(
            AgoraStatement.participant_id.in_(people), AgoraStatement.state == "visible"
        ),
        select(func.count(Contribution.id)).where(
            Contribution.account_id.in_(ids), Contribution.hidden_at.is_(None)
        ),
        select(func.count(Annotation.id)).where(Annotation.author_id.in_(ids), Annotation.state == "visible"),
        select(func.count(Proposal.id)).where(Proposal.author_id.in_(ids), Proposal.state.in_(LISTED)),
    )
    return sum(db.session.scalar(one) or 0 for one in wanted)
