"""What is stored about the custody of a box: who the holders are, their public keys, what is wrapped for them.

No private key and no secret of a box is ever here: only what is sealed to two of the holders' public keys.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    ForeignKey,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from civic.extensions import Base

#: What is wrapped: the box of the rehearsal, or the box of the vote.
PURPOSES = ("rehearsal", "box")
_PURPOSES = ", ".join(f"'{purpose}'" for purpose in PURPOSES)


class Custody(Base):
    """Who keeps the key of a round's box. No row: the server.

    `rehearsal` is [[sealed dummy ballot, SHA-256 of its text], …], both hexadecimal; None until it began.
    """

    __tablename__ = "custody"
    __table_args__ = (CheckConstraint("kind IN ('server', 'holders')", name="kind_known"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str]
    rehearsal: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    rehearsed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CustodyKey(Base):
    """One of the keys of a round: places 1 to 3 are the holders', place 4 is the recovery copy in the safe.

    `name` and `title` are published in the frozen plan. Of the recovery copy `account_id` is who made it and `kept`
    says where it lies. The trigger `custody_stays_frozen` refuses changes once voting opened.
    """

    __tablename__ = "custody_key"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "place"),
        UniqueConstraint("round_id", "account_id", name="uq_custody_key_one_each"),
        UniqueConstraint("public_key", name="uq_custody_key_public_key"),
        CheckConstraint("place BETWEEN 1 AND 4", name="place_known"),
        CheckConstraint("place = 4 OR (name <> '' AND title <> '')", name="holder_named"),
        CheckConstraint("octet_length(public_key) = 32", name="key_whole"),
        CheckConstraint("(public_key IS NULL) = (made_at IS NULL)", name="made_with_key"),
        CheckConstraint("confirmed_at IS NULL OR made_at IS NOT NULL", name="confirmed_after_made"),
        CheckConstraint("place <> 4 OR confirmed_at IS NULL OR kept <> ''", name="recovery_kept"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("custody.round_id", ondelete="CASCADE"))
    place: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    kept: Mapped[str] = mapped_column(default="")
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class _OfTwo:
    """For the box of a purpose and an order of two places; one row for each."""

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            PrimaryKeyConstraint("round_id", "purpose", "first", "second"),
            CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose_known"),
            CheckConstraint("first <> second", name="two_places"),
        )

    round_id: Mapped[int] = mapped_column(ForeignKey("custody.round_id", ondelete="CASCADE"))
    purpose: Mapped[str]
    first: Mapped[int]
    second: Mapped[int]


class CustodyWrap(_OfTwo, Base):
    """A box's secret key sealed to `second`, and that sealed to `first`."""

    __tablename__ = "custody_wrap"

    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class CustodyLayer(_OfTwo, Base):
    """What `first` left when they presented their key: the secret still sealed to `second`. Erased at `opened`."""

    __tablename__ = "custody_layer"

    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CustodyPair(Base):
    """Two holders who opened the dummy ballots of the rehearsal, the lower place first."""

    __tablename__ = "custody_pair"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "first", "second"),
        CheckConstraint("first BETWEEN 1 AND 2 AND second BETWEEN 2 AND 3 AND first < second", name="pair"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("custody.round_id", ondelete="CASCADE"))
    first: Mapped[int]
    second: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CustodyPresentation(Base):
    """A key presented at the close, by whom. Insert-only."""

    __tablename__ = "custody_presentation"
    __table_args__ = (PrimaryKeyConstraint("round_id", "place"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("custody.round_id"))
    place: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CustodyHandover(Base):
    """The box's secret key on its way to the worker that opens the ballots, sealed by a key derived from the master
    key. It exists from the second presentation until step `opened` is recorded, in whose transaction it goes."""

    __tablename__ = "custody_handover"
    __table_args__ = (CheckConstraint("first <> second", name="two_places"),)

    round_id: Mapped[int] = mapped_column(
        ForeignKey("custody.round_id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[int]
    second: Mapped[int]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
