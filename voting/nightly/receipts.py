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
from markupsafe import Markup

from civic.config import Settings
from voting import checkpoints

#: Level Q: the code is read with a quarter of the picture lost. Any mask is readable; one for all.
_KIND: dict[str, Any] = {
    "version": 2, "error": "q", "mask": 3, "mode": "alphanumeric", "micro": False, "boost_error": False,
}  # fmt: skip
#: The letters of the alphanumeric mode in their order; two of them are eleven bits.
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BITS = 11
#: Five groups of four letters with a hyphen between them.
_LENGTH = 24
_SIZE, _QUIET = 25, 4
_WHOLE = _SIZE + 2 * _QUIET
#: As many modules are drawn at once.
_CHUNK = 5
_SVG = Markup(  # noqa: S704 - what is filled in is escaped
    f'<svg class="receipt__qr" viewBox="0 0 {_WHOLE} {_WHOLE}" width="165" height="165" role="img" aria-label="{{}}">'
    f'<rect width="{_WHOLE}" height="{_WHOLE}" fill="#fff"/><path stroke="#000" d="{{}}"/></svg>'
)


def promise(settings: Settings, slug: str, leaf: bytes) -> str:
    """The signed note: this leaf will be in the log of the round when it is closed."""
    return checkpoints.sign_promise(
        checkpoints.log_key(settings), checkpoints.origin_of(settings, slug), leaf
    )


def as_download(note: str) -> str:
    """The note as an address that saves it: nothing is asked of the server for it."""
    return f"data:text/plain;base64,{base64.b64encode(note.encode()).decode()}"


def _drawn(text: str) -> int:
    """The library's picture as one number, a bit a module, row by row."""
    rows = segno.make(text, **_KIND).matrix
    return int("".join("1" if module & 1 else "0" for row in rows for module in row), 2)


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


def modules(code: str) -> list[str]:
    """The rows of the QR code of a tracking code: "1" is dark."""
    picture, parts = _parts()
    for at, bits in zip(range(0, _LENGTH, 2), parts, strict=True):
        pair = _LETTERS.index(code[at]) * len(_LETTERS) + _LETTERS.index(code[at + 1])
        for bit, part in enumerate(bits):
            if pair >> bit & 1:
                picture ^= part
    whole = format(picture, f"0{_SIZE * _SIZE}b")
    return [whole[at : at + _SIZE] for at in range(0, len(whole), _SIZE)]


@lru_cache(maxsize=1)
def _strokes() -> dict[str, str]:
    """How each run of `_CHUNK` modules is drawn, from its left end to its right one."""
    made = {}
    for number in range(1 << _CHUNK):
        bits = format(number, f"0{_CHUNK}b")
        runs = re.findall("1+|0+", bits)
        made[bits] = "".join(f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in runs)
    return made


def picture(code: str, label: str) -> Markup:
    """The QR code of a tracking code as SVG, with words for whoever does not see it."""
    strokes = _strokes()
    path = "".join(
        f"M{_QUIET} {at}.5"
        + "".join([strokes[row[start : start + _CHUNK]] for start in range(0, _SIZE, _CHUNK)])
        for at, row in enumerate(modules(code), start=_QUIET)
    )
    return _SVG.format(label, path)
