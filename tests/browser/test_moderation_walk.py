"""A moderator clears a mixed queue by keyboard, counting the keys; another, without a script, decides by plain forms."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from civic import clock
from civic.extensions import db
from civic.moderation import service
from civic.moderation.models import ModerationCase
from civic.moderation.rules import Clock, Why
from proposals.comments.models import Comment
from proposals.models import Proposal
from proposals.rules import State
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.test_questions import signed_in
from tests.factories import make_account
from tests.integration.consultations import agorakit
from tests.integration.organisations import orgkit
from tests.integration.proposals.makers import make_proposal
from tests.integration.proposals.test_comments import make_comment


class Keys:
    """The keyboard of a moderator, with a count of what was pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *names: str) -> None:
        """Press keys, one after another."""
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1

    def go(self, name: str) -> None:
        """Press a key that leads to another page, and wait for it."""
        with self.page.expect_navigation():
            self.press(name)


def queue_of_five(town: Flask) -> dict[str, int]:
    """A threat in a comment, a proposal that waits, an advertisement, an argument that is fine, a telephone number."""
    with town.app_context(), town.test_request_context():
        now = clock.now()
        threat = make_comment(make_proposal(), body="O să vedeți voi ce pățiți dacă nu plecați de aici.")
        phone = make_proposal(
            State.PUBLISHED, title="Bănci la bloc", idea="Sunați-o pe Ana la 0722 000 111, știe ea."
        )
        fine = make_proposal(State.SUBMITTED, title="Umbră în parc")
        post = agorakit.make_post(agorakit.make_debate(), state="held")
        shop = orgkit.verified(make_account())
        service.open_case("comment", threat.id, Why.REPORTED, now, deadline=Clock.URGENT)
        service.open_case("proposal", phone.id, Why.REPORTED, now, deadline=Clock.URGENT)
        service.open_case("organisation", shop.id, Why.REPORTED, now, deadline=Clock.LINKS)
        service.open_case("proposal", fine.id, Why.NEW, now)
        service.open_case("agora_post", post.id, Why.NEW, now)
        db.session.commit()
        return {"threat": threat.id, "phone": phone.id, "fine": fine.id}


def test_a_mixed_queue_is_cleared_by_keyboard(real_app: Flask, visitor: Callable[..., Visitor]) -> None:
    ids = queue_of_five(real_app)
    with real_app.app_context():
        email = make_account("moderator").email
    one = signed_in(visitor(DESK, also=PHONE), email)
    page = one.open("/staff/moderation")
    keys = Keys(page)
    keys.go("n")
    one.look("moderation-case")

    # The threat comes first: hide, by rule 1, and on.
    expect(page.locator("h1")).to_contain_text("Comentariu")
    keys.press("h", "1")
    expect(page.get_by_role("radio", name="Ascunde", exact=True)).to_be_checked()
    expect(page.locator("select[name=reason]")).to_have_value("threat")
    keys.go("Enter")

    # Somebody's telephone number: it goes, the rest of the proposal stays.
    expect(page.locator("h1")).to_have_text("Bănci la bloc")
    keys.go("r")
    one.look("moderation-redact")
    field = page.locator("textarea[name=part_idea]")
    field.evaluate(
        "e => { const at = e.value.indexOf('0722'); e.focus(); e.setSelectionRange(at, at + '0722 000 111'.length) }"
    )
    keys.press("Control+Delete")
    expect(field).to_have_value("Sunați-o pe Ana la [date personale eliminate], știe ea.")
    with page.expect_navigation():
        page.get_by_role("button", name="Scoate și mergi mai departe").click()

    # An advertisement: hidden as spam, with a word to its author; what is typed there is no key.
    keys.press("h", "8", "w")
    page.keyboard.type("hpq 1")
    expect(page.get_by_role("radio", name="Ascunde", exact=True)).to_be_checked()
    expect(page.locator("textarea[name=text]")).to_have_value("hpq 1")
    keys.press("Escape")
    keys.go("Enter")

    # Two that are fine.
    for _each in range(2):
        keys.press("p")
        keys.go("Enter")
    expect(page.locator("main")).to_contain_text("Nu te mai așteaptă nimic")
    one.look("moderation-empty")
    assert keys.pressed <= 5 * 4, "four keys a case at most"
    with real_app.app_context():
        assert (
            db.session.scalars(select(ModerationCase.id).where(ModerationCase.decided_at.is_(None))).all()
            == []
        )
        assert db.session.get_one(Comment, ids["threat"]).state == "hidden"
        assert "0722" not in db.session.get_one(Proposal, ids["phone"]).idea
        assert db.session.get_one(Proposal, ids["fine"]).state == State.PUBLISHED


def test_the_wrong_key_is_undone_and_keys_can_be_turned_off(
    real_app: Flask, visitor: Callable[..., Visitor]
) -> None:
    ids = queue_of_five(real_app)
    with real_app.app_context():
        email = make_account("moderator").email
    one = signed_in(visitor(DESK), email)
    page = one.open("/staff/moderation")
    keys = Keys(page)
    keys.go("n")
    keys.press("p")
    keys.go("Enter")
    keys.go("z")
    one.look("moderation-undo")
    page.get_by_label("De ce se desface decizia").fill("Am apăsat greșit.")
    with page.expect_navigation():
        page.get_by_role("button", name="Desfă", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Comentariu")
    page.get_by_role("button", name="Oprește tastele").click()
    keys.press("h", "1")
    expect(page.get_by_role("radio", name="Ascunde", exact=True)).not_to_be_checked()
    page.reload()
    page.get_by_role("button", name="Pornește tastele").click()
    keys.press("h", "1")
    keys.go("Enter")
    with real_app.app_context():
        assert db.session.get_one(Comment, ids["threat"]).state == "hidden"


def test_the_desk_works_without_a_script(real_app: Flask, visitor: Callable[..., Visitor]) -> None:
    ids = queue_of_five(real_app)
    with real_app.app_context():
        email = make_account("moderator").email
    one = signed_in(visitor(PHONE, javascript=False), email)
    page = one.open("/staff/moderation")
    expect(page.locator("[data-keys-legend]")).to_be_hidden()
    with page.expect_navigation():
        page.get_by_role("button", name="Ia următorul").click()
    page.get_by_role("radio", name="Ascunde", exact=True).check()
    page.locator("select[name=reason]").select_option("threat")
    with page.expect_navigation():
        page.get_by_role("button", name="Decide și ia următorul").click()
    one.look("moderation-next-without-script")
    with page.expect_navigation():
        page.get_by_role("link", name="Scoate datele personale și lasă restul").click()
    page.locator("textarea[name=part_idea]").fill("Sunați-o pe Ana la [date personale eliminate], știe ea.")
    with page.expect_navigation():
        page.get_by_role("button", name="Scoate și mergi mai departe").click()
    with real_app.app_context():
        assert db.session.get_one(Comment, ids["threat"]).state == "hidden"
        assert "0722" not in db.session.get_one(Proposal, ids["phone"]).idea
