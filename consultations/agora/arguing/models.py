"""What is stored about those who take part in a debate, what they write, and how they judge arguments."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.accounts.models import Account
from civic.extensions import Base
from civic.organisations.models import Organisation
from civic.places.models import Department
from consultations.agora.arguing.rules import (
    ARGUMENT,
    KINDS,
    MAX_BODY,
    MAX_POSITION,
    MAX_PSEUDONYM,
    NOTE,
    SIDES,
)
from consultations.meetings.models import Meeting


def _names(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


class AgoraParticipant(Base):
    """Somebody in one debate, by their name or by a pseudonym of this debate alone, and where they stand; or a workshop.

    A stance may be a political opinion: it is never shown beside a name. At the archive stances and judgements are
    deleted, and with a pseudonym the account behind it.
    """

    __tablename__ = "agora_participant"
    __table_args__ = (
        UniqueConstraint("debate_id", "account_id"),
        UniqueConstraint("id", "debate_id"),
        CheckConstraint(f"char_length(pseudonym) <= {MAX_PSEUDONYM}", name="pseudonym_length"),
        CheckConstraint("(pseudonym = '') = (pseudonym_folded IS NULL)", name="pseudonym_whole"),
        UniqueConstraint("debate_id", "pseudonym_folded"),
        CheckConstraint("stance IN (-1, 0, 1)", name="stance_known"),
        # What was said at a workshop is nobody's alone: it has no account, no stance, no name but the workshop's.
        UniqueConstraint("debate_id", "meeting_id"),
        CheckConstraint(
            "meeting_id IS NULL OR (account_id IS NULL AND stance IS NULL AND pseudonym = '' AND function = '')",
            name="workshop_is_nobody",
        ),
        Index("ix_agora_participant_account_id", "account_id"),
        Index("ix_agora_participant_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: empty for who takes part by the name of their account
    pseudonym: Mapped[str] = mapped_column(default="")
    pseudonym_folded: Mapped[str | None]
    stance: Mapped[int | None]
    #: what an official does in the city hall, and where
    function: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    joined_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the workshop whose notes stand under it
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))

    account: Mapped[Account | None] = relationship(lazy="raise_on_sql")
    meeting: Mapped[Meeting | None] = relationship(lazy="raise_on_sql")


class AgoraPost(Base):
    """A position, an argument about it or about the question itself, or a reply to an argument: never deeper.

    `parent_kind` exists for the foreign key: what a post answers is of the right kind and in the same debate,
    whoever writes. The counts are of the judgements that count, by the judges' stances.
    """

    __tablename__ = "agora_post"
    __table_args__ = (
        UniqueConstraint("id", "debate_id", "kind"),
        ForeignKeyConstraint(
            ["parent_id", "debate_id", "parent_kind"],
            ["agora_post.id", "agora_post.debate_id", "agora_post.kind"],
            name="fk_agora_post_parent",
        ),
        ForeignKeyConstraint(
            ["participant_id", "debate_id"],
            ["agora_participant.id", "agora_participant.debate_id"],
            name="fk_agora_post_participant",
        ),
        CheckConstraint(f"kind IN ({_names(KINDS)})", name="kind_known"),
        CheckConstraint(
            "CASE kind WHEN 'position' THEN parent_id IS NULL"
            " WHEN 'argument' THEN parent_id IS NULL OR parent_kind = 'position'"
            " ELSE parent_id IS NOT NULL AND parent_kind = 'argument' END",
            name="one_level_deep",
        ),
        CheckConstraint("(parent_id IS NULL) = (parent_kind IS NULL)", name="parent_whole"),
        CheckConstraint(
            f"CASE kind WHEN '{ARGUMENT}' THEN side IN ({_names((*SIDES, NOTE))}) ELSE side = '' END",
            name="side_of_argument",
        ),
        CheckConstraint(f"side <> '{NOTE}' OR function <> ''", name="note_of_official"),
        CheckConstraint("(function = '') = (department_id IS NULL)", name="official_whole"),
        CheckConstraint("organisation_id IS NULL OR function = ''", name="speaks_for_one"),
        CheckConstraint(
            f"char_length(body) BETWEEN 1 AND CASE kind WHEN 'position' THEN {MAX_POSITION} ELSE {MAX_BODY} END",
            name="one_point",
        ),
        CheckConstraint("source = '' OR source ~* '^https?://'", name="source_http"),
        CheckConstraint("state IN ('visible', 'held', 'hidden')", name="state_known"),
        CheckConstraint("(state = 'hidden') = (hidden_reason <> '')", name="hidden_reasoned"),
        CheckConstraint(
            "for_yes BETWEEN 0 AND for_seen AND against_yes BETWEEN 0 AND against_seen"
            " AND other_yes BETWEEN 0 AND other_seen AND unknown >= 0",
            name="counts_plausible",
        ),
        # What was merged leads to what was kept: something of the same kind in the same debate.
        ForeignKeyConstraint(
            ["merged_into_id", "debate_id", "kind"],
            ["agora_post.id", "agora_post.debate_id", "agora_post.kind"],
            name="fk_agora_post_merged",
        ),
        CheckConstraint("merged_into_id <> id", name="merged_elsewhere"),
        UniqueConstraint("participant_id", "form_key"),
        Index("ix_agora_post_thread", "debate_id", "kind", "parent_id", "created_at", "id"),
        Index("ix_agora_post_parent_id", "parent_id", "created_at"),
        Index("ix_agora_post_participant_id", "participant_id", "created_at"),
        Index("ix_agora_post_search", "search_vector", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    debate_id: Mapped[int] = mapped_column(ForeignKey("agora_debate.id"))
    kind: Mapped[str]
    parent_id: Mapped[int | None]
    parent_kind: Mapped[str | None]
    side: Mapped[str] = mapped_column(default="")
    participant_id: Mapped[int]
    body: Mapped[str]
    #: where it can be read up
    source: Mapped[str] = mapped_column(default="")
    #: what its author did in the city hall when they wrote it, and where; empty for everybody else
    function: Mapped[str] = mapped_column(default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    #: the organisation in whose name its author proved to speak
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[str] = mapped_column(default="visible")
    #: what everyone reads in its place
    hidden_reason: Mapped[str] = mapped_column(default="")
    #: the argument that says the same and was kept
    merged_into_id: Mapped[int | None] = mapped_column(index=True)
    #: why it is beside the question; shown folded
    folded_reason: Mapped[str] = mapped_column(default="", server_default="")
    #: the form it was sent with: a form sent twice makes one post
    form_key: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    for_yes: Mapped[int] = mapped_column(default=0)
    for_seen: Mapped[int] = mapped_column(default=0)
    against_yes: Mapped[int] = mapped_column(default=0)
    against_seen: Mapped[int] = mapped_column(default=0)
    other_yes: Mapped[int] = mapped_column(default=0)
    other_seen: Mapped[int] = mapped_column(default=0)
    unknown: Mapped[int] = mapped_column(default=0)
    #: [convinced, judged] by opinion group, as last counted; None where no group is stable, or it is younger
    by_group: Mapped[list[list[int]] | None] = mapped_column(JSONB(none_as_null=True))
    #: the stems of its words (`rules.stems`), by which similar ones are found
    stems: Mapped[str] = mapped_column(default="")
    search_vector: Mapped[str] = mapped_column(
        TSVECTOR, Computed("to_tsvector('simple'::regconfig, stems)", persisted=True), deferred=True
    )

    participant: Mapped[AgoraParticipant] = relationship(
        lazy="raise_on_sql",
        foreign_keys="AgoraPost.participant_id",
        primaryjoin="AgoraPost.participant_id == AgoraParticipant.id",
    )
    department: Mapped[Department | None] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")


class AgoraJudgement(Base):
    """Whether an argument convinces somebody. One a person, and it may change."""

    __tablename__ = "agora_judgement"
    __table_args__ = (
        CheckConstraint("value IN (-1, 0, 1)", name="value_known"),
        CheckConstraint("stance IN (-1, 0, 1)", name="stance_known"),
        Index("ix_agora_judgement_participant_id", "participant_id"),
        Index("ix_agora_judgement_at", "at"),
        Index("ix_agora_judgement_waiting", "at", postgresql_where="NOT counted"),
    )

    post_id: Mapped[int] = mapped_column(ForeignKey("agora_post.id"), primary_key=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("agora_participant.id"), primary_key=True)
    value: Mapped[int]
    #: where the judge stands: under it the judgement is counted
    stance: Mapped[int]
    #: whether it is among the argument's counts; those of new accounts wait
    counted: Mapped[bool]
    #: the merge that brought it here from the same person's judgement of the other argument
    act_id: Mapped[int | None] = mapped_column(ForeignKey("agora_act.id"), index=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
