"""The page around every page: readable, reachable by keyboard, alone on the network."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import DESK, PHONE, Visitor


@pytest.mark.parametrize(
    "size", [PHONE, DESK, {"width": 320, "height": 600}], ids=["phone", "desk", "zoomed"]
)
@pytest.mark.parametrize("path", ["/", "/nowhere"])
def test_the_shell_is_clean(visitor: Callable[..., Visitor], size: dict[str, int], path: str) -> None:
    visitor(size).open(path)


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
