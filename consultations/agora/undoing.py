"""What moderators' decisions change of a debate: read, put back exactly, and personal data taken out."""

from datetime import datetime
from typing import Any

from civic import audit, timeline
from civic.actor import Actor
from civic.extensions import db
from civic.moderation import service as moderation
from civic.moderation import snapshots
from civic.moderation.subjects import Verdict
from civic.text import fold
from consultations.agora import queries
from consultations.agora.models import AgoraDebate
from consultations.agora.rules import KIND

TEXTS = ("question", "why")
STEPS = (
    "submitted_at", "opened_at", "seconds_until", "seconds_needed", "closes_at", "hidden_at", "hidden_reason",
)  # fmt: skip


def snapshot(debate_id: int) -> dict[str, Any]:
    """All that a decision may change, the debate locked."""
    return snapshots.read(queries.lock_debate(debate_id), (*STEPS, *TEXTS))


def put_back(actor: Actor, debate_id: int, values: dict[str, Any], reason: str, now: datetime) -> None:
    """Set what a decision changed as it was before. What is written in the debate follows it, as it did."""
    one = queries.lock_debate(debate_id)
    snapshots.write(one, values, STEPS)
    _write(one, values)
    timeline.add(KIND, one.id, "agora.decision_undone", now, role="moderator", reason=reason)
    audit.record(actor, "agora.decision_undone", KIND, one.id, now)


def redact(actor: Actor, debate_id: int, texts: dict[str, str], verdict: Verdict, now: datetime) -> None:
    """Replace its words by those without personal data. Its step is for others."""
    one = queries.lock_debate(debate_id)
    _write(one, texts)
    timeline.add(KIND, one.id, "agora.redacted", now, role="moderator", reason=verdict.reason)
    audit.record(actor, "agora.redacted", KIND, one.id, now, {"texts": sorted(texts)})
    path, code = f"/agora/{one.id}", verdict.reason_code
    moderation.tell_about_redacted(one.account_id, verdict.reason, path, now, reason_code=code)


def waits(debate_id: int) -> bool:
    """Whether it is public only once a moderator has read it."""
    one = queries.get_debate(debate_id)
    return one.submitted_at is not None and one.opened_at is None and one.hidden_at is None


def _write(one: AgoraDebate, texts: dict[str, Any]) -> None:
    snapshots.write(one, texts, TEXTS)
    one.search_text = fold(f"{one.question} {one.why}")
    db.session.flush()
