"""A `.pb` reader from the description of the format: the whole text at once, one line after the other.

Strict: the first fault found by line, or the contents. Lenient: the contents without the faulty lines. It knows
nothing of pieces, columns or fast paths.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

LONGEST = 256 * 1024
TYPES = {"approval", "choose-1", "ordinal", "cumulative", "scoring"}
AMOUNT = re.compile(r"[0-9]{1,30}([.,][0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")


class Unusable(Exception):
    """Nothing can be counted from the text."""


@dataclass
class Contents:
    meta: dict
    projects: dict
    project_rows: list
    vote_rows: list
    ballots: list
    faulty: list


def amount(text):
    text = text.strip()
    if not AMOUNT.fullmatch(text) or re.search(r",[0-9]{3}$", text):
        return None
    value = Decimal(text.replace(",", "."))
    return value if value < 10**12 else None


def cells_of(text):
    """The cells of a record, or None while a quoted cell is open."""
    if '"' not in text:
        return text.split(";")
    cells, cell, at, quoted, start = [], "", 0, False, True
    while at < len(text):
        mark = text[at]
        if quoted:
            if mark == '"' and text[at + 1 : at + 2] == '"':
                cell, at = cell + '"', at + 1
            elif mark == '"':
                quoted = False
            else:
                cell += mark
        elif mark == '"' and start:
            quoted = True
        elif mark == ";":
            cells.append(cell)
            cell, start = "", True
            at += 1
            continue
        else:
            cell += mark
        start = False
        at += 1
    return None if quoted else [*cells, cell]


class SlowReader:
    """Reads one file."""

    def __init__(self, lenient):
        self.lenient = lenient
        self.faulty = []
        self.fatal = False

    def lines(self, data):
        if (
            data[:4] == b"PK\x03\x04"
            or data[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b")
            or b"\0" in data[:8]
        ):
            raise Unusable
        if data[:4] in (b"%PDF", b"\x89PNG", b"\x7fELF"):
            raise Unusable
        if b"\n" not in data[: 64 * 1024] and b"\r" in data[: 64 * 1024 - 1]:
            data = data.replace(b"\r", b"\n")
        raw = data.split(b"\n")
        if raw[-1] == b"":
            raw.pop()
        for number, line in enumerate(raw, 1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text or len(line) > LONGEST:
                self.faulty.append(number)
                continue
            yield number, text.removeprefix("\ufeff") if number == 1 else text

    def records(self, data):
        lines = list(self.lines(data))
        at, blank, unclosed = 0, 0, 0
        while at < len(lines):
            number, text = lines[at]
            bare = text.rstrip("\r")
            if not bare.strip():
                blank += 1
                if blank > 10_000:
                    raise Unusable
                at += 1
                continue
            cells, end = cells_of(bare), at
            joined = text
            while cells is None:
                end += 1
                if end >= len(lines) or end - at > 200 or len(joined) > LONGEST:
                    break
                joined += "\n" + lines[end][1]
                cells = cells_of(joined.rstrip("\r"))
            if cells is None:
                unclosed += 1
                if unclosed > 100:
                    raise Unusable
                self.faulty.append(number)
                at += 1
                continue
            at = end + 1
            written = ";".join(
                '"' + c.replace('"', '""') + '"' if set(c) & set(';"\r\n') else c for c in cells
            )
            if ('"' in joined or "\r" in joined.rstrip("\r")) and len(written.encode()) > LONGEST:
                self.faulty.append(number)
                continue
            yield number, cells

    def read(self, data):
        section, header, meta, projects, known = "", None, {}, {}, set()
        project_rows, vote_rows, ballots, voters = [], [], [], set()
        for number, cells in self.records(data):
            name = cells[0].strip().upper()
            expected = {"": "META", "META": "PROJECTS", "PROJECTS": "VOTES"}.get(section)
            if len(cells) > 1 and (name != expected or "".join(cells[1:]).strip()):
                name = ""
            if name in ("META", "PROJECTS", "VOTES"):
                expected = {"": "META", "META": "PROJECTS", "PROJECTS": "VOTES"}.get(section)
                if name != expected or (section and header is None):
                    raise Unusable
                if section == "META":
                    self.understand(meta)
                section, header = name, None
                continue
            if not section:
                raise Unusable
            if header is None:
                header = [cell.strip() for cell in cells]
                while len(header) > 2 and not header[-1]:
                    header.pop()
                last = {
                    "META": ["value"],
                    "PROJECTS": ["project_id", "cost", "name"],
                    "VOTES": ["voter_id", "vote"],
                }[section]
                needed = {
                    "META": ["key", "value"],
                    "PROJECTS": ["project_id", "cost"],
                    "VOTES": ["voter_id", "vote"],
                }
                wanted = needed[section] + (["points"] if section == "VOTES" and self.points else [])
                if not set(wanted) <= set(header) or len(set(header)) < len(header):
                    raise Unusable
                if section == "META" and header != ["key", "value"]:
                    raise Unusable
                continue
            if section == "META":
                while len(cells) > 2 and not cells[-1].strip():
                    cells.pop()
            else:
                last_points = ["points"] if section == "VOTES" and self.points else []
                needed = max(header.index(one) + 1 for one in last + last_points if one in header)
                if needed <= len(cells):
                    cells = cells + [""] * (len(header) - len(cells))
                if not any(cell.strip() for cell in cells[len(header) :]):
                    cells = cells[: len(header)]
            if len(cells) != len(header):
                self.faulty.append(number)
                if section == "META" and self.lenient and len(cells) > 2:
                    cells = [cells[0], ";".join(cells[1:])]
                else:
                    if section == "PROJECTS":
                        known.add(
                            cells[header.index("project_id")].strip()
                            if header.index("project_id") < len(cells)
                            else ""
                        )
                    continue
            row = dict(zip(header, cells, strict=True))
            if section == "META":
                if cells[0].strip() in meta:
                    self.faulty.append(number)
                else:
                    meta[cells[0].strip()] = cells[1]
            elif section == "PROJECTS":
                key, cost = row["project_id"].strip(), amount(row["cost"])
                if (
                    not key
                    or "," in key
                    or key in projects
                    or (key in known and not self.lenient)
                    or cost is None
                ):
                    self.faulty.append(number)
                    if key and "," not in key:
                        known.add(key)
                    continue
                projects[key] = cost
                project_rows.append(tuple(cells))
            else:
                self.vote(number, row, tuple(cells), projects, known, voters, vote_rows, ballots)
        if section != "VOTES" or header is None:
            raise Unusable
        totals = (
            ("num_projects", len(set(projects) | (set() if self.lenient else known))),
            ("num_votes", len(vote_rows)),
        )
        for key, found in totals:
            declared = meta.get(key, "").strip()
            if declared and (not re.fullmatch("[0-9]{1,9}", declared) or int(declared) != found):
                self.faulty.append(0)
        if self.faulty and not self.lenient:
            raise Unusable
        return Contents(meta, projects, project_rows, vote_rows, ballots, self.faulty)

    def understand(self, meta):
        self.type = meta.get("vote_type", "").strip().lower()
        if self.type not in TYPES or amount(meta.get("budget", "")) is None:
            raise Unusable
        self.points = self.type in ("cumulative", "scoring")
        threshold = meta.get("min_project_score_threshold", "")
        if threshold.strip() and amount(threshold) is None:
            raise Unusable
        if self.type == "scoring" and meta.get("default_score", "").strip().strip("0.,"):
            raise Unusable
        length = meta.get("max_length", "").strip()
        if length and not re.fullmatch("[0-9]{1,9}", length):
            self.faulty.append(0)

    def vote(self, number, row, cells, projects, known, voters, vote_rows, ballots):
        voter = row["voter_id"].strip()
        if not voter or voter in voters:
            self.faulty.append(number)
            return
        voters.add(voter)
        names = [name.strip() for name in row["vote"].split(",") if name.strip()]
        points = [Fraction(1)] * len(names)
        if self.points:
            texts = [text for text in row["points"].split(",") if text.strip()]
            values = [amount(text) for text in texts]
            if len(texts) != len(names) or None in values:
                self.faulty.append(number)
                return
            points = [Fraction(value) for value in values]
        strangers = [name for name in names if name not in projects and (self.lenient or name not in known)]
        if strangers:
            self.faulty.append(number)
            if not self.lenient:
                return
        ballot = {}
        for name, value in zip(names, points, strict=True):
            if name not in strangers and name not in ballot:
                ballot[name] = value
        if self.type == "choose-1" and len(ballot) > 1:
            self.faulty.append(number)
            return
        vote_rows.append(cells)
        ballots.append(ballot)


def read(data, lenient=False):
    """The contents of a `.pb` file; raises Unusable."""
    return SlowReader(lenient).read(data)
