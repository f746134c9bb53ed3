"""What moderators need to know of proposals and comments, and what their verdicts do."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civic.moderation.gate.rules import Mode
from civic.moderation.gate.spaces import Space, register_space
from civic.moderation.rules import Decision
from civic.moderation.subjects import Part, Similar, Subject, SubjectKind, register_kind
from civic.text import excerpt
from proposals import queries, service, undoing
from proposals.comments import queries as comment_queries
from proposals.comments import service as comment_service
from proposals.models import Proposal
from proposals.rules import State, is_public


def _place(proposal: Proposal) -> str:
    names = [proposal.neighbourhood.name if proposal.neighbourhood else "", proposal.place]
    return ", ".join(name for name in names if name)


def load_proposals(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Proposals as moderators read them; drafts are nobody's but their author's."""
    found = {}
    for proposal in queries.list_for_moderation(ids):
        if proposal.state == State.DRAFT:
            continue
        if for_public and not is_public(proposal.state, proposal.published_at is not None):
            continue
        address = url_for("proposals.show", proposal_id=proposal.id)
        found[proposal.id] = Subject(
            kind="proposal",
            id=proposal.id,
            title=proposal.title,
            text=f"{proposal.problem}\n\n{proposal.idea}",
            url=address,
            author_id=proposal.author_id,
            author_name=proposal.author_name,
            created_at=proposal.submitted_at or proposal.created_at,
            place=_place(proposal),
            neighbourhood_id=proposal.neighbourhood_id,
            restore_url=address if proposal.state == State.HIDDEN else "",
        )
    return found


def load_comments(ids: Iterable[int], for_public: bool) -> dict[int, Subject]:
    """Comments as moderators read them, titled by the proposal they are about."""
    found = {}
    for comment, proposal in comment_queries.list_for_moderation(ids):
        shown = comment.state == "visible" and is_public(proposal.state, proposal.published_at is not None)
        if for_public and not shown:
            continue
        address = url_for("proposals.show", proposal_id=proposal.id)
        found[comment.id] = Subject(
            kind="comment",
            id=comment.id,
            title=_("Comment on “%(title)s”", title=excerpt(proposal.title, 80)),
            text=comment.body,
            url=f"{address}#comment-{comment.id}",
            author_id=comment.author_id,
            author_name=comment.author.display_name if comment.author else "",
            created_at=comment.created_at,
            place=_place(proposal),
            neighbourhood_id=proposal.neighbourhood_id,
            restore_url=url_for("comments.restore", proposal_id=proposal.id, comment_id=comment.id)
            if comment.state == "hidden"
            else "",
        )
    return found


def _proposal_parts(proposal_id: int) -> list[Part]:
    one = queries.list_for_moderation([proposal_id])[0]
    named = (
        ("title", _("Title"), one.title),
        ("problem", _("The problem"), one.problem),
        ("idea", _("The idea"), one.idea),
        ("place", _("Place"), one.place),
    )
    return [Part(*part) for part in named if part[2]]


def _comment_parts(comment_id: int) -> list[Part]:
    return [Part("body", _("Comment"), comment_queries.get_comment(comment_id).body)]


def _similar_proposals(proposal_id: int) -> list[Similar]:
    one = queries.list_for_moderation([proposal_id])[0]
    found = queries.find_similar(one.title, but=one.id)
    return [Similar(near.title, url_for("proposals.show", proposal_id=near.id)) for near in found]


def _similar_comments(comment_id: int) -> list[Similar]:
    one = comment_queries.get_comment(comment_id)
    return [
        Similar(
            excerpt(near.body, 100),
            f"{url_for('proposals.show', proposal_id=near.proposal_id)}#comment-{near.id}",
        )
        for near in comment_queries.list_same(one)
    ]


def register_kinds() -> None:
    """Put proposals and comments under moderation."""
    register_kind(
        "proposal",
        SubjectKind(
            _l("Proposal"),
            frozenset({Decision.REQUEST_CHANGES, Decision.HIDE, Decision.REDACT, Decision.REDIRECT}),
            load_proposals,
            service.carry_out,
            snapshot=undoing.snapshot,
            put_back=undoing.put_back,
            parts=_proposal_parts,
            redact=undoing.redact,
            waits=undoing.waits,
            similar=_similar_proposals,
        ),
    )
    register_kind(
        "comment",
        SubjectKind(
            _l("Comment"),
            frozenset({Decision.HIDE, Decision.REDACT}),
            load_comments,
            comment_service.carry_out,
            snapshot=comment_service.snapshot,
            put_back=comment_service.put_back,
            parts=_comment_parts,
            redact=comment_service.redact,
            waits=comment_service.waits,
            similar=_similar_comments,
        ),
    )

    register_space(
        Space(
            service.SPACE,
            _l("Proposals"),
            "proposal",
            # What may cost public money is published unread of proven authors at most: it cannot be taken back to wait.
            modes=(Mode.BEFORE, Mode.NEWCOMERS),
            approved=queries.count_public_of,
        )
    )
    register_space(
        Space(
            comment_service.SPACE,
            _l("Comments"),
            "comment",
            hold=comment_service.hold,
            approved=comment_queries.count_public_of,
        )
    )
