"""What can be moderated. Features register their kinds here, so that the queue need not know them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.actor import Actor
from civic.errors import NotFound
from civic.moderation.rules import Decision


@dataclass(frozen=True)
class Subject:
    """What a moderator needs to read: the text, who wrote it, where it is."""

    kind: str
    id: int
    title: str
    text: str
    url: str
    author_id: int | None
    author_name: str
    created_at: datetime
    #: where in the city, in words; empty when nowhere in particular
    place: str = ""
    neighbourhood_id: int | None = None
    #: where a moderator makes it public again; empty unless it is hidden
    restore_url: str = ""


@dataclass(frozen=True)
class Verdict:
    """A moderator's decision as it is handed to the feature: `reason` is what the author will read."""

    decision: Decision
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """A text of a subject in which personal data may be replaced."""

    name: str
    label: object
    text: str


@dataclass(frozen=True)
class Similar:
    """Another text that says much the same."""

    title: str
    url: str


@dataclass(frozen=True)
class Writer:
    """Somebody without an account who can be written to about a text of theirs."""

    address: str
    name: str
    language: str


@dataclass(frozen=True)
class SubjectKind:
    """One kind: its name, the decisions it supports, how it is loaded and how a verdict is carried out."""

    label: object
    supports: frozenset[Decision]
    #: subjects by id, in a constant number of queries; `for_public` leaves out what the public may not see
    load: Callable[[Iterable[int], bool], dict[int, Subject]]
    apply: Callable[[Actor, int, Verdict, datetime], None]
    #: all of a subject that decisions may change, as plain values, its row locked
    snapshot: Callable[[int], dict[str, Any]] | None = None
    #: sets some of these values again as they were before a decision, with the reason for everyone who may read it
    put_back: Callable[[Actor, int, dict[str, Any], str, datetime], None] | None = None
    #: the texts in which personal data may be replaced; needed by kinds that support `Decision.REDACT`
    parts: Callable[[int], list[Part]] | None = None
    #: replaces these texts by the given ones and tells the author
    redact: Callable[[Actor, int, dict[str, str], Verdict, datetime], None] | None = None
    #: whether it waits to be read before it is public: what is left of it is, once personal data are out
    waits: Callable[[int], bool] = lambda _subject_id: False
    #: who wrote it without an account and can be written to; None for everybody else
    writer: Callable[[int], Writer | None] = lambda _subject_id: None
    #: public texts that say much the same, the nearest first
    similar: Callable[[int], list[Similar]] | None = None


_KINDS: dict[str, SubjectKind] = {}


def register_kind(name: str, kind: SubjectKind) -> None:
    """Declare a kind of subject, at registration of its feature."""
    _KINDS[name] = kind


def kinds() -> dict[str, SubjectKind]:
    """Every registered kind by name."""
    return dict(_KINDS)


def get_kind(name: str) -> SubjectKind:
    """A kind by name, or NotFound."""
    if name not in _KINDS:
        raise NotFound
    return _KINDS[name]


def load_all(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Subject]:
    """Subjects of several kinds at once: as many queries as kinds need, whatever their number."""
    by_kind: dict[str, list[int]] = {}
    for kind, subject_id in wanted:
        by_kind.setdefault(kind, []).append(subject_id)
    return {
        (kind, subject_id): subject
        for kind, ids in by_kind.items()
        if kind in _KINDS
        for subject_id, subject in _KINDS[kind].load(ids, False).items()
    }


def get_public_subject(kind: str, subject_id: int) -> Subject:
    """A subject anyone may read, or NotFound."""
    subject = get_kind(kind).load([subject_id], True).get(subject_id)
    if subject is None:
        raise NotFound
    return subject
