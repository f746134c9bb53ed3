"""All ballots together, in columns: a city's million ballots as objects would not fit where a count runs."""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from voting.counting.ballots import Ballot, BallotType

Ints = npt.NDArray[np.integer[Any]]
#: Points are 64-bit integers where they fit and Python integers (dtype object) where they do not.
Points = npt.NDArray[Any]
#: Sums of points over all voters that are surely below this are counted in 64 bits.
LARGEST_SUM = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """All ballots, identical ones merged, in columns.

    `ids` are the projects any ballot names, sorted; ballot b names `ids[members[starts[b]:starts[b + 1]]]` and
    was cast by `weights[b]` voters. `points`, for ballots that give them, are `point_scale`-ths and lie beside
    `members`. Ballots are in a fixed order, so that two profiles with the same ballots are equal whatever the
    order they came in. Blank ballots are not part of it: they support nothing and take no share of the budget.
    `max_length` is the most projects a ballot may name and sets the scale of ordinal scores.
    """

    ballot_type: BallotType
    ids: tuple[str, ...]
    starts: Ints
    members: Ints
    weights: Ints
    points: Points | None = None
    point_scale: int = 1
    max_length: int | None = None

    @classmethod
    def merge(
        cls,
        ballot_type: BallotType,
        ballots: Iterable[Ballot] | Mapping[Ballot, int],
        max_length: int | None = None,
    ) -> "Profile":
        """A profile of `ballots` (one a voter, or a mapping to weights); blank ones are left out.

        Raises ValueError for a ballot of another type.
        """
        found = ballots if isinstance(ballots, Mapping) else Counter(ballots)
        named = [(ballot, weight) for ballot, weight in found.items() if ballot.projects and weight]
        for ballot, weight in named:
            _check(ballot_type, ballot, weight)
        ids = sorted({project_id for ballot, _ in named for project_id in ballot.projects})
        number = {project_id: place for place, project_id in enumerate(ids)}
        return gather(
            ballot_type,
            ids,
            [len(ballot.projects) for ballot, _ in named],
            [number[project_id] for ballot, _ in named for project_id in ballot.projects],
            [points for ballot, _ in named for points in ballot.points] if ballot_type.has_points else None,
            weights=[weight for _, weight in named],
            max_length=max_length,
        )

    @property
    def voters(self) -> int:
        """How many ballots name a project: n in the method of equal shares."""
        return int(self.weights.sum())

    @property
    def distinct(self) -> int:
        """How many different ballots there are."""
        return len(self.weights)

    @property
    def lengths(self) -> Ints:
        """How many projects each distinct ballot names."""
        return np.diff(self.starts)

    def stretches(self, entries: int = 2**20) -> Iterator[tuple[slice, slice]]:
        """The ballots in stretches that name some `entries` projects together, at least one ballot each: (the places
        of the ballots, those of what they name). A city's figures need not stand in full beside its ballots."""
        first = 0
        while first < self.distinct:
            begin = int(self.starts[first])
            last = max(int(np.searchsorted(self.starts, begin + entries, side="right")) - 1, first + 1)
            yield slice(first, last), slice(begin, int(self.starts[last]))
            first = last

    @property
    def ballots(self) -> tuple[tuple[Ballot, int], ...]:
        """The distinct ballots with their numbers of voters, as objects: for few ballots and for tests."""
        rows = []
        bounds = self.starts.tolist()
        for place, weight in enumerate(self.weights.tolist()):
            own = slice(bounds[place], bounds[place + 1])
            points: tuple[Fraction, ...] = ()
            if self.points is not None:
                points = tuple(Fraction(int(value), self.point_scale) for value in self.points[own])
            rows.append((Ballot(tuple(self.ids[at] for at in self.members[own]), points), weight))
        return tuple(rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Profile):
            return NotImplemented
        return (self.ballot_type, self.ids, self.point_scale, self.max_length) == (
            other.ballot_type, other.ids, other.point_scale, other.max_length,
        ) and all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.starts, other.starts), (self.members, other.members), (self.weights, other.weights),
                ([] if self.points is None else self.points, [] if other.points is None else other.points),
            )
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]


def _check(ballot_type: BallotType, ballot: Ballot, weight: int) -> None:
    if weight < 1:
        raise ValueError("a ballot is cast by 1 voter or more")
    if bool(ballot.points) != ballot_type.has_points:
        raise ValueError(f"ballots of type {ballot_type} do not look like {ballot}")
    if ballot_type is BallotType.CHOOSE_ONE and len(ballot.projects) > 1:
        raise ValueError(f"a choose-1 ballot names {len(ballot.projects)} projects")


#: With fewer projects their places fit into 16 bits, and one more.
_NARROW = 2**16 - 1
#: Places one after the other.
Members: TypeAlias = "Sequence[int] | Ints | array[int]"
#: How many entries are worked on at a time where a city's would not fit.
_AT_ONCE = 2**20


def gather(
    ballot_type: BallotType,
    ids: Sequence[str],
    lengths: Sequence[int] | Ints,
    members: Members,
    points: Sequence[int | Fraction] | Points | None = None,
    *,
    point_scale: int | None = None,
    weights: Sequence[int] | None = None,
    max_length: int | None = None,
) -> Profile:
    """A profile from ballots written one after the other: `lengths[b]` of `members` (places in `ids`) are b's.

    Every ballot names at least one project and none twice; the caller has checked that. Merges identical
    ballots and sorts: by length, then projects, then points. With `point_scale`, `points` are integers over the
    smallest scale that fits them all. An array of the array module given as `members` is empty afterwards; one
    given as `points` is written over.
    """
    size = np.asarray(lengths, dtype=np.int32)
    place, own_ids = _places(members, ids)
    voters = None if weights is None else np.asarray(weights, dtype=np.int64)
    scale, values = 1, None
    if points is not None:
        cast = len(size) if voters is None else int(voters.sum())
        scale, values = _scaled(points, cast, point_scale)
    parts: list[tuple[Ints, Points | None, Ints]] = []
    for length, rows in _by_length(size, members, place):
        given, own = values, voters
        if len(rows) < len(size):
            mine = size == length
            given = None if values is None else values[np.repeat(mine, size)]
            own = None if voters is None else voters[mine]
        given = None if given is None else given.reshape(-1, length)
        parts.append(_merge_rows(rows, given, own, ballot_type))
        del rows, given
    if not parts:
        return Profile(
            ballot_type,
            own_ids,
            np.zeros(1, np.int64),
            np.zeros(0, place.dtype),
            np.zeros(0, np.int64),
            values,
            scale,
            max_length,
        )
    del values
    own_lengths = [np.full(len(rows), rows.shape[1], dtype=np.int32) for rows, _, _ in parts]
    all_rows = [rows for rows, _, _ in parts]
    all_points = [given.ravel() for _, given, _ in parts if given is not None]
    all_weights = [weights for _, _, weights in parts]
    parts.clear()
    return Profile(
        ballot_type,
        own_ids,
        starts=np.concatenate([[0], np.cumsum(np.concatenate(own_lengths), dtype=np.int64)]),
        members=_joined(all_rows),
        weights=np.concatenate(all_weights),
        points=None if points is None else np.concatenate(all_points),
        point_scale=scale,
        max_length=max_length,
    )


def _joined(parts: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    """All rows one after the other. Each part is given up, from its end, as fast as it is copied."""
    if len(parts) == 1:
        return parts[0].ravel()
    whole = np.empty(sum(part.size for part in parts), dtype=parts[0].dtype)
    end = whole.size
    while parts:
        part = parts.pop()
        left = part.size
        # Rows stand at the beginning of what holds them.
        holder: npt.NDArray[Any] = part if part.base is None else part.base
        holder.resize(holder.size, refcheck=False)
        del part
        while left:
            count = min(left, _AT_ONCE)
            left -= count
            end -= count
            whole[end : end + count] = holder[left : left + count]
            holder.resize(left, refcheck=False)
    return whole


def _places(members: Members, ids: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """For each of `ids` its place among those that any ballot names, sorted, in as few bytes as hold them; and these."""
    named = np.zeros(len(ids), dtype=bool)
    for at in range(0, len(members), _AT_ONCE):
        named[np.asarray(members[at : at + _AT_ONCE])] = True
    order = sorted(np.flatnonzero(named).tolist(), key=ids.__getitem__)
    place: Ints = np.zeros(len(ids), dtype=np.uint16 if len(ids) < _NARROW else np.int32)
    place[order] = np.arange(len(order))
    return place, tuple(ids[at] for at in order)


def _by_length(size: Ints, members: Members, place: Ints) -> Iterator[tuple[int, Ints]]:
    """The ballots of each length, a row each, the shortest first; what they name is renumbered by `place`.

    Read from the end, and an array of the array module is cut as it is read: a city's ballots stand in memory once.
    """
    count = np.bincount(size)
    lengths = np.flatnonzero(count).tolist()
    rows = {length: np.empty(int(count[length]) * length, dtype=place.dtype) for length in lengths}
    free = {length: len(own) for length, own in rows.items()}
    ends = np.cumsum(size, dtype=np.int64)
    last = len(size)
    while last:
        end = int(ends[last - 1])
        first = min(int(np.searchsorted(ends, end - _AT_ONCE, side="right")), last - 1)
        begin = int(ends[first - 1]) if first else 0
        piece = place[np.asarray(members[begin:end])]
        if isinstance(members, array):
            del members[begin:]
        own = size[first:last]
        order = np.argsort(own, kind="stable")
        ordered = own[order]
        shift = (ends[first:last] - own - begin)[order] - (np.cumsum(ordered) - ordered)
        piece = piece[np.arange(len(piece)) + np.repeat(shift, ordered)]
        at = 0
        for length, many in zip(*np.unique(ordered, return_counts=True), strict=True):
            entries = int(length) * int(many)
            free[int(length)] -= entries
            rows[int(length)][free[int(length)] : free[int(length)] + entries] = piece[at : at + entries]
            at += entries
        last = first
    for length in lengths:
        yield length, rows.pop(length).reshape(-1, length)


def _scaled(
    points: Sequence[int | Fraction] | Points, voters: int, point_scale: int | None
) -> tuple[int, Points]:
    """Points as integers over one scale: of 64 bits where all voters' sums surely fit."""
    if isinstance(points, np.ndarray) and point_scale is not None:
        fits = int(points.max(initial=0)) * max(1, voters) < LARGEST_SUM
        return point_scale, points if fits else points.astype(object)
    different = set(points)
    scale = lcm(*{value.denominator for value in different})
    fits = max(different, default=0) * scale * max(1, voters) < LARGEST_SUM
    whole = points if scale == 1 else [value.numerator * (scale // value.denominator) for value in points]
    return scale, np.array([int(value) for value in whole], dtype=np.int64 if fits else object)


def _merge_rows(
    members: Ints, points: Points | None, voters: Ints | None, ballot_type: BallotType
) -> tuple[Ints, Points | None, Ints]:
    """Ballots of one length, a row each: sorted, identical ones merged, with their numbers of voters (1 each)."""
    if ballot_type is not BallotType.ORDINAL and points is None:
        members.sort(axis=1)
    elif ballot_type is not BallotType.ORDINAL and members.shape[1] > 1:
        for at in range(0, len(members), _AT_ONCE // 8):
            rows = slice(at, at + _AT_ONCE // 8)
            inside = np.argsort(members[rows], axis=1, kind="stable")
            members[rows] = np.take_along_axis(members[rows], inside, axis=1)
            if points is not None:
                points[rows] = np.take_along_axis(points[rows], inside, axis=1)
    columns = list(members.T)
    if points is not None:
        ranks = (
            points
            if points.dtype != object
            else np.unique(points, return_inverse=True)[1].reshape(points.shape)
        )
        columns += list(ranks.T)
    order = np.lexsort(columns[::-1])
    first = np.zeros(len(order), dtype=bool)
    first[:1] = True
    for column in columns:
        ordered = column[order]
        first[1:] |= ordered[1:] != ordered[:-1]
    heads = np.flatnonzero(first)
    kept = order if len(heads) == len(order) else order[heads]
    if voters is None:
        weights = np.diff(heads, append=len(order))
    else:
        weights = np.add.reduceat(voters[order], heads)
    return _picked(members, kept), None if points is None else _picked(points, kept), weights


def _picked(rows: npt.NDArray[Any], kept: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    """The rows at the given places, in that order: in the same room when they are most of them."""
    if 2 * len(kept) < len(rows):
        return rows[kept]
    for column in rows.T:
        column[: len(kept)] = column[kept]
    return rows[: len(kept)]
