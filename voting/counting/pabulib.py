"""Reading and writing Pabulib `.pb` files.

`read_pabulib` reads from a handle line by line and gives instance and profile, with everything it did not
understand kept as text, so that `write_pabulib` gives the same file back. What is wrong with a file comes as
one `PabulibError` that lists faults with line numbers.

Three degrees: what makes a file useless ends reading; a wrong line is a fault, which strict mode refuses and
lenient mode leaves out with a note; a note alone (a project named twice in a ballot, a missing description)
never stops a count.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import IO

from voting.counting.amounts import LARGEST_AMOUNT
from voting.counting.instance import Ballot, BallotType, Instance, Profile, Project
from voting.counting.pabulib_lines import MAX_FAULTS, Fault, FaultList, PabulibError, excerpt, records
from voting.counting.scores import scores, votes

SECTIONS = ("META", "PROJECTS", "VOTES")
#: Keys the format asks for beside those without which nothing can be counted.
DESCRIPTIVE_KEYS = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "rule",
    "date_begin",
    "date_end",
    "currency",
)
#: The cost that public files give to a withdrawn project.
WITHDRAWN_COST = Decimal(999_999_999)

_NUMBER = re.compile(r"[0-9]{1,30}([.,][0-9]{1,20})?")
_COUNT = re.compile(r"[0-9]{1,9}")
_MAX_PROJECTS = 100_000
_MAX_BALLOTS = 2_000_000


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """A `.pb` file: what can be counted, and all its text.

    `vote_rows` is None when the file was read without keeping rows. `notes` are not part of equality.
    """

    meta: Mapping[str, str]
    project_columns: tuple[str, ...]
    project_rows: tuple[tuple[str, ...], ...]
    vote_columns: tuple[str, ...]
    vote_rows: tuple[tuple[str, ...], ...] | None
    instance: Instance
    profile: Profile
    blank_ballots: int = 0
    notes: tuple[Fault, ...] = field(default=(), compare=False)

    @property
    def rule(self) -> str | None:
        """The rule the file names, if it does."""
        return self.meta.get("rule", "").strip() or None

    @property
    def min_score(self) -> Decimal | None:
        """The file's `min_project_score_threshold`, if it has one."""
        text = self.meta.get("min_project_score_threshold", "").strip()
        return parse_amount(text) if text else None

    @property
    def selected(self) -> dict[str, str] | None:
        """The `selected` column by project id, if the file has one."""
        if "selected" not in self.project_columns:
            return None
        at, key = self.project_columns.index("selected"), self.project_columns.index("project_id")
        return {row[key].strip(): row[at].strip() for row in self.project_rows}


def parse_amount(text: str) -> Decimal:
    """A number from 0, with a decimal point or comma. Raises ValueError with the reason.

    A comma before exactly three digits is refused: it could separate thousands.
    """
    text = text.strip()
    if re.fullmatch(r"-[0-9.,]+", text):
        raise ValueError("negative")
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a number")
    if re.search(r",[0-9]{3}$", text):
        raise ValueError("ambiguous: a decimal comma or a thousands separator")
    amount = Decimal(text.replace(",", "."))
    if amount >= LARGEST_AMOUNT:
        raise ValueError("too large")
    return amount


def read_pabulib(
    handle: IO[bytes] | IO[str], *, lenient: bool = False, keep_rows: bool = False
) -> PabulibFile:
    """Read a `.pb` file from a binary or text handle.

    `keep_rows` keeps every voter's row, for writing the file again; without it memory grows with the distinct
    ballots and the voter ids only. Raises PabulibError; in lenient mode only for files from which nothing can
    be counted.
    """
    return _Reader(FaultList(lenient), keep_rows).read(handle)


class _Reader:
    """One reading of one file."""

    def __init__(self, faults: FaultList, keep_rows: bool) -> None:
        self.faults = faults
        self.keep_rows = keep_rows
        self.meta: dict[str, str] = {}
        self.meta_lines: dict[str, int] = {}
        self.columns: dict[str, tuple[str, ...]] = {}
        self.project_rows: list[tuple[str, ...]] = []
        self.projects: dict[str, Project] = {}
        self.vote_rows: list[tuple[str, ...]] = []
        self.vote_count = 0
        self.voters: set[str] = set()
        self.ballots: dict[Ballot, int] = {}
        self.parsed: dict[tuple[str, str], Ballot | None] = {}
        self.blank = 0
        self.section = ""
        self.line = 1
        self.at: dict[str, int] = {}
        self.ballot_type = BallotType.APPROVAL
        self.max_length: int | None = None
        self.budget = Decimal(0)
        self.num_votes: int | None = None

    def read(self, handle: IO[bytes] | IO[str]) -> PabulibFile:
        for line, cells in records(handle, self.faults):
            self.line = line
            name = cells[0].strip().upper() if len(cells) == 1 else ""
            if name in SECTIONS:
                self._start_section(name)
            elif not self.section:
                raise self.faults.fatal(
                    self.line, "not_pabulib", "the file does not start with a META section"
                )
            elif self.section not in self.columns:
                self._read_header(tuple(cell.strip() for cell in cells))
            elif self.section == "META":
                self._read_meta(cells)
            elif self.section == "PROJECTS":
                self._read_project(cells)
            else:
                self._read_vote(cells)
        return self._finish()

    def _start_section(self, name: str) -> None:
        expected = SECTIONS[SECTIONS.index(self.section) + 1 :][:1] if self.section else ("META",)
        if (name,) != tuple(expected):
            wanted = expected[0] if expected else "no other section"
            code = "repeated_section" if name == self.section else "section_order"
            raise self.faults.fatal(self.line, code, f"section {name} where {wanted} is expected")
        if self.section and self.section not in self.columns:
            raise self.faults.fatal(self.line, "missing_header", f"section {self.section} has no header")
        if self.section == "META":
            self._understand_meta()
        self.section = name

    def _read_header(self, columns: tuple[str, ...]) -> None:
        needed = {"META": (), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}[self.section]
        if self.section == "VOTES" and self.ballot_type.has_points:
            needed = (*needed, "points")
        if self.section == "META" and columns != ("key", "value"):
            raise self.faults.fatal(self.line, "missing_header", "the header of META is key;value")
        missing = [column for column in needed if column not in columns]
        if missing:
            raise self.faults.fatal(
                self.line, "missing_column", f"section {self.section} has no column {', '.join(missing)}"
            )
        repeated = sorted({column for column in columns if columns.count(column) > 1})
        if repeated:
            raise self.faults.fatal(
                self.line, "repeated_column", f"columns named twice: {excerpt(', '.join(repeated))}"
            )
        self.columns[self.section] = columns
        self.at = {column: place for place, column in enumerate(columns)}

    def _fits(self, cells: Sequence[str]) -> bool:
        """Whether a row has as many cells as its header."""
        width = len(self.columns[self.section])
        if len(cells) == width:
            return True
        self.faults.fault(
            self.line, "column_count", f"{len(cells)} cells where the {self.section} header has {width}"
        )
        return False

    def _read_meta(self, cells: Sequence[str]) -> None:
        if not self._fits(cells):
            if not (self.faults.lenient and len(cells) > 2):
                return
            cells = [cells[0], ";".join(cells[1:])]
        key = cells[0].strip()
        if key in self.meta:
            self.faults.fault(self.line, "duplicate_key", f"META key {excerpt(key)} comes twice")
            return
        self.meta[key], self.meta_lines[key] = cells[1], self.line

    def _understand_meta(self) -> None:
        """Check the keys the count rests on; they come before the first project."""
        for key in ("budget", "vote_type"):
            if not self.meta.get(key, "").strip():
                raise self.faults.fatal(self.line, "missing_key", f"META has no {key}")
        for key in DESCRIPTIVE_KEYS:
            if not self.meta.get(key, "").strip():
                self.faults.note(self.line, "missing_key", f"META has no {key}")
        self.budget = self._meta_amount("budget") or Decimal(0)
        vote_type = self.meta["vote_type"].strip().lower()
        try:
            self.ballot_type = BallotType(vote_type)
        except ValueError as error:
            raise self.faults.fatal(
                self.meta_lines["vote_type"], "unknown_vote_type", f"unknown vote type {excerpt(vote_type)}"
            ) from error
        self.num_votes = self._meta_count("num_votes")
        self.max_length = self._meta_count("max_length") or None
        if self.meta.get("min_project_score_threshold", "").strip():
            self._meta_amount("min_project_score_threshold")
        default_score = self.meta.get("default_score", "").strip()
        if self.ballot_type is BallotType.SCORING and default_score.strip("0.,"):
            raise self.faults.fatal(
                self.meta_lines["default_score"],
                "unsupported",
                "a default score other than 0 is not supported",
            )

    def _meta_amount(self, key: str) -> Decimal | None:
        try:
            return parse_amount(self.meta[key])
        except ValueError as error:
            raise self.faults.fatal(
                self.meta_lines[key], "bad_amount", f"{key} is {error}: {excerpt(self.meta[key])}"
            ) from error

    def _meta_count(self, key: str) -> int | None:
        text = self.meta.get(key, "").strip()
        if not text:
            return None
        if not _COUNT.fullmatch(text):
            self.faults.fault(self.meta_lines[key], "bad_number", f"{key} is not a number: {excerpt(text)}")
            return None
        return int(text)

    def _read_project(self, cells: Sequence[str]) -> None:
        key = self.at["project_id"]
        project_id = cells[key].strip() if key < len(cells) else ""
        if not self._fits(cells):
            self._remember_faulty(project_id)
            return
        if not project_id or "," in project_id:
            self.faults.fault(self.line, "bad_project_id", f"not a project id: {excerpt(project_id)!r}")
            return
        if project_id in self.projects:
            self.faults.fault(self.line, "duplicate_project", f"project {excerpt(project_id)} comes twice")
            return
        if len(self.projects) >= _MAX_PROJECTS:
            raise self.faults.fatal(self.line, "too_many_projects", f"more than {_MAX_PROJECTS} projects")
        text = cells[self.at["cost"]]
        try:
            cost = parse_amount(text)
        except ValueError as error:
            shown = f"the cost of project {excerpt(project_id)} is {error}: {excerpt(text)}"
            self.faults.fault(self.line, "bad_amount", shown)
            self._remember_faulty(project_id)
            return
        if cost == 0:
            self.faults.note(self.line, "zero_cost", f"project {excerpt(project_id)} costs nothing")
        name = cells[self.at["name"]].strip() if "name" in self.at else ""
        self.projects[project_id] = Project(project_id, cost, name, withdrawn=cost == WITHDRAWN_COST)
        self.project_rows.append(tuple(cells))

    def _remember_faulty(self, project_id: str) -> None:
        """Know a project whose row is wrong, so that the ballots naming it are not reported as well."""
        if project_id and not self.faults.lenient:
            self.projects.setdefault(project_id, Project(project_id, Decimal(0)))

    def _read_vote(self, cells: Sequence[str]) -> None:
        if not self._fits(cells):
            return
        at = self.at
        voter = cells[at["voter_id"]].strip()
        if not voter:
            self.faults.fault(self.line, "missing_voter_id", "a ballot without voter id")
            return
        if voter in self.voters:
            self.faults.fault(self.line, "duplicate_voter", f"voter {excerpt(voter)} comes twice")
            return
        self.voters.add(voter)
        self._stop_when_endless()
        key = (cells[at["vote"]], cells[at["points"]] if self.ballot_type.has_points else "")
        ballot = self.parsed.get(key)
        if ballot is None:
            ballot = self._parse_ballot(*key)
            if ballot is None:
                return
            # A ballot with something to note is parsed again, so that every such line is noted.
            if not self._noteworthy(key[0], ballot):
                self.parsed[key] = ballot
        self.vote_count += 1
        if ballot.projects:
            self.ballots[ballot] = self.ballots.get(ballot, 0) + 1
        else:
            self.blank += 1
        if self.keep_rows:
            self.vote_rows.append(tuple(cells))

    def _stop_when_endless(self) -> None:
        """Do not read on when there are far more ballots than there may be."""
        most = min(_MAX_BALLOTS, _MAX_BALLOTS if self.num_votes is None else self.num_votes + MAX_FAULTS)
        if (len(self.voters) > most and not self.faults.lenient) or len(self.voters) > _MAX_BALLOTS:
            raise self.faults.fatal(self.line, "num_votes_mismatch", f"more than {most} ballots: too many")

    def _noteworthy(self, vote: str, ballot: Ballot) -> bool:
        too_long = self.max_length is not None and len(ballot.projects) > self.max_length
        return too_long or vote.count(",") + 1 != len(ballot.projects)

    def _parse_ballot(self, vote: str, given: str) -> Ballot | None:
        """The ballot of one row, or None after recording what is wrong with it."""
        fault = self.faults.fault
        ids = [name.strip() for name in vote.split(",")] if vote.strip() else []
        points: list[Fraction] = []
        if self.ballot_type.has_points:
            texts = given.split(",") if given.strip() else []
            if len(texts) != len(ids):
                fault(self.line, "points_length", f"{len(texts)} points for {len(ids)} projects")
                return None
            try:
                points = [Fraction(parse_amount(text)) for text in texts]
            except ValueError as error:
                fault(self.line, "bad_points", f"points are {error}: {excerpt(given)}")
                return None
        unknown = [name for name in ids if name not in self.projects]
        if unknown:
            fault(self.line, "unknown_project", f"unknown project {excerpt(', '.join(unknown))!r}")
            if not self.faults.lenient:
                return None
        chosen: dict[str, Fraction] = {}
        for place, name in enumerate(ids):
            if name in chosen:
                self.faults.note(
                    self.line, "repeated_project", f"project {excerpt(name)} twice in a ballot: counted once"
                )
            elif name in self.projects:
                chosen[name] = points[place] if points else Fraction(0)
        if self.ballot_type is BallotType.CHOOSE_ONE and len(chosen) > 1:
            fault(self.line, "too_many_choices", f"a choose-1 ballot names {len(chosen)} projects")
            return None
        if not ids:
            self.faults.note(self.line, "blank_ballot", "a ballot that names no project")
        if self.max_length is not None and len(chosen) > self.max_length:
            self.faults.note(
                self.line,
                "ballot_too_long",
                f"a ballot names {len(chosen)} projects, {self.max_length} are allowed: counted as it stands",
            )
        if self.ballot_type.has_points:
            return Ballot.with_points(chosen)
        if self.ballot_type is BallotType.ORDINAL:
            return Ballot.ranking(*chosen)
        return Ballot.of(*chosen)

    def _finish(self) -> PabulibFile:
        faults = self.faults
        if self.section != "VOTES" or "VOTES" not in self.columns:
            missing = SECTIONS[SECTIONS.index(self.section) + 1] if self.section in SECTIONS[:2] else "META"
            if self.section == "VOTES":
                raise faults.fatal(self.line, "missing_header", "section VOTES has no header")
            raise faults.fatal(self.line, "missing_section", f"the file ends without a {missing} section")
        totals = (
            ("num_projects", self._meta_count("num_projects"), len(self.projects)),
            ("num_votes", self.num_votes, self.vote_count),
        )
        for key, declared, found in totals:
            if declared is not None and declared != found and not faults.faults:
                faults.fault(
                    self.meta_lines[key],
                    f"{key}_mismatch",
                    f"{key} is {declared} but the file has {found} (cut short?)",
                )
        faults.raise_if_any()
        instance = Instance(tuple(self.projects.values()), self.budget, self.meta.get("currency", "").strip())
        profile = Profile.merge(self.ballot_type, self.ballots, self.max_length)
        self._compare_totals(instance, profile)
        return PabulibFile(
            meta=self.meta,
            project_columns=self.columns["PROJECTS"],
            project_rows=tuple(self.project_rows),
            vote_columns=self.columns["VOTES"],
            vote_rows=tuple(self.vote_rows) if self.keep_rows else None,
            instance=instance,
            profile=profile,
            blank_ballots=self.blank,
            notes=tuple(faults.notes),
        )

    def _compare_totals(self, instance: Instance, profile: Profile) -> None:
        """Note where the file's own totals differ from its ballots."""
        columns = self.columns["PROJECTS"]
        found: dict[str, Mapping[str, int | Fraction]] = {
            "votes": votes(instance, profile),
            "score": scores(instance, profile),
        }
        for column, totals in found.items():
            if column not in columns:
                continue
            key, at = columns.index("project_id"), columns.index(column)
            for row in self.project_rows:
                project_id, text = row[key].strip(), row[at].strip()
                if _NUMBER.fullmatch(text) and Fraction(text.replace(",", ".")) != totals[project_id]:
                    self.faults.note(
                        self.line,
                        "total_differs",
                        f"project {excerpt(project_id)}: the file says {column} {text}, "
                        f"its ballots give {totals[project_id]}",
                    )


def write_pabulib(file: PabulibFile, handle: IO[str]) -> None:
    """Write the file to a text handle (opened with `newline=""`), so that reading it again gives an equal one.

    Raises ValueError when it was read without keeping rows.
    """
    if file.vote_rows is None:
        raise ValueError("the voters' rows were not kept when the file was read")
    write_sections(
        handle, file.meta, file.project_columns, file.project_rows, file.vote_columns, file.vote_rows
    )


def write_sections(
    handle: IO[str],
    meta: Mapping[str, str],
    project_columns: Sequence[str],
    project_rows: Iterable[Sequence[str]],
    vote_columns: Sequence[str],
    vote_rows: Iterable[Sequence[str]],
) -> None:
    """Write a `.pb` file from its parts, row by row; the rows may be generators."""
    handle.write("META\nkey;value\n")
    for key, value in meta.items():
        handle.write(_row((key, value)))
    for name, columns, rows in (
        ("PROJECTS", project_columns, project_rows),
        ("VOTES", vote_columns, vote_rows),
    ):
        handle.write(f"{name}\n{_row(columns)}")
        for row in rows:
            handle.write(_row(row))


def _row(cells: Sequence[str]) -> str:
    return ";".join(_cell(cell) for cell in cells) + "\n"


def _cell(text: str) -> str:
    if "\0" in text:
        raise ValueError("a cell holds a NUL character")
    if any(mark in text for mark in ';"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


__all__ = [
    "Fault",
    "PabulibError",
    "PabulibFile",
    "parse_amount",
    "read_pabulib",
    "write_pabulib",
    "write_sections",
]
