"""Every form of the loaded city, for every role, filled with what no person would write: an answer, never a crash.

The answers come in one language, the reader's: every other kind of nonsense is sent by somebody who reads English.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.integration.demo.hostile import LEAVE, logins, walk
from tests.pageclient import Page

ANSWERS = {200, 303, 400, 403, 404, 409, 413, 422, 429}
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


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_no_form_can_be_made_to_crash(hostile_city, role):
    walked = walk(hostile_city, role)
    with hostile_city.app_context():
        token = walked.client.csrf_token()
    browser, wrong = walked.client.browser, []
    for form in walked.forms.values():
        if form.endpoint in LEAVE or not form.free or form.kind in TRIED:
            continue
        TRIED.add(form.kind)
        read: set[tuple[int, str]] = set()  # one answer of a kind is read whole: reading takes long
        for place, (name, value) in enumerate(HOSTILE.items()):
            language = ("ro", "en")[place % 2]
            browser.set_cookie("language", language)
            response = browser.post(
                form.action,
                data=body(form.fields, form.free, value(len(form.free)), token),
                content_type="application/x-www-form-urlencoded",
            )
            if response.status_code not in ANSWERS:
                wrong.append((form.page, form.endpoint, name, response.status_code))
            elif response.mimetype == "text/html" and response.status_code != 303:
                page = response.get_data(as_text=True)
                if len(page) < READABLE and (response.status_code, language) not in read:
                    read.add((response.status_code, language))
                    try:
                        Page(response, hostile_city, fragment="<html" not in page, language=language)
                    except AssertionError as error:
                        wrong.append((form.page, form.endpoint, name, str(error)[:200]))
                if f"{RTL}<script>alert(1)" in page:
                    wrong.append((form.page, form.endpoint, name, "unescaped"))
    assert not wrong, "\n".join(str(one) for one in wrong)
    assert len(walked.forms) > 2
