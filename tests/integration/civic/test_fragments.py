"""Parts of the page kept for many readers: each language and each current section has its own."""

from flask import Flask

from tests.pageclient import PageClient


def test_the_header_and_footer_are_kept_for_those_who_see_the_same(app: Flask, client: PageClient) -> None:
    parts = app.extensions["civic_parts"]
    parts.clear()
    home = client.browser.get("/").text
    kept = dict(parts)
    assert {name[0] for name in kept} == {
        "layouts/_assets.html",
        "layouts/_footer.html",
        "layouts/_sections.html",
        "layouts/_sentences.html",
    }
    assert client.browser.get("/").text == home
    assert parts == kept
    proposals = client.browser.get("/proposals").text
    assert '<a href="/proposals" aria-current="page">' in proposals
    assert '<a href="/proposals" aria-current' not in home
    new = client.browser.get("/proposals?page=1").text
    assert '<a href="/proposals" aria-current="page">' in new
    client.speak("en")
    english = client.get("proposals.index").html
    assert 'aria-label="Main sections"' in english
    assert 'aria-label="Main sections"' not in proposals


def test_a_kept_part_escapes_and_an_unkeyed_one_is_made_anew(app: Flask) -> None:
    with app.test_request_context("/"):
        header = app.jinja_env.get_template("layouts/_header.html")
        parts = app.extensions["civic_parts"]
        parts.clear()
        city = app.config["SETTINGS"].city
        links = [{"label": "<b>", "url": "/x", "current": ""}]
        assert "&lt;b&gt;" in header.render(city=city, nav_links=links)
        assert parts == {}
