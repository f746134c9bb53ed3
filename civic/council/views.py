"""What residents read of the council's records."""

from flask import Blueprint, g, render_template

from civic import clock
from civic.council import policy, presenters, queries
from civic.errors import NotFound
from civic.page_cache import shared_by_strangers
from civic.policy import public

blueprint = Blueprint("council", __name__, url_prefix="/council")


@blueprint.get("/members")
@public
@shared_by_strangers
def members() -> str:
    """The elected members, by name."""
    return render_template("council/members.html", **presenters.members_context(clock.now()))


@blueprint.get("/members/<int:member_id>")
@public
@shared_by_strangers
def member(member_id: int) -> str:
    """What the records say of one member."""
    context = presenters.member_context(queries.get_member(member_id))
    return render_template("council/member.html", **context, can_keep=policy.can_keep(g.actor))


@blueprint.get("/meetings")
@public
@shared_by_strangers
def meetings() -> str:
    """The meetings, the newest first."""
    return render_template("council/meetings.html", **presenters.meetings_context())


@blueprint.get("/meetings/<int:sitting_id>")
@public
@shared_by_strangers
def meeting(sitting_id: int) -> str:
    """One meeting: agenda, votes, who was there."""
    context = presenters.meeting_context(queries.get_sitting(sitting_id))
    return render_template("council/meeting.html", **context, can_keep=policy.can_keep(g.actor))


@blueprint.get("/votes")
@public
@shared_by_strangers
def votes() -> str:
    """The votes, the newest first."""
    return render_template("council/votes.html", **presenters.votes_context())


@blueprint.get("/votes/<int:vote_id>")
@public
@shared_by_strangers
def vote(vote_id: int) -> str:
    """One vote: who voted how, which majority it needed."""
    one = queries.get_vote(vote_id)
    if one.sitting_id is None:
        raise NotFound
    return render_template(
        "council/vote.html", **presenters.vote_context(one), can_keep=policy.can_keep(g.actor)
    )
