"""A vote at the desk in a real browser: with a script and without, on a telephone and on the desk's own screen."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.votingkit import make_round, make_voters, opened, voter_account


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "without-script"])
def test_a_vote_at_the_desk(real_app: Flask, visitor: Callable[..., Visitor], javascript: bool) -> None:
    with real_app.app_context():
        round_ = make_round()
        (voter,) = make_voters(1)
        resident = voter_account(voter).id
        slug = opened(round_).slug
        clerk = make_account("clerk").email
    one = visitor(PHONE, javascript=javascript, also=DESK)
    page = one.open("/sign-in")
    page.fill("#email", clerk)
    page.fill("#password", TEST_PASSWORD)
    press(page, "main form.form button[type=submit]")
    one.open(f"/staff/desk/{resident}")
    one.open(f"/staff/desk/{resident}/vote")
    page.check("#seen")
    press(page, "main form.form button[type=submit]")
    one.look("desk-ballot")
    expect(page.locator(".desk-bar")).to_be_visible()
    expect(page.locator(".desk-bar__warning")).to_be_hidden()
    page.locator("main button[name=add]").first.click()
    expect(page.locator("main button[name=remove]").first).to_be_visible()
    one.open(f"/rounds/{slug}/vote/review")
    press(page, "#cast")
    one.look("desk-receipt")
    code = page.locator(".tracking-code").inner_text()
    one.open("/staff/desk")
    assert code not in page.content()
    one.look("desk-in-use")
    press(page, ".desk-bar button[type=submit]")
    one.look("desk-locked")
    page.go_back()
    assert code not in page.content()
    with pytest.raises(
        Error
    ):  # the receipt answered a POST and is stored nowhere: the browser has no such page
        page.go_back()
    page.wait_for_timeout(500)
    for path in (f"/rounds/{slug}/vote/review", f"/rounds/{slug}/vote"):
        page.goto(one.site + path)
        assert "Proiectul 1" not in page.content()
    one.open("/desk/lock")
    page.fill("#password", "altceva 123")
    press(page, "main form.form button[type=submit]")
    one.look("desk-wrong-password")
    page.fill("#password", TEST_PASSWORD)
    press(page, "main form.form button[type=submit]")
    assert page.url.endswith("/staff/desk")


def press(page: Page, selector: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(selector).first.click()
