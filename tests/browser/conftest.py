"""A real Chromium against the application served for real, with axe reading every page it opens."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright
from werkzeug.serving import make_server

from tests.support import ROOT, chromium_path

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
#: No script of a page runs long enough to be worth compiling well: that was a third of what a page cost.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--no-opt --no-maglev",
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}

#: The tables that somebody at this screen cannot read whole: one that stands out of its place, or whose cells are cut,
#: unless it scrolls in a region of its own that has a name and takes the keyboard. What is folded away is unfolded to
#: be measured.
TABLES = """() => {
  const folded = [...document.querySelectorAll('details:not([open])')].filter(one => one.querySelector('table'))
  for (const one of folded) one.open = true
  const screen = { left: 0, right: document.documentElement.clientWidth }
  const within = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
  const scrolls = one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
  const region = one => one.tabIndex >= 0 && one.getAttribute('role') === 'region' &&
    (one.ariaLabel || document.getElementById(one.getAttribute('aria-labelledby')))
  const cut = table => {
    let place = table.parentElement
    while (place && getComputedStyle(place).overflowX === 'visible') place = place.parentElement
    const box = table.getBoundingClientRect()
    const outer = place && place !== document.body && place !== document.documentElement
      ? place.getBoundingClientRect() : screen
    if (place && scrolls(place) && region(place)) return !within(outer, screen)
    // The heads of a table laid out as cards are there for the ear alone.
    const seen = [...table.querySelectorAll('tr')].filter(row => row.parentElement.clientWidth > 1).flatMap(row => [...row.cells])
    return !within(box, outer) || !within(box, screen) || seen.some(cell => cell.scrollWidth > cell.clientWidth + 1)
  }
  const wrong = [...document.querySelectorAll('table')].filter(one => one.checkVisibility() && cut(one))
  for (const one of folded) one.open = false
  return wrong.map(one => (one.caption || one).textContent.trim().replace(/\\s+/g, ' ').slice(0, 60))
}"""

#: What is wrong with the screen: how far it is wider than it may be, how many main headings it has, what axe finds.
#: Half of axe's time goes into contrast. When a document is looked at again (at another width, after a swap), that
#: half reads only what looks otherwise than before: what is shown now, or has other colours or another kind of size.
#: Where nothing but the width is another, that is all there is to read.
LOOK = """async ({ script, resized }) => {
  const root = document.documentElement
  const seen = { wide: root.scrollWidth - root.clientWidth, headings: document.querySelectorAll('h1').length, found: [] }
  seen.tables = (TABLES)()
  if (!script) return seen
  const before = window.lookedAt
  const now = window.lookedAt = new WeakMap()
  const changed = []
  for (const one of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(one)
    const size = parseFloat(style.fontSize)
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
    const looks = [one.checkVisibility(), large, style.color, style.backgroundColor, style.backgroundImage,
      style.opacity, style.textShadow].join()
    now.set(one, looks)
    if (before && before.get(one) !== looks) changed.push(one)
  }
  const found = async (context, options) => {
    const result = await axe.run(context, { resultTypes: ['violations'], preload: false, ...options })
    return result.violations.map(v =>
      v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(', '))
  }
  const shown = changed.filter(one => one.checkVisibility())
  if (before && resized) {
    if (shown.length) seen.found = await found({ include: shown }, {})
    return seen
  }
  seen.found = await found(document, { rules: { 'color-contrast': { enabled: !before } } })
  if (shown.length) seen.found.push(...await found({ include: shown }, { runOnly: ['color-contrast'] }))
  return seen
}""".replace("TABLES", TABLES)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium found (set CHROMIUM to its path)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def site(real_app: Flask) -> Iterator[str]:
    """The address of the application, served by threads on a database of its own."""
    server = make_server("127.0.0.1", 0, real_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


class Visitor:
    """One person with one browser: opens pages, fails on errors of script, policy, network and accessibility."""

    def __init__(
        self,
        context: BrowserContext,
        site: str,
        pictures: Path | None,
        *,
        javascript: bool,
        also: dict[str, int] | None = None,
    ) -> None:
        self.context = context
        self.javascript = javascript
        self.also = also
        self.site = site
        self.pictures = pictures
        if javascript:
            context.add_init_script(path=AXE)
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("console", lambda message: self._console(message.type, message.text))
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("response", self._response)

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:
            self.problems.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.site).netloc and not url.startswith(
            ("data:", "about:", "blob:")
        ):
            self.problems.append(f"third party: {url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.url}")

    def open(self, path: str) -> Page:
        """Go to a path of the site and look at it."""
        self.page.goto(self.site + path)
        self.look()
        return self.page

    def resize(self, size: dict[str, int]) -> None:
        """Make the screen this large, if it is not."""
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)  # type: ignore[arg-type]

    def look(self, name: str = "", *, resized: bool = False) -> None:
        """Check what is on the screen now: no problem so far, nothing for axe, nothing wider than the screen.

        Whoever was made with another size as well looks at both, without opening the page again. `resized`: since
        the last look nothing has changed but the size.
        """
        self.page.wait_for_load_state("load")
        self._look(name, resized)
        size = self.page.viewport_size
        if self.also and size:
            self.resize(self.also)
            self._look(name, True)
            self.resize(dict(size))

    def _look(self, name: str, resized: bool) -> None:
        assert not self.problems, self.problems
        seen = self.page.evaluate(LOOK, {"script": self.javascript, "resized": resized})
        assert seen["wide"] <= 0, f"{self.page.url} is {seen['wide']}px wider than the screen"
        assert not seen["tables"], f"{self.page.url} has tables that do not fit: {seen['tables']}"
        assert seen["headings"] == 1, f"{self.page.url} has {seen['headings']} main headings"
        assert not seen["found"], f"{self.page.url}: {seen['found']}"
        if self.pictures:
            place = name or urlsplit(self.page.url).path.strip("/").replace("/", "-") or "home"
            width = (self.page.viewport_size or PHONE)["width"]
            self.page.screenshot(path=self.pictures / f"{place}-{width}.png", full_page=True, caret="initial")


@pytest.fixture
def visitor(chromium: Browser, site: str) -> Iterator[Callable[..., Visitor]]:
    """Make a visitor: `visitor(PHONE, javascript=False)`; `also` is another size looked at. Pictures go to CIVIC_PICTURES when it is set."""
    folder = os.environ.get("CIVIC_PICTURES")
    pictures = Path(folder) if folder else None
    if pictures:
        pictures.mkdir(parents=True, exist_ok=True)
    contexts: list[BrowserContext] = []

    def make(
        size: dict[str, int] = DESK, *, javascript: bool = True, also: dict[str, int] | None = None
    ) -> Visitor:
        context = chromium.new_context(
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="ro-RO",
            timezone_id="Europe/Bucharest",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visitor(context, site, pictures, javascript=javascript, also=also)

    yield make
    for context in contexts:
        context.close()
