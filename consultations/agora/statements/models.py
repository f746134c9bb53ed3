"""What is stored about statements, the votes on them, and what was computed from the votes."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.statements.rules import MAX_STATEMENT


class AgoraStatement(Base):
    """One short statement to agree or disagree with."""

    __tablename__ = "agora_statement"
    __table_args__ = (
        UniqueConstraint("id", "debate_id"),
        # The same words twice would split the votes on them.
        UniqueConstraint("debate_id", "folded"),
        ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_statement_participant",
        ),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {MAX_STATEMENT}", name="text_length"),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint("(state = 'hidden') = (hidden_reason <> '')", name="hidden_reasoned"),
        CheckConstraint("weight > 0", name="weight_positive"),
        Index("ix_agora_statement_participant_id", "participant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    participant_id: Mapped[int]
    text: Mapped[str]
    folded: Mapped[str]
    state: Mapped[str] = mapped_column(default="visible")
    hidden_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: with which it is drawn to be shown next; the last computation says it, a new one is drawn soon
    weight: Mapped[float] = mapped_column(default=81.0 / 16)

    participant: Mapped[AgoraParticipant] = relationship(
        lazy="raise_on_sql",
        foreign_keys="AgoraStatement.participant_id",
        primaryjoin="AgoraStatement.participant_id == AgoraParticipant.id",
    )


class AgoraVote(Base):
    """What somebody says to a statement. One each, and it may change; deleted at the archive."""

    __tablename__ = "agora_vote"
    __table_args__ = (
        ForeignKeyConstraint(
            ["statement_id", "debate_id"],
            ["agora_statement.id", "agora_statement.debate_id"],
            name="fk_agora_vote_statement",
        ),
        ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_vote_participant",
        ),
        CheckConstraint("value IN (-1, 0, 1)", name="value_known"),
        Index("ix_agora_vote_debate_id", "debate_id", "at"),
    )

    participant_id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int]
    value: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class AgoraOpinions(Base):
    """The last computation of a debate's opinions: from which votes, with which seed and version, what came of it.

    `data` holds sums alone, of groups and of squares of the drawing; nobody is named in it.
    """

    __tablename__ = "agora_opinions"
    __table_args__ = (
        CheckConstraint("length(fingerprint) = 64", name="fingerprint_whole"),
        CheckConstraint("people >= 0 AND votes >= 0 AND statements >= 0", name="counts_plausible"),
    )

    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"), primary_key=True)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seed: Mapped[int]
    version: Mapped[int]
    #: SHA-256 of the votes it was computed from
    fingerprint: Mapped[str]
    people: Mapped[int]
    votes: Mapped[int]
    statements: Mapped[int]
    #: why no groups may be shown (`opinions.clusters`); empty when they may
    refused: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: when the judgements of arguments were last counted by these groups; None where no group is stable
    judged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AgoraPlace(Base):
    """Where somebody stands in the drawing, and in which group; shown to them alone, deleted at the archive."""

    __tablename__ = "agora_place"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey("agora_participant.id", ondelete="CASCADE"), primary_key=True
    )
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_opinions.debate_id"), index=True)
    x: Mapped[float]
    y: Mapped[float]
    #: None while no groups may be shown, or with too few votes
    group: Mapped[int | None]
