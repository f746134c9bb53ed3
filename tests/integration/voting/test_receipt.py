"""The receipt holds the city's signed promise and the code as a picture; nothing of either is kept."""

import base64
import re

import pytest
from flask import Flask

from civic.extensions import Base, db
from tests.integration.voting.votingkit import at_review, make_round, rows
from tests.pageclient import Page
from voting import checkpoints
from voting.ballot_text import tracking_code
from voting.models import ballot_box, cast_log
from voting.nightly import receipts


def promise_of(page: Page) -> str:
    found = re.search(r'href="data:text/plain;base64,([^"]+)" download="promise.txt"', page.html)
    assert found is not None
    return base64.b64decode(found[1]).decode()


def test_the_receipt_promises_its_leaf_and_draws_its_code(context: Flask) -> None:
    round_ = make_round()
    _voter, browser, review = at_review(context, round_)
    before = {table.name: rows(table) for table in Base.metadata.sorted_tables}
    page = browser.submit(review, "/vote/cast", expect=200)
    changed = {table.name for table in Base.metadata.sorted_tables if rows(table) != before[table.name]}
    assert changed == {"ballot_box", "cast_log"}
    (kept,) = rows(ballot_box)
    leaf = bytes(kept.leaf)
    note = promise_of(page)
    origin, word, promised = note.split("\n")[:3]
    assert origin.endswith(f"/rounds/{round_.slug}")
    assert (word, base64.b64decode(promised)) == ("promise", leaf)
    assert checkpoints.is_signed_by(note, checkpoints.public_pem(context.config["SETTINGS"]))
    # What is shown is what is saved, and prints.
    assert note.rstrip("\n") in page.html
    assert "Poți înlocui buletinul până" in page.main_text
    code = tracking_code(leaf)
    assert f'role="img" aria-label="Cod QR: {code}"' in page.html
    assert f' d="{receipts.strokes(code)}"' in page.html
    assert page.headers["Cache-Control"] == "no-store"
    # The same form again is the same promise.
    again = browser.submit(review, "/vote/cast", expect=200)
    assert promise_of(again) == note
    assert len(rows(cast_log)) == 1


@pytest.mark.parametrize(
    ("mode", "said", "unsaid"),
    [
        ("inclusion_only", "nu spun nimic despre ce ai ales", "duc la buletinul tău"),
        ("open", "duc la buletinul tău", "nu spun nimic despre ce ai ales"),
    ],
)
def test_the_receipt_does_not_say_that_the_promise_hides_what_it_leads_to(
    context: Flask, mode: str, said: str, unsaid: str
) -> None:
    """Where choices stand beside codes, the leaf in the promise leads to them as the code does."""
    _voter, browser, review = at_review(context, make_round(publication_mode=mode))
    page = browser.submit(review, "/vote/cast", expect=200)
    assert said in page.main_text
    assert unsaid not in page.main_text


def test_what_receipts_share_holds_no_promise_and_no_picture(context: Flask) -> None:
    round_ = make_round()
    _voter, browser, review = at_review(context, round_)
    page = browser.submit(review, "/vote/cast", expect=200)
    (kept,) = rows(ballot_box)
    code = tracking_code(bytes(kept.leaf))
    shared = repr(context.extensions["civic_pages_with_holes"])
    assert "Promisiunea orașului" in shared
    secrets = [
        promise_of(page).split("\n")[2],
        code,
        receipts.strokes(code),
    ]
    assert not [secret for secret in secrets if secret in shared]
    db.session.rollback()
