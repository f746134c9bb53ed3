"""Every public page of the loaded city answers, in both languages, to whoever follows links from home."""

import pytest

from tests.pageclient import XHTML, Page, PageClient

#: Addresses that are files, feeds or forms of somebody signed in.
LEAVE_OUT = ("/language", "/static/", "/files/", "/account", "/staff", "/dev/", "#")
MOST_PAGES = 260


def links_of(page):
    found = []
    for element in page.all("a"):
        target = (element.get("href") or "").split("#")[0]
        if target.startswith("/") and not target.startswith(LEAVE_OUT):
            found.append(target)
    return found


def kind_of(path):
    """Pages of one kind differ by number or name alone: a handful of each is enough."""
    parts = path.split("?")[0].strip("/").split("/")
    return (parts[0], len(parts), "?" in path)


@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_public_page_answers(city, language):
    client = PageClient(city)
    client.speak(language)
    waiting, seen, of_kind = ["/"], {"/"}, {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        response = client.ask("GET", path)
        if response.status_code in (301, 302, 303, 308):
            target = response.headers["Location"].removeprefix("http://localhost")
            if target.startswith("/") and target not in seen:
                seen.add(target)
                waiting.append(target)
            continue
        assert response.status_code == 200, path
        if response.mimetype != "text/html":
            continue
        page = Page(response, city, fragment=False, language=language)
        for target in links_of(page):
            kind = kind_of(target)
            if target not in seen and of_kind.get(kind, 0) < 6:
                of_kind[kind] = of_kind.get(kind, 0) + 1
                seen.add(target)
                waiting.append(target)
    assert {"proposals", "deliveries", "rounds"} <= {kind[0] for kind in of_kind}
    assert XHTML


def test_every_role_finds_something_to_do(city):
    from civic.accounts.queries import find_account_by_email
    from civic.demo.world import items

    for item in items("people"):
        if not item["login"]:
            continue
        client = PageClient(city)
        client.sign_in(find_account_by_email(item["email"]))
        client.get("/")
        client.get("/staff", expect=200 if item["role"] != "resident" else 403)
