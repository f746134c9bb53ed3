"""The demo city's pages: both languages say the same, and what they promise agrees with the data and the law."""

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

import civic.demo
from civic.text import clean_text, render_markdown

DATA = Path(civic.demo.__file__).with_name("data")
PAGES = sorted((DATA / "pages").glob("*.md"))
ROUNDS = {
    item["key"]: item for item in json.loads((DATA / "rounds.json").read_text(encoding="utf-8"))["items"]
}
INDEX = json.loads((DATA / "pages" / "index.json").read_text(encoding="utf-8"))["items"]
SLUGS = [page["slug"] for page in INDEX]


class PageReader(HTMLParser):
    """Collects the tags of a page and insists that they close in order."""

    def __init__(self):
        super().__init__()
        self.open, self.tags, self.links, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append(tag)
        assert {name for name, _ in attrs} <= ({"href"} if tag == "a" else set())
        self.links += [value for _, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)
        assert not data.strip() or self.open, "text outside any paragraph"


def read_page(slug, language):
    source = (DATA / "pages" / f"{slug}.{language}.md").read_text(encoding="utf-8")
    assert clean_text(source) + "\n" == source
    reader = PageReader()
    reader.feed(str(render_markdown(source)))
    reader.close()
    assert not reader.open
    return reader


def test_every_page_is_in_the_index_in_both_languages():
    assert {p.name for p in PAGES} == {f"{s}.{lang}.md" for s in SLUGS for lang in ("ro", "en")}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_says_the_same_in_both_languages(slug):
    romanian, english = read_page(slug, "ro"), read_page(slug, "en")
    assert romanian.tags == english.tags
    assert romanian.links == english.links
    assert set(romanian.tags) <= {"h2", "h3", "p", "ul", "ol", "li", "strong", "a"}
    assert "*" not in "".join(romanian.text + english.text)
    numbers = [sorted(re.findall(r"\d+", "".join(page.text))) for page in (romanian, english)]
    assert numbers[0] == numbers[1] or slug in {"how-it-works", "accessibility", "contact"}


def test_the_rules_page_agrees_with_the_round():
    text = "".join(read_page("rules", "ro").text)
    plan = ROUNDS["2026"]
    (pot,), (group,) = plan["pots"], plan["groups"]

    def lei(amount):
        return f"{int(Decimal(amount)):,}".replace(",", ".")

    for amount in (pot["amount"], plan["min_cost"], plan["max_cost"], group["max_cost"]):
        assert lei(amount) in text
    assert f"mai puțin de {plan['counting']['min_score']} de voturi" in text
    assert group["max_choices"] == 10
    assert "cel mult zece proiecte" in text
    assert f"a împlinit {plan['eligibility']['min_age']} ani" in text
    phases = {p["kind"]: p["end_day"] - p["start_day"] + 1 for p in plan["phases"]}
    assert (phases["analysis"], phases["appeals"], phases["voting"], phases["validation"]) == (56, 14, 14, 7)


def test_the_accessibility_statement_has_the_five_parts_the_law_asks_for():
    text = (DATA / "pages" / "accessibility.ro.md").read_text(encoding="utf-8")
    parts = re.findall(r"^## (.*)$", text, re.MULTILINE)
    required = [
        "Situația conformității",
        "Conținutul inaccesibil",
        "Elaborarea prezentei declarații privind accesibilitatea",
        "Feedback și date de contact",
        "Procedura de asigurare a aplicării",
    ]
    assert [part for part in parts if part in required] == required
    assert "parțial conform" in text
    assert "30 de zile" in text
