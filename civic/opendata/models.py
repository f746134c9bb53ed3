"""The files of the open data: each kind of things whole, as the worker last wrote it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base

ENDINGS = ("csv", "jsonl", "geojson")


class DataFile(Base):
    """One kind of things whole, in one format. Of the last good writing; `failed_at` when a later one broke."""

    __tablename__ = "open_data_file"
    __table_args__ = (
        PrimaryKeyConstraint("name", "ending"),
        CheckConstraint("ending IN ('csv', 'jsonl', 'geojson')", name="ending_known"),
        CheckConstraint("items >= 0 AND size >= 0", name="counts_not_negative"),
        CheckConstraint("char_length(sha256) = 64", name="sha256_whole"),
    )

    name: Mapped[str]
    ending: Mapped[str]
    #: where it lies in the storage of files
    key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class DataWriting(Base):
    """A writing of one kind that is not over: begun and going on, killed, or broken since `failed_at`."""

    __tablename__ = "open_data_writing"
    __table_args__ = (
        PrimaryKeyConstraint("name"),
        CheckConstraint("items >= 0 AND features >= 0 AND last_key >= 0", name="counts_not_negative"),
    )

    name: Mapped[str]
    begun_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the key up to which everything stands in the parts, how many items that is, and how many of them are on a map
    last_key: Mapped[int]
    items: Mapped[int]
    features: Mapped[int]
    #: the names of the fields it writes
    fields: Mapped[list[str]] = mapped_column(JSONB)
    #: ending -> bytes of its part
    sizes: Mapped[dict[str, int]] = mapped_column(JSONB)
    failed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
