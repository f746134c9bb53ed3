"""What moderators' decisions change of a proposal: read, put back exactly, and personal data taken out."""

from datetime import datetime
from typing import Any

from civic import audit, timeline
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.subjects import Verdict
from civic.text import fold
from proposals import queries
from proposals.models import Proposal
from proposals.rules import State
from proposals.service import share_files

TEXTS = ("title", "problem", "idea", "place")


def snapshot(proposal_id: int) -> dict[str, Any]:
    """All that a decision may change, the proposal locked."""
    return snapshots.read(queries.lock_proposal(proposal_id), ("state", "published_at", *TEXTS))


def put_back(actor: Actor, proposal_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before. Comments and files follow the proposal, as they did."""
    one = queries.lock_proposal(proposal_id)
    snapshots.write(one, values, ("state", "published_at"))
    if "state" in values:
        one.state_since = now
    _write(one, {name: text for name, text in values.items() if name in TEXTS}, now)
    share_files(one)
    db.session.flush()
    timeline.add("proposal", one.id, "proposal.decision_undone", now, role="moderator", reason=reason)
    audit.record(actor, "proposal.decision_undone", "proposal", one.id, now, {"to": str(one.state)})


def redact(actor: Actor, proposal_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace texts by those without personal data. Its state is for others."""
    one = queries.lock_proposal(proposal_id)
    _write(one, texts, now)
    db.session.flush()
    timeline.add("proposal", one.id, "proposal.redacted", now, role="moderator", reason=verdict.reason)
    audit.record(actor, "proposal.redacted", "proposal", one.id, now, {"texts": sorted(texts)})
    path = f"/proposals/{one.id}"
    moderation.tell_about_redacted(one.author_id, verdict.reason, path, now, reason_code=verdict.reason_code)


def waits(proposal_id: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    return queries.get_proposal(proposal_id).state == State.SUBMITTED


def _write(one: Proposal, texts: dict[str, str], now: datetime) -> None:
    if not texts:
        return
    for name, text in texts.items():
        setattr(one, name, text)
    one.search_text = fold(" ".join((one.title, one.problem, one.idea, one.place)))
    one.version += 1
    one.updated_at = now
