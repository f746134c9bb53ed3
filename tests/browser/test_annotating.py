"""Writing beside chosen words of a draft: by mouse, by keyboard, by touch, and without a script."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from civic.extensions import db
from tests.browser.conftest import DESK, PHONE, Visitor
from tests.browser.road import send
from tests.factories import TEST_PASSWORD, make_resident
from tests.integration.consultations.drafting.draftkit import key_of, open_consultation, publish

#: The middle of some words of a paragraph, on the screen: [x where they begin, x where they end, y].
WHERE = """(node, words) => { const text = node.firstChild, at = text.data.indexOf(words), range = document.createRange()
  range.setStart(text, at); range.setEnd(text, at + words.length)
  const box = range.getClientRects()[0]; return [box.left + 1, box.right - 1, box.top + box.height / 2] }"""
#: The first letter of some words, from which a keyboard goes on.
CURSOR = """(node, words) => { const text = node.firstChild, at = text.data.indexOf(words)
  document.getSelection().setBaseAndExtent(text, at, text, at + 1) }"""
#: What a finger held on words ends with.
CHOOSE = """(node, words) => { const text = node.firstChild, at = text.data.indexOf(words)
  document.getSelection().setBaseAndExtent(text, at, text, at + words.length) }"""
WORDS = "500 de lei"


@pytest.fixture
def draft(real_app: Flask) -> tuple[str, str, str]:
    """A resident's address, the path of an open draft's text and the selector of its paragraph (2)."""
    with real_app.app_context():
        one = open_consultation()
        edition = publish(one)
        email = make_resident().email
        path, key = f"/consultations/{one.id}/text", key_of(edition, "(2)")
        db.session.commit()
    return email, path, f"[data-section='{key}']"


def read_by(one: Visitor, email: str, path: str) -> Page:
    """The text as a resident opens it."""
    page = one.open("/sign-in")
    page.fill("#email", email)
    page.fill("#password", TEST_PASSWORD)
    send(page)
    return one.open(path)


def choose_with_mouse(page: Page, paragraph: str) -> None:
    page.locator(paragraph).scroll_into_view_if_needed()
    left, right, y = page.locator(paragraph).evaluate(WHERE, WORDS)
    page.mouse.move(left, y)
    page.mouse.down()
    page.mouse.move(right, y, steps=5)
    page.mouse.up()


def choose_with_keyboard(page: Page, paragraph: str) -> None:
    page.locator(paragraph).evaluate(CURSOR, WORDS)
    page.keyboard.down("Shift")
    for _letter in WORDS[1:]:
        page.keyboard.press("ArrowRight")
    page.keyboard.up("Shift")


def choose_with_finger(page: Page, paragraph: str) -> None:
    page.locator(paragraph).evaluate(CHOOSE, WORDS)
    page.locator(paragraph).dispatch_event("touchend")


@pytest.mark.parametrize(
    ("size", "choose"),
    [(DESK, choose_with_mouse), (DESK, choose_with_keyboard), (PHONE, choose_with_finger)],
    ids=["mouse", "keyboard", "finger"],
)
def test_chosen_words_open_the_form_beside_them_and_the_remark_is_read(
    draft: tuple[str, str, str],
    visitor: Callable[..., Visitor],
    size: dict[str, int],
    choose: Callable[[Page, str], None],
) -> None:
    email, path, paragraph = draft
    one = visitor(size)
    page = read_by(one, email, path)
    panel = page.locator("[data-annotate]")
    expect(panel).to_be_hidden()
    choose(page, paragraph)
    expect(panel).to_be_visible()
    assert page.locator(f".draft__row:has({paragraph}) [data-annotate]").count() == 1, "beside its paragraph"
    expect(panel.locator("[name=quote]")).to_have_value(WORDS)
    one.look("annotating")
    panel.locator("[name=body]").fill("Amenda e prea mare.")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    back = page.evaluate("document.activeElement.closest('.draft__row')?.id")
    assert back == page.locator(f".draft__row:has({paragraph})").get_attribute("id"), (
        "focus is back at its place"
    )
    (choose_with_finger if size is PHONE else choose_with_mouse)(page, paragraph)
    expect(panel.locator("[name=body]")).to_have_value("Amenda e prea mare.")
    panel.get_by_role("button", name="Trimite").click()
    page.wait_for_url("**#comment-*")
    expect(page.locator("main")).to_contain_text("Amenda e prea mare.")
    expect(page.locator(".comment .draft__quote")).to_have_text(WORDS)
    one.look("annotated")


def test_without_a_script_the_paragraphs_own_form_does_the_same(
    draft: tuple[str, str, str], visitor: Callable[..., Visitor]
) -> None:
    email, path, paragraph = draft
    one = visitor(PHONE, javascript=False)
    page = read_by(one, email, path)
    page.locator(f".draft__row:has({paragraph}) a.draft__beside").click()
    one.look("annotating-without-script")
    page.fill("[name=quote]", WORDS)
    page.fill("[name=body]", "Amenda e prea mare.")
    page.get_by_role("button", name="Trimite").click()
    expect(page.locator(".comment")).to_contain_text("Amenda e prea mare.")
