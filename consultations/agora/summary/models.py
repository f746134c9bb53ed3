"""What is stored about the summary of a debate: its sentences, what they cite, who objects to what."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base
from consultations.agora.arguing.models import AgoraParticipant
from consultations.agora.summary.rules import MAX_OBJECTION, MAX_SENTENCE, SECTIONS

_SECTIONS = ", ".join(f"'{section}'" for section in SECTIONS)


class AgoraSentence(Base):
    """One sentence of a summary."""

    __tablename__ = "agora_sentence"
    __table_args__ = (
        UniqueConstraint("id", "debate_id"),
        CheckConstraint(f"section IN ({_SECTIONS})", name="section_known"),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {MAX_SENTENCE}", name="text_length"),
        Index("ix_agora_sentence_debate_id", "debate_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    section: Mapped[str]
    text: Mapped[str]

    citations: Mapped[list["AgoraCitation"]] = relationship(
        order_by="AgoraCitation.post_id", lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class AgoraCitation(Base):
    """An argument that a sentence says again in short; of the same debate, whoever writes the row."""

    __tablename__ = "agora_citation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sentence_id", "debate_id"],
            ["agora_sentence.id", "agora_sentence.debate_id"],
            name="fk_agora_citation_sentence",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["post_id", "debate_id", "post_kind"],
            ["agora_post.id", "agora_post.debate_id", "agora_post.kind"],
            name="fk_agora_citation_post",
        ),
        CheckConstraint("post_kind = 'argument'", name="cites_argument"),
        Index("ix_agora_citation_post_id", "post_id"),
    )

    sentence_id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int]
    post_kind: Mapped[str] = mapped_column(default="argument")


class AgoraObjection(Base):
    """Somebody's word that the summary is wrong, about one of its sentences or about what it leaves out."""

    __tablename__ = "agora_objection"
    __table_args__ = (
        UniqueConstraint("debate_id", "participant_id"),
        ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_objection_participant",
        ),
        ForeignKeyConstraint(
            ["sentence_id", "debate_id"],
            ["agora_sentence.id", "agora_sentence.debate_id"],
            name="fk_agora_objection_sentence",
        ),
        CheckConstraint(f"char_length(text) BETWEEN 1 AND {MAX_OBJECTION}", name="text_length"),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint("(state = 'hidden') = (hidden_reason <> '')", name="hidden_reasoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    participant_id: Mapped[int]
    #: None for what the summary leaves out
    sentence_id: Mapped[int | None]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="visible")
    #: what everyone reads in its place
    hidden_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    participant: Mapped[AgoraParticipant] = relationship(
        lazy="raise_on_sql",
        foreign_keys="AgoraObjection.participant_id",
        primaryjoin="AgoraObjection.participant_id == AgoraParticipant.id",
    )
