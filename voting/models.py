"""What is stored about projects, the roll, the ballots and the result.

`ballot_box` and `cast_log` are plain tables, not mapped classes: they hold no time, serial, address or
foreign key, nothing but the cast touches them, and each round has a partition of its own that the close
drops. Their constraints begin with `round_id` because a partitioned table's must.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic.extensions import Base

Money = Numeric(14, 2)

STANDINGS = ("winner", "reserve", "not_selected")
_STANDING_NAMES = ", ".join(f"'{standing}'" for standing in STANDINGS)


class Project(Base):
    """What stands on the ballot. The trigger `project_stays_frozen` refuses changes once voting opened.

    `code` is the public name that ballots, files and results use; it never changes.
    """

    __tablename__ = "project"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        UniqueConstraint("round_id", "proposal_id"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
        CheckConstraint("char_length(code) BETWEEN 1 AND 64 AND code !~ '[[:cntrl:],]'", name="code_plain"),
        CheckConstraint("title <> ''", name="title_given"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_complete"),
        CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="point_on_earth"
        ),
        Index("ix_project_group_id", "group_id"),
        Index("ix_project_pot_id", "pot_id"),
        Index("ix_project_proposal_id", "proposal_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"))
    group_id: Mapped[int] = mapped_column(ForeignKey("ballot_group.id"))
    #: the proposal it came from; None in a recorded round
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    code: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    cost: Mapped[Decimal] = mapped_column(Money)
    withdrawn: Mapped[bool] = mapped_column(default=False)
    neighbourhood_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    image_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))


exclusive_member = Table(
    "exclusive_member",
    Base.metadata,
    Column("set_id", Integer, ForeignKey("exclusive_set.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", Integer, ForeignKey("project.id", ondelete="CASCADE"), nullable=False),
    PrimaryKeyConstraint("set_id", "project_id", name="pk_exclusive_member"),
    Index("ix_exclusive_member_project_id", "project_id"),
)


class ExclusiveSet(Base):
    """Projects of which at most one can win: two plans for the same square. Copied into the frozen plan."""

    __tablename__ = "exclusive_set"
    __table_args__ = (UniqueConstraint("round_id", "name"), CheckConstraint("name <> ''", name="name_given"))

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    name: Mapped[str]

    projects: Mapped[list[Project]] = relationship(secondary=exclusive_member, order_by=Project.code)


class TieDraw(Base):
    """The public draw that decides ties of a round: the order drawn and the minutes that record it."""

    __tablename__ = "tie_draw"
    __table_args__ = (CheckConstraint("minutes <> ''", name="minutes_given"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[str]
    held_on: Mapped[date] = mapped_column(Date)
    codes: Mapped[list[str]] = mapped_column(ARRAY(String))


class RollEntry(Base):
    """One person who may vote in a round, and on which money. Insert-only; written by opening and verification."""

    __tablename__ = "roll_entry"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "voter_id"),
        Index("ix_roll_entry_voter_id", "voter_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("neighbourhood.id"))
    pots: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class RollStrike(Base):
    """Why a person on the roll may cast no further ballot, until it is lifted. An earlier ballot stands unless two
    people, in validation, decided that it does not count: the close then voids it if there is one. Insert-only.

    A person is struck again only after the lift of the strike before: each strike names that one, and no two name
    the same (or none), so that at most one is open.
    """

    __tablename__ = "roll_strike"
    __table_args__ = (
        ForeignKeyConstraint(["round_id", "voter_id"], ["roll_entry.round_id", "roll_entry.voter_id"]),
        ForeignKeyConstraint(
            ["round_id", "voter_id", "after_id"],
            ["roll_lift.round_id", "roll_lift.voter_id", "roll_lift.strike_id"],
            name="fk_roll_strike_after_lift",
            use_alter=True,
        ),
        UniqueConstraint(
            "round_id",
            "voter_id",
            "after_id",
            name="uq_roll_strike_one_open",
            postgresql_nulls_not_distinct=True,
        ),
        UniqueConstraint("round_id", "voter_id", "id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int]
    voter_id: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: the lifted strike before this one; None for a person's first
    after_id: Mapped[int | None]


class RollLift(Base):
    """Why a strike ended: the person may vote again. Insert-only, beside the strike it ends."""

    __tablename__ = "roll_lift"
    __table_args__ = (
        ForeignKeyConstraint(
            ["round_id", "voter_id", "strike_id"],
            ["roll_strike.round_id", "roll_strike.voter_id", "roll_strike.id"],
            name="fk_roll_lift_strike",
        ),
        UniqueConstraint("round_id", "voter_id", "strike_id"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    strike_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round_id: Mapped[int]
    voter_id: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class RollVoid(Base):
    """One person's word, in validation, that what a struck person may have cast does not count. Two words
    decide; the close carries it out. Insert-only."""

    __tablename__ = "roll_void"
    __table_args__ = (PrimaryKeyConstraint("strike_id", "account_id"),)

    strike_id: Mapped[int] = mapped_column(ForeignKey("roll_strike.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


ballot_box = Table(
    "ballot_box",
    Base.metadata,
    Column("round_id", Integer, nullable=False),
    Column("nym", LargeBinary, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("channel", String, nullable=False),
    Column("revision", Integer, nullable=False),
    PrimaryKeyConstraint("round_id", "nym", name="pk_ballot_box"),
    UniqueConstraint("round_id", "leaf", name="uq_ballot_box_round_id_leaf"),
    CheckConstraint("channel IN ('online', 'desk', 'paper')", name="channel_known"),
    CheckConstraint("octet_length(nym) = 32 AND octet_length(leaf) = 32", name="hashes_whole"),
    CheckConstraint("revision >= 1", name="revision_positive"),
    postgresql_partition_by="LIST (round_id)",
)

cast_log = Table(
    "cast_log",
    Base.metadata,
    Column("round_id", Integer, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", LargeBinary),
    Column("sealed", LargeBinary),
    PrimaryKeyConstraint("round_id", "leaf", name="pk_cast_log"),
    UniqueConstraint("round_id", "target", name="uq_cast_log_round_id_target"),
    CheckConstraint("kind IN ('ballot', 'void')", name="kind_known"),
    CheckConstraint("(kind = 'void') = (target IS NOT NULL)", name="void_has_target"),
    CheckConstraint("(kind = 'ballot') = (sealed IS NOT NULL)", name="ballot_is_sealed"),
    CheckConstraint("octet_length(leaf) = 32", name="leaf_whole"),
    postgresql_partition_by="LIST (round_id)",
)

closed_leaf = Table(
    "closed_leaf",
    Base.metadata,
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("kind", String, nullable=False),
    Column("target", LargeBinary),
    Column("sealed", LargeBinary),
    # which night's batch, the close's being the last: with the hash it gives the order of the log
    Column("batch", Integer, nullable=False, server_default="1"),
    PrimaryKeyConstraint("round_id", "leaf", name="pk_closed_leaf"),
    CheckConstraint("kind IN ('ballot', 'replaced', 'void')", name="kind_known"),
    CheckConstraint("(kind = 'ballot') = (sealed IS NOT NULL)", name="live_is_sealed"),
    comment="What the close copied out of the cast log, in leaf order: the published list, and live ciphertexts.",
)

opened_ballot = Table(
    "opened_ballot",
    Base.metadata,
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("text", String, nullable=False),
    PrimaryKeyConstraint("round_id", "leaf", name="pk_opened_ballot"),
    comment="The ballots as text, opened after the key that linked them to people was destroyed.",
)


checkpoint = Table(
    "checkpoint",
    Base.metadata,
    Column("round_id", Integer, ForeignKey("round.id"), nullable=False),
    Column("size", Integer, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_note", String, nullable=False),
    PrimaryKeyConstraint("round_id", "size", name="pk_checkpoint"),
    CheckConstraint("size >= 0", name="size_not_negative"),
    CheckConstraint("octet_length(root) = 32", name="root_whole"),
    CheckConstraint("signed_note <> ''", name="note_given"),
    comment="How many leaves a round had and the root over them, signed with the log key.",
)


class PublicationArchive(Base):
    """The whole publication of a round as one .zip in the storage of files, made once by the worker."""

    __tablename__ = "publication_archive"
    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("char_length(sha256) = 64", name="sha256_whole"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Participation(Base):
    """That somebody voted, and how; built at close from the box. What they voted is nowhere beside it."""

    __tablename__ = "participation"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "voter_id"),
        CheckConstraint("channel IN ('online', 'desk', 'paper')", name="channel_known"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    voter_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str]


class CeremonyStep(Base):
    """One step of the close that is done, with the hash of what it left. Room for the two people who did it."""

    __tablename__ = "ceremony_step"
    __table_args__ = (PrimaryKeyConstraint("round_id", "step"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    step: Mapped[str]
    actor_a_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    actor_b_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    #: what the two were called when they confirmed, as the public minutes name them; empty when a program did it
    names: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    hash: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RoundResult(Base):
    """The count of a round: everything a recount needs, and what came out, pot by pot."""

    __tablename__ = "round_result"
    __table_args__ = (UniqueConstraint("round_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    #: {"pots": {pot id: outcome}, "summary": {…}, "turnout": {…}}
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    input_hash: Mapped[str]
    code_version: Mapped[str]
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ProjectOutcome(Base):
    """How one project fared, with the figures behind the sentence that says why."""

    __tablename__ = "project_outcome"
    __table_args__ = (
        CheckConstraint(f"standing IN ({_STANDING_NAMES})", name="standing_known"),
        CheckConstraint("(standing = 'winner') = (step IS NOT NULL)", name="winner_has_step"),
        Index("ix_project_outcome_round_id", "round_id"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    pot_id: Mapped[int] = mapped_column(ForeignKey("pot.id"))
    position: Mapped[int]
    rank: Mapped[int]
    votes: Mapped[int]
    score: Mapped[Decimal] = mapped_column(Numeric)
    standing: Mapped[str]
    step: Mapped[int | None]
    phase: Mapped[str] = mapped_column(default="")
    remaining: Mapped[Decimal | None] = mapped_column(Numeric)
    paid_at_most: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class OtherCount(Base):
    """What another rule would have chosen from a round's ballots, or its own rule in the same figures.

    Information, stored once after publication. `data`: {"pots": {pot: {"selected", "spent"}}, "winners",
    "spent", "named", "with_winner"}.
    """

    __tablename__ = "other_count"
    __table_args__ = (PrimaryKeyConstraint("round_id", "method"),)

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    method: Mapped[str]
    rule: Mapped[dict[str, Any]] = mapped_column(JSONB)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RuleExample(Base):
    """The worked example of the rules as the worker counted it. One row."""

    __tablename__ = "rule_example"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ResultContest(Base):
    """Somebody's objection to the provisional results of a round, and the city's reasoned answer to it.

    The text is read by staff alone; the answer is public. One a person and round.
    """

    __tablename__ = "result_contest"
    __table_args__ = (
        UniqueConstraint("round_id", "filed_by_id"),
        CheckConstraint("text <> ''", name="text_given"),
        CheckConstraint("outcome IN ('upheld', 'dismissed')", name="outcome_known"),
        CheckConstraint("(outcome IS NULL) = (decided_at IS NULL)", name="decided_with_outcome"),
        CheckConstraint("outcome IS NULL OR reason <> ''", name="decided_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    text: Mapped[str]
    filed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    outcome: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="", server_default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
