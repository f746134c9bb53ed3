"""What is stored of the city's own words: pages with their versions, news, the site-wide notice.

Texts are {language: {"title": …, "summary": …, "body": …}} with Markdown bodies; the city's first language
is always there, the others may be missing.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base

LEVELS = ("info", "warning", "urgent")
_LEVEL_NAMES = ", ".join(f"'{level}'" for level in LEVELS)


class Page(Base):
    """A page staff edit. `number` is the version shown now."""

    __tablename__ = "page"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug_plain"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    number: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PageVersion(Base):
    """What a page said from one moment on, and who wrote it. Never changed."""

    __tablename__ = "page_version"
    __table_args__ = (UniqueConstraint("page_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("page.id", ondelete="CASCADE"))
    number: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]
    #: the version it brought back, when it did
    restored_from: Mapped[int | None]


class NewsItem(Base):
    """A piece of news. A draft until `published_at`, which may lie ahead."""

    __tablename__ = "news_item"
    __table_args__ = (
        UniqueConstraint("seed_key"),
        Index("ix_news_item_published_at", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seed_key: Mapped[str | None]
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    image_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(default=1)
    account_id: Mapped[int | None]


class NewsVersion(Base):
    """What a piece of news said from one moment on, and who wrote it. Never changed."""

    __tablename__ = "news_version"
    __table_args__ = (UniqueConstraint("news_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    news_id: Mapped[int] = mapped_column(ForeignKey("news_item.id", ondelete="CASCADE"))
    number: Mapped[int]
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]
    #: the version it brought back, when it did
    restored_from: Mapped[int | None]


class SiteNotice(Base):
    """A sentence on every page, from a moment until another."""

    __tablename__ = "site_notice"
    __table_args__ = (
        CheckConstraint(f"level IN ({_LEVEL_NAMES})", name="level_known"),
        CheckConstraint("ends_at IS NULL OR ends_at >= starts_at", name="ends_after_start"),
        Index("ix_site_notice_starts_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSONB)
    level: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None]
