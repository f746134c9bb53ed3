"""What is stored about voting on paper: runs of printed sheets, batches, what was keyed from each sheet, samples.

Nothing here names the person a sheet was handed to. That somebody was given one is a row of `ballot_box` with the
channel `paper`; the number of a sheet stands in no table beside a person, a pseudonym or a leaf.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from civic.extensions import Base

VERDICTS = ("counted", "blank", "rejected")


class PaperRun(Base):
    """Numbered sheets printed together: which numbers, with which projects, who asked for them and when."""

    __tablename__ = "paper_run"
    __table_args__ = (
        # Two runs asked for at the same moment would begin at the same number: one of them is told to try again.
        UniqueConstraint("round_id", "first_serial"),
        CheckConstraint("first_serial >= 1 AND last_serial >= first_serial", name="serials_rise"),
        CheckConstraint("language IN ('ro', 'en')", name="language_known"),
        CheckConstraint("cardinality(codes) > 0", name="projects_given"),
        CheckConstraint("(key IS NULL) = (size IS NULL)", name="file_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    first_serial: Mapped[int]
    last_serial: Mapped[int]
    language: Mapped[str]
    #: what the sheets are for, in words: the budgets on them
    label: Mapped[str]
    #: the projects on each sheet
    codes: Mapped[list[str]] = mapped_column(ARRAY(String))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: the .zip with the .pdf files, once the worker made it
    key: Mapped[str | None]
    size: Mapped[int | None]


class PaperBatch(Base):
    """The sheets of one desk and urn: handed out while it is open, then counted, keyed, sampled, accepted."""

    __tablename__ = "paper_batch"
    __table_args__ = (
        UniqueConstraint("round_id", "label"),
        CheckConstraint("label <> ''", name="label_given"),
        CheckConstraint("returned >= 0 AND spoilt >= 0 AND not_returned >= 0", name="counts_not_negative"),
        CheckConstraint("(shut_at IS NULL) = (marks IS NULL)", name="shut_with_marks"),
        CheckConstraint("shut_at IS NOT NULL OR returned IS NULL", name="counted_after_shut"),
        CheckConstraint(
            "(returned IS NULL) = (spoilt IS NULL) AND (returned IS NULL) = (not_returned IS NULL)",
            name="counts_whole",
        ),
        CheckConstraint("(accepted_at IS NULL) = (counted IS NULL)", name="accepted_with_ballots"),
        CheckConstraint(
            "accepted_at IS NULL OR coalesce(returned + spoilt + not_returned = marks"
            " AND returned = counted + blank + rejected, false)",
            name="accepted_reconciled",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    label: Mapped[str]
    place: Mapped[str]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    #: from here on no sheet of this batch is handed out or taken back; `marks` is how many are out
    shut_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    shut_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    marks: Mapped[int | None]
    #: what was found when the urn was opened
    returned: Mapped[int | None]
    spoilt: Mapped[int | None]
    not_returned: Mapped[int | None]
    minutes: Mapped[str] = mapped_column(default="", server_default="")
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    counted: Mapped[int | None]
    blank: Mapped[int | None]
    rejected: Mapped[int | None]


class PaperBallot(Base):
    """One sheet out of the urn: what two people keyed from it, and what a third found where they differ.

    The entries are encrypted and go when the batch is accepted: then `verdict` and the rejected lines alone are left.
    """

    __tablename__ = "paper_ballot"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "serial"),
        CheckConstraint("first_by_id <> second_by_id", name="keyed_by_two"),
        CheckConstraint(
            "third_by_id <> first_by_id AND third_by_id <> second_by_id", name="third_is_another"
        ),
        CheckConstraint("second_by_id IS NULL OR first_by_id IS NOT NULL", name="first_before_second"),
        CheckConstraint("verdict IN ('counted', 'blank', 'rejected')", name="verdict_known"),
        CheckConstraint(
            "verdict IS NULL OR (first_entry IS NULL AND second_entry IS NULL AND final IS NULL)",
            name="entries_forgotten",
        ),
        Index("ix_paper_ballot_batch_id", "batch_id"),
    )

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    serial: Mapped[int]
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    first_entry: Mapped[bytes | None] = mapped_column(LargeBinary)
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    second_entry: Mapped[bytes | None] = mapped_column(LargeBinary)
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    final: Mapped[bytes | None] = mapped_column(LargeBinary)
    third_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    verdict: Mapped[str | None]
    #: [{"group": number or None for the whole sheet, "reason": code}]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default="[]")


class PaperSample(Base):
    """Sheets drawn by dice and compared with what was keyed. What was found is kept, however it came out."""

    __tablename__ = "paper_sample"
    __table_args__ = (
        UniqueConstraint("batch_id", "dice"),
        CheckConstraint("dice ~ '^[1-6]{20,100}$'", name="dice_thrown"),
        CheckConstraint("(compared_at IS NULL) = (different IS NULL)", name="compared_whole"),
        Index("uq_paper_sample_waiting", "batch_id", unique=True, postgresql_where="compared_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("paper_batch.id"))
    dice: Mapped[str]
    #: of how many sheets it was drawn: a sheet keyed later is in none
    population: Mapped[int]
    serials: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    drawn_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    compared_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    compared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    different: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))


class PaperDeskCount(Base):
    """How many sheets a clerk handed out, took back or refused in a day: numbers, no person and no hour."""

    __tablename__ = "paper_desk_count"
    __table_args__ = (
        PrimaryKeyConstraint("round_id", "account_id", "day"),
        CheckConstraint("handed >= 0 AND taken_back >= 0 AND refused >= 0", name="counts_not_negative"),
        ForeignKeyConstraint(["round_id"], ["round.id"]),
    )

    round_id: Mapped[int]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date] = mapped_column(Date)
    handed: Mapped[int] = mapped_column(default=0)
    taken_back: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
