"""A visitor of every role who walks the loaded city and remembers its pages and forms."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from civic.accounts.queries import find_account_by_email
from civic.demo.world import items
from tests.pageclient import XHTML, PageClient

#: Whole pages are not parsed: that would take longer than all the rest.
LINK = re.compile(r"""<a\b[^>]*?\shref="([^"]*)\"""")
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
TOKEN = re.compile(r"""name="csrf_token"[^>]*""")
#: How many pages of one endpoint are read, and how many a walk reads in all.
PAGES_OF_A_KIND, MOST_PAGES = 2, 160
#: Forms that end the visit or the account that walks.
LEAVE = {"accounts.sign_out", "accounts.sign_out_everywhere", "accounts.delete", "accounts.change_password"}


@dataclass
class Form:
    """A form as it stands in a page."""

    page: str
    action: str
    endpoint: str
    fields: dict[str, Any]
    free: list[str]  # the fields a person writes into
    multipart: bool = False

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        """Forms of one kind go to one endpoint with the same fields to write."""
        return self.endpoint, tuple(sorted(set(self.free)))


@dataclass
class Walk:
    """What one role can reach."""

    client: PageClient
    pages: dict[str, int] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], Form] = field(default_factory=dict)


def logins() -> dict[str, str]:
    """One address to sign in with for every role of the demo city."""
    return {item["role"]: item["email"] for item in reversed(items("people")) if item["login"]}


def visitor(app: Flask, role: str | None) -> PageClient:
    """A browser, signed in when a role is named."""
    client = PageClient(app)
    if role is not None:
        with app.app_context():
            account = find_account_by_email(logins()[role])
            assert account is not None
            client.sign_in(account)
    return client


def endpoint_of(app: Flask, path: str, method: str) -> str | None:
    """The endpoint a path leads to."""
    try:
        return app.url_map.bind("localhost").match(path.split("?")[0], method=method)[0]
    except (RequestRedirect, HTTPException):
        return None


def walk(app: Flask, role: str | None) -> Walk:
    """Follow the links from home and, for staff, from the staff area."""
    done = Walk(visitor(app, role))
    waiting = ["/", "/staff", "/account", "/proposals/new", "/register", "/reset-password"]
    seen, of_kind, forms = set(waiting), {}, set()
    while waiting and len(done.pages) < MOST_PAGES:
        path = waiting.pop(0)
        response = done.client.browser.get(path)
        done.pages[path] = response.status_code
        assert response.status_code < 500, (role, path, response.status_code)
        found = []
        if response.status_code in (301, 302, 303, 308):
            found = [response.headers["Location"].removeprefix("http://localhost")]
        elif response.mimetype == "text/html":
            page = response.get_data(as_text=True)
            found = [unescape(target) for target in LINK.findall(page)]
            for form in FORM.findall(page):
                bare = TOKEN.sub("", form)
                if bare not in forms:
                    forms.add(bare)
                    _remember_forms(app, done, path, html5lib.parseFragment(form))
        for target in (one.split("#")[0] for one in found):
            endpoint = endpoint_of(app, target, "GET") if target.startswith("/") else None
            kind = (endpoint, "?" in target)
            if endpoint is None or endpoint in ("static", "accounts.language") or target in seen:
                continue
            if of_kind.get(kind, 0) < PAGES_OF_A_KIND:
                of_kind[kind] = of_kind.get(kind, 0) + 1
                seen.add(target)
                waiting.append(target)
    return done


def _remember_forms(app: Flask, done: Walk, page: str, root: Element) -> None:
    for element in root.iter(XHTML + "form"):
        if (element.get("method") or "get").lower() != "post":
            continue
        action = element.get("action") or page
        endpoint = endpoint_of(app, action, "POST")
        assert endpoint is not None, f"{page}: a form to {action}"
        fields, free = _read(element)
        form = Form(page, action, endpoint, fields, free, "multipart" in (element.get("enctype") or ""))
        done.forms.setdefault(form.kind, form)


def _read(element: Element) -> tuple[dict[str, Any], list[str]]:
    fields: dict[str, Any] = {}
    free = []
    for one in element.iter():
        tag = one.tag.removeprefix(XHTML) if isinstance(one.tag, str) else ""
        name, kind = one.get("name"), one.get("type") or "text"
        if not name or tag not in ("input", "textarea", "select", "button"):
            continue
        if tag == "button" or kind in ("file", "submit"):
            if tag == "button":
                fields.setdefault(name, one.get("value") or "")
            continue
        if tag == "select":
            options = list(one.iter(XHTML + "option"))
            fields[name] = (options[-1].get("value") or "") if options else ""
        elif kind in ("checkbox", "radio"):
            fields.setdefault(name, one.get("value") or "on")
        else:
            fields[name] = "".join(one.itertext()) if tag == "textarea" else one.get("value") or ""
        if name != "csrf_token":
            free.append(name)
    return fields, free
