"""What waits for a moderator when the city is first opened: texts of a new account, and reports."""

from typing import Any

from sqlalchemy import select

from civic.demo.proposals import Road, find_proposal, import_key
from civic.demo.world import World, items
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation.subjects import get_public_subject
from proposals import service as proposals
from proposals.comments import service as comments
from proposals.comments.models import Comment


def load_queue(world: World) -> None:
    """Every item of the file, each once."""
    for item in items("moderation"):
        {"proposal": submit, "comment": comment, "report": report}[item["kind"]](world, item)


def submit(world: World, item: dict[str, Any]) -> None:
    """A first proposal, which waits to be read."""
    if find_proposal(item["id"]) is not None:
        return
    author, sent = world.person(item["author"]), world.days.moment(item["day"], 18)
    draft = proposals.start_draft(author, sent)
    texts = Road(world, item).texts()
    proposals.save_draft(author, draft.id, texts, sent, seen_version=draft.version, editor="demo")
    draft.import_key = import_key(item["id"])
    proposals.submit_proposal(author, draft.id, sent)


def comment(world: World, item: dict[str, Any]) -> None:
    """A comment that waits to be read; a form sent twice makes one."""
    proposal = find_proposal(item["proposal"])
    assert proposal is not None
    said = world.days.moment(item["day"], 8)
    author = world.person(item["author"])
    comments.add_comment(author, proposal, item["text"], said, form_key=import_key(item["id"]))


def report(world: World, item: dict[str, Any]) -> None:
    """Somebody's word about a text that is public; the same person's second changes nothing."""
    proposal = find_proposal(item["proposal"])
    assert proposal is not None
    kind, subject_id = "proposal", proposal.id
    if item["comment"] is not None:
        said = db.session.scalars(
            select(Comment).where(Comment.proposal_id == proposal.id).order_by(Comment.id)
        ).all()
        kind, subject_id = "comment", said[item["comment"] - 1].id
    subject = get_public_subject(kind, subject_id)
    moderation.report(
        world.person(item["author"]), subject, item["reason"], item["text"], world.days.moment(item["day"], 8)
    )
