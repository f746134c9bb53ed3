"""Two people close a vote in two browsers of their own, and verify.py says that what they published holds."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from civic import clock
from civic.extensions import db
from civic.rounds.models import Round
from tests.browser.closing import close_by_two, press, sign_in
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.factories import make_account
from tests.integration.voting.ceremonykit import waiting_round
from tests.integration.voting.verificationkit import exported, verified

LONG = "Maria-Magdalena Constantinescu-Brâncoveanu-Cantacuzino"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "without-script"])
def test_two_people_close_a_vote(
    real_app: Flask,
    visitor: Callable[..., Visitor],
    tmp_path: Path,
    javascript: bool,
) -> None:
    with real_app.app_context():
        round_ = waiting_round(real_app, 20)
        round_id, slug = round_.id, round_.slug
        first, second = make_account("staff", display_name=LONG).email, make_account("staff").email

    def person() -> Visitor:
        return visitor(PHONE, javascript=javascript, also=DESK)

    try:
        one, two = person(), person()
        for who, email in ((one, first), (two, second)):
            sign_in(who, email)
        close_by_two(real_app, round_id, one, two, second, "20.05.2026")
        stranger = person()
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
