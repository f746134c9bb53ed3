"""Whatever is fed to the reader, it gives a file or a PabulibError, and what it gives can be written back."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from voting.counting.count import count
from voting.counting.pabulib import PabulibError, read_pabulib, write_pabulib
from voting.counting.pabulib_lines import split_cells
from voting.counting.rules import Rule

SEED = '''META
key;value
num_projects;3
num_votes;3
budget;100
vote_type;{type}
max_length;3
PROJECTS
project_id;cost;name
1;60;Parc
2;50.5;"Drum; ""mic"""
3;40;
VOTES
voter_id;vote;points
a;1,2;3,1
b;3;2
c;1;1
'''

TOKENS = [
    b";",
    b",",
    b'"',
    b"\n",
    b"\r\n",
    b"\r",
    b"\0",
    b"-",
    b"1",
    b"9",
    b"META",
    b"VOTES\n",
    b"\xff",
    "ă".encode(),
]
edits = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 12), st.sampled_from(TOKENS)), max_size=6)


def check(data, lenient):
    """Read; when that works, count and write it back."""
    try:
        file = read_pabulib(io.BytesIO(data), lenient=lenient, keep_rows=True)
    except PabulibError as error:
        faults = error.faults
    else:
        faults = None
    if faults is not None:
        assert faults
        assert all(fault.line >= 1 and fault.message for fault in faults)
        return
    for rule in ("greedy", "equalshares/add1u", "phragmen"):
        count(file.instance, file.profile, Rule.named(rule))
    out = io.StringIO(newline="")
    write_pabulib(file, out)
    again = read_pabulib(io.BytesIO(out.getvalue().encode()), lenient=lenient, keep_rows=True)
    assert (again.instance, again.profile, again.vote_rows) == (file.instance, file.profile, file.vote_rows)


@given(st.sampled_from(["approval", "choose-1", "ordinal", "cumulative", "scoring"]), edits, st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_damaged_file(vote_type, changes, lenient):
    data = SEED.format(type=vote_type).encode()
    for at, length, token in changes:
        data = data[:at] + token + data[at + length :]
    check(data, lenient)


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_bytes(data, lenient):
    check(data, lenient)
    check(b"META\nkey;value\n" + data, lenient)


@given(st.text(alphabet='a;" ,\r\nță', max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_cell_survives_writing(text):
    from voting.counting.pabulib_writer import _row

    assert split_cells(_row([text, "x"]).removesuffix("\n")) == [text, "x"]
