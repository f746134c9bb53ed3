"""Every question asked about pages, news and notices."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Row, Select, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONPATH

from civic.accounts.models import Account
from civic.content.models import NewsItem, NewsVersion, Page, PageVersion, SiteNotice
from civic.errors import NotFound
from civic.extensions import db
from civic.files.models import StoredFile
from civic.matching import has_words

NEWS_SIZE = 12


def find_page(slug: str) -> tuple[Page, PageVersion] | None:
    """A page and what it says now."""
    row = db.session.execute(
        select(Page, PageVersion)
        .join(PageVersion, (PageVersion.page_id == Page.id) & (PageVersion.number == Page.number))
        .where(Page.slug == slug)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def lock_page(slug: str) -> Page | None:
    """The page, locked for a change."""
    return db.session.scalar(
        select(Page).where(Page.slug == slug).with_for_update().execution_options(populate_existing=True)
    )


def list_pages() -> Sequence[Row]:
    """(page, its current version) of every page, by address."""
    return db.session.execute(
        select(Page, PageVersion)
        .join(PageVersion, (PageVersion.page_id == Page.id) & (PageVersion.number == Page.number))
        .order_by(Page.slug)
    ).all()


def list_pages_by_id(ids: Iterable[int]) -> Sequence[Row]:
    """(page, its current version) of some pages."""
    current = (PageVersion.page_id == Page.id) & (PageVersion.number == Page.number)
    return db.session.execute(
        select(Page, PageVersion).join(PageVersion, current).where(Page.id.in_(list(ids)))
    ).all()


def list_news_by_id(ids: Iterable[int], now: datetime) -> Sequence[NewsItem]:
    """Those of some news that are out."""
    return db.session.scalars(
        select(NewsItem).where(NewsItem.id.in_(list(ids)), NewsItem.published_at <= now)
    ).all()


def _said(texts: Any) -> Any:
    """What is said in all languages, without the names of the parts."""
    return func.jsonb_path_query_array(texts, cast("$.*.*", JSONPATH))


def pages_having_words(words: str) -> Select:
    """Ids of pages that say the words now, the newest first."""
    current = (PageVersion.page_id == Page.id) & (PageVersion.number == Page.number)
    found = select(Page.id).join(PageVersion, current).where(has_words(_said(PageVersion.texts), words))
    return found.order_by(Page.changed_at.desc(), Page.id)


def news_having_words(words: str) -> Select:
    """Ids of news with the words, the newest first; those of a moment that lies ahead too."""
    found = select(NewsItem.id).where(
        NewsItem.published_at.is_not(None), has_words(_said(NewsItem.texts), words)
    )
    return found.order_by(NewsItem.published_at.desc(), NewsItem.id)


#: What keeps its versions, by the table that holds them.
OWNERS = {PageVersion: PageVersion.page_id, NewsVersion: NewsVersion.news_id}
Kept = TypeVar("Kept", PageVersion, NewsVersion)


def list_versions(kept: type[Kept], owner_id: int, page: int, size: int = 20) -> tuple[Sequence[Row], int]:
    """(version, author's name) of a page or a piece of news, newest first, and how many versions there are.

    One row more than a page of the list: the version that the last one is compared with.
    """
    mine = OWNERS[kept] == owner_id
    total = db.session.scalar(select(func.count()).select_from(kept).where(mine)) or 0
    rows = db.session.execute(
        select(kept, Account.display_name)
        .outerjoin(Account, Account.id == kept.account_id)
        .where(mine)
        .order_by(kept.number.desc())
        .limit(size + 1)
        .offset((page - 1) * size)
    ).all()
    return rows, total


def get_version(kept: type[Kept], owner_id: int, number: int) -> Kept:
    """One version of a page or a piece of news, or NotFound."""
    found = db.session.scalar(select(kept).where(OWNERS[kept] == owner_id, kept.number == number))
    if found is None:
        raise NotFound
    return found


def last_news_version(news_id: int) -> int:
    """The number of the latest version; 0 before the first."""
    return db.session.scalar(select(func.max(NewsVersion.number)).where(NewsVersion.news_id == news_id)) or 0


def list_news(now: datetime, page: int, size: int = NEWS_SIZE) -> Sequence[Row]:
    """(news, image) of what is published, newest first."""
    return db.session.execute(
        select(NewsItem, StoredFile)
        .outerjoin(StoredFile, StoredFile.id == NewsItem.image_id)
        .where(NewsItem.published_at <= now)
        .order_by(NewsItem.published_at.desc(), NewsItem.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()


def count_news(now: datetime) -> int:
    """How many pieces of news are published."""
    return db.session.scalar(select(func.count()).where(NewsItem.published_at <= now)) or 0


def list_changes(now: datetime) -> Select:
    """(id, changed at) of what is published."""
    return select(NewsItem.id, NewsItem.changed_at).where(NewsItem.published_at <= now)


def list_all_news(page: int, size: int = 30) -> tuple[Sequence[NewsItem], int]:
    """Drafts too, for staff: drafts first, then the newest."""
    total = db.session.scalar(select(func.count(NewsItem.id))) or 0
    rows = db.session.scalars(
        select(NewsItem)
        .order_by(NewsItem.published_at.desc().nulls_first(), NewsItem.id.desc())
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    return rows, total


def get_news(news_id: int, lock: bool = False) -> NewsItem:
    """The piece of news, or NotFound."""
    statement = select(NewsItem).where(NewsItem.id == news_id)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def find_seeded(seed_key: str) -> NewsItem | None:
    """The news a loader made before."""
    return db.session.scalar(select(NewsItem).where(NewsItem.seed_key == seed_key))


def find_notice(now: datetime) -> SiteNotice | None:
    """The notice to show now: of several, the one that began last."""
    return db.session.scalar(
        select(SiteNotice)
        .where(SiteNotice.starts_at <= now, or_(SiteNotice.ends_at.is_(None), SiteNotice.ends_at > now))
        .order_by(SiteNotice.starts_at.desc(), SiteNotice.id.desc())
        .limit(1)
    )


def list_notices(limit: int = 20) -> Sequence[SiteNotice]:
    """The latest notices, for staff."""
    return db.session.scalars(
        select(SiteNotice).order_by(SiteNotice.starts_at.desc(), SiteNotice.id.desc()).limit(limit)
    ).all()


def get_notice(notice_id: int) -> SiteNotice:
    """The notice, locked, or NotFound."""
    found = db.session.scalar(select(SiteNotice).where(SiteNotice.id == notice_id).with_for_update())
    if found is None:
        raise NotFound
    return found
