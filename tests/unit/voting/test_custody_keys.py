"""A box under two locks: any two of the keys open it in any order, one never does; and the file a key is kept in."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.custody import keyfile, wrapping
from voting.custody.keyfile import Damaged, KeyFile, NotAKeyFile
from voting.custody.wrapping import PLACES, DoesNotOpen

secrets_ = st.binary(min_size=32, max_size=32)
MARK = wrapping.label("box", 7)


def made() -> tuple[dict[int, bytes], dict[int, bytes]]:
    pairs = {place: wrapping.generate() for place in PLACES}
    return {p: pair[0] for p, pair in pairs.items()}, {p: pair[1] for p, pair in pairs.items()}


@settings(max_examples=10)
@given(secrets_)
def test_any_two_in_any_order_open_and_one_alone_does_not(secret: bytes) -> None:
    private, public = made()
    wrapped = wrapping.wrap(secret, MARK, public)
    assert set(wrapped) == set(permutations(PLACES, 2))
    for first, second in wrapped:
        inner = wrapping.open_layer(private[first], wrapped[first, second])
        assert secret not in inner
        assert wrapping.open_last(private[second], inner, MARK) == secret
        for other in set(PLACES) - {second}:
            with pytest.raises(DoesNotOpen):
                wrapping.open_last(private[other], inner, MARK)
        for other in set(PLACES) - {first}:
            with pytest.raises(DoesNotOpen):
                wrapping.open_layer(private[other], wrapped[first, second])


def test_the_secret_of_another_round_or_box_is_refused() -> None:
    private, public = made()
    wrapped = wrapping.wrap(b"s" * 32, MARK, public)
    inner = wrapping.open_layer(private[1], wrapped[1, 2])
    for purpose, round_id in (("box", 8), ("rehearsal", 7)):
        with pytest.raises(DoesNotOpen):
            wrapping.open_last(private[2], inner, wrapping.label(purpose, round_id))


@given(st.integers(0, 10_000), st.integers(0, 255))
def test_a_changed_byte_is_noticed(at: int, change: int) -> None:
    private, public = made()
    wrapped = bytearray(wrapping.wrap(b"s" * 32, MARK, public)[1, 2])
    wrapped[at % len(wrapped)] ^= change or 1
    with pytest.raises(DoesNotOpen):
        wrapping.open_layer(private[1], bytes(wrapped))


def test_what_is_handed_over_opens_with_its_own_key_alone() -> None:
    sealed = wrapping.seal_handover(b"k" * 32, b"s" * 32)
    assert b"s" * 32 not in sealed
    assert wrapping.open_handover(b"k" * 32, sealed) == b"s" * 32
    with pytest.raises(DoesNotOpen):
        wrapping.open_handover(b"x" * 32, sealed)


# --- the file --------------------------------------------------------------------------------------------


@given(
    secrets_,
    st.integers(1, 999_999_999),
    st.sampled_from(PLACES),
    st.sampled_from(["\r\n", "\n", " "]),
)
def test_a_file_reads_back_however_its_lines_were_broken(
    private: bytes, round_id: int, place: int, end: str
) -> None:
    key = KeyFile(round_id, place, private)
    text = keyfile.write(key, ["CHEIA URNEI", "Deținător: Ana"])
    assert "private" not in repr(key)
    assert keyfile.read(text.replace("\r\n", end)) == key
    assert keyfile.read(text.lower()) == key
    assert keyfile.read(keyfile.decode(text.encode("utf-16"))) == key
    assert keyfile.read(keyfile.decode(("\ufeff" + text).encode())) == key


def test_letters_that_look_like_digits_are_forgiven() -> None:
    text = keyfile.write(KeyFile(1, 2, bytes(32)), [])
    start = text.index("key 0000")
    assert keyfile.read(text[:start] + text[start:].replace("0000", "OoO0")).private == bytes(32)


@pytest.mark.parametrize("text", ["", "nimic", "civic key", "\x00\xff", "=" * 50_000])
def test_what_holds_no_key_is_no_key_file(text: str) -> None:
    with pytest.raises(NotAKeyFile):
        keyfile.read(text)


def test_every_single_slip_is_damage_not_another_key() -> None:
    text = keyfile.write(KeyFile(12, 3, bytes(range(32))), [])
    begin = text.index("round")
    end = text.index("=====", begin)
    noticed = 0
    for at in range(begin, end):
        if text[at].isalnum():
            changed = "2" if text[at] != "2" else "3"
            try:
                found = keyfile.read(text[:at] + changed + text[at + 1 :])
            except (Damaged, NotAKeyFile):
                noticed += 1
            else:
                raise AssertionError(f"a slip at {at} went unnoticed: {found.place}")
    assert noticed > 60


def test_a_cut_file_is_damaged() -> None:
    text = keyfile.write(KeyFile(12, 3, bytes(range(32))), ["x"])
    for length in range(text.index("civic-key 1") + len("civic-key 1"), text.index("check") + 10):
        with pytest.raises(Damaged):
            keyfile.read(text[:length])
