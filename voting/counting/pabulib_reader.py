"""Reading a `.pb` file section by section: META, PROJECTS, VOTES."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import IO

from voting.counting.amounts import parse_amount
from voting.counting.ballots import BallotType
from voting.counting.instance import Project
from voting.counting.pabulib_lines import FaultList, Piece, Records, excerpt, pieces
from voting.counting.pabulib_rule import (
    EXCLUSIVE,
    GROUP,
    PREFIX,
    TOLD,
    WITHDRAWN,
    is_foreign,
    list_items,
    read_parameter,
)
from voting.counting.pabulib_votes import VoteReader

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

_COUNT = re.compile(r"[0-9]{1,9}")
_MAX_PROJECTS = 100_000
#: The most characters of META and PROJECTS that are kept.
_MAX_KEPT = 32_000_000


class Reader:
    """One reading of one file."""

    def __init__(self, faults: FaultList, keep_rows: bool) -> None:
        self.faults = faults
        self.keep_rows = keep_rows
        self.meta: dict[str, str] = {}
        self.meta_lines: dict[str, int] = {}
        self.columns: dict[str, tuple[str, ...]] = {}
        self.project_rows: list[tuple[str, ...]] = []
        self.projects: dict[str, Project] = {}
        self.exclusive: dict[str, list[str]] = {}
        self.records = Records(faults)
        self.votes: VoteReader | None = None
        self.section = ""
        self.line = 1
        self.at: dict[str, int] = {}
        self.ballot_type = BallotType.APPROVAL
        self.max_length: int | None = None
        self.budget = Decimal(0)
        self.num_votes: int | None = None
        self.kept = 0
        self.needed = 0

    def read(self, handle: IO[bytes] | IO[str]) -> "Reader":
        """Read everything; raises PabulibError."""
        for piece in pieces(handle, self.faults):
            for at, line in enumerate(piece.lines):
                if self.votes is not None:
                    self._read_votes(piece, at)
                    break
                self._read_line(piece.first + at, line)
        for number, cells in self.records.finish():
            self._read_record(number, cells)
        self._finish()
        return self

    def _read_line(self, number: int, line: str) -> None:
        for first, cells in self.records.feed(number, line):
            self._read_record(first, cells)

    def _read_record(self, number: int, cells: list[str]) -> None:
        self.line = number
        name = cells[0].strip().upper()
        # A spreadsheet writes PROJECTS;;; where a section begins.
        if name in SECTIONS and (len(cells) == 1 or (name == self._next and not "".join(cells[1:]).strip())):
            self._start_section(name)
        elif not self.section:
            raise self.faults.fatal(number, "not_pabulib", "the file does not start with a META section")
        elif self.section not in self.columns:
            self._read_header(tuple(cell.strip() for cell in cells))
        elif self.section == "META":
            self._keep(cells)
            while len(cells) > 2 and not cells[-1].strip():
                del cells[-1]
            self._read_meta(cells)
        elif self.section == "PROJECTS":
            self._keep(cells)
            self._read_project(cells)
        elif self._fits(cells) and self.votes is not None:
            self.votes.read_row(number, cells)
            self.votes.stop_when_endless(number)

    def _keep(self, cells: Sequence[str]) -> None:
        """Count what is kept of META and PROJECTS: a cell costs memory even when it is empty."""
        self.kept += sum(map(len, cells)) + 100 * len(cells)
        if self.kept > _MAX_KEPT:
            shown = f"more than {_MAX_KEPT // 1_000_000} MB before the ballots"
            raise self.faults.fatal(self.line, "too_large", shown)

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

    @property
    def _next(self) -> str:
        """The section that comes next."""
        following = SECTIONS[SECTIONS.index(self.section) + 1 :] if self.section else SECTIONS
        return following[0] if following else ""

    def _read_header(self, columns: tuple[str, ...]) -> None:
        while len(columns) > 2 and not columns[-1]:
            columns = columns[:-1]
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
        # A row may end after the last column without which it says nothing. A name is not told from what follows it.
        asked = (*needed, "name") if self.section == "PROJECTS" else needed
        self.needed = max(
            (self.at[column] + 1 for column in asked if column in self.at), default=len(columns)
        )
        if self.section == "VOTES":
            self.votes = VoteReader(
                self.faults,
                self.ballot_type,
                columns,
                list(self.projects),
                max_length=self.max_length,
                num_votes=self.num_votes,
                keep_rows=self.keep_rows,
            )

    def _fits(self, cells: list[str]) -> bool:
        """Whether a row has as many cells as its header, or can be made to have: a spreadsheet leaves out empty cells
        at the end or adds some."""
        width = len(self.columns[self.section])
        if len(cells) == width:
            return True
        if self.needed <= len(cells) < width:
            self.faults.note(
                self.line, "short_row", f"{len(cells)} cells of {width}: the others are taken as empty"
            )
            cells += [""] * (width - len(cells))
            return True
        if self.section != "META" and len(cells) > width and not "".join(cells[width:]).strip():
            del cells[width:]
            return True
        self.faults.fault(
            self.line, "column_count", f"{len(cells)} cells where the {self.section} header has {width}"
        )
        return False

    def _read_meta(self, cells: list[str]) -> None:
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
        self._understand_parameters()
        default_score = self.meta.get("default_score", "").strip()
        if self.ballot_type is BallotType.SCORING and default_score.strip("0.,"):
            raise self.faults.fatal(
                self.meta_lines["default_score"],
                "unsupported",
                "a default score other than 0 is not supported",
            )

    def _understand_parameters(self) -> None:
        """Check the keys that say the rule's parameters; a rule that cannot be counted is no fault of a file."""
        rule = self.meta.get("rule", "")
        for key in [key for key in self.meta if key.startswith(PREFIX) and key not in TOLD]:
            line = self.meta_lines[key]
            try:
                known = read_parameter(key, self.meta[key])
            except ValueError as error:
                self.faults.fault(line, "bad_parameter", f"{key} is {excerpt(self.meta[key])!r}: {error}")
                del self.meta[key]
                continue
            if known is None:
                self.faults.note(
                    line, "unknown_parameter", f"{excerpt(key)} is not known and changes nothing"
                )
            elif is_foreign(key, rule):
                self.faults.fault(
                    line, "foreign_parameter", f"{key} does not belong to the rule {excerpt(rule)}"
                )
                del self.meta[key]

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

    def _read_project(self, cells: list[str]) -> None:
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
        name, group, exclusive, withdrawn = (
            cells[self.at[column]].strip() if column in self.at else ""
            for column in ("name", GROUP, EXCLUSIVE, WITHDRAWN)
        )
        self.projects[project_id] = Project(
            project_id, cost, name, group or None, withdrawn == "1" or cost == WITHDRAWN_COST
        )
        for one in list_items(exclusive):
            self.exclusive.setdefault(one, []).append(project_id)
        if withdrawn not in ("", "0", "1"):
            self.faults.fault(
                self.line, "bad_withdrawn", f"{WITHDRAWN} is neither 0 nor 1: {excerpt(withdrawn)}"
            )
        self.project_rows.append(tuple(cells))

    def _remember_faulty(self, project_id: str) -> None:
        """Know a project whose row is wrong, so that the ballots naming it are not reported as well."""
        if project_id and not self.faults.lenient:
            self.projects.setdefault(project_id, Project(project_id, Decimal(0)))

    def _read_votes(self, piece: Piece, at: int) -> None:
        """Read the lines of a piece from place `at` on, all at once if they are plain."""
        assert self.votes is not None
        lines = [line.rstrip("\r") for line in piece.lines[at:]]
        if not (piece.plain and self.records.complete and lines and self.votes.read_plain(lines)):
            for number, line in enumerate(piece.lines[at:], piece.first + at):
                self._read_line(number, line)

    def _finish(self) -> None:
        """Check that the file is whole."""
        faults = self.faults
        if self.section != "VOTES" or "VOTES" not in self.columns:
            missing = SECTIONS[SECTIONS.index(self.section) + 1] if self.section in SECTIONS[:2] else "META"
            if self.section == "VOTES":
                raise faults.fatal(self.line, "missing_header", "section VOTES has no header")
            raise faults.fatal(self.line, "missing_section", f"the file ends without a {missing} section")
        totals = (
            ("num_projects", self._meta_count("num_projects"), len(self.projects)),
            ("num_votes", self.num_votes, self.votes.count if self.votes else 0),
        )
        for key, declared, found in totals:
            if declared is not None and declared != found and not faults.faults:
                faults.fault(
                    self.meta_lines[key],
                    f"{key}_mismatch",
                    f"{key} is {declared} but the file has {found} (cut short?)",
                )
        faults.raise_if_any()
