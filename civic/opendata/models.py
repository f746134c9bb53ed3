"""The files of the open data: each kind of things whole, as the worker last wrote it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, DateTime, PrimaryKeyConstraint
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
