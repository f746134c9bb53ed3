"""The ballot's text: one canonical form, read back exactly, hashed as documented."""

import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.ballot_text import (
    BallotText,
    GroupChoice,
    NotABallot,
    code_prefix,
    leaf_of,
    merkle_root,
    normalise_code,
    parse,
    tracking_code,
    void_leaf,
)

FINGERPRINT = "ab" * 32
NONCE = bytes(range(32))
codes = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters=",\x7f\x85\xa0"),
    min_size=1,
    max_size=8,
).filter(lambda code: code == code.strip())


@st.composite
def ballots(draw: st.DrawFn) -> BallotText:
    groups = []
    for number in sorted(draw(st.sets(st.integers(0, 50), max_size=4))):
        kind = draw(st.sampled_from(["approval", "points", "ordinal"]))
        chosen = draw(st.lists(codes, min_size=1, max_size=6, unique=True))
        if kind == "approval":
            items = dict.fromkeys(chosen, 1)
        elif kind == "ordinal":
            items = {code: place for place, code in enumerate(chosen, start=1)}
        else:
            items = {code: draw(st.decimals(0, 1000, places=2)) for code in chosen}
        groups.append(GroupChoice.of(number, kind, items))
    return BallotText(FINGERPRINT, tuple(groups), draw(st.binary(min_size=32, max_size=32)))


@given(ballots())
def test_a_ballot_is_read_back_exactly(ballot: BallotText) -> None:
    text = ballot.render()
    assert parse(text).render() == text
    assert parse(text).choices() == ballot.choices()
    assert parse(text).nonce == ballot.nonce


def test_the_documented_example() -> None:
    """docs/ballots.md prints this text and this leaf: a script of a few lines rebuilds both."""
    ballot = BallotText(
        FINGERPRINT,
        (
            GroupChoice.of(3, "approval", {"P2": 1, "P1": 1}),
            GroupChoice.of(4, "points", {"P9": Decimal("2.50")}),
        ),
        NONCE,
    )
    text = (
        f"civic-ballot 1\nround {FINGERPRINT}\ngroup 3 approval\n+ P1\n+ P2\ngroup 4 points\n2.5 P9\n"
        f"nonce {NONCE.hex()}\n"
    )
    assert ballot.render() == text
    assert ballot.leaf == hashlib.sha256(b"\x00" + text.encode()).digest()
    assert len(tracking_code(ballot.leaf)) == 24


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("+ P1\n+ P2", "+ P2\n+ P1"),
        lambda t: t.replace("+ P2", "+ P1"),
        lambda t: t.rstrip("\n"),
        lambda t: t + "\n",
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace("group 3", "group 03"),
        lambda t: t.replace("civic-ballot 1", "civic-ballot 2"),
        lambda t: t.replace("nonce 0", "nonce "),
        lambda t: t.replace("+ P1", "1 P1"),
        lambda t: t.replace("group 3 approval", "group 3 voodoo"),
        lambda t: t.replace("group 3 approval\n+ P1\n+ P2\n", "group 3 approval\n"),
        lambda t: t.replace("+ P1", "+ P1 "),
    ],
)
def test_any_other_form_is_no_ballot(change) -> None:
    text = BallotText(FINGERPRINT, (GroupChoice.of(3, "approval", {"P1": 1, "P2": 1}),), NONCE).render()
    assert parse(text)
    with pytest.raises(NotABallot):
        parse(change(text))


@given(st.binary(min_size=32, max_size=32))
def test_codes_survive_reading_aloud(leaf: bytes) -> None:
    code = tracking_code(leaf)
    assert normalise_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code
    assert leaf.startswith(code_prefix(code))


@pytest.mark.parametrize("typed", ["", "ABCD", "U" * 20, "0" * 19, "0" * 21])
def test_what_is_no_code(typed: str) -> None:
    assert normalise_code(typed) is None


def test_a_void_is_the_same_for_the_same_target() -> None:
    assert void_leaf(FINGERPRINT, b"\x01" * 32) == void_leaf(FINGERPRINT, b"\x01" * 32)
    assert void_leaf(FINGERPRINT, b"\x01" * 32) != void_leaf(FINGERPRINT, b"\x02" * 32)


def test_the_root_is_that_of_rfc_6962() -> None:
    leaves = [leaf_of(str(n)) for n in range(5)]

    def node(a: bytes, b: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + a + b).digest()

    four = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]))
    assert merkle_root(leaves) == node(four, leaves[4])
    assert merkle_root(leaves[:1]) == leaves[0]
    assert merkle_root([]) == hashlib.sha256(b"").digest()
