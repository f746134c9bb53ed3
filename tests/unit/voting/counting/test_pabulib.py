"""Reading `.pb` files of all kinds, saying what is wrong with the others, and writing them back."""

import io
from decimal import Decimal
from fractions import Fraction

import pytest

from voting.counting.ballots import Ballot, BallotType
from voting.counting.pabulib import (
    PabulibError,
    parse_amount,
    read_pabulib,
    write_pabulib,
    write_sections,
)
from voting.counting.pabulib_lines import MAX_FAULTS, MAX_LINE, MAX_NOTES, split_cells

META = {
    "description": "Test",
    "country": "Romania",
    "unit": "Cluj-Napoca",
    "instance": "2027",
    "num_projects": "2",
    "num_votes": "2",
    "budget": "100",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "2027",
    "date_end": "2027",
    "currency": "RON",
}


def pb(projects=("1;60;Parc", "2;50;Drum"), votes=("a;1,2", "b;1"), columns="voter_id;vote", **meta):
    """A file as text; META values may be replaced, or left out with None."""
    values = {key: value for key, value in (META | meta).items() if value is not None}
    return "\n".join(
        [
            "META",
            "key;value",
            *(f"{key};{value}" for key, value in values.items()),
            "PROJECTS",
            "project_id;cost;name",
            *projects,
            "VOTES",
            columns,
            *votes,
            "",
        ]
    )


def read(text, *, keep_rows=True, **options):
    data = text.encode() if isinstance(text, str) else text
    return read_pabulib(io.BytesIO(data), keep_rows=keep_rows, **options)


def faults(text, **options):
    with pytest.raises(PabulibError) as caught:
        read(text, **options)
    return [(fault.line, fault.message_code) for fault in caught.value.faults]


def notes(file):
    return [(note.line, note.message_code) for note in file.notes]


def test_a_file_is_read():
    file = read(pb())
    assert [(p.id, p.cost, p.name) for p in file.instance.projects] == [
        ("1", Decimal(60), "Parc"),
        ("2", Decimal(50), "Drum"),
    ]
    assert (file.instance.budget_limit, file.instance.currency, file.rule) == (Decimal(100), "RON", "greedy")
    assert file.profile.ballot_type is BallotType.APPROVAL
    assert dict(file.profile.ballots) == {Ballot.of("1", "2"): 1, Ballot.of("1"): 1}
    assert file.notes == ()
    assert (file.min_score, file.selected) == (None, None)


@pytest.mark.parametrize(
    "dress",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: "\ufeff" + text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("Parc", '"Parc"').replace("a;1,2", '"a";"1,2"'),
        lambda text: text.replace("META", "meta").replace("VOTES", " Votes "),
        lambda text: text.replace("a;1,2", " a ; 2 , 1 "),
        lambda text: text.replace("100", "100,00").replace(";60;", ";60.0;"),
    ],
    ids=["crlf", "bom", "bom-crlf", "no-newline", "blank", "quoted", "case", "spaces", "decimals"],
)
def test_the_dress_of_a_file_does_not_matter(dress):
    plain, dressed = read(pb()), read(dress(pb()))
    assert (dressed.instance, dressed.profile) == (plain.instance, plain.profile)


def test_a_text_handle_does_as_well():
    assert read_pabulib(io.StringIO("\ufeff" + pb()), keep_rows=True) == read(pb())


def test_quoted_cells_may_hold_separators_quotes_and_lines():
    file = read(pb(projects=('1;60;"Parc; ""Mare""\r\nși verde"', '2;50;Drum "mic"')))
    assert [project.name for project in file.instance.projects] == ['Parc; "Mare"\r\nși verde', 'Drum "mic"']


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", [""]),
        (";", ["", ""]),
        ('a;"b;c";d', ["a", "b;c", "d"]),
        ('"";x', ["", "x"]),
        ('"a""b"', ['a"b']),
        ('a"b;c', ['a"b', "c"]),
        ('"a"b;c', ["ab", "c"]),
        ('a;"b"', ["a", "b"]),
    ],
)
def test_records_are_split_as_csv(text, cells):
    assert split_cells(text) == cells


def test_a_meta_key_named_like_a_section_starts_none():
    file = read(pb(votes=("a;1,2", "VOTES;1"), comment="votes", PROJECTS="x"))
    assert file.meta["PROJECTS"] == "x"
    assert file.profile.voters == 2


def test_unknown_keys_and_columns_are_kept():
    file = read(pb(columns="voter_id;age;vote;mood", votes=("a;30;1;glad", "b;31;2;"), weather="sun"))
    assert file.meta["weather"] == "sun"
    assert file.vote_columns == ("voter_id", "age", "vote", "mood")
    assert file.vote_rows == (("a", "30", "1", "glad"), ("b", "31", "2", ""))
    assert read(pb(), keep_rows=False).vote_rows is None


def test_ordinal_ballots_keep_their_order():
    file = read(pb(vote_type="ordinal", max_length="3", votes=("a;2,1", "b;1,2")))
    assert dict(file.profile.ballots) == {Ballot.ranking("2", "1"): 1, Ballot.ranking("1", "2"): 1}
    assert file.profile.max_length == 3


def test_cumulative_ballots_have_points():
    file = read(
        pb(vote_type="cumulative", columns="voter_id;vote;points", votes=("a;2,1;3,1.5", "b;1,2;1.5,3"))
    )
    assert file.profile.ballots == ((Ballot(("1", "2"), (Fraction(3, 2), Fraction(3))), 2),)


def test_blank_ballots_are_counted_apart_and_noted():
    file = read(pb(votes=("a;", "b;1")))
    assert (file.blank_ballots, file.profile.voters) == (1, 1)
    assert notes(file) == [(21, "blank_ballot")]


def test_a_project_twice_in_a_ballot_counts_once_and_is_noted_each_time():
    file = read(pb(votes=("a;1,1,2", "b;1,1,2")))
    assert dict(file.profile.ballots) == {Ballot.of("1", "2"): 2}
    assert notes(file) == [(21, "repeated_project"), (22, "repeated_project")]


def test_the_first_points_of_a_repeated_project_count():
    file = read(pb(vote_type="cumulative", columns="voter_id;vote;points", votes=("a;1,1;2,3", "b;2;1")))
    assert Ballot.with_points({"1": 2}) in dict(file.profile.ballots)


def test_a_withdrawn_project_is_known_by_its_cost():
    assert [p.withdrawn for p in read(pb(projects=("1;60;a", "2;999999999;b"))).instance.projects] == [
        False,
        True,
    ]


def test_a_ballot_over_the_length_is_counted_and_noted():
    file = read(pb(max_length="1"))
    assert file.profile.voters == 2
    assert notes(file) == [(22, "ballot_too_long")]


def test_totals_that_differ_from_the_ballots_are_noted():
    text = pb(projects=("1;60;2", "2;50;7")).replace("cost;name", "cost;votes")
    assert [note.message for note in read(text).notes] == [
        "project 2: the file says votes 7, its ballots give 1"
    ]


def test_missing_descriptions_are_noted():
    file = read(pb(country=None, rule=None))
    assert [note.message for note in file.notes] == ["META has no country", "META has no rule"]
    assert file.rule is None


def test_the_threshold_and_the_selected_column_are_read():
    text = pb(projects=("1;60;1", "2;50;2"), min_project_score_threshold="30").replace(
        "cost;name", "cost;selected"
    )
    file = read(text)
    assert (file.min_score, file.selected) == (Decimal(30), {"1": "1", "2": "2"})


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("5", "5"),
        ("5.25", "5.25"),
        ("5,25", "5.25"),
        (" 7 ", "7"),
        ("0", "0"),
        ("1.000", "1"),
        ("1e+06", "1000000"),
        ("2.5E3", "2500"),
    ],
)
def test_amounts(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "negative"),
        ("-0.01", "negative"),
        ("", "not a number"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("1e", "not a number"),
        ("1e400", "not a number"),
        ("1e12", "too large"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("١٢", "not a number"),
        ("1 000", "not a number"),
        ("1,000,000", "not a number"),
        ("+5", "not a number"),
        ("1,000", "ambiguous"),
        ("1000000000000", "too large"),
        ("9" * 30, "too large"),
        ("9" * 31, "not a number"),
    ],
)
def test_what_is_no_amount(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_amount(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # not a .pb file at all
        ("", [(1, "missing_section")]),
        ("\n\n\n", [(1, "missing_section")]),
        ("hello\n", [(1, "not_pabulib")]),
        ("<html></html>", [(1, "not_pabulib")]),
        (b"PK\x03\x04rest", [(1, "not_pabulib")]),
        (b"%PDF-1.7\n", [(1, "not_pabulib")]),
        (b"\x00\x01\x02", [(1, "not_pabulib")]),
        (pb().encode("utf-16"), [(1, "bad_encoding")]),
        # sections
        ("PROJECTS\nproject_id;cost\n", [(1, "section_order")]),
        ("META\nkey;value\nVOTES\n", [(3, "section_order")]),
        ("META\nkey;value\nMETA\n", [(3, "repeated_section")]),
        ("META\n", [(1, "missing_section")]),
        (pb().split("PROJECTS")[0], [(14, "missing_section")]),
        (pb().split("VOTES")[0], [(18, "missing_section")]),
        (pb().split("voter_id")[0], [(19, "missing_header")]),
        (pb() + "META\n", [(23, "section_order")]),
        ("META\nbudget;5\n", [(2, "missing_header")]),
        (
            pb().replace("project_id;cost;name\n", "").replace("1;60;Parc\n2;50;Drum\n", ""),
            [(16, "missing_header")],
        ),
        # META
        (pb(budget=None), [(14, "missing_key")]),
        (pb(vote_type=None), [(14, "missing_key")]),
        (pb(budget="lots"), [(9, "bad_amount")]),
        (pb(budget="-1"), [(9, "bad_amount")]),
        (pb(budget="NaN"), [(9, "bad_amount")]),
        (pb(vote_type="shouting"), [(10, "unknown_vote_type")]),
        (pb(min_project_score_threshold="few"), [(15, "bad_amount")]),
        (pb(max_length="x"), [(15, "bad_number")]),
        (pb(budget="100\nbudget;200"), [(10, "duplicate_key")]),
        (pb(description="a;b"), [(3, "column_count")]),
        (pb(vote_type="scoring", default_score="1"), [(15, "unsupported")]),
        (pb(num_projects="3"), [(7, "num_projects_mismatch")]),
        (pb(num_votes="3"), [(8, "num_votes_mismatch")]),
        (pb(num_votes="many"), [(8, "bad_number")]),
        (pb(num_votes="0", votes=[f"{voter};1" for voter in range(500)]), [(121, "num_votes_mismatch")]),
        # PROJECTS
        (pb().replace("project_id;", "id;"), [(16, "missing_column")]),
        (pb().replace("cost;name", "cost;cost"), [(16, "repeated_column")]),
        (pb(projects=("1;60", "2;50;b")), [(17, "column_count")]),
        (pb(projects=("1;60;a;x", "2;50;b")), [(17, "column_count")]),
        (pb(projects=("1;-60;a", "2;NaN;b")), [(17, "bad_amount"), (18, "bad_amount")]),
        (pb(projects=("1;;a", "2;1e400;b")), [(17, "bad_amount"), (18, "bad_amount")]),
        (pb(projects=("1;60;a", "2;50;b", "1;70;c")), [(19, "duplicate_project")]),
        (pb(projects=("1;60;a", "2;50;b", ";70;c")), [(19, "bad_project_id")]),
        (pb(projects=("1;60;a", "2;50;b", "3,4;70;c")), [(19, "bad_project_id")]),
        (
            pb(projects=('1;60;"a', "2;50;b")),
            [(17, "open_quote"), (21, "unknown_project"), (22, "unknown_project")],
        ),
        # VOTES
        (pb(columns="voter;vote"), [(20, "missing_column")]),
        (pb(votes=("a;1,2", "b")), [(22, "column_count")]),
        (pb(votes=("a;1,2", "b;1;x")), [(22, "column_count")]),
        (pb(votes=("a;1,9", "b;1")), [(21, "unknown_project")]),
        (pb(votes=("a;1,2", "a;1")), [(22, "duplicate_voter")]),
        (pb(votes=(";1,2", "b;1")), [(21, "missing_voter_id")]),
        (pb(vote_type="choose-1"), [(21, "too_many_choices")]),
        (pb(vote_type="cumulative"), [(20, "missing_column")]),
        (
            pb(vote_type="cumulative", columns="voter_id;vote;points", votes=("a;1,2;1", "b;1;-1", "c;1;x")),
            [(21, "points_length"), (22, "bad_points"), (23, "bad_points")],
        ),
        # lines
        (pb(votes=("a;1\0", "b;1")), [(21, "nul_byte")]),
        (pb(votes=("a;1", "b;1")).encode() + b"c;\xff1\n", [(23, "bad_encoding")]),
        (
            pb().encode("cp1250").replace(b"Parc", b"P\xe3rc"),
            [(17, "bad_encoding"), (21, "unknown_project"), (22, "unknown_project")],
        ),
        (pb(votes=("a;" + "1," * MAX_LINE, "b;1")), [(21, "line_too_long")]),
    ],
)
def test_a_fault_is_named_with_its_line(text, expected):
    assert faults(text) == expected


def test_every_fault_is_listed_not_only_the_first():
    text = pb(projects=("1;60;a", "1;x;b", "2;50;c"), votes=("a;1", "a;2", "c;7", "d"))
    assert faults(text) == [
        (18, "duplicate_project"),
        (23, "duplicate_voter"),
        (24, "unknown_project"),
        (25, "column_count"),
    ]


def test_a_faulty_project_is_not_reported_again_by_every_ballot():
    assert faults(pb(projects=("1;-60;a", "2;50;b"))) == [(17, "bad_amount")]
    assert faults(pb(projects=("1;60", "2;50;b"))) == [(17, "column_count")]


def test_faults_are_capped():
    found = faults(pb(votes=tuple(f"{voter};9" for voter in range(10_000))))
    assert len(found) == MAX_FAULTS + 1
    assert found[-1][1] == "too_many_faults"


def test_notes_are_capped():
    file = read(pb(num_votes="5000", votes=tuple(f"{voter};1,1" for voter in range(5000))))
    assert len(file.notes) == MAX_NOTES + 1
    assert file.profile.voters == 5000


def test_messages_show_no_control_characters_and_no_endless_text():
    with pytest.raises(PabulibError) as caught:
        read(pb(votes=("a;\x1b[31m" + "9" * 1000, "b;1")))
    message = str(caught.value)
    assert "\x1b" not in message
    assert len(message) < 200


def test_a_file_cut_at_any_byte_is_refused_or_says_less():
    whole = pb(votes=("a;1,2", "b;2,1")).encode()
    for size in range(len(whole) - 4):
        with pytest.raises(PabulibError):
            read(whole[:size])


@pytest.mark.parametrize(
    ("text", "voters", "codes"),
    [
        (pb(votes=("a;1,9", "b;1")), 2, ["unknown_project"]),
        (pb(votes=("a;9", "b;1")), 1, ["unknown_project"]),
        (pb(votes=("a;1", "a;2", "b;2")), 2, ["duplicate_voter"]),
        (pb(votes=("a;1", "b;2", "c")), 2, ["column_count"]),
        (pb(projects=("1;60;a", "2;50;b", "2;1;c")), 2, ["duplicate_project"]),
        (pb(num_votes="7"), 2, ["num_votes_mismatch"]),
        (pb(description="a;b"), 2, ["column_count"]),
    ],
)
def test_lenient_mode_leaves_faulty_lines_out_with_a_note(text, voters, codes):
    file = read(text, lenient=True)
    assert file.profile.voters == voters
    assert [note.message_code for note in file.notes] == codes


def test_lenient_mode_leaves_out_a_project_without_a_usable_cost():
    file = read(pb(projects=("1;60;a", "2;x;b")), lenient=True)
    assert [project.id for project in file.instance.projects] == ["1"]
    assert [note.message_code for note in file.notes] == [
        "bad_amount",
        "unknown_project",
        "num_projects_mismatch",
    ]


@pytest.mark.parametrize("text", [pb(budget="x"), pb(vote_type="x"), "META\n", "hello", b"PK\x03\x04"])
def test_lenient_mode_refuses_what_cannot_be_counted(text):
    assert faults(text, lenient=True)


class Endless(io.RawIOBase):
    """A file of `size` bytes that repeats a pattern, made as it is read."""

    def __init__(self, head, pattern, size):
        self.pending, self.pattern, self.left = head, pattern * (65536 // len(pattern) + 1), size

    def readable(self):
        return True

    def readinto(self, buffer):
        if not self.pending and self.left > 0:
            self.pending = self.pattern
            self.left -= len(self.pattern)
        chunk = self.pending[: len(buffer)]
        self.pending = self.pending[len(chunk) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)


@pytest.mark.parametrize(
    ("head", "pattern", "code"),
    [
        (b"", b"x", "line_too_long"),
        (b"", b"x\n", "not_pabulib"),
        (b"", b"META;", "line_too_long"),
        (b"META\nkey;value\n", b"a", "line_too_long"),
        (b"META\nkey;value\n", b'"', "line_too_long"),
        (b"META\nkey;value\n", b'k;"\n', "too_many_faults"),
        (b"META\nkey;value\n", b"\n", "too_many_blank_lines"),
        (pb(votes=()).encode(), b"9;9\n", "too_many_faults"),
        (pb(votes=()).encode(), b'"a\n', "too_many_faults"),
        (pb(votes=()).encode(), b"1," * 60_000 + b"\n", "too_many_faults"),
    ],
)
def test_a_huge_malformed_file_takes_little_memory(head, pattern, code):
    import tracemalloc

    tracemalloc.start()
    try:
        with pytest.raises(PabulibError) as caught:
            read_pabulib(io.BufferedReader(Endless(head, pattern, 30_000_000)))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
    assert code in {fault.message_code for fault in caught.value.faults}


@pytest.mark.parametrize(
    "text",
    [
        pb(),
        pb(projects=('1;60;"Parc; ""Mare""\r\nși verde"', '2;50;"  x "'), comment='"#1: a; b"'),
        pb(columns="voter_id;age;vote;mood", votes=("a;30;1,2;glad", "b;31; 2 ;"), weather=""),
        pb(vote_type="cumulative", columns="voter_id;vote;points", votes=("a;2,1;3,1.5", "b;1,2;1,3")),
        pb(votes=("a;", "VOTES;1")),
        "\ufeff" + pb().replace("\n", "\r\n"),
    ],
)
def test_what_is_read_is_written_and_read_again(text):
    file = read(text)
    out = io.StringIO(newline="")
    write_pabulib(file, out)
    assert read(out.getvalue()) == file


def test_a_file_read_without_rows_cannot_be_written():
    with pytest.raises(ValueError, match="not kept"):
        write_pabulib(read(pb(), keep_rows=False), io.StringIO())


def test_parts_can_be_written_row_by_row():
    out = io.StringIO(newline="")
    rows = ((str(number), "1") for number in range(2))
    write_sections(out, META, ["project_id", "cost"], [["1", "60"], ["2", "50"]], ["voter_id", "vote"], rows)
    assert read(out.getvalue()).profile.voters == 2


def test_a_nul_is_never_written():
    with pytest.raises(ValueError, match="NUL"):
        write_sections(io.StringIO(), {"key": "a\0"}, [], [], [], [])
