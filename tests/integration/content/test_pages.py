"""The city's own words: what is refused, the history, the languages, and what robots read."""

import json
import threading
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from civic import clock
from civic.actor import SYSTEM
from civic.audit import AuditRecord
from civic.content import queries, rules, service, sitemap
from civic.content.models import NewsItem, Page, PageVersion, SiteNotice
from civic.errors import Conflict, Invalid
from civic.extensions import db
from tests import factories
from tests.integration.proposals.makers import make_proposal, make_round
from tests.pageclient import PageClient
from tests.uploads import image_upload

NOON = factories.NOON
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) [y](data:text/html,x)"
ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def texts(
    title: str = "Titlu", body: str = "Un **text**.", **more: dict[str, str]
) -> dict[str, dict[str, str]]:
    return {"ro": {"title": title, "summary": "Pe scurt.", "body": body}, **more}


def published(title: str = "A început votul", days: int = 1, **more: Any) -> NewsItem:
    item = service.save_news(SYSTEM, None, 0, texts(title, **more), NOON)
    service.publish_news(SYSTEM, item.id, clock.now() - timedelta(days=days), NOON)
    db.session.commit()
    return item


STAFF_PAGES = ["content_staff.index", "content_staff.news", "content_staff.notice", "content_staff.create_news",
               "content_staff.create_page"]  # fmt: skip


@pytest.mark.parametrize("endpoint", STAFF_PAGES)
def test_only_those_entrusted_may_write(app: Flask, client: PageClient, endpoint: str) -> None:
    client.get(endpoint, expect=303)
    for role in ("moderator", "auditor"):
        client.sign_in(factories.make_account(role))
        client.get(endpoint, expect=403)
    for language in ("ro", "en"):
        client.speak(language)
        client.sign_in(factories.make_account("staff"))
        client.get(endpoint)


@pytest.mark.parametrize("slug", rules.KNOWN_SLUGS)
@pytest.mark.parametrize("language", ["ro", "en"])
def test_every_installation_has_its_known_pages(
    app: Flask, client: PageClient, slug: str, language: str
) -> None:
    client.speak(language)
    page = client.get(f"/{slug}")
    assert ("nu a scris încă" if language == "ro" else "has not written") in page.main_text
    assert client.get(f"/pages/{slug}", expect=308).headers["Location"].endswith(f"/{slug}")
    service.seed_page(slug, texts("Titlul nou"), SYSTEM, NOON)
    db.session.commit()
    page = client.get(f"/{slug}")
    assert "Titlul nou" in page.main_text
    assert ("nu a fost încă tradusă" in page.main_text) is False
    assert ("has not been translated" in page.main_text) is (language == "en")


def test_unknown_pages_are_missing(app: Flask, client: PageClient) -> None:
    client.get("/pages/nowhere", expect=404)
    client.sign_in(factories.make_account("staff"))
    client.get("content_staff.edit_page", slug="nowhere", expect=404)
    client.get("content_staff.history", slug="nowhere", expect=404)


def test_the_accessibility_page_has_the_feedback_link(app: Flask, client: PageClient) -> None:
    for _written in (False, True):
        page = client.get("/accessibility")
        links = [a.get("href") or "" for a in page.all("a")]
        assert any(link.startswith("mailto:") and "subject=" in link for link in links)
        service.seed_page("accessibility", texts("Accesibilitate"), SYSTEM, NOON)
        db.session.commit()


def test_markdown_runs_nothing(app: Flask, client: PageClient) -> None:
    service.save_page(SYSTEM, "rules", 0, texts("T" * 300, EVIL), NOON)
    item = published(body=EVIL)
    for path in ("/rules", f"/news/{item.id}", "/news", "/"):
        html = client.get(path).html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert 'href="javascript:' not in html
        assert 'href="data:' not in html


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("rules", {}),
        ("rules", {"ro": {"title": "", "body": "x"}}),
        ("rules", texts(en={"title": "Rules", "body": ""})),
        ("../rules", texts()),
        ("Reguli", texts()),
    ],
)
def test_half_a_page_is_refused(app: Flask, slug: str, words: dict[str, Any]) -> None:
    with app.test_request_context(), pytest.raises(Invalid):
        service.save_page(SYSTEM, slug, 0, words, NOON)
    assert db.session.scalar(select(func.count(Page.id))) == 0


def test_history_loses_nothing(app: Flask) -> None:
    writer = factories.make_account("staff").as_actor()
    service.save_page(writer, "rules", 0, texts("Unu"), NOON)
    service.save_page(writer, "rules", 1, texts("Doi"), NOON)
    with pytest.raises(Conflict):
        service.save_page(writer, "rules", 1, texts("Trei"), NOON)
    with pytest.raises(Conflict):
        service.save_page(writer, "rules", 0, texts("Trei"), NOON)
    page = service.restore_page(writer, "rules", 1, 2, NOON)
    assert page.number == 3
    found = queries.find_page("rules")
    assert found is not None
    assert found[1].texts["ro"]["title"] == "Unu"
    assert (found[1].restored_from, found[1].account_id) == (1, writer.id)
    versions, total = queries.list_versions(PageVersion, page.id, 1)
    assert [version.texts["ro"]["title"] for version, _author in versions] == ["Unu", "Doi", "Unu"]
    assert total == 3
    events = db.session.scalars(select(AuditRecord.event).order_by(AuditRecord.id)).all()
    assert events == ["page.published", "page.published", "page.restored"]
    service.seed_page("rules", texts("De la încărcare"), SYSTEM, NOON)
    assert page.number == 3  # what staff wrote is left alone


def test_two_writers_at_once_do_not_overwrite_each_other(real_app: Flask) -> None:
    gate, outcomes = threading.Barrier(4), []

    def write(name: str) -> None:
        with real_app.app_context():
            gate.wait()
            try:
                service.save_page(SYSTEM, "rules", 0, texts(name), NOON)
                db.session.commit()
                outcomes.append("saved")
            except Conflict:
                db.session.rollback()
                outcomes.append("conflict")

    threads = [threading.Thread(target=write, args=(f"T{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 3 + ["saved"]


@pytest.mark.parametrize("language", ["ro", "en"])
def test_staff_preview_publish_and_restore(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    client.sign_in(factories.make_account("staff"))
    page = client.get("content_staff.edit_page", slug="contact")
    words = {"title_ro": "Ghișeu", "body_ro": "## Unde\n\nLa parter."}
    client.submit(page, "/pages/contact", {**words, "title_ro": "", "action": "publish"}, expect=422)
    seen = client.submit(page, "/pages/contact", {**words, "action": "preview"}, expect=200)
    assert "La parter." in seen.text_of("#preview")
    assert db.session.scalar(select(func.count(PageVersion.id))) == 0
    client.submit(seen, "/pages/contact", {"action": "publish"})
    late = client.submit(
        page, "/pages/contact", {**words, "title_ro": "Al doilea", "action": "publish"}, expect=409
    )
    assert "Al doilea" in late.html  # nothing typed is lost
    page = client.get("content_staff.edit_page", slug="contact")
    client.submit(page, "/pages/contact", {"title_ro": "Ghișeul", "action": "publish"})
    history = client.get("content_staff.history", slug="contact")
    client.submit(history, "/restore/1")
    assert "Ghișeu" in client.get("/contact").main_text
    page = client.get("content_staff.create_page")
    client.submit(page, "/pages/new", {**words, "slug": "Buget 2027", "action": "publish"}, expect=422)
    client.submit(page, "/pages/new", {**words, "slug": "contact", "action": "publish"}, expect=409)
    client.submit(page, "/pages/new", {**words, "slug": "buget-2027", "action": "publish"})
    client.get("/pages/buget-2027")
    assert "/buget-2027" in client.get("content_staff.index").main_text


@pytest.mark.parametrize("language", ["ro", "en"])
def test_news_from_draft_to_readers(app: Flask, client: PageClient, language: str) -> None:
    client.speak(language)
    empty = client.get("content.news")
    assert ("Încă nu sunt noutăți" if language == "ro" else "No news yet") in empty.main_text
    staff = factories.make_account("staff")
    client.sign_in(staff)
    page = client.get("content_staff.create_news")
    client.submit(page, "/news/new", {"title_ro": "Votul", "body_ro": ""}, expect=422)
    words = {"title_ro": "Votul a început", "body_ro": "Până vineri.", "image": image_upload(), "alt": "Urna"}
    client.submit(page, "/news/new", {**words, "action": "preview"}, expect=200)
    saved = client.submit(page, "/news/new", {**words, "image": image_upload(), "action": "save"})
    client.follow(saved)
    item = db.session.scalar(select(NewsItem))
    assert item is not None
    client.get("content.news_show", news_id=item.id)
    client.sign_out()
    client.get("content.news_show", news_id=item.id, expect=404)
    assert client.browser.get(f"/files/{item.image_id}/full").status_code == 403
    client.sign_in(staff)
    edit = client.get("content_staff.edit_news", news_id=item.id)
    client.submit(edit, "/publish")
    client.sign_out()
    page = client.get("content.news_show", news_id=item.id)
    assert "Votul a început" in page.main_text
    assert page.text_of(".govuk-breadcrumbs").split()[0] == ("Noutăți" if language == "ro" else "News")
    assert client.browser.get(f"/files/{item.image_id}/full").status_code == 200
    assert "Votul a început" in client.get("content.news").main_text
    client.sign_in(staff)
    refused = client.post(
        "content_staff.publish_news", {"at": "2999-01-01T10:00"}, news_id=item.id, expect=422
    )
    assert ("ai scris 2999" if language == "ro" else "you wrote 2999") in refused.main_text
    client.post("content_staff.publish_news", {"at": "2100-12-31T10:00"}, news_id=item.id)
    client.get("content_staff.news")
    client.get("content_staff.edit_news", news_id=item.id)
    client.sign_out()
    client.get("content.news_show", news_id=item.id, expect=404)
    client.sign_in(staff)
    client.post("content_staff.publish_news", {"at": "mâine"}, news_id=item.id, expect=422)
    client.post("content_staff.withdraw_news", news_id=item.id)
    assert item.published_at is None


def test_news_is_listed_and_fed_at_a_constant_cost(
    app: Flask, client: PageClient, statements: list[str]
) -> None:
    counts = []
    for number in (2, 40):
        for i in range(number):
            published(f"Noutatea {i}", days=i + 1)
        statements.clear()
        client.get("content.news")
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert client.get("content.news", page=99).main_text.count("Noutatea") == 42 - 36
    response = client.browser.get("/news.atom")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.data)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 30
    content = entries[0].find(f"{ATOM}content")
    assert content is not None
    assert content.text == "<p>Un <strong>text</strong>.</p>\n"


def test_a_loader_publishes_once(app: Flask) -> None:
    for _ in range(2):
        service.seed_news("news-1", texts("Salut"), NOON, SYSTEM, NOON)
    assert db.session.scalar(select(func.count(NewsItem.id))) == 1


def notice(text: str, start: timedelta, end: timedelta | None, **more: str) -> SiteNotice:
    now = clock.now()
    made = SiteNotice(
        texts={"ro": text, **more}, level="warning", starts_at=now + start,
        ends_at=None if end is None else now + end, created_at=now,
    )  # fmt: skip
    return factories.save(made)


def test_the_notice_is_on_every_page_while_it_lasts(
    app: Flask, client: PageClient, statements: list[str]
) -> None:
    hour = timedelta(hours=1)
    notice("Trecut", -3 * hour, -hour)
    notice("Viitor", hour, None)
    assert client.get("content.news").find(".site-notice") is None
    notice("Vechi", -3 * hour, None)
    notice(f"Site-ul se oprește {EVIL}", -2 * hour, hour, en="The site stops")
    statements.clear()
    page = client.get("content.news")
    assert sum("site_notice" in statement for statement in statements) == 1
    assert "Site-ul se oprește" in page.text_of(".site-notice")
    assert "<script>alert" not in page.html
    client.speak("en")
    assert "The site stops" in client.get("content.news").text_of(".site-notice")


def test_pages_speak_without_the_notice_when_it_cannot_be_read(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_now: object) -> None:
        raise OperationalError("SELECT", {}, Exception("away"))

    monkeypatch.setattr(queries, "find_notice", away)
    client.get("/pages/nowhere", expect=404)
    assert client.get("content.news").find(".site-notice") is None


def test_news_keep_what_they_said(app: Flask, client: PageClient) -> None:
    client.sign_in(factories.make_account("staff"))
    page = client.get("content_staff.create_news")
    words = {"title_ro": "Primul titlu", "body_ro": "Text.", "action": "save"}
    client.submit(page, "/news/new", words)
    item = db.session.scalar(select(NewsItem))
    assert item is not None
    client.post("content_staff.publish_news", news_id=item.id)
    client.post(
        "content_staff.edit_news",
        {**words, "title_ro": "Al doilea titlu", "seen": str(item.version)},
        news_id=item.id,
    )
    client.get("content_staff.edit_news", news_id=item.id)
    history = client.get("content_staff.news_history", news_id=item.id)
    assert "Versiunea 2" in history.main_text
    client.submit(history, "/restore/1")
    assert item.texts["ro"]["title"] == "Primul titlu"
    history = client.get("content_staff.news_history", news_id=item.id)
    assert "Versiunea 3" in history.main_text
    client.post("content_staff.restore_news", {"seen": "1"}, news_id=item.id, number=2, expect=409)
    client.post("content_staff.restore_news", news_id=item.id, number=9, expect=404)


def test_a_long_history_shows_every_version(app: Flask, client: PageClient) -> None:
    writer = factories.make_account("staff")
    for number in range(24):
        service.save_page(writer.as_actor(), "rules", number, texts(f"Titlul {number}"), NOON)
    db.session.commit()
    client.sign_in(writer)
    read = "".join(
        client.browser.get(f"/staff/content/pages/rules/history?page={number}").get_data(as_text=True)
        for number in (1, 2)
    )
    for number in range(1, 25):
        assert read.count(f'id="version-{number}"') == 1


def test_staff_set_and_end_the_notice(app: Flask, client: PageClient) -> None:
    client.sign_in(factories.make_account("administrator"))
    page = client.get("content_staff.notice")
    look = {"text_ro": "Doar o probă", "level": "warning", "action": "preview"}
    seen = client.submit(page, "/notice", look, expect=200)
    assert "Doar o probă" in seen.text_of("#preview")
    assert "Doar o probă" not in client.get("content.news").html
    client.submit(page, "/notice", {"text_ro": ""}, expect=422)
    client.submit(page, "/notice", {"text_ro": "Atenție", "ends_at": "2020-01-01T10:00"}, expect=422)
    client.submit(page, "/notice", {"text_ro": "Atenție", "level": "groaznic"}, expect=422)
    client.submit(page, "/notice", {"text_ro": "Atenție", "level": "urgent"})
    page = client.get("content_staff.notice")
    assert "Atenție" in page.text_of(".site-notice")
    client.submit(page, "/end")
    page = client.get("content_staff.notice")
    assert page.find(".site-notice") is None


def test_a_part_of_the_sitemap_is_a_stretch_of_numbers(
    app: Flask, client: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PAGE_SIZE", 2)
    made = [published() for _before in range(3)]
    # A stretch without anything public lies between them, whichever number they begin with.
    made += [service.save_news(SYSTEM, None, 0, texts(), NOON) for _draft in range(3)]
    made += [published() for _after in range(2)]
    public = [one.id for one in made if one.published_at]
    base = app.config["SETTINGS"].base_url
    index = ElementTree.fromstring(client.browser.get("/sitemap.xml").data)
    parts = [str(loc.text) for loc in index.iter(f"{MAPS}loc") if "sitemap-news-" in str(loc.text)]
    assert parts == [f"{base}/sitemap-news-{n}.xml" for n in sorted({(one - 1) // 2 + 1 for one in public})]
    found = []
    for part in parts:
        page = ElementTree.fromstring(client.browser.get(part.removeprefix(base)).data)
        found += [str(loc.text) for loc in page.iter(f"{MAPS}loc")]
    assert found == [f"{base}/news/{one}" for one in public]
    for wrong in ((made[-1].id - 1) // 2 + 2, 0, 10**18):
        assert client.browser.get(f"/sitemap-news-{wrong}.xml").status_code == 404


def test_the_sitemap_names_proposals_and_editions_that_everybody_may_read(
    app: Flask, client: PageClient
) -> None:
    shown, round_ = make_proposal(), make_round()
    make_proposal(state="draft")
    hidden = make_round(slug="ciorna")
    hidden.published_at = None
    db.session.commit()
    found = [
        str(loc.text).removeprefix(app.config["SETTINGS"].base_url)
        for name in ("proposals", "rounds")
        for loc in ElementTree.fromstring(client.browser.get(f"/sitemap-{name}-1.xml").data).iter(
            f"{MAPS}loc"
        )
    ]
    assert found == [f"/proposals/{shown.id}", f"/rounds/{round_.slug}"]


def test_what_robots_and_browsers_ask_for(app: Flask, client: PageClient) -> None:
    base = app.config["SETTINGS"].base_url
    item = published()
    robots = client.browser.get("/robots.txt")
    assert robots.mimetype == "text/plain"
    assert f"Sitemap: {base}/sitemap.xml" in robots.text
    index = ElementTree.fromstring(client.browser.get("/sitemap.xml").data)
    parts = [str(loc.text) for loc in index.iter(f"{MAPS}loc")]
    assert f"{base}/sitemap-news-1.xml" in parts
    found: list[str] = []
    for part in parts:
        response = client.browser.get(part.removeprefix(base))
        assert (response.status_code, response.mimetype) == (200, "application/xml")
        found += [str(loc.text) for loc in ElementTree.fromstring(response.data).iter(f"{MAPS}loc")]
    assert f"{base}/news/{item.id}" in found
    assert f"{base}/accessibility" in found
    assert f"{base}/budget" in found
    assert len(found) == len(set(found))
    for wrong in ("/sitemap-news-2.xml", "/sitemap-news-0.xml", "/sitemap-nothing-1.xml"):
        assert client.browser.get(wrong).status_code == 404
    manifest = client.browser.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    assert json.loads(manifest.data)["start_url"] == "/"
    icons = json.loads(manifest.data)["icons"]
    assert {"any", "192x192", "512x512"} == {icon["sizes"] for icon in icons}
    for icon in icons:
        assert client.browser.get(icon["src"]).mimetype == icon["type"]
    assert client.browser.get("/favicon.ico").status_code == 302


def test_the_footer_leads_to_the_pages(app: Flask, client: PageClient) -> None:
    links = [a.get("href") for a in client.get("content.news").all("a")]
    assert {f"/{slug}" for slug in rules.KNOWN_SLUGS} <= set(links)
