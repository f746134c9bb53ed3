"""A table on a telephone fits, or scrolls in a region of its own: how `LOOK` tells the others, on which every walk stands."""

from playwright.sync_api import Browser

from tests.browser.conftest import PHONE, TABLES

ROW = "<tr><th>Scuar pe Strada Teiul Doamnei</th><td>1.060.000&nbsp;lei</td></tr>"
WIDE = f"<table width=900><caption>{{}}</caption>{ROW}</table>"


def test_a_table_that_does_not_fit_a_telephone_is_told(chromium: Browser) -> None:
    page = chromium.new_page(viewport=PHONE)  # type: ignore[arg-type]
    scrolled = "<div style='overflow-x: auto' {}>" + WIDE + "</div>"
    page.set_content(
        f"<h2 id=what>Bani</h2><table width=300><caption>fits</caption>{ROW}</table>"
        + scrolled.format("tabindex=0 role=region aria-labelledby=what", "scrolls by the keyboard")
        + scrolled.format("", "scrolls by the finger alone")
        + scrolled.format("tabindex=0 role=region", "scrolls and has no name")
        + f"<div style='overflow-x: hidden'>{WIDE.format('is cut')}</div>"
        + f"<details><summary>+</summary>{WIDE.format('is folded away')}</details>"
        + "<table style='table-layout: fixed; width: 90px'><caption>cut cell</caption><tr><td style='overflow: hidden'>"
        "AdministrațiaDomeniului</td></tr></table>" + WIDE.format("stands out")
    )
    told = page.evaluate(TABLES)
    page.close()
    assert told == [
        "scrolls by the finger alone", "scrolls and has no name", "is cut", "is folded away", "cut cell", "stands out",
    ]  # fmt: skip
