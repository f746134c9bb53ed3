"""Two people close a vote in two browsers of their own, and verify.py says that what they published holds."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories import TEST_PASSWORD, make_account
from tests.integration.voting.ceremonykit import run_worker, waiting_round
from tests.integration.voting.verificationkit import exported, verified
from voting.ceremony.rules import BACKUPS, STAGES

LONG = "Maria-Magdalena Constantinescu-Brâncoveanu-Cantacuzino"


def sign_in(visitor: Visitor, email: str) -> Page:
    page = visitor.open("/sign-in")
    page.fill("#email", email)
    page.fill("#password", TEST_PASSWORD)
    press(page, "main form.form button[type=submit]")
    return page


def press(page: Page, selector: str) -> None:
    """Press a button, agree when the page asks, and wait for the page it leads to."""
    asks = page.locator(selector).first.get_attribute("data-confirm")
    with page.expect_navigation():
        page.locator(selector).first.click()
        if asks and page.evaluate("document.querySelector('dialog.confirm') !== null"):
            page.click("dialog.confirm .govuk-button--warning")


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (PHONE, True), (PHONE, False)])
def test_two_people_close_a_vote(
    real_app: Flask,
    visitor: Callable[..., Visitor],
    tmp_path: Path,
    size: dict[str, int],
    javascript: bool,
) -> None:
    with real_app.app_context():
        round_ = waiting_round(real_app, 20)
        round_id, slug = round_.id, round_.slug
        first, second = make_account("staff", display_name=LONG).email, make_account("staff").email
    try:
        one, two = visitor(size, javascript=javascript), visitor(size, javascript=javascript)
        for who, email in ((one, first), (two, second)):
            sign_in(who, email)
        road = f"/staff/rounds/{round_id}/vote/ceremony"
        one.open(f"/staff/rounds/{round_id}/vote")
        press(one.page, f"a[href='{road}']")
        for stage in STAGES:
            if stage.name == BACKUPS:
                one.page.fill(
                    "#note", "Copiile din 1-14 mai de pe serverul 2; le distruge ADP până pe 1 iunie."
                )
                one.page.fill("#taken_on", "20.05.2026")
            press(one.page, f"form[action$='/{stage.name}/begin'] button[type=submit]")
            one.look(f"ceremony-{stage.number}-begun")
            if stage.name == "count":  # once on the same screen, the second standing beside the first
                one.page.fill("#email", second)
                one.page.fill("#password", TEST_PASSWORD)
                press(one.page, "form[action$='/confirm-here'] button[type=submit]")
            else:
                two.open(road)
                two.look(f"ceremony-{stage.number}-second")
                press(two.page, f"form[action$='/{stage.name}/confirm'] button[type=submit]")
            if stage.name != BACKUPS:
                one.open(road)
                expect(one.page.locator(".job--running")).to_be_visible()
                one.look(f"ceremony-{stage.number}-running")
                with real_app.app_context():
                    assert run_worker() == 1
            one.open(road)
        one.look("ceremony-done")
        assert one.page.locator(".ceremony__people").count() == len(STAGES)
        stranger = visitor(size, javascript=javascript)
        stranger.open(f"/rounds/{slug}/results")
        press(stranger.page, f"a[href='/rounds/{slug}/minutes']")
        stranger.look("minutes")
        expect(stranger.page.locator("main")).to_contain_text(LONG)
        with real_app.app_context():
            stored = db.session.get_one(Round, round_id, populate_existing=True)
            code, said = verified(exported(real_app, stored, tmp_path / "set"))
        assert code == 0, said
    finally:
        clock.travel(timedelta(0))
