"""Whether a checkpoint that somebody holds is one that the site shows. Plain values in, plain values out."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from voting import checkpoints

#: What a signature line has after the name: 68 bytes in base64.
_SIGNATURE_LETTERS = 92


class Verdict(StrEnum):
    """What comes of the comparison."""

    SAME = "same"
    OTHER_ROOT = "other_root"  # signed by the city for this vote and size, but the site shows another root
    UNKNOWN = "unknown"  # signed by the city for this vote, but the site shows none of this size
    UNSIGNED = "unsigned"  # not what the city's key signed
    OTHER_VOTE = "other_vote"
    PROMISE = "promise"  # no checkpoint but the promise of a receipt
    UNREADABLE = "unreadable"


class HeldNote(NamedTuple):
    """A signed note as it was found in what somebody pasted."""

    origin: str
    size: str
    root: str
    signer: str
    text: str


def read_note(pasted: str) -> HeldNote | None:
    """The first signed note in a text, made whole where a mail program quoted or wrapped it; or None."""
    lines = [re.sub(r"^[>\s]+", "", line).strip() for line in pasted.splitlines()]
    lines = [line for line in lines if line]
    at = next((at for at, line in enumerate(lines) if at >= 3 and re.match(r"[—–-]{1,2} \S", line)), None)
    if at is None:
        return None
    origin, size, root = lines[at - 3 : at]
    _dash, name, *signed = " ".join(lines[at:]).split()
    signature = "".join(signed)[:_SIGNATURE_LETTERS]
    return HeldNote(origin, size, root, name, f"{origin}\n{size}\n{root}\n\n\u2014 {name} {signature}\n")


def compare(pasted: str, origin: str, notes: Mapping[int, str], pem: str) -> tuple[Verdict, int | None]:
    """What the held note is against the notes shown (by size), and its size where it has one."""
    held = read_note(pasted)
    if held is None:
        return Verdict.UNREADABLE, None
    if held.origin != origin:
        return Verdict.OTHER_VOTE, None
    size = int(held.size) if held.size.isascii() and held.size.isdigit() and len(held.size) < 10 else None
    # Nobody signs the name in the signature's line: with another one it is not what the city made.
    if held.signer != origin or not checkpoints.is_signed_by(held.text, pem):
        return Verdict.UNSIGNED, size
    if size is None:
        return (Verdict.PROMISE if held.size == checkpoints.PROMISE else Verdict.UNREADABLE), None
    shown = notes.get(size)
    if shown is None:
        return Verdict.UNKNOWN, size
    # What was signed is compared, not the letters of the signature: one signature can be written in several ways.
    return (Verdict.SAME if shown.split("\n")[2] == held.root else Verdict.OTHER_ROOT), size
