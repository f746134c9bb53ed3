"""A document as the typesetter is given it, with the words every document has."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask.globals import app_ctx
from flask_babel import gettext as _

from civic.config import Settings
from civic.format import day, language
from civic.printing import typeset
from civic.printing.blocks import Block

TEMPLATE = Path(__file__).with_name("document.typ")


@dataclass(frozen=True)
class Document:
    """What is printed: `kicker` says what kind of document it is, `opening` stands before the contents."""

    title: str
    kicker: str
    short: str
    blocks: Sequence[Block]
    opening: Sequence[Block] = ()
    keywords: Sequence[str] = field(default_factory=list)


def to_json(document: Document, now: datetime) -> str:
    """The document in the current language, as data of the template; addresses are whole."""
    settings: Settings = current_app.config["SETTINGS"]
    data = {
        "language": language(),
        "author": settings.city.authority,
        "title": document.title,
        "short": document.short,
        "kicker": document.kicker,
        "keywords": list(document.keywords),
        "made": _(
            "Made on %(day)s from the data of %(site)s", day=day(now), site=settings.city.platform_name
        ),
        "words": {"page": _("page"), "of": _("of"), "contents": _("Contents")},
        "contents": sum(one["type"] == "heading" and one["level"] == 1 for one in document.blocks) > 3,
        "opening": list(document.opening),
        "blocks": list(document.blocks),
    }
    return json.dumps(_whole_addresses(data, settings.base_url.rstrip("/")), ensure_ascii=False)


def _whole_addresses(value: Any, site: str) -> Any:
    if isinstance(value, dict):
        return {
            key: site + one if key == "href" and str(one).startswith("/") else _whole_addresses(one, site)
            for key, one in value.items()
        }
    return [_whole_addresses(one, site) for one in value] if isinstance(value, list) else value


def pdf_of(data: str) -> bytes:
    """The tagged PDF of a document's data. Raises RuntimeError when the typesetter refuses."""
    return typeset.pdf_apart(TEMPLATE, data)


@contextmanager
def site_addresses() -> Iterator[None]:
    """Let `url_for` be asked outside a request: the addresses are those of the site."""
    settings: Settings = current_app.config["SETTINGS"]
    parts, before = urlsplit(settings.base_url), app_ctx.url_adapter
    app_ctx.url_adapter = current_app.url_map.bind(
        parts.netloc, script_name=parts.path or "/", url_scheme=parts.scheme
    )
    try:
        yield
    finally:
        app_ctx.url_adapter = before
