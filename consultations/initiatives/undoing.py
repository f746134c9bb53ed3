"""What moderators decide of a draft that the gate keeps: let go on, sent back to its author, personal data taken out."""

from datetime import datetime
from typing import Any

from civic import audit
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import queries as moderation_queries
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.rules import Decision
from civic.moderation.subjects import Verdict
from consultations.initiatives import queries, service
from consultations.initiatives.service import KIND

TEXTS = ("title", "text", "reasons")
STEPS = ("submitted_at", "form_due_at", "returned_at", "returned_reason")


def waits(initiative_id: int) -> bool:
    """Whether the secretary general can publish it only once a moderator has read it: while its case is open."""
    one = queries.get_initiative(initiative_id)
    kept = one.submitted_at is not None and one.published_at is None
    return kept and moderation_queries.find_open_case(KIND, initiative_id) is not None


def carry_out(actor: Actor, initiative_id: int, verdict: Verdict, now: datetime) -> None:
    """Sent back, its author mends it; otherwise the check of its form goes on, and nothing about it changes."""
    one = queries.lock_initiative(initiative_id)
    if verdict.decision == Decision.REQUEST_CHANGES:
        service.give_back(actor, one, verdict.reason, now)


def snapshot(initiative_id: int) -> dict[str, Any]:
    """All that a decision may change, the draft locked."""
    return snapshots.read(queries.lock_initiative(initiative_id), (*STEPS, *TEXTS))


def put_back(actor: Actor, initiative_id: int, values: dict[str, Any], _reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before."""
    one = queries.lock_initiative(initiative_id)
    snapshots.write(one, values, (*STEPS, *TEXTS))
    service.changed(one, now)
    audit.record(actor, "initiative.decision_undone", KIND, one.id, now)


def redact(actor: Actor, initiative_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace its words by those without personal data."""
    one = queries.lock_initiative(initiative_id)
    snapshots.write(one, texts, TEXTS)
    service.changed(one, now)
    audit.record(actor, "initiative.redacted", KIND, one.id, now, {"texts": sorted(texts)})
    path, code = f"/initiatives/{one.id}", verdict.reason_code
    moderation.tell_about_redacted(one.author_id, verdict.reason, path, now, reason_code=code)
    db.session.flush()
