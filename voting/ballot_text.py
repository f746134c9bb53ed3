"""The one text that a ballot is: canonical, versioned, documented in docs/ballots.md.

A stand-alone script can rebuild it from the choices, the nonce and the round's fingerprint; its hash is
the leaf in the published list and its first 100 bits are the voter's tracking code. Pure.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

FORMAT = "civic-ballot 1"
VOID_FORMAT = "civic-void 1"
KINDS = ("approval", "points", "ordinal")
NONCE_BYTES = 32
CODE_BITS = 100

#: Crockford's alphabet: no I, L, O, U, so that a code read aloud or copied by hand survives.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_NONCE = re.compile(r"[0-9a-f]{64}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f,\u2028\u2029\x85]")
_AMOUNT = re.compile(r"(0|[1-9][0-9]{0,11})(\.[0-9]{0,5}[1-9])?")


class NotABallot(ValueError):
    """The text is not a canonical ballot; the message says what is wrong with which line."""


@dataclass(frozen=True)
class GroupChoice:
    """What the voter chose in one group of the ballot.

    `items` are pairs of a project's code and a value: 1 for approval, the points, or the place (from 1).
    """

    group: int
    kind: str
    items: tuple[tuple[str, Decimal], ...]

    @classmethod
    def of(cls, group: int, kind: str, items: Mapping[str, Decimal | int]) -> "GroupChoice":
        """The choice in canonical order: by code, or by place for a ranking."""
        pairs = [(code, Decimal(value)) for code, value in items.items()]
        pairs.sort(key=(lambda pair: pair[1]) if kind == "ordinal" else (lambda pair: pair[0]))
        return cls(group, kind, tuple(pairs))


@dataclass(frozen=True)
class BallotText:
    """A whole ballot: the round it belongs to (the fingerprint of its frozen plan), all groups, the nonce."""

    fingerprint: str
    groups: tuple[GroupChoice, ...]
    nonce: bytes

    def render(self) -> str:
        """The canonical text. Raises NotABallot for values that have none."""
        if not _FINGERPRINT.fullmatch(self.fingerprint):
            raise NotABallot("the fingerprint is not 64 hexadecimal digits")
        if len(self.nonce) != NONCE_BYTES:
            raise NotABallot(f"the nonce has {len(self.nonce)} bytes, not {NONCE_BYTES}")
        lines = [FORMAT, f"round {self.fingerprint}"]
        numbers = [choice.group for choice in self.groups]
        if numbers != sorted(set(numbers)):
            raise NotABallot("the groups are not in rising order")
        for choice in self.groups:
            lines.append(f"group {choice.group} {choice.kind}")
            lines.extend(_choice_lines(choice))
        lines.append(f"nonce {self.nonce.hex()}")
        return "\n".join(lines) + "\n"

    @property
    def leaf(self) -> bytes:
        """SHA-256 of a zero byte and the canonical text."""
        return leaf_of(self.render())

    def choices(self) -> dict[str, Decimal]:
        """Every chosen code with its value, all groups together."""
        return {code: value for choice in self.groups for code, value in choice.items}


def _choice_lines(choice: GroupChoice) -> list[str]:
    if choice.kind not in KINDS:
        raise NotABallot(f"unknown kind {choice.kind!r}")
    if choice.group < 0 or not choice.items:
        raise NotABallot("a group without a number or without a choice")
    codes = [code for code, _ in choice.items]
    if len(set(codes)) != len(codes):
        raise NotABallot("a project is named twice")
    for code in codes:
        if not code or code != code.strip() or _CONTROL.search(code):
            raise NotABallot(f"not a project code: {code!r}")
    if choice.kind == "ordinal":
        if [value for _, value in choice.items] != [Decimal(n) for n in range(1, len(codes) + 1)]:
            raise NotABallot("a ranking whose places are not 1, 2, 3 …")
        return [f"{place} {code}" for place, code in enumerate(codes, start=1)]
    if codes != sorted(codes):
        raise NotABallot("the projects of a group are not in the order of their codes")
    if choice.kind == "approval":
        if any(value != 1 for _, value in choice.items):
            raise NotABallot("an approval is worth 1")
        return [f"+ {code}" for code in codes]
    return [f"{amount_text(value)} {code}" for code, value in choice.items]


def amount_text(value: Decimal) -> str:
    """Points without exponent or idle zeros. Raises NotABallot when they have no such form."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if not _AMOUNT.fullmatch(text):
        raise NotABallot(f"not points: {text!r}")
    return text


def parse(text: str) -> BallotText:
    """The ballot a canonical text holds. Raises NotABallot unless it is exactly what `render` gives."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != FORMAT or lines[-1] != "":
        raise NotABallot("not a ballot of a version this program knows")
    if not lines[1].startswith("round ") or not lines[-2].startswith("nonce "):
        raise NotABallot("the round or the nonce is missing")
    nonce = lines[-2].removeprefix("nonce ")
    if not _NONCE.fullmatch(nonce):
        raise NotABallot("the nonce is not 64 hexadecimal digits")
    groups: list[GroupChoice] = []
    for number, line in enumerate(lines[2:-2], start=3):
        head, _, rest = line.partition(" ")
        if head == "group":
            group, _, kind = rest.partition(" ")
            if not (group.isascii() and group.isdigit()):
                raise NotABallot(f"line {number}: not a group")
            groups.append(GroupChoice(int(group), kind, ()))
            continue
        if not groups:
            raise NotABallot(f"line {number}: a choice outside a group")
        last = groups[-1]
        try:
            value = Decimal(1) if last.kind == "approval" and head == "+" else Decimal(head)
        except InvalidOperation as error:
            raise NotABallot(f"line {number}: not a choice") from error
        groups[-1] = GroupChoice(last.group, last.kind, (*last.items, (rest, value)))
    ballot = BallotText(lines[1].removeprefix("round "), tuple(groups), bytes.fromhex(nonce))
    if ballot.render() != text:
        raise NotABallot("the text is not in canonical form")
    return ballot


def leaf_of(text: str) -> bytes:
    """SHA-256 of a zero byte and the text: the leaf hash of RFC 6962."""
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def void_leaf(fingerprint: str, target: bytes) -> bytes:
    """The leaf that says another leaf no longer counts. The same for the same target."""
    return leaf_of(f"{VOID_FORMAT}\nround {fingerprint}\ntarget {target.hex()}\n")


def tracking_code(leaf: bytes) -> str:
    """The first 100 bits of a leaf in Crockford's base 32, five groups of four: `7M3K-…`."""
    number = int.from_bytes(leaf, "big") >> (len(leaf) * 8 - CODE_BITS)
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(CODE_BITS - 5, -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, 20, 4))


def normalise_code(typed: str) -> str | None:
    """What somebody typed as a code, in the written form; None when it cannot be one."""
    letters = re.sub(r"[\s\-–—.]", "", typed).upper().translate(str.maketrans("OIL", "011"))
    if len(letters) != 20 or set(letters) - set(_ALPHABET):
        return None
    return "-".join(letters[start : start + 4] for start in range(0, 20, 4))


def code_prefix(code: str) -> bytes:
    """The whole bytes a code fixes (12 of them): where to look in an index of leaves."""
    number = 0
    for letter in code.replace("-", ""):
        number = number * 32 + _ALPHABET.index(letter)
    return (number << 4).to_bytes(13, "big")[:12]


def merkle_root(leaves: list[bytes]) -> bytes:
    """The root of RFC 6962 over leaf hashes, in the order given; of no leaves, the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level = list(leaves)
    while len(level) > 1:
        paired = [
            hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)
        ]
        level = paired + ([level[-1]] if len(level) % 2 else [])
    return level[0]
