"""The file in which a holder keeps their key: words for the person, then a block of text for the program.

The key is written in Crockford's base 32, in groups of four, so that it can be typed from paper; the check tells a
slip of the hand from a wrong file.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_HEX32 = "0123456789ABCDEFGHIJKLMNOPQRSTUV"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_CROCKFORD = str.maketrans(_HEX32, _CROCKFORD)
_FROM_CROCKFORD = str.maketrans(_CROCKFORD, _HEX32)
#: Letters that a hand writes for digits.
_SLIPS = str.maketrans("OIL", "011")
KEY_BYTES = 32
_KEY_LETTERS = 52

_MARK = re.compile(r"civic-key\s+1\b", re.IGNORECASE)
_BLOCK = re.compile(
    r"civic-key\s+1\b[\s=-]*round\s+(?P<round>\d{1,9})\s+place\s+(?P<place>\d)\s+"
    r"key\s+(?P<key>[0-9A-Za-z\s-]{52,160}?)\s+check\s+(?P<check>[0-9A-Za-z]{4}-?[0-9A-Za-z]{4})\b",
    re.IGNORECASE,
)
#: Nobody's file is longer; a pasted text is cut there.
LONGEST = 20_000


class NotAKeyFile(Exception):
    """There is no key in what was presented."""


class Damaged(Exception):
    """There was a key, and a part of it is missing or changed."""


@dataclass(frozen=True)
class KeyFile:
    """What a key file says: whose key of which round, and the private key itself."""

    round_id: int
    place: int
    private: bytes = field(repr=False)


def _letters(raw: bytes) -> str:
    return base64.b32hexencode(raw).decode().rstrip("=").translate(_TO_CROCKFORD)


def _check(key: KeyFile) -> str:
    said = f"civic-key 1|{key.round_id}|{key.place}|".encode() + key.private
    letters = _letters(hashlib.sha256(said).digest()[:5])
    return f"{letters[:4]}-{letters[4:]}"


def write(key: KeyFile, words: Sequence[str]) -> str:
    """The file: the words, a line each paragraph, and the block."""
    letters = _letters(key.private)
    groups = [letters[at : at + 4] for at in range(0, len(letters), 4)]
    lines = ["-".join(groups[:7]), "    " + "-".join(groups[7:])]
    block = [
        "===== civic-key 1 =====",
        f"round {key.round_id}",
        f"place {key.place}",
        f"key {lines[0]}",
        lines[1],
        f"check {_check(key)}",
        "===== end =====",
    ]
    # Windows' own editor wants its line ends; everything else reads them too.
    return "\r\n".join([*words, "", *block, ""])


def read(text: str) -> KeyFile:
    """The key in a file or in a pasted text, however the lines were broken.

    Raises NotAKeyFile where there is none, Damaged where its parts do not fit one another.
    """
    text = text[:LONGEST]
    if not _MARK.search(text):
        raise NotAKeyFile
    found = _BLOCK.search(text)
    if found is None:
        raise Damaged
    letters = re.sub(r"[\s-]", "", found["key"]).upper().translate(_SLIPS)
    if len(letters) != _KEY_LETTERS or set(letters) - set(_CROCKFORD):
        raise Damaged
    raw = base64.b32hexdecode(letters.translate(_FROM_CROCKFORD) + "====")
    key = KeyFile(int(found["round"]), int(found["place"]), raw[:KEY_BYTES])
    typed = re.sub(r"[\s-]", "", found["check"]).upper().translate(_SLIPS)
    if len(raw) != KEY_BYTES or typed != _check(key).replace("-", ""):
        raise Damaged
    return key


def decode(raw: bytes) -> str:
    """A file's bytes as text; some editors save with two bytes a letter."""
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    return raw.decode("utf-8", "replace")
