"""What is stored about what moderators did in debates: each act with its reason, what it changed, and its undoing."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base
from consultations.agora.tending.rules import KINDS, MAX_REASON, OF_DEBATE, OF_POST, ONCE_OF_POST


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class AgoraAct(Base):
    """Something a moderator did in a debate. It is in force until it is undone; it is never deleted."""

    __tablename__ = "agora_act"
    __table_args__ = (
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint(f"(kind IN ({_names(OF_POST)})) = (post_id IS NOT NULL)", name="of_post"),
        CheckConstraint("(kind IN ('merge', 'split')) = (into_id IS NOT NULL)", name="leads_somewhere"),
        CheckConstraint("into_id <> post_id", name="leads_elsewhere"),
        CheckConstraint(f"char_length(reason) BETWEEN 1 AND {MAX_REASON}", name="reasoned"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_reason = '') AND (undone_at IS NULL) = (undone_by_id IS NULL)",
            name="undone_whole",
        ),
        CheckConstraint("undone_at >= at", name="undone_after"),
        # Two moderators at once: the second finds it done.
        Index(
            "uq_agora_act_live_of_post", "post_id", "kind", unique=True,
            postgresql_where=f"undone_at IS NULL AND kind IN ({_names(ONCE_OF_POST)})",
        ),
        Index(
            "uq_agora_act_live_of_debate", "debate_id", "kind", unique=True,
            postgresql_where=f"undone_at IS NULL AND kind IN ({_names(OF_DEBATE)})",
        ),
        Index("ix_agora_act_debate_id", "debate_id", "at", "id"),
        Index("ix_agora_act_into_id", "into_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    kind: Mapped[str]
    post_id: Mapped[int | None] = mapped_column(ForeignKey("agora_post.id"))
    #: what it was merged into, or the second argument a split made
    into_id: Mapped[int | None] = mapped_column(ForeignKey("agora_post.id"))
    #: what stood before and after, as far as undoing needs it
    changed: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    undone_reason: Mapped[str] = mapped_column(default="")
