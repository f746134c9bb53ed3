"""What waits for a moderator when the city is first opened: texts of a new account, and reports."""

from typing import Any

from sqlalchemy import select

from civic.demo.proposals import Road, find_proposal, import_key
from civic.demo.world import MODERATOR, World, items
from civic.extensions import db
from civic.moderation import bulk, queries
from civic.moderation import service as moderation
from civic.moderation.subjects import Subject, get_kind, get_public_subject
from civic.organisations.models import Organisation
from consultations.agora.arguing.models import AgoraPost
from consultations.contributions.models import Contribution
from consultations.drafting.models import Annotation
from proposals import service as proposals
from proposals.comments import service as comments
from proposals.comments.models import Comment

#: Kinds of which the first public one is reported.
OF: dict[str, Any] = {
    "agora_post": AgoraPost, "annotation": Annotation, "contribution": Contribution, "organisation": Organisation,
}  # fmt: skip


def load_queue(world: World) -> None:
    """Every item of the file, each once."""
    for item in items("moderation"):
        LOADERS[item["kind"]](world, item)


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


def wave(world: World, item: dict[str, Any]) -> None:
    """The same text of one account in several places; some were hidden at one stroke."""
    author, said = world.person(item["author"]), world.days.moment(item["day"], 8)
    waiting = []
    for key in item["proposals"]:
        proposal = find_proposal(key)
        assert proposal is not None
        form = import_key(f"{item['id']}-{key}")
        made = comments.add_comment(author, proposal, item["text"], said, form_key=form)
        if made.state == "visible" and not queries.list_past_cases("comment", made.id, but=0):
            # The first of them repeated nothing, so nobody held it; a reader noticed.
            reader, subject = world.person(item["reader"]), get_public_subject("comment", made.id)
            moderation.report(reader, subject, "spam", "", said)
        waiting.append(queries.find_open_case("comment", made.id))
    ids = [case.id for case in waiting if case is not None]
    if item["hidden"] and ids:
        bulk.hide_many(world.person(MODERATOR), ids, "spam", "", world.days.moment(item["day"], 9))


def _first_public(world: World, item: dict[str, Any]) -> Subject | None:
    model, reporter = OF[item["of"]], world.person(item["author"])
    ids = db.session.scalars(select(model.id).order_by(model.id).limit(40)).all()
    found = get_kind(item["of"]).load(ids, True)
    return next((found[one] for one in sorted(found) if found[one].author_id != reporter.id), None)


def report(world: World, item: dict[str, Any]) -> None:
    """Somebody's word about a text that is public; the same person's second changes nothing."""
    if "of" in item:
        subject = _first_public(world, item)
        if subject is not None:
            moment = world.days.moment(item["day"], 8)
            moderation.report(world.person(item["author"]), subject, item["reason"], item["text"], moment)
        return
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


LOADERS = {"proposal": submit, "comment": comment, "wave": wave, "report": report}
