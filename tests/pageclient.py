"""A client that reads every page as a strict person would.

It fails on a wrong status, a missing title or heading, duplicate ids, fields without a label, invalid
HTML, inline script or style, a POST form without its token, a link to a page that does not exist, and a
sentence left in the other language.
"""

import re
from functools import cached_property, lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask, g, url_for
from html5lib.constants import E as PARSE_ERRORS
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from civic.accounts.models import Account
from civic.catalogues import merge_catalogues
from civic.extensions import db

#: Sentences that libraries bring along in English.
LIBRARY_DEFAULTS = {
    "There is a problem", "Error:", "This field is required.", "Not a valid choice.", "Previous", "Next",
    "Not a valid integer value.", "Invalid email address.", "Skip to main content", "Choose file", "Information",
}  # fmt: skip
UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}
XHTML = "{http://www.w3.org/1999/xhtml}"


@lru_cache(maxsize=1)
def _catalogue() -> Any:
    return merge_catalogues("ro")


@lru_cache(maxsize=4)
def foreign_sentences(language: str) -> frozenset[str]:
    """Texts that must not stand alone on a page of the language: ids of the other, with two words or more."""
    catalogue = _catalogue()
    sentences: set[str] = set()
    for message in catalogue:
        if not message.id or message.context:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wrong, right = (ids, strings) if language == "ro" else (strings, ids)
        sentences.update(text.strip() for text in wrong if text not in right and "%(" not in text)
    own = {text for message in catalogue if message.id for text in _texts(message, language)}
    found = frozenset(text for text in sentences if len(text) > 3 and text not in own)
    return found if language == "en" else found | LIBRARY_DEFAULTS


def _texts(message: Any, language: str) -> tuple[str, ...]:
    value = message.string if language == "ro" else message.id
    return tuple(value) if isinstance(value, tuple | list) else (value,)


class Page:
    """A parsed response."""

    def __init__(self, response: TestResponse, app: Flask, fragment: bool, language: str) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        self.app = app
        # A redirect's body is the library's and is seen by nobody.
        moved = 300 <= response.status_code < 400
        self.is_html = response.mimetype == "text/html" and bool(self.html) and not moved
        self.fragment = fragment
        if self.is_html:
            errors = [(position, code) for position, code, _ in self._parsed[1]]
            assert not errors, (
                f"invalid HTML: {[(p, PARSE_ERRORS.get(c, c)) for p, c in errors[:5]]}\n{self._around(errors)}"
            )
            self._check(fragment, language)

    @cached_property
    def _parsed(self) -> tuple[Element, list[Any]]:
        parser = html5lib.HTMLParser(namespaceHTMLElements=True)
        root = parser.parseFragment(self.html) if self.fragment else parser.parse(self.html)
        return root, parser.errors

    @property
    def root(self) -> Element:
        """The tree; of what is no page it is made when it is asked for."""
        return self._parsed[0]

    def _around(self, errors: list[Any]) -> str:
        line = errors[0][0][0] if errors else 1
        return "\n".join(self.html.splitlines()[max(0, line - 3) : line + 2])

    # -- reading -----------------------------------------------------------------------------
    def all(self, tag: str) -> list[Element]:
        """Every element of a tag name."""
        return list(self.root.iter(XHTML + tag))

    def find(self, selector: str) -> Element | None:
        """The first element for `tag`, `#id`, `.class`, `tag.class` or `#id .class` (descendants by spaces)."""
        found = [self.root]
        for part in selector.split():
            found = [e for top in found for e in top.iter() if e is not top and _matches(e, part)]
            if not found:
                return None
        return found[0]

    def text_of(self, selector: str) -> str:
        """The visible text of the first match, white space folded. Fails when there is none."""
        element = self.find(selector)
        assert element is not None, f"no {selector} in the page"
        return text_in(element)

    @property
    def main_text(self) -> str:
        """The text of the main part, white space folded."""
        main = self.find("main")
        return text_in(self.root if main is None else main)

    @property
    def title(self) -> str:
        """The document's title."""
        return self.text_of("title")

    def form(self, action_part: str = "") -> dict[str, Any]:
        """The fields of the first form whose action contains the text, as they would be sent."""
        for form in self.all("form"):
            if action_part in form.get("action", "") and (
                form.get("method", "").lower() == "post" or action_part
            ):
                return _fields(form)
        raise AssertionError(f"no form to {action_part!r}")

    # -- checking ----------------------------------------------------------------------------
    def _check(self, fragment: bool, language: str) -> None:
        elements = [e for e in self.root.iter() if isinstance(e.tag, str)]
        ids = [e.get("id") for e in elements if e.get("id")]
        assert len(ids) == len(set(ids)), f"duplicate ids: {sorted({i for i in ids if ids.count(i) > 1})}"
        if not fragment:
            assert self.title, "the page has no title"
            headings = [e for e in elements if e.tag == XHTML + "h1"]
            assert len(headings) == 1, f"the page has {len(headings)} h1: {[text_in(h) for h in headings]}"
            html = next(e for e in elements if e.tag == XHTML + "html")
            assert html.get("lang") == language, f"lang={html.get('lang')!r} on a page in {language}"
        self._check_fields(elements, set(ids))
        for element in elements:
            name = element.tag.removeprefix(XHTML)
            assert not element.get("style"), f"inline style on {name}"
            assert not any(attribute.startswith("on") for attribute in element.attrib), (
                f"inline handler on {name}"
            )
            assert not (name == "script" and not element.get("src")), "inline script"
            assert name != "style", "inline style element"
            if name == "form" and element.get("method", "").lower() == "post":
                assert any(f.get("name") == "csrf_token" for f in element.iter(XHTML + "input")), (
                    "form without token"
                )
            if name == "img":
                assert element.get("alt") is not None, "image without alt"
        self._check_links(elements)
        self._check_language(elements, language)

    def _check_fields(self, elements: list[Element], ids: set[str | None]) -> None:
        labelled = {e.get("for") for e in elements if e.tag == XHTML + "label"}
        for element in elements:
            name = element.tag.removeprefix(XHTML)
            if name not in {"input", "select", "textarea"} or element.get("type") in UNLABELLED_TYPES:
                continue
            named = (
                element.get("id") in labelled or element.get("aria-label") or element.get("aria-labelledby")
            )
            assert named, f"unlabelled {name} {element.get('name')!r}"
            assert_shown(element)
            for reference in (element.get("aria-describedby") or "").split():
                assert reference in ids, f"aria-describedby points at missing #{reference}"

    def _check_links(self, elements: list[Element]) -> None:
        adapter = self.app.url_map.bind("localhost")
        for element in elements:
            for attribute in ("href", "action", "hx-get", "hx-post"):
                target = element.get(attribute)
                if not target or not target.startswith("/") or target.startswith("/static/"):
                    continue
                method = "POST" if attribute == "hx-post" or (
                    attribute == "action" and element.get("method", "get").lower() == "post"
                ) else "GET"  # fmt: skip
                try:
                    adapter.match(re.split(r"[?#]", target)[0], method=method)
                except RequestRedirect:
                    pass
                except (NotFound, MethodNotAllowed) as error:
                    raise AssertionError(
                        f"{attribute}={target!r} leads nowhere ({type(error).__name__})"
                    ) from error

    def _check_language(self, elements: list[Element], language: str) -> None:
        foreign = foreign_sentences(language)
        for element, text in _own_texts(elements):
            assert text not in foreign, f"not in {language}: {text!r} in <{element.tag.removeprefix(XHTML)}>"


def assert_shown(element: Element) -> None:
    """Fail on a value that a browser would throw away, and with it what the next save would store."""
    shapes = {"date": r"\d{4}-\d\d-\d\d", "number": r"-?\d+(\.\d+)?"}
    value, shape = element.get("value") or "", shapes.get(element.get("type") or "")
    assert not value or not shape or re.fullmatch(shape, value), (
        f"a browser shows nothing for {element.get('name')}={value!r} of type {element.get('type')}"
    )


def _own_texts(elements: list[Element]) -> list[tuple[Element, str]]:
    hidden: set[Element] = set()
    for element in elements:
        marked = element.get("lang") is not None and element.tag != XHTML + "html"
        if marked or element.tag in (XHTML + "script", XHTML + "style"):
            hidden.update(element.iter())
    texts = []
    for element in elements:
        if element in hidden:
            continue
        children = list(element)
        raw = [element.text, *(child.tail for child in children)]
        raw += [element.get(name) for name in ("aria-label", "title", "placeholder", "alt", "data-confirm")]
        texts += [(element, " ".join(text.split())) for text in raw if text and text.strip()]
    return texts


def _matches(element: Element, part: str) -> bool:
    if not isinstance(element.tag, str):
        return False
    tag, *rest = re.split(r"(?=[.#])", part)
    if tag and element.tag.removeprefix(XHTML) != tag:
        return False
    classes = (element.get("class") or "").split()
    return all(r[1:] == element.get("id") if r[0] == "#" else r[1:] in classes for r in rest)


def text_in(element: Element) -> str:
    """All text inside an element, white space folded."""
    return " ".join("".join(element.itertext()).split())


def _fields(form: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}

    def put(name: str | None, value: str) -> None:
        if not name:
            return
        if name in fields:
            fields[name] = [*(fields[name] if isinstance(fields[name], list) else [fields[name]]), value]
        else:
            fields[name] = value

    for element in form.iter():
        name = element.tag.removeprefix(XHTML) if isinstance(element.tag, str) else ""
        kind = element.get("type", "")
        if name == "input" and kind in ("checkbox", "radio"):
            if element.get("checked") is not None:
                put(element.get("name"), element.get("value", "on"))
        elif name == "input" and kind not in ("submit", "file", "button"):
            put(element.get("name"), element.get("value", ""))
        elif name == "textarea":
            put(element.get("name"), "".join(element.itertext()).removeprefix("\n"))
        elif name == "select":
            options = list(element.iter(XHTML + "option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            for option in chosen:
                put(element.get("name"), option.get("value", text_in(option)))
    return fields


def _forget_request() -> None:
    """Tests share one context with their requests: forget who the last one was, its language and its token."""
    for name in ("_login_user", "_flask_babel", "csrf_token"):
        g.pop(name, None)


class PageClient:
    """Makes requests as one browser and returns checked pages."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.language = "ro"

    def sign_in(self, account: Account) -> None:
        """Become the account without the sign-in form."""
        with self.browser.session_transaction() as session:
            session.clear()
            session["_user_id"] = account.get_id()
            session["_fresh"] = True
        g.pop("_login_user", None)

    def sign_out(self) -> None:
        """Become nobody."""
        with self.browser.session_transaction() as session:
            session.clear()
        g.pop("_login_user", None)

    def speak(self, language: str) -> None:
        """Choose the language, as the switch does."""
        self.browser.set_cookie("language", language)
        self.language = language

    def get(self, endpoint: str, *, expect: int = 200, hx: bool = False, **values: Any) -> Page:
        """GET an endpoint (or a path beginning with /)."""
        return self._request("GET", endpoint, expect, hx, values)

    def post(
        self,
        endpoint: str,
        data: dict[str, Any] | None = None,
        *,
        expect: int = 303,
        hx: bool = False,
        **values: Any,
    ) -> Page:
        """POST with a valid token."""
        token = self.csrf_token()
        return self._request("POST", endpoint, expect, hx, values, {"csrf_token": token, **(data or {})})

    def submit(
        self, page: Page, action_part: str, changes: dict[str, Any] | None = None, *, expect: int = 303
    ) -> Page:
        """Send a page's form as a browser without JavaScript would, with some fields changed."""
        form = next(
            f
            for f in page.all("form")
            if action_part in f.get("action", "") and f.get("method", "get") == "post"
        )
        data = {**_fields(form), **(changes or {})}
        return self._request("POST", form.get("action", ""), expect, False, {}, data)

    def follow(self, page: Page) -> Page:
        """GET where a redirect leads."""
        return self.get(page.headers["Location"])

    def ask(
        self,
        method: str,
        path: str,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """What a path answers, unchecked."""
        _forget_request()
        response = self.browser.open(path, method=method, data=data, headers=headers)
        _forget_request()
        db.session.expire_all()
        return response

    def csrf_token(self) -> str:
        """A token valid for this browser's session."""
        from flask_wtf.csrf import generate_csrf

        _forget_request()
        with self.browser.session_transaction() as session, self.app.test_request_context():
            from flask import session as current

            current.update(session)
            token = generate_csrf()
            session["csrf_token"] = current["csrf_token"]
        return token

    def _request(
        self,
        method: str,
        endpoint: str,
        expect: int,
        hx: bool,
        values: dict[str, Any],
        data: dict[str, Any] | None = None,
    ) -> Page:
        if endpoint.startswith(("/", "http")):
            path = endpoint
        else:
            with self.app.test_request_context():
                path = url_for(endpoint, **values)
        response = self.ask(method, path, data, {"HX-Request": "true"} if hx else {})
        where = response.headers.get("Location", "")
        assert response.status_code == expect, (
            f"{method} {path}: {response.status_code} {where}, expected {expect}\n{response.get_data(as_text=True)[:3000]}"
        )
        return Page(response, self.app, fragment=hx, language=self.language)
