"""The house's own pages: components, assets, the way back from the language switch, errors."""

import dataclasses
import re
from pathlib import Path

import pytest
from flask import Flask

from civic.app import create_app
from civic.assets import MissingAsset
from civic.embedded import EmbeddedServer
from tests.pageclient import PageClient
from tests.support import make_settings


def test_the_components_page_is_sound_in_both_languages(client: PageClient) -> None:
    page = client.get("home.design")
    assert page.title == "Componente – Sectorul 2 decide"
    client.speak("en")
    assert client.get("home.design").title.startswith("Components")


@pytest.mark.parametrize("name", ["app.css", "app.js"])
def test_assets_are_compressed_and_kept_for_good(app: Flask, client: PageClient, name: str) -> None:
    url = app.extensions["civic_assets"].url(name)
    answer = client.browser.get(url, headers={"Accept-Encoding": "br, gzip"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in answer.headers
    plain = client.browser.get(url, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers


def test_a_first_visit_stays_under_a_hundred_kilobytes(client: PageClient) -> None:
    page = client.get("home.index")
    urls = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.html))
    total = len(page.html.encode())
    for url in urls:
        total += len(client.browser.get(url, headers={"Accept-Encoding": "br"}).data)
    assert len(urls) >= 4, "style, script and both fonts"
    assert total < 100_000


def test_nothing_in_the_stylesheet_is_fetched_from_elsewhere(app: Flask, client: PageClient) -> None:
    for name in ("app.css", "map.css"):
        css = client.browser.get(app.extensions["civic_assets"].url(name)).get_data(as_text=True)
        for target in re.findall(r"url\(([^)]*)\)", css):
            address = target.strip("\"'")
            assert address.startswith(("data:", "fonts/")), target
            if address.startswith("fonts/"):
                assert client.browser.get(f"/static/{address}").status_code == 200


def test_an_asset_nobody_built_is_told_with_what_to_do(app: Flask) -> None:
    with pytest.raises(MissingAsset, match="python -m civic.frontend_build"):
        app.jinja_env.globals["asset_url"]("no-such.css")  # type: ignore[operator]


def test_the_switch_leads_back_to_the_page_one_was_on(client: PageClient) -> None:
    page = client.get("/design?page=3")
    link = next(one for one in page.all("a") if one.get("hreflang") == "en")
    client.browser.get(link.get("href"))
    client.language = "en"
    answer = client.get("/design?page=3")
    assert answer.text_of("title").startswith("Components")


def test_the_error_page_marks_what_a_swap_may_show(client: PageClient) -> None:
    page = client.get("/nowhere", expect=404)
    sentences = re.findall(r"<(\w+)[^>]*data-error-sentence", page.html)
    assert sentences == ["h1", "p"]


def test_a_city_wears_its_own_colours_and_logo(
    server: EmbeddedServer, data_dir: Path, tmp_path: Path
) -> None:
    logo = tmp_path / "stema.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    settings = make_settings(server, data_dir, "civic_template")
    city = dataclasses.replace(settings.city, colours={"brand": "#123a6b"}, logo=logo)
    app = create_app(dataclasses.replace(settings, city=city, data_dir=tmp_path / "data"))
    urls = [str(app.jinja_env.globals[name]) for name in ("theme_url", "logo_url")]
    answers = [app.test_client().get(url) for url in urls]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].text == ":root{--govuk-brand-colour:#123a6b;--hero-end:#123a6b}"
    assert answers[1].data == logo.read_bytes()
    assert all("immutable" in answer.headers["Cache-Control"] for answer in answers)
    with app.test_request_context("/"):
        head = app.jinja_env.get_template("layouts/_header.html").render(city=city, city_name="X")
    assert f'src="{urls[1]}"' in head


def test_a_city_without_colours_asks_for_no_second_stylesheet(app: Flask, client: PageClient) -> None:
    assert "theme_url" not in app.jinja_env.globals
    assert client.get("home.design").html.count('rel="stylesheet"') == 2, "the site's and the map's"


def test_every_template_stays_compiled(session_app: Flask) -> None:
    names = session_app.jinja_env.list_templates(extensions=["html"])
    assert getattr(session_app.jinja_env.cache, "capacity", len(names)) >= len(names)
