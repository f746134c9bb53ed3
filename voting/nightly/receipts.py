"""What a receipt adds to its code: the city's signed promise, and the code as a picture that a phone reads.

Made for every ballot while its voter waits, and kept nowhere. Drawing one QR code takes a library several
milliseconds. But all codes have one length, and so one version, level and mask: then each module of the picture is a
sum (exclusive or) of bits of the text, because the error correction of QR codes is linear. So the library draws each
bit once a process, and a receipt adds up what its code has. A test compares with the library's own drawing.
"""

import base64
import re
from functools import lru_cache
from typing import Any

import segno

from civic.config import Settings
from voting import checkpoints
from voting.ballot_text import tracking_code

#: Level Q: the code is read with a quarter of the picture lost. Any mask is readable; one for all.
_KIND: dict[str, Any] = {
    "version": 2, "error": "q", "mask": 3, "mode": "alphanumeric", "micro": False, "boost_error": False,
}  # fmt: skip
#: The letters of the alphanumeric mode in their order; two of them are eleven bits.
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BITS = 11
#: Five groups of four letters with a hyphen between them.
_LENGTH = 24
#: Modules of a row, and the light border around the picture (the template's box is both).
_SIZE, _QUIET = 25, 4
#: A row as hexadecimal digits: four modules each, the last of them beyond the picture and light.
_DIGITS = 7


def promise(settings: Settings, slug: str, leaf: bytes) -> str:
    """The signed note: this leaf will be in the log of the round when it is closed."""
    return checkpoints.sign_promise(
        checkpoints.log_key(settings), checkpoints.origin_of(settings, slug), leaf
    )


def holes(settings: Settings, slug: str, leaf: bytes) -> dict[str, str]:
    """All that differs from one receipt of a round to the next, by the names that the template gives it."""
    code, note = tracking_code(leaf), promise(settings, slug, leaf)
    return {"code": code, "qr": strokes(code), "promise": note, "promise_file": as_download(note)}


def as_download(note: str) -> str:
    """The note as an address that saves it: nothing is asked of the server for it."""
    return f"data:text/plain;base64,{base64.b64encode(note.encode()).decode()}"


def _drawn(text: str) -> int:
    """The library's picture as one number, a bit a module, row by row, each row filled up to whole digits."""
    rows = segno.make(text, **_KIND).matrix
    bits = ("".join("1" if module & 1 else "0" for module in row).ljust(4 * _DIGITS, "0") for row in rows)
    return int("".join(bits), 2)


@lru_cache(maxsize=1)
def _parts() -> tuple[int, list[list[int]]]:
    """The picture of zeros alone, and for each pair of letters what each of its bits changes."""
    empty = _drawn("0" * _LENGTH)
    parts = []
    for at in range(0, _LENGTH, 2):
        bits = []
        for bit in range(_BITS):
            first, second = divmod(1 << bit, len(_LETTERS))
            pair = _LETTERS[first] + _LETTERS[second]
            bits.append(empty ^ _drawn("0" * at + pair + "0" * (_LENGTH - at - 2)))
        parts.append(bits)
    return empty, parts


@lru_cache(maxsize=1)
def _pens() -> dict[int, str]:
    """How the four modules of a digit are drawn from left to right, and how the pen gets to the next row."""
    made = {"\n": f"m-{4 * _DIGITS} 1"}
    for number in range(16):
        runs = re.findall("1+|0+", format(number, "04b"))
        made[format(number, "x")] = "".join(
            f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in runs
        )
    return str.maketrans(made)


def strokes(code: str) -> str:
    """The QR code of a tracking code as the strokes of an SVG path, one module wide."""
    picture, parts = _parts()
    for at, bits in zip(range(0, _LENGTH, 2), parts, strict=True):
        pair = _LETTERS.index(code[at]) * len(_LETTERS) + _LETTERS.index(code[at + 1])
        for bit, part in enumerate(bits):
            if pair >> bit & 1:
                picture ^= part
    digits = format(picture, f"0{_SIZE * _DIGITS}x")
    rows = [digits[at : at + _DIGITS] for at in range(0, len(digits), _DIGITS)]
    return f"M{_QUIET} {_QUIET}.5" + "\n".join(rows).translate(_pens())
