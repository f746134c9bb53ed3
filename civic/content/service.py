"""Commands that change the city's own words. They flush; the caller's unit of work commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from civic import audit
from civic.actor import Actor
from civic.content import queries, rules
from civic.content.models import LEVELS, NewsItem, NewsVersion, Page, PageVersion, SiteNotice
from civic.errors import Conflict, Invalid, NotFound
from civic.extensions import db
from civic.files import queries as file_queries
from civic.files import service as files
from civic.text import clean_line

Texts = Mapping[str, Mapping[str, str]]


def _checked(texts: Texts) -> dict[str, dict[str, str]]:
    cleaned = rules.clean_texts(texts)
    if current_app.config["SETTINGS"].city.languages[0] not in cleaned:
        raise Invalid(_("Write the title and the text in the city's first language."))
    if rules.half_written(cleaned):
        raise Invalid(_("Each language you write in needs both a title and a text."))
    return cleaned


def _changed_meanwhile() -> Conflict:
    return Conflict(
        _("Somebody changed this while you were writing. Copy your text, reload the page and try again.")
    )


def save_page(actor: Actor, slug: str, seen_number: int, texts: Texts, now: datetime) -> Page:
    """Publish a new version of a page, or its first (`seen_number` 0).

    Raises Conflict when there is a newer version than the one the writer saw, Invalid for an address or
    texts that cannot be.
    """
    return _add_version(actor, slug, seen_number, _checked(texts), now, None)


def restore_page(actor: Actor, slug: str, number: int, seen_number: int, now: datetime) -> Page:
    """Publish an old version again, as a new one: nothing is taken out of the history."""
    page = queries.lock_page(slug)
    if page is None:
        raise NotFound
    old = queries.get_version(PageVersion, page.id, number)
    return _add_version(actor, slug, seen_number, old.texts, now, number)


def _add_version(
    actor: Actor, slug: str, seen_number: int, texts: Texts, now: datetime, restored_from: int | None
) -> Page:
    if not rules.is_slug(slug):
        raise Invalid(_("The address takes small letters, digits and hyphens: buget-2027."))
    page = queries.lock_page(slug)
    if (page.number if page else 0) != seen_number:
        raise _changed_meanwhile()
    if page is None:
        statement = insert(Page).values(slug=slug, number=1, changed_at=now)
        created = db.session.scalar(
            statement.on_conflict_do_nothing(constraint="uq_page_slug").returning(Page.id)
        )
        if created is None:
            raise _changed_meanwhile()
        page = db.session.get_one(Page, created)
    else:
        page.number, page.changed_at = page.number + 1, now
    db.session.add(
        PageVersion(
            page_id=page.id, number=page.number, texts=dict(texts), at=now, account_id=actor.id,
            restored_from=restored_from,
        )
    )  # fmt: skip
    db.session.flush()
    event = "page.restored" if restored_from else "page.published"
    audit.record(actor, event, "page", page.id, now, {"number": page.number, "from": restored_from})
    return page


def seed_page(slug: str, texts: Texts, actor: Actor, now: datetime) -> Page:
    """Write a page that nobody has written yet; what staff wrote is left alone. For loaders."""
    found = queries.find_page(slug)
    return found[0] if found else save_page(actor, slug, 0, texts, now)


def save_news(
    actor: Actor,
    news_id: int | None,
    seen_version: int,
    texts: Texts,
    now: datetime,
    image_id: int | None = None,
    seed_key: str | None = None,
    restored_from: int | None = None,
) -> NewsItem:
    """Write a draft (`news_id` None) or correct a piece of news. `image_id` None keeps the image it has.

    What it said before stays in its history.
    """
    cleaned = _checked(texts)
    if news_id is None:
        item = NewsItem(created_at=now, account_id=actor.id, seed_key=seed_key, version=0)
    else:
        item = queries.get_news(news_id, lock=True)
        if item.version != seen_version:
            raise _changed_meanwhile()
    if image_id is not None:
        own = file_queries.list_own_files([image_id], actor.id) if actor.id is not None else {}
        if image_id not in own or not own[image_id].is_image:
            raise Invalid(_("Only an image that you have just uploaded can be added."))
        item.image_id = image_id
    item.texts, item.changed_at, item.version = cleaned, now, item.version + 1
    db.session.add(item)
    db.session.flush()
    db.session.add(
        NewsVersion(
            news_id=item.id, number=queries.last_news_version(item.id) + 1, texts=cleaned, at=now,
            account_id=actor.id, restored_from=restored_from,
        )
    )  # fmt: skip
    db.session.flush()
    if item.published_at is not None and item.image_id is not None:
        files.make_public([item.image_id])
    audit.record(actor, "news.saved", "news", item.id, now, {"version": item.version})
    return item


def restore_news(actor: Actor, news_id: int, number: int, seen_version: int, now: datetime) -> NewsItem:
    """Write again what it said before, as a new version: nothing is taken out of the history."""
    old = queries.get_version(NewsVersion, news_id, number)
    return save_news(actor, news_id, seen_version, old.texts, now, restored_from=number)


def publish_news(actor: Actor, news_id: int, at: datetime, now: datetime) -> NewsItem:
    """Let it be read from a moment on, now or later."""
    item = queries.get_news(news_id, lock=True)
    item.published_at, item.changed_at, item.version = at, now, item.version + 1
    if item.image_id is not None:
        files.make_public([item.image_id])
    audit.record(actor, "news.published", "news", item.id, now)
    db.session.flush()
    return item


def withdraw_news(actor: Actor, news_id: int, now: datetime) -> NewsItem:
    """Make it a draft again."""
    item = queries.get_news(news_id, lock=True)
    item.published_at, item.changed_at, item.version = None, now, item.version + 1
    if item.image_id is not None:
        files.make_private([item.image_id])
    audit.record(actor, "news.withdrawn", "news", item.id, now)
    db.session.flush()
    return item


def seed_news(seed_key: str, texts: Texts, published_at: datetime, actor: Actor, now: datetime) -> NewsItem:
    """Publish a piece of news once; a second time changes nothing. For loaders."""
    found = queries.find_seeded(seed_key)
    if found is not None:
        return found
    item = save_news(actor, None, 0, texts, now, seed_key=seed_key)
    return publish_news(actor, item.id, published_at, now)


def set_notice(
    actor: Actor,
    texts: Mapping[str, str],
    level: str,
    starts_at: datetime,
    ends_at: datetime | None,
    now: datetime,
) -> SiteNotice:
    """Put a sentence on every page. Of several at once, the one that begins last is shown."""
    cleaned: dict[str, Any] = {language: clean_line(words)[:300] for language, words in texts.items()}
    cleaned = {language: words for language, words in cleaned.items() if words}
    if current_app.config["SETTINGS"].city.languages[0] not in cleaned:
        raise Invalid(_("Write the notice in the city's first language."))
    if level not in LEVELS:
        raise Invalid(_("Choose how urgent the notice is."))
    if ends_at is not None and ends_at <= max(starts_at, now):
        raise Invalid(_("The end must be after the beginning and in the future."))
    notice = SiteNotice(
        texts=cleaned, level=level, starts_at=starts_at, ends_at=ends_at, created_at=now, account_id=actor.id
    )
    db.session.add(notice)
    db.session.flush()
    audit.record(actor, "notice.set", "notice", notice.id, now, {"level": level})
    return notice


def end_notice(actor: Actor, notice_id: int, now: datetime) -> None:
    """Take a notice down; one that has not begun is never shown."""
    notice = queries.get_notice(notice_id)
    if notice.ends_at is not None and notice.ends_at <= now:
        return
    notice.starts_at = min(notice.starts_at, now)
    notice.ends_at = now
    audit.record(actor, "notice.ended", "notice", notice.id, now)
    db.session.flush()
