"""Every form of the loaded city, for every role, filled with what no person would write: an answer, never a crash."""

import pytest

from tests.integration.demo.hostile import LEAVE, logins, walk

ANSWERS = {200, 303, 400, 403, 404, 409, 413, 422, 429}
HUGE, NUL, RTL = 1_000_000, "\x00", "\u202e"
#: What goes into every field a person can change, hidden fields and choices included.
HOSTILE = {
    "empty": lambda count: "",
    "marks": lambda count: f"{NUL}{RTL}<script>alert(1)</script>",
    "only a NUL": lambda count: NUL,
    "a number out of range": lambda count: "99999999999999999999999",
    "a negative number": lambda count: "-1",
    "not a number": lambda count: "NaN",
    "an infinite number": lambda count: "1e999",
    "a far date": lambda count: "99999-12-31T24:61",
    "long": lambda count: "x" * (HUGE if count < 4 else 3 * HUGE // count),
}
#: Residents first: what everybody can send is tried with their account, and not again with each role.
ROLES = [None, "resident", *sorted(set(logins()) - {"resident"})]
TRIED: set[tuple[str, tuple[str, ...]]] = set()


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
        for name, value in HOSTILE.items():
            text = value(len(form.free))
            data = {**form.fields, **dict.fromkeys(form.free, text), "csrf_token": token}
            response = browser.post(form.action, data=data)
            page = response.get_data(as_text=True)
            if response.status_code not in ANSWERS or (
                response.mimetype == "text/html" and response.status_code >= 400 and 'lang="ro"' not in page
            ):
                wrong.append((form.page, form.endpoint, name, response.status_code))
            if f"{RTL}<script>alert(1)" in page:
                wrong.append((form.page, form.endpoint, name, "unescaped"))
    assert not wrong, "\n".join(str(one) for one in wrong)
    assert len(walked.forms) > 2
