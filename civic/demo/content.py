"""The city's own words: its pages and its news, in both languages."""

from civic.content import service
from civic.demo.world import STAFF, World, items, page_text

LANGUAGES = {"ro": "", "en": "_en"}


def load_pages(world: World) -> None:
    """The fixed pages; what staff wrote meanwhile is left alone."""
    for item in items("pages/index"):
        texts = {
            language: {
                "title": item[f"title{suffix}"],
                "summary": item[f"summary{suffix}"],
                "body": page_text(item["slug"], language),
            }
            for language, suffix in LANGUAGES.items()
        }
        service.seed_page(item["slug"], texts, world.person(STAFF), world.days.moment(-200, 10))


def load_news(world: World) -> None:
    """The news, each on its day."""
    for item in items("news"):
        texts = {
            language: {
                "title": item[f"title{suffix}"],
                "summary": "",
                "body": item[f"body{suffix}"],
            }
            for language, suffix in LANGUAGES.items()
        }
        published = world.days.moment(item["day"], 9)
        service.seed_news(f"demo:{item['id']}", texts, published, world.person(STAFF), published)
