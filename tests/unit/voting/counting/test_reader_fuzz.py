"""The reader against a slow one that knows nothing of pieces, columns or fast paths; and against time."""

import io
import itertools
import time
from collections import Counter
from fractions import Fraction

import pytest

from tests.support import SHARED
from tests.unit.voting.counting import slow_reader
from tests.unit.voting.counting.effort import SOAK, amount, seeded, tally
from tests.unit.voting.counting.test_pabulib_fuzz import SEED as SMALL
from tests.unit.voting.counting.test_pabulib_fuzz import TOKENS
from voting.counting.pabulib import PabulibError, read_pabulib, write_pabulib
from voting.counting.pabulib_lines import MAX_LINE, PIECE
from voting.counting.pabulib_votes import VoteReader

TYPES = ["approval", "choose-1", "ordinal", "cumulative", "scoring"]
FILES = sorted((SHARED / "pabulib").glob("*.pb")) if SHARED.is_dir() else []


class Dribble:
    """A handle that gives what it likes of what is asked for."""

    def __init__(self, data, sizes):
        self.handle, self.sizes = io.BytesIO(data), itertools.cycle(sizes)

    def read(self, size):
        return self.handle.read(min(size, next(self.sizes)))


def contents(data, lenient, handle=None):
    """What the reader makes of the bytes, in the slow reader's words; None when it refuses them."""
    try:
        file = read_pabulib(handle or io.BytesIO(data), lenient=lenient, keep_rows=True)
    except PabulibError as error:
        faults = error.faults
    else:
        faults = None
    if faults is not None:
        assert faults
        assert all(fault.line >= 1 and fault.message for fault in faults)
        return None, None
    ballots = Counter()
    for ballot, weight in file.profile.ballots:
        points = ballot.points or (Fraction(1),) * len(ballot.projects)
        ballots[tuple(zip(ballot.projects, points, strict=True))] += weight
    costs = {project.id: project.cost for project in file.instance.projects}
    return file, (
        dict(file.meta),
        costs,
        list(file.project_rows),
        list(file.vote_rows),
        ballots,
        file.blank_ballots,
    )


def slow_contents(data, lenient):
    try:
        found = slow_reader.read(data, lenient)
    except slow_reader.Unusable:
        return None
    ordinal = found.meta["vote_type"].strip().lower() == "ordinal"
    ballots = Counter(
        tuple(ballot.items() if ordinal else sorted(ballot.items())) for ballot in found.ballots if ballot
    )
    blank = sum(not ballot for ballot in found.ballots)
    return found.meta, found.projects, found.project_rows, found.vote_rows, ballots, blank


def check(data, lenient, name, sizes=None):
    file, found = contents(data, lenient, Dribble(data, sizes) if sizes else None)
    assert found == slow_contents(data, lenient), name
    if file is not None and not any('"' in cell for row in file.vote_rows for cell in row):
        out = io.StringIO(newline="")
        write_pabulib(file, out)
        again = read_pabulib(io.BytesIO(out.getvalue().encode()), lenient=lenient, keep_rows=True)
        assert again == file, name


def damaged(rng, data):
    """Some bytes cut out, put in, moved or said twice."""
    for _ in range(rng.randrange(1, 5)):
        at, length = rng.randrange(len(data) + 1), rng.choice([0, 0, 1, 2, 5, 40])
        kind = rng.randrange(5)
        if kind == 0:
            put = rng.choice(
                [*TOKENS, b'""', b'";"', b"1,1", b"\xc4", b"\xef\xbb\xbf", b"\n\n", b"1e5", b"0,5"]
            )
        elif kind == 1:
            other = rng.randrange(len(data) + 1)
            put = data[other : other + rng.choice([1, 5, 30])]
        elif kind == 2:
            put = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 4)))
        elif kind == 3:
            put, length = b"", rng.choice([1, 3])
        else:
            line = data.find(b"\n", at) + 1
            put, at, length = (
                rng.choice([b"x;1\n", b"y;\n", b'z;"1"\n', b'"w";1,2\n', b" v ; 1 , 2 \n"]),
                line,
                0,
            )
        data = data[:at] + put + data[at + length :]
    return data


def test_damaged_files_are_read_as_the_slow_reader_reads_them():
    """15 seconds of them, or the time asked for by `make soak`: 10 minutes with its own 5,000 rounds."""
    small = [file.read_bytes() for file in FILES if file.stat().st_size < 60_000]
    seeds = [SMALL.format(type=kind).encode() for kind in TYPES]
    seeds += [seed.replace(b"\n", b"\r\n") for seed in seeds]
    seeds += [seed.replace(b"num_projects;3\nnum_votes;3\n", b"") for seed in seeds]
    until = time.monotonic() + (SOAK * 0.12 if SOAK else 15)
    for name, rng in seeded("reader", 10**9, 10**9):
        data = damaged(rng, rng.choice(small if small and rng.random() < 0.05 else seeds))
        sizes = rng.choice([None, None, [1], [1, 2, 3], [7], [64]]) if len(data) < 5000 else None
        check(data, rng.random() < 0.5, name, sizes)
        if time.monotonic() > until:
            break


def test_any_bytes_are_refused_or_read():
    for name, rng in seeded("bytes", 300):
        data = rng.randbytes(rng.randrange(400))
        check(data, rng.random() < 0.5, name)
        check(b"META\nkey;value\n" + data, rng.random() < 0.5, name)


HEAD = b"META\nkey;value\nbudget;100\nvote_type;approval\n"
TAIL = b"PROJECTS\nproject_id;cost;name\n1;10;Parc\n2;20;Drum\nVOTES\nvoter_id;vote;note\n"
ACROSS = [
    b'a;1;"x;""y"";z"\n', b"a;1;x\r\nb;2;y\r\n", "a;1;ăț€𝄞\n".encode(), b'a;1;"x\ny"\nb;2;z\n', b'a;1;"x\r\n""y"\r\n',
    b"a;1;\xff\nb;2;z\n", b"a;1;\0\nb;2;z\n", b"a;1;\xef\xbb\xbfx\n", b"\n\na;1;x\n\n", b"a;1,2;x\nb; 2 ;y\n", b'a;1;"x\n\n',
    b"\xff\xfe\xffa;1;x\n",
]  # fmt: skip


@pytest.mark.parametrize("token", ACROSS)
@pytest.mark.parametrize("lenient", [False, True])
def test_what_lies_across_two_pieces_is_read_as_one(token, lenient):
    for before in range(len(token) + 2):
        row = b"%d;2;" % before
        filler = PIECE - before - len(HEAD) - len(TAIL) - len(row) - 1
        data = HEAD + TAIL + row + b"f" * filler + b"\n" + token + b"last;1;\n"
        assert data.index(token, PIECE - before) == PIECE - before
        check(data, lenient, before)
        tally("pieces")


@pytest.mark.parametrize("extra", [-1, 0, 1, 2, PIECE - 1, PIECE, PIECE + 1])
@pytest.mark.parametrize("end", [b"\n", b"\nlast;1;\n", b""])
@pytest.mark.parametrize("shift", [0, 1, 1000])
def test_a_line_is_too_long_wherever_it_lies(extra, end, shift):
    row = b"a;1;"
    data = HEAD + TAIL + b"s;2;" + b"s" * shift + b"\n" + row + b"x" * (MAX_LINE + extra - len(row)) + end
    for lenient in (False, True):
        check(data, lenient, (extra, end, shift))


#: The largest files only in `make soak`.
READ_TWICE = [path for path in FILES if SOAK or path.stat().st_size <= 500_000]


@pytest.mark.parametrize("path", READ_TWICE or [None], ids=lambda path: path and path.name)
def test_the_quick_way_reads_what_the_slow_one_reads(path, monkeypatch):
    if path is None:
        pytest.skip(f"no reference data in {SHARED / 'pabulib'} (set CIVIC_SHARED_DATA)")
    data = path.read_bytes()
    quick = read_pabulib(io.BytesIO(data), keep_rows=True)
    other = read_pabulib(Dribble(data, [1000, 3, 50_000]), keep_rows=True)
    monkeypatch.setattr(VoteReader, "read_plain", lambda _self, _lines: False)
    assert read_pabulib(io.BytesIO(data), keep_rows=True) == quick == other
    if path.stat().st_size < amount(200_000, 1000):
        assert contents(data, False)[1] == slow_contents(data, False)


def test_a_quote_left_open_over_many_lines_of_quotes_takes_no_longer():
    block = b'1;"open;x\n' + (b'x""' * 430 + b"\n") * 201
    started = time.process_time()
    with pytest.raises(PabulibError):
        read_pabulib(io.BytesIO(HEAD + TAIL + block * 20))
    assert time.process_time() - started < 10


def test_meta_without_end_is_refused():
    rows = b"".join(b"key%d;%s\n" % (n, b"v" * 1000) for n in range(40_000))
    with pytest.raises(PabulibError, match="before the ballots"):
        read_pabulib(io.BytesIO(HEAD + rows + TAIL), lenient=True)


@pytest.mark.parametrize("size", [1, 5, 7, 64, 70_000])
@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r", b"\r\xf8\n"])
def test_how_lines_end_does_not_depend_on_the_pieces_read(ends, size):
    data = (
        SMALL.format(type="approval")
        .encode()
        .replace(b"\n", ends, 1)
        .replace(b"\n", ends.replace(b"\xf8", b""))
    )
    check(data, True, f"{ends!r} {size}", [size])
