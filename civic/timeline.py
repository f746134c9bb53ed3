"""The public history of a proposal, a round or a delivery: what happened, when, in what role, and why.

The audit record is for auditors and holds no text; the timeline is for everyone and holds the reason.
Kinds of event are registered by the feature that writes them, with the sentence readers see.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from sqlalchemy import DateTime, Index, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.actor import Actor
from civic.extensions import Base, db
from civic.format import deadline, moment

#: event kind -> the sentence shown, filled in by `register_events`.
_SENTENCES: dict[str, LazyString | str] = {}

#: How the acting role is called in public. A resident's own acts carry no role.
PUBLIC_ROLES = ("moderator", "evaluator", "staff", "system")


class TimelineEvent(Base):
    """One public step in a subject's life."""

    __tablename__ = "timeline_event"
    __table_args__ = (Index("ix_timeline_event_subject", "subject_kind", "subject_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    event: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language. `data` fills the sentence's named blanks."""
        sentence = _SENTENCES.get(self.event)
        if sentence is None:
            return self.event
        return str(sentence) % {**self.data, **self._short(), **self._moments()}

    @property
    def fingerprint(self) -> str | None:
        """The whole fingerprint where the event has one; its sentence says the beginning alone."""
        return self.data.get("fingerprint")

    def _short(self) -> dict[str, str]:
        whole = self.fingerprint
        return {"fingerprint": f"{whole[:12]}…"} if whole else {}

    def _moments(self) -> dict[str, str]:
        """`until` and `starts` are kept as ISO 8601 and said in the reader's language."""
        ways = {"until": deadline, "starts": moment}
        return {
            name: say(datetime.fromisoformat(self.data[name]))
            for name, say in ways.items()
            if self.data.get(name)
        }


def register_events(sentences: dict[str, LazyString | str]) -> None:
    """Declare the events a feature writes: {"proposal.submitted": _l("Submitted by its author")}."""
    _SENTENCES.update(sentences)


def known_events() -> frozenset[str]:
    """Every registered event kind; a test checks that none is written unregistered."""
    return frozenset(_SENTENCES)


def add(
    subject_kind: str,
    subject_id: int,
    event: str,
    now: datetime,
    *,
    role: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Append a public step. `role` is one of PUBLIC_ROLES or empty for the author; `reason` is plain text."""
    if event not in _SENTENCES:
        raise ValueError(f"unregistered timeline event {event!r}")
    db.session.add(
        TimelineEvent(
            subject_kind=subject_kind,
            subject_id=subject_id,
            event=event,
            at=now,
            role=role,
            reason=reason,
            data=data or {},
        )
    )


def list_events(subject_kind: str, subject_id: int) -> Sequence[TimelineEvent]:
    """A subject's whole history, oldest first."""
    return db.session.scalars(
        select(TimelineEvent)
        .where(TimelineEvent.subject_kind == subject_kind, TimelineEvent.subject_id == subject_id)
        .order_by(TimelineEvent.at, TimelineEvent.id)
    ).all()


def role_of(actor: Actor) -> str:
    """The public role in which the actor does official things."""
    if actor.id is None:
        return "system"
    return next((str(role) for role in ("moderator", "evaluator", "staff") if actor.has_role(role)), "")
