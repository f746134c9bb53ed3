"""Every form of the loaded city, for every role, filled with what no person would write: an answer, never a crash.

The answers come in one language, the reader's: half of the nonsense is sent by somebody who reads English.
Every form meets the marks and its share of the other kinds, so that every kind is met by many forms.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.integration.demo.hostile import LEAVE, Form, logins, walk
from tests.pageclient import Page

ANSWERS = {200, 303, 400, 403, 404, 409, 410, 413, 422, 429}
READABLE = 200_000
HUGE, NUL, RTL = 1_000_000, "\x00", "\u202e"
#: What goes into every field a person can change, hidden fields and choices included.
HOSTILE: dict[str, Callable[[int], Any]] = {
    "empty": lambda count: "",
    "marks": lambda count: f"{NUL}{RTL}<script>alert(1)</script>",
    "only a NUL": lambda count: NUL,
    "a number out of range": lambda count: "99999999999999999999999",
    "a negative number": lambda count: "-1",
    "not a number": lambda count: "NaN",
    "an infinite number": lambda count: "1e999",
    "a far date": lambda count: "99999-12-31T24:61",
    "long": lambda count: "x" * (HUGE if count < 4 else 3 * HUGE // count),
    "infinity": lambda count: "Infinity",
    "a small exponent": lambda count: "1e-400",
    "one more than a long integer": lambda count: str(2**63),
    "nobody's number": lambda count: "0",
    "the first day": lambda count: "0001-01-01T00:00",
    "the last day": lambda count: "31.12.9999",
    "no day": lambda count: "31.02.2026",
    "no UTF-8": lambda count: b"\xed\xa0\x80\xff\xfe",
    "twice": lambda count: ["1", "x"],
    "left out": lambda count: None,
}
#: Residents first: what everybody can send is tried with their account, and not again with each role.
ROLES = [None, "resident", *sorted(set(logins()) - {"resident"})]
TRIED: set[tuple[str, tuple[str, ...]]] = set()


def body(fields: dict[str, Any], free: list[str], value: Any, token: str) -> bytes:
    """The form as bytes, for no text can carry what is no UTF-8. None leaves the fields out."""
    changed = dict.fromkeys(free, value) if value is not None else {}
    kept = {name: one for name, one in fields.items() if name not in free}
    return urlencode({**kept, **changed, "csrf_token": token}, doseq=True).encode()


#: How many kinds one form meets: the first is for all, the others take turns.
FOR_ALL, IN_TURN = "marks", 6


def kinds_for(place: int) -> list[str]:
    """The kinds of nonsense for the form at a place, in the order in which they are sent."""
    others = [kind for kind in HOSTILE if kind != FOR_ALL]
    return [FOR_ALL, *(others[(place * IN_TURN + step) % len(others)] for step in range(IN_TURN))]


def test_every_kind_is_sent_to_some_form():
    assert {kind for place in range(3) for kind in kinds_for(place)} == set(HOSTILE)


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_form_can_be_made_to_crash(hostile_city, role):
    walked = walk(hostile_city, role)
    with hostile_city.app_context():
        token = walked.client.csrf_token()
    wrong: list[tuple] = []
    for form in walked.forms.values():
        if form.endpoint in LEAVE or not form.free or form.kind in TRIED:
            continue
        place = len(TRIED)
        TRIED.add(form.kind)
        read: set[int] = set()  # one answer of a kind is read whole: reading takes long
        for step, kind in enumerate(kinds_for(place)):
            language = ("ro", "en")[(place + (step > IN_TURN // 2)) % 2]
            wrong += answer_to(hostile_city, walked.client.browser, form, kind, language, token, read)
    assert not wrong, "\n".join(str(one) for one in wrong)
    assert len(walked.forms) > 2


def answer_to(
    app: Flask, browser: FlaskClient, form: Form, kind: str, language: str, token: str, read: set[int]
) -> list[tuple]:
    """Send one kind of nonsense; what is wrong with the answer."""
    browser.set_cookie("language", language)
    with browser.session_transaction() as session:
        session.pop("_flashes", None)  # said to the one before, in another language
    response = browser.post(
        form.action,
        data=body(form.fields, form.free, HOSTILE[kind](len(form.free)), token),
        content_type="application/x-www-form-urlencoded",
    )
    where = (form.page, form.endpoint, kind, language, response.status_code)
    if response.status_code not in ANSWERS:
        return [where]
    if response.mimetype != "text/html" or response.status_code == 303:
        return []
    page = response.get_data(as_text=True)
    wrong: list[tuple] = [(*where, "unescaped")] if f"{RTL}<script>alert(1)" in page else []
    if NUL in page:
        wrong.append((*where, "a NUL"))
    if len(page) < READABLE and response.status_code not in read:
        read.add(response.status_code)
        try:
            Page(response, app, fragment="<html" not in page, language=language)
        except AssertionError as error:
            wrong.append((*where, str(error)[:300]))
    return wrong
