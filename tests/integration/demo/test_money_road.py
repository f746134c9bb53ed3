"""From a chapter of the budget to the photo of a finished bench, and back, by the links that pages have."""

import re

from tests.pageclient import Page, PageClient

CHAPTER = "Cheltuieli efectuate pentru cultură, recreere și religie"
BENCH = "Microparc pe un colț uitat din Strada Olari"


def follow(client: PageClient, page: Page, words: str) -> Page:
    """The page that the link with these words leads to."""
    found = [
        one
        for one in re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page.html, re.S)
        if words in re.sub(r"<[^>]+>", "", one[1])
    ]
    assert found, f"no link says {words!r}"
    return client.get(found[0][0].replace("&amp;", "&"))


def test_a_reader_goes_from_a_chapter_to_a_bench_and_back(city):
    client = PageClient(city)
    chapter = follow(client, client.get("/budget/2024"), CHAPTER)
    assert "Capitolul spune" not in chapter.main_text, "its institutions make the chapter"
    works = follow(client, chapter, "Lucrări: Administrația Domeniului Public Sector 2")
    while BENCH not in works.main_text:
        works = follow(client, works, "Pagina următoare")
    work = follow(client, works, BENCH)
    photo = re.search(r'<img[^>]*src="([^"]+)"[^>]*alt="Desen: același colț, cu iarbă, un copac', work.html)
    assert photo
    assert client.app.test_client().get(photo[1]).mimetype.startswith("image/")
    back = follow(client, work, "Buget pe 2024: Administrația Domeniului Public")
    assert back.title == chapter.title
