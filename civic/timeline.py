"""The public history of a proposal, a round or a delivery: what happened, when, in what role, and why.

The audit record is for auditors and holds no text; the timeline is for everyone and holds the reason.
Kinds of event are registered by the feature that writes them, with the sentence readers see.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Any

from flask_babel import LazyString
from sqlalchemy import DateTime, Index, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.actor import Actor
from civic.extensions import Base, db
from civic.format import day, deadline, moment

#: event kind -> the sentence shown, filled in by `register_events`.
_SENTENCES: dict[str, LazyString | str] = {}

#: How the acting role is called in public. A resident's own acts carry no role.
PUBLIC_ROLES = ("moderator", "evaluator", "staff", "system")


@dataclass(frozen=True)
class Value:
    """What a sentence names besides plain words: its kind, and how it is kept. Made by the functions below."""

    kind: str
    kept: str


def until(at: datetime) -> Value:
    """The moment something ends, said as a deadline is."""
    return Value("until", at.isoformat())


def moment_of(at: datetime) -> Value:
    """The moment something happens."""
    return Value("moment", at.isoformat())


def day_of(on: date) -> Value:
    """A day in the city."""
    return Value("day", on.isoformat())


def fingerprint_of(whole: str) -> Value:
    """A fingerprint: its sentence says the beginning alone, the whole stands beside it."""
    return Value("fingerprint", whole)


#: How each kind is said in the reader's language.
_WAYS: dict[str, Callable[[str], str]] = {
    "until": lambda kept: deadline(datetime.fromisoformat(kept)),
    "moment": lambda kept: moment(datetime.fromisoformat(kept)),
    "day": lambda kept: day(date.fromisoformat(kept)),
    "fingerprint": lambda kept: f"{kept[:12]}…",
}

#: Entries from before values carried their kind: plain text under these names was of these kinds.
_ONCE_BY_NAME = {"until": "until", "starts": "moment", "fingerprint": "fingerprint"}


def _kept(data: Mapping[str, Value | str | int]) -> dict[str, Any]:
    """Values as they are stored. Raises ValueError for plain words under a name that once stood for a kind."""
    for name, value in data.items():
        if name in _ONCE_BY_NAME and not isinstance(value, Value):
            raise ValueError(f"say what kind of value {name!r} is")
    return {
        name: {"kind": value.kind, "value": value.kept} if isinstance(value, Value) else value
        for name, value in data.items()
    }


def _read(name: str, stored: Any) -> Value | str | int:
    """A stored value with its kind, whenever it was stored; plain words are themselves."""
    if isinstance(stored, dict):
        return Value(stored["kind"], stored["value"])
    if stored and name in _ONCE_BY_NAME:
        return Value(_ONCE_BY_NAME[name], stored)
    return stored


#: What the whole city's stream is narrowed by, in every combination: each of them is one range of one index.
_FACETS = ("area_id", "dimension", "department_id")


def _stream_index(*facets: str) -> Index:
    """The newest of a kind with these facets; those without them are not in it."""
    name = "_".join(("ix_timeline_event_stream", *(one.removesuffix("_id") for one in facets)))
    has = " AND ".join(f"{one} IS NOT NULL" for one in facets)
    return Index(name, "subject_kind", *facets, "at", "id", postgresql_where=text(has) if has else None)


def _list_index(facet: str, *others: str) -> Index:
    """What has a facet by its number, as open data are paged; the others are looked at without fetching a row."""
    name = f"ix_timeline_event_list_{facet.removesuffix('_id')}"
    return Index(name, facet, "id", "subject_kind", *others, postgresql_where=text(f"{facet} IS NOT NULL"))


class TimelineEvent(Base):
    """One public step in a subject's life.

    The neighbourhood, the dimension of local governance and the department are copies of its subject's, kept by
    `civic.activity`; `placed` says that they were looked up.
    """

    __tablename__ = "timeline_event"
    __table_args__ = (
        Index("ix_timeline_event_subject", "subject_kind", "subject_id", "at", "id"),
        # A kind by its number, as open data are paged; what it is narrowed by is looked at without fetching a row.
        Index("ix_timeline_event_kind", "subject_kind", "id", *_FACETS),
        Index("ix_timeline_event_unplaced", "id", postgresql_where=text("NOT placed")),
        *(_stream_index(*some) for count in range(4) for some in combinations(_FACETS, count)),
        *(_list_index(facet, *_FACETS[place + 1 :]) for place, facet in enumerate(_FACETS)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    event: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    role: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    area_id: Mapped[int | None]
    dimension: Mapped[str | None]
    department_id: Mapped[int | None]
    placed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    @property
    def sentence(self) -> str:
        """What happened, in the reader's language. `data` fills the sentence's named blanks."""
        sentence = _SENTENCES.get(self.event)
        if sentence is None:
            return self.event
        said = {
            name: _WAYS[value.kind](value.kept) if isinstance(value, Value) else value
            for name, value in self._values()
        }
        return str(sentence) % said

    @property
    def fingerprint(self) -> str | None:
        """The whole fingerprint where the event has one; its sentence says the beginning alone."""
        whole = (value for _name, value in self._values() if isinstance(value, Value))
        return next((value.kept for value in whole if value.kind == "fingerprint"), None)

    def _values(self) -> list[tuple[str, Value | str | int]]:
        return [(name, _read(name, stored)) for name, stored in self.data.items()]


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
    data: Mapping[str, Value | str | int] | None = None,
) -> None:
    """Append a public step. `role` is one of PUBLIC_ROLES or empty for the author; `reason` is plain text.

    `data` fills the sentence's named blanks: words as they are, anything else by its kind (`until`, `day_of`…).
    """
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
            data=_kept(data or {}),
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
