"""Every page for residents, opened in the demo city by somebody it is for, wide and narrow, with axe reading it.

The pages of the staff are opened by `test_every_staff_page`, at the same time by another worker.
"""

import os
from collections.abc import Callable

from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.every_page import (
    STAFF,
    People,
    demo_app,
    demo_site,
    open_all,
    page_rules,
    people,
    problems,
)
from tests.browser.page_list import EXEMPT, IN_ENGLISH, WHO
from tests.browser.road import send
from tests.pageclient import foreign_sentences

__all__ = ["demo_app", "demo_site", "people"]

#: What stands on the screen or on the paper, without what is said in a language of its own.
SHOWN = """() => [...document.querySelectorAll('h1, h2, h3, h4, p, li, dt, dd, th, td, a, button, label, legend, span')]
  .filter(e => !e.closest('[lang]:not(html)') && e.checkVisibility()).map(e => e.textContent.replace(/\\s+/g, ' ').trim())"""


def test_every_page_route_is_opened_or_is_no_page(real_app: Flask) -> None:
    assert page_rules(real_app) == WHO.keys() | EXEMPT.keys()


def test_every_page_is_clean(
    demo_app: Flask, people: Callable[..., People], record_property: Callable[..., None]
) -> None:
    everybody = people()
    wrong, share = open_all(everybody, demo_app, lambda rule: not rule.startswith(STAFF))
    stranger, _home = everybody.who_opens("/")
    wrong += problems(stranger, "/no-such-page", (DESK, PHONE), status=404)[0]
    record_property("a11y.routes.share", share)
    assert not wrong, "\n".join(wrong)


def test_the_main_pages_are_clean_in_english(people: Callable[..., People]) -> None:
    everybody = people("en")
    wrong: list[str] = []
    foreign = foreign_sentences("en")
    for rule in IN_ENGLISH:
        visitor, path = everybody.who_opens(rule)
        wrong += problems(visitor, path, (PHONE,))[0]
        assert visitor.page.locator("html").get_attribute("lang") == "en"
        wrong += [f"{path}: in Romanian: {one}" for one in set(visitor.page.evaluate(SHOWN)) & foreign]
    assert not wrong, "\n".join(wrong)


#: What paper has no use for, and what is folded away: nothing of the first is printed, all of the second.
FURNITURE = """() => [...document.querySelectorAll('nav, button, .govuk-button, .languages, .no-print, dialog')]
  .filter(e => e.checkVisibility()).map(e => e.outerHTML.slice(0, 120))"""
FOLDED = """() => [...document.querySelectorAll('main details > :not(summary)')]
  .filter(e => !e.checkVisibility() || !e.getBoundingClientRect().height).map(e => e.textContent.trim().slice(0, 80))"""

#: What is wider than the paper: nothing scrolls there.
SIDEWAYS = """() => [...document.querySelectorAll('main .scroll-x, main table')]
  .filter(e => e.scrollWidth > e.clientWidth + 1 || e.getBoundingClientRect().right > innerWidth)
  .map(e => e.textContent.trim().slice(0, 80))"""
#: A4 between its margins.
PAPER = {"width": 690, "height": 1000}


def test_on_paper_there_is_everything_said_and_no_furniture(people: Callable[..., People]) -> None:
    everybody = people()
    wrong: list[str] = []
    for rule in ("/rounds/<slug>/vote", "/rounds/<slug>", "/rounds/<slug>/results", "/deliveries/figures"):
        visitor, path = everybody.who_opens(rule)
        page = visitor.open(path)
        if rule.endswith("/vote"):
            page.locator("main button[name=add]").first.click()
            expect(page.locator("main button[name=remove]").first).to_be_visible()
            visitor.open(f"{path}/review")
            send(page, "#cast")
        else:
            assert page.locator("main details:not([open])").count()
        page.emulate_media(media="print")
        wrong += [f"{path}: printed: {one}" for one in page.evaluate(FURNITURE)]
        wrong += [f"{path}: not printed: {one}" for one in page.evaluate(FOLDED)]
        visitor.resize(PAPER)
        wrong += [f"{path}: wider than paper: {one}" for one in page.evaluate(SIDEWAYS)]
        visitor.resize(DESK)
        if rule.endswith("/vote"):
            size = page.locator(".tracking-code").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            assert size >= 20, "the code is the largest of the text"
        if folder := os.environ.get("CIVIC_PICTURES"):
            page.screenshot(path=f"{folder}/paper-{rule.rsplit('/')[-1].strip('<>')}.png", full_page=True)
        page.emulate_media(media="screen")
    assert not wrong, "\n".join(wrong)
