"""Reading and writing Pabulib `.pb` files.

`read_pabulib` reads from a handle line by line and gives instance and profile, with everything it did not
understand kept as text, so that `write_pabulib` gives the same file back. What is wrong with a file comes as
one `PabulibError` that lists faults with line numbers.

Three degrees: what makes a file useless ends reading; a wrong line is a fault, which strict mode refuses and
lenient mode leaves out with a note; a note alone (a project named twice in a ballot, a missing description)
never stops a count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import IO

from voting.counting.amounts import NUMBER, parse_amount
from voting.counting.instance import Instance
from voting.counting.pabulib_lines import Fault, FaultList, PabulibError, excerpt
from voting.counting.pabulib_reader import WITHDRAWN_COST, Reader
from voting.counting.pabulib_rule import EXCLUSIVE, list_items, parameters_of
from voting.counting.pabulib_writer import write_sections
from voting.counting.profile import Profile
from voting.counting.rules import rank_points
from voting.counting.scores import scores, votes


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
        return self.column_of("selected")

    @property
    def exclusive_sets(self) -> dict[str, list[str]]:
        """The sets of which one project may win, by the names the file gives them."""
        found: dict[str, list[str]] = {}
        cells = self.column_of(EXCLUSIVE) if EXCLUSIVE in self.project_columns else {}
        for project_id, cell in cells.items():
            for name in list_items(cell):
                found.setdefault(name, []).append(project_id)
        return {name: ids for name, ids in found.items() if len(ids) > 1}

    def column_of(self, column: str) -> dict[str, str]:
        """The cells of a column of PROJECTS by project id. Raises ValueError when there is no such column."""
        at, key = self.project_columns.index(column), self.project_columns.index("project_id")
        return {row[key].strip(): row[at].strip() for row in self.project_rows}


def read_pabulib(
    handle: IO[bytes] | IO[str], *, lenient: bool = False, keep_rows: bool = False
) -> PabulibFile:
    """Read a `.pb` file from a binary or text handle.

    `keep_rows` keeps every voter's row, for writing the file again; without it memory grows with the ballots and
    the voter ids only. Raises PabulibError; in lenient mode only for files from which nothing can be counted.
    """
    reader = Reader(FaultList(lenient), keep_rows).read(handle)
    assert reader.votes is not None  # a file without a VOTES section is refused
    instance = Instance(
        tuple(reader.projects.values()),
        reader.budget,
        reader.meta.get("currency", "").strip(),
        tuple(frozenset(ids) for ids in reader.exclusive.values() if len(ids) > 1),
    )
    profile = reader.votes.profile()
    _compare_totals(reader, instance, profile)
    return PabulibFile(
        meta=reader.meta,
        project_columns=reader.columns["PROJECTS"],
        project_rows=tuple(reader.project_rows),
        vote_columns=reader.columns["VOTES"],
        vote_rows=None if reader.votes.rows is None else tuple(reader.votes.rows),
        instance=instance,
        profile=profile,
        blank_ballots=reader.votes.blank,
        notes=tuple(reader.faults.notes),
    )


def _compare_totals(reader: Reader, instance: Instance, profile: Profile) -> None:
    """Note where the file's own totals differ from its ballots."""
    columns = reader.columns["PROJECTS"]
    table = rank_points(parameters_of(reader.meta).get("rank_scores") or "")
    found: dict[str, Mapping[str, int | Fraction]] = {
        "votes": votes(instance, profile),
        "score": scores(instance, profile, table),
    }
    for column, totals in found.items():
        if column not in columns:
            continue
        key, at = columns.index("project_id"), columns.index(column)
        for row in reader.project_rows:
            project_id, text = row[key].strip(), row[at].strip()
            if NUMBER.fullmatch(text) and Fraction(text.replace(",", ".")) != totals[project_id]:
                reader.faults.note(
                    reader.line,
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


__all__ = [
    "WITHDRAWN_COST",
    "Fault",
    "PabulibError",
    "PabulibFile",
    "parse_amount",
    "read_pabulib",
    "write_pabulib",
    "write_sections",
]
