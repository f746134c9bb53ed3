"""When a night is, what goes into a batch, and what a checkpoint that somebody holds is worth."""

import base64
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from civic.clock import to_city
from voting import checkpoints
from voting.nightly.held_notes import Verdict, compare, read_note
from voting.nightly.rules import LEAST_BATCH, batch_of, in_order, night_of

leaves = st.sets(st.binary(min_size=4, max_size=4), max_size=120)


@given(leaves, leaves, st.integers())
def test_a_batch_holds_enough_voters_and_leaves_as_many_waiting(
    live: set[bytes], others: set[bytes], seed: int
) -> None:
    others -= live
    made = batch_of(live, others, False, Random(seed))
    if len(live) < 2 * LEAST_BATCH:
        assert made == []
        return
    assert made == sorted(made)
    assert others <= set(made) <= live | others
    assert len(live & set(made)) >= LEAST_BATCH
    assert len(live - set(made)) == LEAST_BATCH


@given(leaves, leaves)
def test_when_nothing_comes_after_it_nobody_waits(live: set[bytes], others: set[bytes]) -> None:
    assert batch_of(live, others - live, True, Random(1)) == sorted(live | others)


def test_who_waits_is_drawn_by_lot() -> None:
    """Waiting by the hash, the same leaves would wait every night."""
    live = [bytes([at]) for at in range(60)]
    waiting = [frozenset(live) - set(batch_of(live, [], False, Random(seed))) for seed in range(40)]
    assert len(set(waiting)) == 40
    assert frozenset.union(*waiting) == frozenset(live)


def test_replacing_a_ballot_often_fills_no_batch() -> None:
    one_voter = [bytes([at]) for at in range(200)]
    assert batch_of([b"live"], one_voter, False, Random(1)) == []


@given(
    st.lists(st.tuples(st.integers(1, 5), st.binary(min_size=2, max_size=2)), unique_by=lambda pair: pair[1])
)
def test_the_log_only_grows_at_its_end(batched: list[tuple[int, bytes]]) -> None:
    whole = in_order(batched)
    for batch in range(1, 6):
        before = in_order(pair for pair in batched if pair[0] <= batch)
        assert whole[: len(before)] == before


@pytest.mark.parametrize(
    ("day", "nights"),
    [(date(2026, 11, 20), 1), (date(2026, 3, 29), 1), (date(2026, 10, 25), 1), (date(2026, 7, 1), 1)],
)
def test_every_night_has_its_hours_also_when_the_clock_changes(day: date, nights: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    every_five_minutes = [to_city(start + timedelta(minutes=5 * at)) for at in range(12 * 24)]
    found = [night_of(local) for local in every_five_minutes]
    assert {one for one in found if one} == {day}
    assert sum(one is not None for one in found) >= 20
    assert night_of(datetime(2026, 11, 20, 3, 9)) is None
    assert night_of(datetime(2026, 11, 20, 12)) is None


# --- a checkpoint that somebody holds -------------------------------------------------------------------------------

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PEM = checkpoints.pem_of(KEY.public_key())
ORIGIN = "oras.ro/rounds/2027"
NOTES = {size: checkpoints.sign(KEY, ORIGIN, size, bytes([size]) * 32) for size in (60, 90)}


def said(pasted: str) -> tuple[Verdict, int | None]:
    return compare(pasted, ORIGIN, NOTES, PEM)


def test_the_same_checkpoint_is_the_same() -> None:
    assert said(NOTES[60]) == (Verdict.SAME, 60)


def test_a_whole_mail_quoted_and_wrapped_is_read() -> None:
    text, line = NOTES[60].rstrip("\n").split("\n\n")
    wrapped = f"{text}\r\n\r\n{line[:70]}\r\n{line[70:]}"
    mail = (
        "Bună ziua,\r\n\r\nAcesta este un punct de control.\r\n\r\n"
        + wrapped
        + "\r\n\r\nOrașul - Piața 1\r\n"
    )
    quoted = "\r\n".join(f"> {part}" for part in mail.split("\r\n"))
    for pasted in (mail, quoted):
        held = read_note(pasted)
        assert held is not None
        assert held.text == NOTES[60]
        assert said(pasted) == (Verdict.SAME, 60)


def test_what_is_not_the_same_is_told_apart() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    assert said(checkpoints.sign(KEY, ORIGIN, 60, b"x" * 32)) == (Verdict.OTHER_ROOT, 60)
    assert said(checkpoints.sign(KEY, ORIGIN, 61, b"x" * 32)) == (Verdict.UNKNOWN, 61)
    assert said(checkpoints.sign(stranger, ORIGIN, 60, bytes([60]) * 32)) == (Verdict.UNSIGNED, 60)
    assert said(NOTES[60].replace("\n60\n", "\n61\n"))[0] is Verdict.UNSIGNED
    assert said(checkpoints.sign(KEY, "oras.ro/rounds/2026", 60, b"x" * 32))[0] is Verdict.OTHER_VOTE
    assert said(checkpoints.sign_promise(KEY, ORIGIN, b"l" * 32)) == (Verdict.PROMISE, None)
    # The name in the signature's line is not signed: nobody makes two checkpoints of one by writing another.
    other_name = NOTES[60].replace(f"\u2014 {ORIGIN}", "\u2014 alta")
    hashed = checkpoints.key_hash("alta", KEY.public_key().public_bytes_raw())
    signed = base64.b64decode(NOTES[60].split(" ")[-1])
    renamed = f"{other_name.rpartition(' ')[0]} {base64.b64encode(hashed + signed[4:]).decode()}\n"
    assert checkpoints.is_signed_by(renamed, PEM)
    assert said(renamed) == (Verdict.UNSIGNED, 60)
    for nonsense in ("", "abc", "\u2014 x y", "a\nb\nc", "a\nb\n\u2014 x y"):
        assert said(nonsense) == (Verdict.UNREADABLE, None)


def test_the_same_signature_in_other_letters_is_no_other_checkpoint() -> None:
    """The last letter of base 64 has bits that say nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    note = NOTES[60].rstrip("=\n")
    other = f"{note[:-1]}{letters[letters.index(note[-1]) ^ 1]}=\n"
    assert other != NOTES[60]
    assert said(other) == (Verdict.SAME, 60)


@given(st.text())
def test_whatever_is_pasted_gets_an_answer(pasted: str) -> None:
    assert said(pasted)[0] is not Verdict.SAME
    assert said(f"{ORIGIN}\n60\n{pasted}\n\n\u2014 {ORIGIN} {pasted}")[0] is not Verdict.SAME


def test_a_promise_is_no_checkpoint_and_names_its_leaf() -> None:
    promise = checkpoints.sign_promise(KEY, ORIGIN, b"l" * 32)
    assert promise.split("\n")[:2] == [ORIGIN, "promise"]
    assert checkpoints.is_signed_by(promise, PEM)
    assert promise == checkpoints.sign_promise(KEY, ORIGIN, b"l" * 32)
    assert not checkpoints.is_signed_by(promise.replace("promise", "60"), PEM)
