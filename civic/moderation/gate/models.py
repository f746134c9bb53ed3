"""What is stored at the gate: what was written lately, by its hashes, and when each space is moderated."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from civic.moderation.gate.rules import Mode, Trust, Why

_TRUSTS = ", ".join(f"'{one}'" for one in Trust)
_WHYS = ", ".join(f"'{one}'" for one in Why)
_MODES = ", ".join(f"'{one}'" for one in Mode)


class GateText(Base):
    """A text that came through the gate: when, of whom, whether it waited and why. Never its words.

    The sketch and the links are hashes, by which copies are known; device and network are keyed hashes that change
    every day. A job deletes the marks after two days and the row after thirty.
    """

    __tablename__ = "gate_text"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id"),
        CheckConstraint(f"trust IN ({_TRUSTS})", name="trust_known"),
        CheckConstraint(f"held_for IN ('', {_WHYS})", name="held_for_known"),
        Index("ix_gate_text_account_id", "account_id", "at"),
        Index("ix_gate_text_at", "at"),
        Index("ix_gate_text_keys", "keys", postgresql_using="gin"),
        Index("ix_gate_text_links", "links", postgresql_using="gin"),
        Index("ix_gate_text_device", "device", postgresql_where="device IS NOT NULL"),
        Index("ix_gate_text_network", "network", postgresql_where="network IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    space: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    #: None for who writes without an account
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    trust: Mapped[str]
    #: why it waited for a moderator; empty when it was published at once
    held_for: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: `likeness.sketch` of its words, and the few of them it is found by
    sketch: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    keys: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    #: hashes of where it leads
    links: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    device: Mapped[bytes | None]
    network: Mapped[bytes | None]


class GateSetting(Base):
    """When a space is moderated from one moment on, who said so and why. The latest holds; none is changed."""

    __tablename__ = "gate_setting"
    __table_args__ = (
        UniqueConstraint("space", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint(f"mode IN ({_MODES})", name="mode_known"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    space: Mapped[str]
    number: Mapped[int]
    mode: Mapped[str]
    reason: Mapped[str]
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
