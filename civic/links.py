"""Subjects that other features point at without importing each other: what they are called, where they are.

A feature registers how to resolve its kind ("proposal", "project", "delivery", "round"); the chain
idea → proposal → project → delivery is stored here as plain links, one click each way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from civic import numbers
from civic.extensions import Base, db


@dataclass(frozen=True)
class Link:
    """A subject as a reader meets it elsewhere. `label` names the kind in the reader's language."""

    kind: str
    id: int
    title: str
    url: str
    label: object
    #: further steps that have no subject of their own, as (words, url): the votes a project got
    also: tuple[tuple[object, str], ...] = ()


#: Resolves ids of one kind to Links in one query; leaves out what may not be shown publicly.
Resolver = Callable[[Iterable[int]], dict[int, Link]]

_RESOLVERS: dict[str, Resolver] = {}
#: Of some kinds, what moderators hid: links to the page that says why.
_HIDDEN: dict[str, Resolver] = {}


class SubjectLink(Base):
    """`from` led to `to`: a proposal became a project, a project a delivery."""

    __tablename__ = "subject_link"
    __table_args__ = (UniqueConstraint("from_kind", "from_id", "to_kind", "to_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_kind: Mapped[str]
    from_id: Mapped[int] = mapped_column(index=True)
    to_kind: Mapped[str]
    to_id: Mapped[int] = mapped_column(index=True)


def register_subject(kind: str, resolver: Resolver, hidden: Resolver | None = None) -> None:
    """Tell how subjects of a kind are titled and where their page is; `hidden` those whose page says why they are."""
    _RESOLVERS[kind] = resolver
    if hidden is not None:
        _HIDDEN[kind] = hidden


def is_known(kind: str) -> bool:
    """Whether a feature registered this kind of subject."""
    return kind in _RESOLVERS


def known_kinds() -> frozenset[str]:
    """Every registered kind of subject."""
    return frozenset(_RESOLVERS)


def resolve(kind: str, ids: Iterable[int]) -> dict[int, Link]:
    """Links for the given ids of one kind; missing or hidden ones are left out."""
    wanted = set(ids)
    return _RESOLVERS[kind](wanted) if wanted else {}


def resolve_listed(kind: str, ids: Iterable[int]) -> dict[int, Link]:
    """Links where something was listed already: what moderators hid since leads to the page that says why."""
    found = resolve(kind, ids)
    missing = set(ids) - set(found)
    return {**found, **_HIDDEN[kind](missing)} if missing and kind in _HIDDEN else found


def find_listed(kind: str, subject_id: int) -> Link | None:
    """`find_link` for a subject that was linked already: one hidden since leads to the page that says why."""
    return resolve_listed(kind, [subject_id]).get(subject_id) if kind in _RESOLVERS else None


def find_link(kind: str, subject_id: int) -> Link | None:
    """The Link of one subject, or None when its kind is unknown or it may not be shown."""
    return resolve(kind, [subject_id]).get(subject_id) if kind in _RESOLVERS else None


def find_by_address(path: str) -> Link | None:
    """The subject whose page stands at a path of this site and ends in its number, such as `/deliveries/12`."""
    last = path.rstrip("/").rpartition("/")[2]
    number = numbers.whole_number(last)
    if number is None:
        return None
    found = (find_link(kind, number) for kind in _RESOLVERS)
    return next((link for link in found if link is not None and link.url == path.rstrip("/")), None)


def connect(from_kind: str, from_id: int, to_kind: str, to_id: int) -> None:
    """Remember that one subject led to another. Saying it twice is the same as once."""
    exists = db.session.scalar(
        select(SubjectLink.id).filter_by(from_kind=from_kind, from_id=from_id, to_kind=to_kind, to_id=to_id)
    )
    if exists is None:
        db.session.add(SubjectLink(from_kind=from_kind, from_id=from_id, to_kind=to_kind, to_id=to_id))
        db.session.flush()


def chain(kind: str, subject_id: int) -> list[Link]:
    """Everything the subject came from or led to, itself included, from the first idea to the last delivery.

    Costs one query a generation and one a kind, whatever the number of subjects.
    """
    found: dict[tuple[str, int], int] = {(kind, subject_id): 0}
    frontier = {(kind, subject_id)}
    for _generation in range(6):
        rows = db.session.scalars(
            select(SubjectLink).where(
                or_(
                    SubjectLink.from_id.in_([i for _, i in frontier]),
                    SubjectLink.to_id.in_([i for _, i in frontier]),
                )
            )
        ).all()
        next_frontier: set[tuple[str, int]] = set()
        for row in rows:
            start, end = (row.from_kind, row.from_id), (row.to_kind, row.to_id)
            if start in frontier and end not in found:
                found[end] = found[start] + 1
                next_frontier.add(end)
            elif end in frontier and start not in found:
                found[start] = found[end] - 1
                next_frontier.add(start)
        if not next_frontier:
            break
        frontier = next_frontier
    if len(found) == 1:
        return []
    by_kind: dict[str, dict[int, Link]] = {}
    for one_kind in {found_kind for found_kind, _ in found}:
        if one_kind in _RESOLVERS:
            by_kind[one_kind] = resolve_listed(one_kind, [i for k, i in found if k == one_kind])
    ordered = sorted(found, key=lambda subject: (found[subject], subject))
    return [by_kind[k][i] for k, i in ordered if i in by_kind.get(k, {})]
