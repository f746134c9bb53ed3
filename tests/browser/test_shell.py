"""The page around every page: readable, reachable by keyboard, alone on the network."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import DESK, PHONE, Visitor


@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_the_shell_is_clean(visitor: Callable[..., Visitor], path: str) -> None:
    one = visitor(PHONE)
    one.open(path)
    for size in (DESK, {"width": 320, "height": 600}):
        one.resize(size)
        one.look()


DARK = "document.querySelector('main').style.backgroundColor = '#555'"
PALE_WORD = """() => { const one = document.createElement('p')
  one.textContent = 'Abia se vede'; one.style.color = '#ccc'; document.querySelector('main').append(one) }"""


def test_words_that_can_hardly_be_read_are_seen(visitor: Callable[..., Visitor]) -> None:
    """The second look at a document reads contrast only where something looks otherwise: that it does is tried."""
    one = visitor(PHONE)
    page = one.open("/")
    page.evaluate(DARK)
    with pytest.raises(AssertionError, match="color-contrast"):
        one.look()
    page.evaluate(DARK.replace("#555", ""))
    one.look()
    page.evaluate(PALE_WORD)
    with pytest.raises(AssertionError, match="color-contrast"):
        one.look()
    page.goto(one.site)
    page.evaluate(DARK)
    with pytest.raises(AssertionError, match="color-contrast"):
        one.look()


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_javascript_the_page_is_whole(visitor: Callable[..., Visitor]) -> None:
    page = visitor(PHONE, javascript=False).open("/")
    assert page.locator("nav a").count() > 0
    assert page.locator("h1").inner_text()
