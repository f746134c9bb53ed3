"""The VOTES section of a `.pb` file: a city's ballots, into columns as they are read.

A piece of plain lines without anything remarkable is read at once; any other goes row by row, so that every
fault and note has its line.
"""

from array import array
from collections.abc import Collection, Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
import numpy.typing as npt

from voting.counting.amounts import parse_amount
from voting.counting.ballots import BallotType
from voting.counting.pabulib_lines import MAX_FAULTS, FaultList, excerpt
from voting.counting.profile import Points, Profile, gather
from voting.counting.voter_ids import VoterIds

_MAX_BALLOTS = 2_000_000


#: How many different ways to write points are remembered.
_MOST_POINTS_KNOWN = 10_000


class _PointColumn:
    """Points as they are read: integers over one scale in 8 bytes each, exact fractions where they do not fit."""

    def __init__(self) -> None:
        self.scale = 1
        self._whole = array("q")
        self._exact: list[int | Fraction] | None = None

    def extend(self, values: Collection[int | Fraction]) -> None:
        """Add further points."""
        if self._exact is None:
            try:
                self._extend_whole(values)
            except OverflowError:
                self._exact = [Fraction(value, self.scale) for value in self._whole]
                self._whole = array("q")
        if self._exact is not None:
            self._exact.extend(values)

    def _extend_whole(self, values: Collection[int | Fraction]) -> None:
        scale = lcm(self.scale, *{value.denominator for value in values})
        new = array("q", [value.numerator * (scale // value.denominator) for value in values])
        if scale != self.scale:
            whole = np.frombuffer(self._whole, dtype=np.int64)
            if int(whole.max(initial=0)) * (scale // self.scale) >= 2**63:
                raise OverflowError
            whole *= scale // self.scale
            del whole
            self.scale = scale
        self._whole.extend(new)

    def column(self) -> tuple[Sequence[int | Fraction] | Points, int | None]:
        """All of them, with their scale where they are integers."""
        if self._exact is not None:
            return self._exact, None
        return np.frombuffer(self._whole, dtype=np.int64), self.scale


class VoteReader:
    """Reads the rows of VOTES under one header."""

    def __init__(
        self,
        faults: FaultList,
        ballot_type: BallotType,
        columns: Sequence[str],
        projects: Sequence[str],
        *,
        max_length: int | None,
        num_votes: int | None,
        keep_rows: bool,
    ) -> None:
        self.faults = faults
        self.ballot_type = ballot_type
        self.ids = list(projects)
        self.max_length = max_length
        self.rows: list[tuple[str, ...]] | None = [] if keep_rows else None
        self.count = 0
        self.blank = 0
        self._most = min(_MAX_BALLOTS, _MAX_BALLOTS if num_votes is None else num_votes + MAX_FAULTS)
        self._width = len(columns)
        self._voter, self._vote = columns.index("voter_id"), columns.index("vote")
        self._given = columns.index("points") if ballot_type.has_points else None
        self._number = {project_id: place for place, project_id in enumerate(projects)}
        self._voters = VoterIds()
        self._seen = 0
        self._lengths = array("i")
        self._members = array("H" if len(self.ids) < 2**16 else "i")
        self._points = _PointColumn()
        self._point_of: dict[str, int | Fraction] = {}

    def profile(self) -> Profile:
        """All ballots read."""
        points, scale = self._points.column() if self.ballot_type.has_points else (None, None)
        # What is not needed any more makes room for what is made of the rest.
        self._voters = VoterIds()
        lengths: npt.NDArray[Any] = np.frombuffer(self._lengths, dtype=np.int32)
        self._lengths, self._points = array("i"), _PointColumn()
        return gather(
            self.ballot_type,
            self.ids,
            lengths,
            self._members,
            points,
            point_scale=scale,
            max_length=self.max_length,
        )

    def read_plain(self, lines: list[str]) -> bool:
        """Read all of `lines`, none of which holds a quotation mark; False, and nothing read, when one of them
        has to be looked at by itself."""
        rows = [line.split(";") for line in lines]
        if any(len(row) != self._width for row in rows):
            return False
        voters = [row[self._voter].strip() for row in rows]
        if len(self._voters) + len(voters) > self._most:
            return False
        votes = [row[self._vote] for row in rows]
        names = ",".join(votes).split(",")
        try:
            numbers = [self._number[name] for name in names]
            points = self._plain_points(rows, votes, len(names))
        except (KeyError, ValueError):
            return False
        lengths = np.array([vote.count(",") + 1 for vote in votes], dtype=np.int64)
        longest = 1 if self.ballot_type is BallotType.CHOOSE_ONE else self.max_length
        if longest is not None and lengths.max() > longest:
            return False
        keys = np.sort(np.repeat(np.arange(len(votes)), lengths) * len(self.ids) + numbers)
        if (keys[1:] == keys[:-1]).any() or not self._voters.add_new(voters):
            return False
        self._seen += len(rows)
        self._lengths.extend(lengths.tolist())
        self._members.extend(numbers)
        self._points.extend(points)
        self.count += len(rows)
        if self.rows is not None:
            self.rows += [tuple(row) for row in rows]
        return True

    def _plain_points(self, rows: list[list[str]], votes: list[str], names: int) -> list[int | Fraction]:
        """The points of every project named; raises ValueError when some are not plain."""
        if self._given is None:
            return []
        given = [row[self._given] for row in rows]
        texts = ",".join(given).split(",")
        if len(texts) != names or any(
            text.count(",") != vote.count(",") for text, vote in zip(given, votes, strict=True)
        ):
            raise ValueError
        if len(self._point_of) > _MOST_POINTS_KNOWN:
            self._point_of.clear()
        for text in set(texts):
            if text not in self._point_of:
                self._point_of[text] = _points(text)
        return [self._point_of[text] for text in texts]

    def read_row(self, line: int, cells: Sequence[str]) -> None:
        """Read one row of the right width."""
        self._seen += 1
        voter = cells[self._voter].strip()
        if not voter:
            self.faults.fault(line, "missing_voter_id", "a ballot without voter id")
            return
        if not self._voters.add_new([voter]):
            self.faults.fault(line, "duplicate_voter", f"voter {excerpt(voter)} comes twice")
            return
        ballot = self._ballot(line, cells[self._vote], "" if self._given is None else cells[self._given])
        if ballot is None:
            return
        self.count += 1
        if self.rows is not None:
            self.rows.append(tuple(cells))
        if not ballot:
            self.blank += 1
            return
        self._lengths.append(len(ballot))
        self._members.extend(ballot)
        if self.ballot_type.has_points:
            self._points.extend(ballot.values())

    def stop_when_endless(self, line: int) -> None:
        """Do not read on when there are far more ballots than there may be, whatever is wrong with them."""
        found = len(self._voters)
        if (found > self._most and not self.faults.lenient) or self._seen > _MAX_BALLOTS:
            raise self.faults.fatal(line, "num_votes_mismatch", f"more than {self._most} ballots: too many")

    def _ballot(self, line: int, vote: str, given: str) -> dict[int, int | Fraction] | None:
        """The projects of one row with their points, or None after recording what is wrong with it."""
        fault, note = self.faults.fault, self.faults.note
        names = [name.strip() for name in vote.split(",")]
        ids = [name for name in names if name]
        if ids and len(ids) < len(names):
            note(line, "empty_name", "a comma too many in a ballot: passed over")
        points: list[int | Fraction] = [1] * len(ids)
        if self.ballot_type.has_points:
            texts = [text for text in given.split(",") if text.strip()]
            if len(texts) != len(ids):
                fault(line, "points_length", f"{len(texts)} points for {len(ids)} projects")
                return None
            try:
                points = [_points(text) for text in texts]
            except ValueError as error:
                fault(line, "bad_points", f"points are {error}: {excerpt(given)}")
                return None
        unknown = [name for name in ids if name not in self._number]
        if unknown:
            fault(line, "unknown_project", f"unknown project {excerpt(', '.join(unknown))!r}")
            if not self.faults.lenient:
                return None
        chosen: dict[int, int | Fraction] = {}
        for name, value in zip(ids, points, strict=True):
            number = self._number.get(name)
            if number in chosen:
                note(line, "repeated_project", f"project {excerpt(name)} twice in a ballot: counted once")
            elif number is not None:
                chosen[number] = value
        if self.ballot_type is BallotType.CHOOSE_ONE and len(chosen) > 1:
            fault(line, "too_many_choices", f"a choose-1 ballot names {len(chosen)} projects")
            return None
        if not ids:
            note(line, "blank_ballot", "a ballot that names no project")
        if self.max_length is not None and len(chosen) > self.max_length:
            note(
                line,
                "ballot_too_long",
                f"a ballot names {len(chosen)} projects, {self.max_length} are allowed: counted as it stands",
            )
        return chosen


def _points(text: str) -> int | Fraction:
    value = Fraction(parse_amount(text))
    return value.numerator if value.denominator == 1 else value
