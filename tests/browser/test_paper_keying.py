"""Keying sheets in a real browser by the keyboard alone: fast enough for 30 sheets a minute, and without a script."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories import TEST_PASSWORD
from tests.integration.voting.paper.paperkit import PaperTeam
from voting.paper import queries

#: A sheet every two seconds leaves this to the page and the server.
MOST_SECONDS = 0.5


def come_in(one: Visitor, email: str) -> Page:
    page = one.open("/sign-in")
    page.fill("#email", email)
    page.fill("#password", TEST_PASSWORD)
    with page.expect_navigation():
        page.locator("main form.form button[type=submit]").first.click()
    return page


def test_a_sheet_takes_the_page_less_than_half_a_second(
    real_app: Flask, visitor: Callable[..., Visitor]
) -> None:
    with real_app.app_context():
        team = PaperTeam(real_app, voters=2, sheets=40)
        team.hand_out()
        team.shut(2)
        email, address = (
            team.clerks[0].email,
            f"/staff/rounds/{team.round_id}/paper/batches/{team.batch_id}/key",
        )
        batch_id = team.batch_id
    one = visitor(DESK)
    page = come_in(one, email)
    one.open(address)
    keys, seconds = page.keyboard, []
    expect(page.locator("#serial")).to_be_focused()
    for serial in range(1, 31):
        begun = time.monotonic()
        keys.type(str(serial))
        keys.press("Enter")  # as a scanner of the QR code ends
        keys.type("1+2" if serial % 3 else "0")
        keys.press("Enter")
        expect(page.locator("#key-sheet [role=status]")).to_contain_text(f"Foaia {serial} este păstrată")
        expect(page.locator("#serial")).to_be_focused()
        expect(page.locator("#serial")).to_have_value("")
        seconds.append(time.monotonic() - begun)
    print(f"\nseconds a sheet: median {sorted(seconds)[15]:.3f}, worst {max(seconds):.3f}")  # noqa: T201
    assert sorted(seconds)[15] < MOST_SECONDS
    keys.type("77")
    keys.press("Enter")
    keys.type("1")
    keys.press("Enter")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    one.look("paper-key-error")
    page.fill("#serial", "31")
    page.locator("#marks").press("Enter")
    expect(page.locator("#key-sheet [role=status]")).to_contain_text("Foaia 31 este păstrată")
    with real_app.app_context():
        assert queries.progress_of([batch_id])[batch_id].first == 31


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_without_a_script_the_same_form_is_sent(
    real_app: Flask, visitor: Callable[..., Visitor], size: dict[str, int]
) -> None:
    with real_app.app_context():
        team = PaperTeam(real_app, voters=2, sheets=5)
        team.hand_out()
        team.shut(2)
        email, address = (
            team.clerks[0].email,
            f"/staff/rounds/{team.round_id}/paper/batches/{team.batch_id}/key",
        )
    one = visitor(size, javascript=False)
    page = come_in(one, email)
    one.open(address)
    page.fill("#serial", "3")
    page.fill("#marks", "1 2")
    with page.expect_navigation():
        page.press("#marks", "Enter")
    assert "Foaia 3 este păstrată" in page.inner_text("#key-sheet")
    page.fill("#serial", "4")
    with page.expect_navigation():
        page.press("#serial", "Enter")
    assert page.input_value("#serial") == "4"
    assert page.locator(".govuk-error-message").count() == 1
