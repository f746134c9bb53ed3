"""Every component, on every width, with and without the script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, Visitor

SIZES = [{"width": 320, "height": 640}, PHONE, {"width": 800, "height": 900}, DESK]


def test_every_component_is_clean(visitor: Callable[..., Visitor]) -> None:
    one = visitor(SIZES[0])
    page = one.open("/design")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    for size in SIZES:
        one.resize(size)
        one.look("design-open")


def test_without_javascript_nothing_is_missing(visitor: Callable[..., Visitor]) -> None:
    page = visitor(PHONE, javascript=False).open("/design")
    assert page.locator(".map").first.is_hidden()
    assert page.locator(".map-twin__list a").count() == 4
    assert page.locator("input[type=file]").first.is_visible()
    assert page.locator(".govuk-password-input__toggle").first.is_hidden()
    assert page.get_by_role("button", name="Arată", exact=True).first.is_visible(), (
        "filters need their button"
    )


def test_targets_are_large_enough_for_a_finger(visitor: Callable[..., Visitor]) -> None:
    page = visitor(PHONE).open("/design")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main input:not([type=hidden]), main select, header a')]
        .filter(one => one.offsetParent && getComputedStyle(one).position !== 'absolute')
        .filter(one => !(one.matches('a') && getComputedStyle(one).display === 'inline'))
        .filter(one => { const box = one.getBoundingClientRect(); return box.width && (box.height < 24 || box.width < 24) })
        .map(one => one.outerHTML.slice(0, 120))"""
    )
    assert not small


def test_words_in_the_character_count_follow_the_language(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/design")
    field = page.locator("#summary")
    said = page.locator(".govuk-character-count", has=field).locator(".govuk-character-count__status")
    field.fill("a" * 1499)
    expect(said).to_have_text("Mai ai 1 caracter")
    field.fill("a" * 1520)
    expect(said).to_have_text("Ai 20 de caractere în plus")


def test_chosen_files_are_named_in_letters_that_can_be_read(visitor: Callable[..., Visitor]) -> None:
    one = visitor(PHONE)
    page = one.open("/design")
    page.locator("input[type=file]").first.set_input_files(
        [{"name": "strada.jpg", "mimeType": "image/jpeg", "buffer": b"x"}]
    )
    expect(page.locator(".govuk-file-upload-button__status").first).to_have_text("strada.jpg")
    one.look("design-file")


def test_the_place_can_be_chosen_by_keyboard(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/design")
    page.locator(".map-picker .leaflet-container").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Însemnează centrul hărții").press("Enter")
    assert float(page.input_value("#lat")) == pytest.approx(44.45, abs=0.1)
    assert float(page.input_value("#lon")) == pytest.approx(26.14, abs=0.1)
    assert page.locator("[data-map-said]").inner_text() == "Locul este însemnat pe hartă."
    assert page.locator(".map-picker .pin--chosen").count() == 1


def test_a_pin_and_its_line_in_the_list_point_at_each_other(visitor: Callable[..., Visitor]) -> None:
    page = visitor().open("/design")
    page.locator(".map-twin__list a").nth(1).focus()
    assert page.locator(".map-twin .pin--chosen").count() == 1
    page.locator(".map-twin .pin").first.click()
    popup = page.locator(".leaflet-popup")
    assert popup.get_by_role("button").get_attribute("aria-label") == "Închide"
    assert "Grădină urbană" in popup.inner_text()
