"""What the nights of a vote leave: which leaf went into which batch, what was published, and who watches.

`leaf_batch` holds no time and no person; a batch is written in the order of the leaves' hashes, so that its row order
and transaction id say the batch alone. The close moves the number into `closed_leaf` and empties it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base

leaf_batch = Table(
    "leaf_batch",
    Base.metadata,
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("batch", Integer, nullable=False),
    PrimaryKeyConstraint("round_id", "leaf", name="pk_leaf_batch"),
    CheckConstraint("octet_length(leaf) = 32", name="leaf_whole"),
    CheckConstraint("batch >= 1", name="batch_positive"),
    comment="Which night's batch a leaf went into while voting was open.",
)


class VoteNight(Base):
    """One night of an open vote, looked at once whatever came of it; `last` is the one after voting ended.

    `batch` is None when too few had voted since the batch before. `figures` is what has been published of the turnout
    up to this night (`voting.nightly.figures`).
    """

    __tablename__ = "vote_night"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "night", "last"),
        CheckConstraint("(batch IS NULL) = (size IS NULL)", name="batch_has_size"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    night: Mapped[date] = mapped_column(Date)
    last: Mapped[bool]
    batch: Mapped[int | None]
    #: the leaves of all batches up to this one: the size of its checkpoint
    size: Mapped[int | None]
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Witness(Base):
    """Who gets every checkpoint of a round by mail and keeps it. The name is public, the address is not."""

    __tablename__ = "witness"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("address <> ''", name="address_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    name: Mapped[str]
    address: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
