"""Every address of the site with numbers, names and queries nobody would write: an answer, never a crash.

One answer to each page's query is read whole, in one of the two languages.
"""

import itertools
import re
from collections import defaultdict
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.datastructures import ImmutableMultiDict

from tests.integration.demo.hostile import logins, visitor
from tests.pageclient import Page

ANSWERS = {200, 302, 303, 304, 308, 400, 401, 403, 404, 405, 410, 413, 422}
NUMBERS = ["0", "1", "2147483648", "9223372036854775808", "9" * 60, "9" * 5000]
WORDS = ["x", "\x00", "x" * 5000, "\u202e", "..", "%", "'\"<", "1' OR '1'='1"]
HOSTILE_QUERIES = [
    "page=-1", "page=0", "page=99999999999999999999", "page=" + "9" * 5000, "page=x", "page=%00", "page=1e9", "q=%00",
    "q=" + "x" * 10_000, "sort=unknown&order=unknown&state=unknown&kind=unknown", "q=%25_%5C", "sort=%00&state=%00", "next=//evil.example", "page=1&page=2",
    "q=%E2%80%AE%3Cscript%3E", "neighbourhood=99999999999999999999&category=99999999999999999999&domain=%00&area=%00",
    "date=99999-99-99&from=%00&to=0000-00-00&day=NaN",
]  # fmt: skip
#: What the site's own forms and links ask in a query.
PARAMETERS = (
    "area", "category", "department", "domain", "email", "event", "from", "group", "kind", "name", "neighbourhood",
    "next", "order", "page", "person", "phase", "pot", "q", "role", "round", "search", "sort", "state", "status",
    "subject", "tab", "to", "type", "until", "version", "view", "year",
)  # fmt: skip
#: Comes back in the page's own form: shown as text, without what no page can show.
SHOWN_AGAIN = "q=%01%C2%85%EF%BF%BF%E2%80%AE%3Cscript%3E%22%27&page=1&search=%01%3Cscript%3E%22&name=%01&email=%01%3Cb%3E"
#: What every page has to answer to: one that reads nothing of its query may still put the whole of it into a link.
RAW_QUERIES = ["q=%FF%FE", "q=\xff\xfe&page=\xed\xa0\x80", "=&&;%"]
TRIED: set[str] = set()
#: Stands for every name.
ANY = "*"
#: Where staff came past the door with every address, and what they were answered is what an administrator is.
OPEN_TO_STAFF: set[str] = set()
VALUES = ["%00", "9" * 30, "-1", "%E2%80%AE", "x" * 3000]


def hostile_paths(rule):
    """The rule's address with one kind of nonsense in every place at once; each number and each word comes up."""
    if not rule.arguments:
        return
    for number, word in zip(itertools.cycle(NUMBERS), [*WORDS, *WORDS], strict=False):
        path = rule.rule
        for name, converter in rule._converters.items():
            kind = type(converter).__name__
            value = number if "Int" in kind or kind == "RowNumber" else quote(word, safe="")
            for mark in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                path = path.replace(mark, value)
            path = re.sub(rf"<any\([^)]*\):{name}>", lambda _found, value=value: value, path)
        assert "<" not in path
        yield path


def rules_of(app):
    # The readiness probe answers for a worker, which a test does not run.
    rules = app.url_map.iter_rules()
    return [rule for rule in rules if "GET" in (rule.methods or set()) and rule.endpoint != "health.readyz"]


@pytest.mark.parametrize("role", [None, "staff", "administrator"], ids=str)
def test_no_address_crashes(hostile_city, role):
    browser = visitor(hostile_city, role).browser
    wrong = []
    for rule in rules_of(hostile_city):
        if role == "administrator" and rule.rule in OPEN_TO_STAFF:
            continue
        answers = {path: browser.get(path).status_code for path in dict.fromkeys(hostile_paths(rule))}
        wrong += [(rule.endpoint, path[:80], one) for path, one in answers.items() if one not in ANSWERS]
        if role == "staff" and 403 not in answers.values():
            OPEN_TO_STAFF.add(rule.rule)
    assert not wrong, "\n".join(str(one) for one in wrong)


@pytest.fixture
def read(hostile_city, monkeypatch):
    """What each endpoint has read of its queries: names, and ANY where it went through whatever was there."""
    found: dict[str | None, set[str]] = defaultdict(set)

    class Noting(hostile_city.request_class):
        @property
        def args(self) -> Any:
            found[self.endpoint]  # noqa: B018 - that it looked
            return Query(super().args, found[self.endpoint])

    monkeypatch.setattr(hostile_city, "request_class", Noting)
    return found


class Query(ImmutableMultiDict):
    """A query that notes what is asked of it; not that the whole of it is put into a link, which other queries try."""

    def __init__(self, query: Any, asked: set[str]) -> None:
        super().__init__(query)
        self.asked = asked

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        self.asked.add(key)
        return super().getlist(key, *rest, **more)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Any:
        self.asked.add(ANY)
        return super().__iter__()

    def keys(self) -> Any:
        self.asked.add(ANY)
        return super().keys()

    def values(self) -> Any:
        self.asked.add(ANY)
        return super().values()

    def items(self, *rest: Any, **more: Any) -> Any:
        self.asked.add(ANY)
        return super().items(*rest, **more)

    def lists(self) -> Any:
        self.asked.add(ANY)
        return super().lists()

    def to_dict(self, flat: bool = True) -> Any:
        return ImmutableMultiDict(dict(super().lists())).to_dict(flat)


def may_matter(query: str, asked: set[str]) -> bool:
    """Whether the query says something that the page asks of a query."""
    return ANY in asked or any(part.split("=")[0] in asked for part in query.split("&"))


@pytest.mark.parametrize("role", [None, *sorted(logins())], ids=str)
def test_no_query_crashes(hostile_city, read, role):
    browser = visitor(hostile_city, role).browser
    browser.set_cookie("language", "ro")
    everything = ["&".join(f"{name}={value}" for name in PARAMETERS) for value in VALUES]
    wrong = []
    for rule in rules_of(hostile_city):
        path = rule.rule
        for name in rule.arguments:
            for mark in (f"<int:{name}>", f"<path:{name}>", f"<{name}>"):
                path = path.replace(mark, "1")
        status = browser.get(path).status_code
        assert status in ANSWERS, path
        # A page is tried by the first role that sees it.
        if status in (303, 401, 403, 404) or rule.endpoint in TRIED:
            continue
        TRIED.add(rule.endpoint)
        for query in [*everything[:1], *RAW_QUERIES, *everything[1:], *HOSTILE_QUERIES]:
            if query in everything[1:] and rule.endpoint not in read:
                continue
            if query in HOSTILE_QUERIES and not may_matter(query, read.get(rule.endpoint, set())):
                continue
            # Bytes as a server passes them on, which no client of the library would send.
            status = browser.get(path, environ_overrides={"QUERY_STRING": query}).status_code
            if status not in ANSWERS:
                wrong.append((rule.endpoint, query[:60], status))
        wrong += unreadable(hostile_city, browser, path, ("ro", "en")[len(TRIED) % 2])
    assert not wrong, "\n".join(str(one) for one in wrong)


def unreadable(app, browser, path, language):
    """What is wrong with the page that shows a query again."""
    browser.set_cookie("language", language)
    response = browser.get(f"{path}?{SHOWN_AGAIN}")
    browser.set_cookie("language", "ro")
    if response.mimetype != "text/html" or response.status_code in (301, 302, 303, 308):
        return []
    page = response.get_data(as_text=True)
    try:
        Page(response, app, fragment="<html" not in page, language=language)
    except AssertionError as error:
        return [(path, language, str(error)[:300])]
    return []
