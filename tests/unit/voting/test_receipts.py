"""The picture on a receipt is the library's, and its promise is signed."""

import base64
import re
from xml.etree import ElementTree

import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from voting import checkpoints
from voting.ballot_text import tracking_code
from voting.nightly import receipts


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_the_picture_is_the_one_the_library_draws(leaf: bytes) -> None:
    code = tracking_code(leaf)
    drawn = segno.make(code, **receipts._KIND)
    assert drawn.designator == "2-Q"
    assert receipts.modules(code) == ["".join(str(module & 1) for module in row) for row in drawn.matrix]


def test_the_picture_has_words_and_nothing_the_policy_forbids() -> None:
    code = tracking_code(b"l" * 32)
    svg = str(receipts.picture(code, 'Codul "tău" <b>'))
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == 'Codul "tău" <b>'
    assert root.get("role") == "img"
    assert "style" not in svg
    assert "script" not in svg
    rows = receipts.modules(code)
    strokes = root[1].get("d") or ""
    for at, row in enumerate(rows, start=4):
        (drawn,) = re.findall(rf"M4 {at}\.5([^M]*)", strokes)
        steps = re.findall(r"h(\d+)|m(\d+) 0", drawn)
        assert "".join("1" * int(ink or 0) + "0" * int(gap or 0) for ink, gap in steps) == row


def test_the_promise_can_be_saved_as_it_was_signed() -> None:
    key = Ed25519PrivateKey.generate()
    note = checkpoints.sign_promise(key, "oras.ro/rounds/2027", b"l" * 32)
    saved = receipts.as_download(note)
    head, _comma, body = saved.partition(",")
    assert head == "data:text/plain;base64"
    assert base64.b64decode(body).decode() == note
    assert checkpoints.is_signed_by(note, checkpoints.pem_of(key.public_key()))
