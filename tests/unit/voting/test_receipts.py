"""The picture on a receipt is the library's, and its promise is signed."""

import base64
import re

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from voting import checkpoints
from voting.ballot_text import tracking_code
from voting.nightly import receipts


def drawn(strokes: str) -> list[str]:
    """The rows of a picture as the pen draws them: "1" is dark."""
    at_x, at_y = 4.0, 4.5
    rows = [["0"] * 25 for _ in range(25)]
    steps = re.findall(r"(h|m|M)(-?[\d.]+)(?: (-?[\d.]+))?", strokes)
    assert "".join(f"{kind}{x}" + (f" {y}" if y else "") for kind, x, y in steps) == strokes
    for kind, x, y in steps:
        if kind == "M":
            at_x, at_y = float(x), float(y)
            continue
        if kind == "h":
            for ink in range(int(x)):
                rows[int(at_y - 4.5)][int(at_x) + ink - 4] = "1"
        at_x, at_y = at_x + float(x), at_y + float(y or 0)
    return ["".join(row) for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_the_picture_is_the_one_the_library_draws(leaf: bytes) -> None:
    code = tracking_code(leaf)
    made = segno.make(code, **receipts._KIND)
    assert made.designator == "2-Q"
    assert drawn(receipts.strokes(code)) == [
        "".join(str(module & 1) for module in row) for row in made.matrix
    ]


def test_the_promise_can_be_saved_as_it_was_signed() -> None:
    key = Ed25519PrivateKey.generate()
    note = checkpoints.sign_promise(key, "oras.ro/rounds/2027", b"l" * 32)
    saved = receipts.as_download(note)
    head, _comma, body = saved.partition(",")
    assert head == "data:text/plain;base64"
    assert base64.b64decode(body).decode() == note
    assert checkpoints.is_signed_by(note, checkpoints.pem_of(key.public_key()))
